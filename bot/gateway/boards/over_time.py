"""The charts of the dashboard's first page as pictures, and all of their numbers as a file."""

from aiohttp import web

from bot.gateway.boards.asked import Wanted, wanted_of
from bot.gateway.boards.counting import Counting, being_counted
from bot.gateway.boards.customers import told_of
from bot.gateway.boards.pictures import send
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import Cell, as_csv, money
from bot.insights.over_time import COUNTED
from bot.insights.over_time_charts import KINDS, charts_of
from bot.interactions import as_datetime
from bot.store.sites import all_sites
from bot.store.staff import Member

PICTURE_WAITS_S = 60.0
"""A picture has no page to look again by itself: the browser waits for it, beside a page that is there."""
COLUMNS = ("from", "to", "whole", "segment", "people", "buyers", "revenue", "currency")
routes = web.RouteTableDef()


@routes.get("/insights/over-time/{name:people|conversion|revenue}.svg")
@only_for(Permission.MEASURE)
async def chart(request: web.Request, member: Member) -> web.Response:
    wanted = await _wanted(request)
    found = await told_of(request.app[HOUSE], wanted, patience_s=PICTURE_WAITS_S)
    if isinstance(found, Counting):
        return web.Response(status=503, text=found.sentence)
    told, name = found.told, request.match_info["name"]
    drawn = charts_of(told.over_time, told.people, wanted.window.since, wanted.window.until).get(name)
    if drawn is None:
        raise web.HTTPNotFound
    return await send(request, drawn, KINDS[name].svg)


@routes.get("/insights/over-time.csv")
@only_for(Permission.MEASURE)
async def file(request: web.Request, member: Member) -> web.Response:
    """A row for each step and segment that is no noise."""
    wanted = await _wanted(request)
    found = await told_of(request.app[HOUSE], wanted)
    if isinstance(found, Counting):
        return being_counted(request, found, member)
    told, currency = found.told, found.told.over_time.currency
    lines: list[tuple[Cell, ...]] = [
        (one.first.isoformat(), one.last.isoformat(), one.is_whole, segment.value, one.people.get(segment, 0),
         one.buyers.get(segment, 0), money(one.revenue.get(segment, 0), currency), currency)
        for one in told.over_time.steps
        for segment in COUNTED
    ]  # fmt: skip
    site = wanted.site.key if wanted.site else ""
    name = f"{site}-{told.over_time.name}s-{wanted.window.since}-{wanted.window.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=as_csv([COLUMNS, *lines]), content_type="text/csv", charset="utf-8", headers=headers)


async def _wanted(request: web.Request) -> Wanted:
    house = request.app[HOUSE]
    wanted = wanted_of(request, await house.store.read(all_sites), as_datetime(house.now()).date())
    if isinstance(wanted, str):
        raise web.HTTPBadRequest(reason="no such window")
    if wanted.site is None:
        raise web.HTTPNotFound
    return wanted
