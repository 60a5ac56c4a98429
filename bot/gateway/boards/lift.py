"""The dashboard's page about lift: what was guessed, what was found, and how far each number may be believed."""

import asyncio
import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.gateway.boards import pictures
from bot.gateway.boards.asked import LABELS, Window
from bot.gateway.boards.here import Here, here
from bot.gateway.boards.pictures import Picture, picture_of
from bot.gateway.boards.recent import Recent, Report
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission
from bot.gateway.screens import draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import as_csv
from bot.insights.log.reading import FOLDER, NoLogYet
from bot.interactions import as_datetime, rfc3339
from bot.store.experiments import Guess, Period, periods, record_guess
from bot.store.sites import Site, all_sites
from bot.store.staff import Member
from bot.store.store import Store

if TYPE_CHECKING:
    from bot.insights.lift.overlap import OverlapChart

MOST_PERCENT, MOST_PLANNED = 1_000, 1_000_000_000
COLUMNS = ("name", "title", "unit", "label", "value", "low", "high", "p", "definition")
routes = web.RouteTableDef()
_reports: WeakKeyDictionary[Store, Recent[dict[str, Any]]] = WeakKeyDictionary()


@routes.get("/insights/lift")
@only_for(Permission.MEASURE)
async def lift_board(request: web.Request, member: Member) -> web.Response:
    house, found = request.app[HOUSE], await days_of_experiment(request, member)
    if isinstance(found, web.Response):
        return found
    try:
        report = await _report(house, found.site, found.window) if found.site else None
    except NoLogYet as error:
        return refuse(request, 503, "The figures are being made", str(error), member=member)
    told = None if report is None else report.told
    shown = {} if told is None else _page_of(told, guess_is_waived=request.query.get("guess") == "none")
    running = await _running(house, found.site) if found.site else None
    framed = found.drawn_with()
    return draw(
        request,
        "boards/lift.html",
        **framed,
        told=told,
        running=running,
        believe=LABELS[told["label"]] if told else "",
        fresh=_fresh(report) if report else "",
        alike=_alike(shown.get("overlap"), framed["query"]),
        **shown,
    )


@routes.post("/insights/lift/guess")
@only_for(Permission.MEASURE)
async def write_guess(request: web.Request, member: Member) -> web.Response:
    """Keeps the first guess about the experiment that runs; a later one changes nothing, and is told so."""
    house, fields = request.app[HOUSE], await form(request)
    site = next((one for one in await house.store.read(all_sites) if one.key == fields.get("site")), None)
    if site is None:
        raise web.HTTPNotFound
    back = "/insights/lift?" + urlencode({"site": site.key})
    change, planned = _percent(fields.get("change", "")), _people(fields.get("planned", ""))
    if change is None or planned is None:
        sentence = "Give the change in percent, from -100 to 1000, and how many people, from 1."
        return refuse(request, 400, "This is no guess", sentence, member=member, back=back)
    running = await _running(house, site)
    if running is None or fields.get("experiment") != str(running.since):
        sentence = "The holdout has changed since this page was opened, so a new experiment runs. Guess about that one."
        return refuse(request, 409, "Another experiment runs", sentence, member=member, back=back)
    try:
        drawn = await _drawn(house, site, running)
    except NoLogYet as error:
        return refuse(request, 503, "The figures are being made", str(error), member=member)
    guess = Guess(change / 100, planned, drawn, member.name, house.now())
    if not await house.store.write(record_guess, site.key, running.since, guess, staff=member.id):
        sentence = "Somebody has guessed already, and a guess is never changed. It stands beside the result."
        return refuse(request, 409, "There is a guess", sentence, member=member, back=back)
    _reports.pop(house.store, None)
    return redirect(back)


@routes.get("/insights/lift/chart.svg")
@only_for(Permission.MEASURE)
async def lift_chart(request: web.Request, member: Member) -> web.Response:
    from bot.insights.lift.charts import svg

    told = await _asked(request, member)
    if isinstance(told, web.Response):
        return told
    chart = _page_of(told, guess_is_waived=True)["chart"]
    if chart is None:
        raise web.HTTPNotFound
    return await pictures.send(request, chart, svg)


@routes.get("/insights/lift/overlap.svg")
@only_for(Permission.MEASURE)
async def overlap_chart(request: web.Request, member: Member) -> web.Response:
    from bot.insights.lift.overlap import svg

    told = await _asked(request, member)
    if isinstance(told, web.Response):
        return told
    chart = _page_of(told, guess_is_waived=True)["overlap"]
    if chart is None:
        raise web.HTTPNotFound
    return await pictures.send(request, chart, svg)


