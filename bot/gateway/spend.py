"""`POST /v1/staff/spend`: what was paid for campaigns, told by a program, as `duologue import spend` takes it."""

from aiohttp import web

from bot.errors import ConfigurationError
from bot.gateway.house import HOUSE, problem
from bot.gateway.rights import Permission
from bot.gateway.staff import staff_only
from bot.insights.channels.telling import as_json, tell_spend
from bot.insights.imports.values import WAYS
from bot.store.sites import all_sites
from bot.store.staff import Member

routes = web.RouteTableDef()


@routes.post("/v1/staff/spend")
@staff_only(Permission.MEASURE)
async def tell(request: web.Request, member: Member) -> web.Response:
    """CSV or JSON Lines in UTF-8; 200 with what it changed, also when told again; 400 with each row that is wrong."""
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site = next((one for one in sites if one.key == request.query.get("site", "demo")), None)
    if site is None:
        return problem(404, "unknown", "There is no such site; give ?site=KEY.")
    ways = {name: request.query.get(name) or None for name in WAYS}
    for name, those in WAYS.items():
        if ways[name] not in (None, *those):
            return problem(400, "bad_spend", f"{name} is {' or '.join(those)}, or left out.")
    body = await request.read()
    currency = request.query.get("currency") or None
    try:
        told = await tell_spend(
            house.store, site, body, now=house.now(), staff=member.id, currency=currency,
            dates=ways["dates"], decimals=ways["decimals"],
        )  # fmt: skip
    except ConfigurationError as error:
        return problem(400, "bad_spend", str(error))
    return web.json_response(as_json(told, told.change), status=400 if told.count else 200)
