"""The dashboard's page about likeness: who of everybody is like the best customers, whether that lifts, and lists."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.audit import audited, listed
from bot.gateway.boards.asked import LABELS
from bot.gateway.boards.called import called, person_of
from bot.gateway.boards.counting import Counted, Counting, count
from bot.gateway.boards.here import PATIENCE_FOR_FILES_S, Here, Reporting, Row, csv_file, for_file, for_page, here
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import Line
from bot.insights.likeness.audience import PLATFORMS, NobodyAgreed, audience
from bot.insights.likeness.report import SEEDS, likeness_and_first
from bot.insights.likeness.sentences import DEFINITIONS, MODELS, against_spend
from bot.insights.log.reading import FOLDER
from bot.store.audit import Act
from bot.store.staff import Member

SHOWN = {one.replace(" ", "-"): one for one in SEEDS}
"""The segments by their names in the address."""
RANKED = ("ranked_by", "lift", "lift_error", "auc", "auc_error", "is_chosen")
ALIKE = ("rank", "customer", "visitor", "score", "talked", "name")
routes = web.RouteTableDef()
type Told = tuple[Row, tuple[str, ...]]


@routes.get("/insights/likeness")
@only_for(Permission.MEASURE)
async def likeness_board(request: web.Request, member: Member) -> web.Response:
    asked = await for_page(request, member, _reporting(request))
    if isinstance(asked, web.Response):
        return asked
    found, told, fresh = asked
    knows = may(member.role, Permission.KNOW_PEOPLE)
    if told and told["alike"] and knows:
        await listed(request, member, "people")
    return draw(
        request,
        "boards/likeness.html",
        **found.drawn_with(),
        told=told,
        fresh=fresh,
        ranked=_ranked(told) if told else [],
        against=against_spend(told) if told else "",
        alike=await _alike(request.app[HOUSE], found, told) if told and knows else [],
        knows_people=knows,
        platforms=PLATFORMS,
        seeds=SHOWN,
        like=_like(request),
        definitions=DEFINITIONS,
        believe=LABELS[told["label"]] if told else "",
    )


@routes.get("/insights/likeness/{what:lift|alike}.csv")
@only_for(Permission.MEASURE)
async def likeness_file(request: web.Request, member: Member) -> web.Response:
    """How well each way ranks, or the 50 most alike for who may know them."""
    what = request.match_info["what"]
    if what == "alike" and not may(member.role, Permission.KNOW_PEOPLE):
        raise web.HTTPNotFound
    asked = await for_file(request, member, _reporting(request))
    if isinstance(asked, web.Response):
        return asked
    found, told = asked
    lines = _lift_lines(told) if what == "lift" else _alike_lines(await _alike(request.app[HOUSE], found, told))
    return await csv_file(request, found, f"likeness-{what}", lines)


@routes.get("/insights/likeness/audience-{platform:google|meta}.csv")
@only_for(Permission.MEASURE)
async def audience_file(request: web.Request, member: Member) -> web.Response:
    """Hashed addresses of the most alike who agreed; 409 with a sentence where nothing lifts or nobody did."""
    house, platform = request.app[HOUSE], request.match_info["platform"]
    if not may(member.role, Permission.KNOW_PEOPLE):
        raise web.HTTPNotFound
    found = await here(request, member)
    if isinstance(found, web.Response):
        return found
    if found.site is None:
        raise web.HTTPNotFound
    counted = await _counted(house, found, _like(request), PATIENCE_FOR_FILES_S)
    if isinstance(counted, Counting):
        return refuse(request, 503, "The figures are being made", counted.sentence, member=member)
    told, first = counted.told
    back = f"/insights/likeness?{request.query_string}"
    if not told["lifts"]:
        return refuse(request, 409, "No list", f"No list was written. {told['sentence']}", member=member, back=back)
    try:
        made = await audience(house.store, found.key, platform, first)
    except NobodyAgreed as error:
        return refuse(request, 409, "No list", str(error), member=member, back=back)
    # What can't be written down is not given away.
    await audited(request, member, Act.EXPORTED, f"export:audience-{platform}", detail=str(found.key))
    name = f"{found.key}-{platform}-{_like(request)}-{found.window.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=made.text, content_type="text/csv", charset="utf-8", headers=headers)


def _like(request: web.Request) -> str:
    """The segment that the address asks for, the top spenders for any other word."""
    asked = request.query.get("like", "")
    return asked if asked in SHOWN else next(iter(SHOWN))


def _reporting(request: web.Request) -> Reporting:
    async def counted(found: Here, patience_s: float) -> Counted[Row] | Counting:
        answer = await _counted(request.app[HOUSE], found, _like(request), patience_s)
        return answer if isinstance(answer, Counting) else Counted(answer.told[0], answer.as_of)

    return counted


async def _counted(house: House, found: Here, like: str, patience_s: float) -> Counted[Told] | Counting:
    """By the last day alone: of a person, everything counts that is known of them by then."""
    key, until = found.key, found.days[1]

    async def make() -> Told:
        return await likeness_and_first(house.store, key, until, seed=SHOWN[like], log=house.settings.home / FOLDER)

    return await count(house, ("likeness", key, until, like), make, patience_s=patience_s)


def _ranked(told: Row) -> list[Row]:
    """The ways to rank people, the model that is used first and past spend last."""
    if told["ranked"] is None:
        return []
    chosen = told["model"]
    models = [
        one | {"title": MODELS[name], "name": name, "chosen": name == chosen} for name, one in told["ranked"].items()
    ]
    spend = told["by_spend"]
    plain = [] if spend is None else [spend | {"title": "Past spend alone", "name": "past_spend", "chosen": False}]
    return [*sorted(models, key=lambda one: not one["chosen"]), *plain]


async def _alike(house: House, found: Here, told: Row) -> list[Row]:
    """Each with what they are called, and where more of them is."""
    rows = [one | {"person": person_of(one["customer"], one["visitor"])} for one in told["alike"]]
    names = await called(house.store, found.key, [one["person"] for one in rows])
    return [one | {"name": names[one["person"]], "address": urlencode({"person": one["person"]})} for one in rows]


def _lift_lines(told: Row) -> list[Line]:
    rows: list[dict[str, Any]] = _ranked(told)
    figures = ("lift", "lift_error", "auc", "auc_error")
    return [RANKED, *((one["name"], *(round(one[name], 4) for name in figures), one["chosen"]) for one in rows)]


def _alike_lines(alike: list[Row]) -> list[Line]:
    rows = enumerate(alike, 1)
    return [
        ALIKE,
        *((n, one["customer"], one["visitor"], round(one["score"], 4), one["talked"], one["name"]) for n, one in rows),
    ]