@routes.get("/insights/lift/overlap.csv")
@only_for(Permission.MEASURE)
async def overlap_file(request: web.Request, member: Member) -> web.Response:
    """What the picture of the overlap is drawn from."""
    told = await _asked(request, member)
    if isinstance(told, web.Response):
        return told
    if told["overlap"] is None:
        raise web.HTTPNotFound
    from bot.insights.lift.overlap import COLUMNS as columns
    from bot.insights.lift.overlap import rows_of

    return _file(told, "overlap", [columns, *rows_of(told)])


@routes.get("/insights/lift.csv")
@only_for(Permission.MEASURE)
async def lift_file(request: web.Request, member: Member) -> web.Response:
    """All figures of the page, with their definitions."""
    told = await _asked(request, member)
    if isinstance(told, web.Response):
        return told
    return _file(told, "lift", [COLUMNS, *([row[name] for name in COLUMNS] for row in told["rows"])])


def _file(told: dict[str, Any], what: str, lines: Iterable[Sequence[Any]]) -> web.Response:
    name = f"{told['site']}-{what}-{told['since'][:10]}-{told['last_day']}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=as_csv(lines), content_type="text/csv", charset="utf-8", headers=headers)


async def _asked(request: web.Request, member: Member) -> dict[str, Any] | web.Response:
    """The report of what the address asks for; the page that says what is wrong with it."""
    found = await days_of_experiment(request, member)
    if isinstance(found, web.Response):
        return found
    if found.site is None:
        raise web.HTTPNotFound
    try:
        return (await _report(request.app[HOUSE], found.site, found.window)).told
    except NoLogYet as error:
        raise web.HTTPServiceUnavailable(reason="The figures are being made") from error


async def days_of_experiment(request: web.Request, member: Member) -> Here | web.Response:
    """As on every board; but without a first day, the days are all of the experiment that runs then."""
    found = await here(request, member)
    if isinstance(found, web.Response) or found.site is None or found.window.preset or request.query.get("since"):
        return found
    known, until = await request.app[HOUSE].store.read(periods, found.key), found.window.until
    days = [day for one in known if (day := as_datetime(one.since).date()) <= until]
    return replace(found, window=Window(days[-1], until)) if days else found


async def _running(house: House, site: Site) -> Period | None:
    known = await house.store.read(periods, site.key)
    return known[-1] if known else None


async def _drawn(house: House, site: Site, running: Period) -> int:
    """How many are in the experiment so far: the fewer, the less could be known when it was guessed."""
    days = Window(as_datetime(running.since).date(), as_datetime(house.now()).date())
    people: dict[str, int] = (await _report(house, site, days)).told["people"]
    return people["offered"] + people["held_out"]


async def _report(house: House, site: Site, window: Window) -> Report[dict[str, Any]]:
    """The page, its pictures and its file are of the same figures for a minute."""
    key = (site.key, window.since.isoformat(), window.until.isoformat())

    async def make() -> dict[str, Any]:
        await asyncio.to_thread(_load)
        from bot.insights.lift.report import lift

        return await lift(house.store, *key, log=house.settings.home / FOLDER)

    recent = _reports.setdefault(house.store, Recent(house.store))
    return await recent.report(key, make, now=house.now())


def _alike(chart: "OverlapChart | None", query: str) -> Picture | None:
    if chart is None:
        return None
    from bot.insights.lift.overlap import height_of

    address = f"/insights/lift/overlap.svg?{query}"
    return picture_of(chart, height_of, address, csv=f"/insights/lift/overlap.csv?{query}")


def _fresh(report: Report[dict[str, Any]]) -> str:
    """Of when the figures are: that of the log, where it is behind."""
    as_of = report.told["as_of"] or rfc3339(report.at)
    later = " Newer ones are being counted; look again in a few seconds." if report.is_renewed else ""
    return f"As of {as_of[:16].replace('T', ' ')} UTC.{later}"


def _load() -> None:
    """The numbers' library takes half a second: not from a start of the gateway, and not from its visitors."""
    import bot.insights.lift.page
    import bot.insights.lift.report  # noqa: F401


def _page_of(told: dict[str, Any], *, guess_is_waived: bool) -> dict[str, Any]:
    from bot.insights.lift.page import page_of

    return page_of(told, guess_is_waived=guess_is_waived)


def _percent(text: str) -> float | None:
    try:
        value = float(text.strip().replace(",", ".").removesuffix("%"))
    except ValueError:
        return None
    return value if math.isfinite(value) and -100 <= value <= MOST_PERCENT else None


def _people(text: str) -> int | None:
    digits = text.strip().replace(",", "").replace(".", "")
    value = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 12 else 0
    return value if 1 <= value <= MOST_PLANNED else None
