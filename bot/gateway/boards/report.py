"""The one-page report in the dashboard, and as the files that are sent and printed."""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.boards import pictures
from bot.gateway.boards.asked import Window
from bot.gateway.boards.here import here
from bot.gateway.boards.recent import Recent
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.log.reading import FOLDER, NoLogYet
from bot.insights.one_page.made import FORMATS, NotMade, made
from bot.interactions import as_datetime
from bot.store.audit import Act
from bot.store.sites import Site
from bot.store.staff import Member
from bot.store.store import Store

PAGE = "/insights/report"
routes = web.RouteTableDef()
Told = dict[str, Any]
_reports: WeakKeyDictionary[Store, Recent[Told]] = WeakKeyDictionary()


@routes.get(PAGE)
@only_for(Permission.MEASURE)
async def report_board(request: web.Request, member: Member) -> web.Response:
    found = await here(request, member)
    if isinstance(found, web.Response):
        return found
    try:
        told = await _told(request, request.app[HOUSE], found.site, found.window) if found.site else None
    except NoLogYet as error:
        return refuse(request, 503, "The figures are being made", str(error), member=member)
    framed = found.drawn_with()
    waived = "&guess=none" if _is_waived(request) else ""
    return draw(
        request,
        "boards/report.html",
        **framed,
        told=told,
        page=_page_of(told) if told else None,
        charts=_pictures(told, framed["query"] + waived) if told else [],
        waits=told is not None and any(one["state"] == "waits for a guess" for one in told["findings"]),
        waived=waived,
    )


@routes.get(PAGE + ".{format:pdf|html}")
@only_for(Permission.MEASURE)
async def report_file(request: web.Request, member: Member) -> web.Response:
    """The page as a file, for whom it is sent to or printed for."""
    house, format = request.app[HOUSE], request.match_info["format"]
    found = await here(request, member)
    if isinstance(found, web.Response):
        return found
    if found.site is None:
        raise web.HTTPNotFound
    try:
        told = await _told(request, house, found.site, found.window)
        file = await made(told, format)
    except (NoLogYet, NotMade) as error:
        return refuse(request, 503, "The file was not made", str(error), member=member)
    await audited(request, member, Act.EXPORTED, "export:report", detail=f"{found.key} {format}")
    name = f"{found.key}-report-{told['first_day']}-{told['last_day']}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=file, content_type=FORMATS[format], headers=headers)


@routes.get(PAGE + "/{chart:shares|effect}.svg")
@only_for(Permission.MEASURE)
async def report_chart(request: web.Request, member: Member) -> web.Response:
    found = await here(request, member)
    if isinstance(found, web.Response):
        return found
    if found.site is None:
        raise web.HTTPNotFound
    try:
        told = await _told(request, request.app[HOUSE], found.site, found.window)
    except NoLogYet as error:
        raise web.HTTPServiceUnavailable(reason="The figures are being made") from error
    from bot.insights.one_page.charts import svg

    chart = _charts(told)[request.match_info["chart"]]
    if chart is None:
        raise web.HTTPNotFound
    return await pictures.send(request, chart, svg)


async def _told(request: web.Request, house: House, site: Site, window: Window) -> Told:
    """The page, its pictures and its files are of the same figures for a minute."""
    days, waived = (window.since.isoformat(), window.until.isoformat()), _is_waived(request)

    async def make() -> Told:
        await asyncio.to_thread(_load)
        from bot.insights.one_page.report import one_page

        today, log = as_datetime(house.now()).date(), house.settings.home / FOLDER
        return await one_page(house.store, site.key, *days, log=log, today=today, shows_unguessed=waived)

    reports = _reports.setdefault(house.store, Recent(house.store))
    return (await reports.report((site.key, *days, str(waived)), make, now=house.now())).told


def _is_waived(request: web.Request) -> bool:
    """Whether the result is to be seen without a guess, as on the page about lift."""
    return request.query.get("guess") == "none"


def _load() -> None:
    """The numbers' library takes half a second: not from a start of the gateway, and not from its visitors."""
    import bot.insights.one_page.charts
    import bot.insights.one_page.page
    import bot.insights.one_page.report  # noqa: F401


def _page_of(told: Told) -> Any:
    from bot.insights.one_page.page import page_of

    return page_of(told)


def _charts(told: Told) -> dict[str, Any]:
    from bot.insights.one_page.charts import effect_of, shares_of

    return {"shares": shares_of(told), "effect": effect_of(told)}


def _pictures(told: Told, query: str) -> list[Any]:
    from bot.insights.one_page.charts import height_of

    return [
        pictures.picture_of(chart, height_of, f"{PAGE}/{name}.svg?{query}")
        for name, chart in _charts(told).items()
        if chart is not None
    ]
