"""The dashboard's page about who the best customers are: a group against everybody, a value a row, and as CSV."""

from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.boards.asked import Window, money, query_of, site_of, window_of
from bot.gateway.boards.recent import Recent
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import Figure, Line, as_csv
from bot.insights.log.reading import FOLDER, NoLogYet
from bot.insights.profiles.costs import Costs
from bot.insights.profiles.report import profiles
from bot.insights.profiles.silent import reason
from bot.insights.profiles.table import COSTLY, SILENT, TITLES, how_sure, left_out, nothing_stands_out, silent_note
from bot.interactions import as_datetime
from bot.store.audit import Act
from bot.store.sites import Site, all_sites
from bot.store.staff import Member
from bot.store.store import Store

ROWS = 50
COLUMNS = (
    "group", "attribute", "value", "group_people", "group_known", "everybody_people", "everybody_known", "share",
    "share_of_everybody", "ratio", "low", "high", "found",
)  # fmt: skip
LISTS = {"costly": COSTLY, "silent": SILENT}
COSTLY_COLUMNS = ("person", "orders", "margin", "staff_minutes", "bot_answers", "served", "result", "why")
SILENT_COLUMNS = ("person", "spent", "talked", "reason", "at", "words")
BELIEVE = "What the best customers have in common need not be why they buy."
routes = web.RouteTableDef()
_reports: WeakKeyDictionary[Store, Recent[dict[str, Any]]] = WeakKeyDictionary()


@routes.get("/insights/profiles")
@only_for(Permission.MEASURE)
async def profile_board(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site, window = site_of(request, sites), window_of(request, as_datetime(house.now()).date())
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    try:
        told = await _report(house, site, window) if site else None
    except NoLogYet as error:
        return refuse(request, 503, "The figures are being made", str(error), member=member)
    shown = _shown(request, told) if told else None
    listed = list_of(request, told) if told and may(member.role, Permission.KNOW_PEOPLE) else None
    rows = listed["rows"] if listed else rows_of(shown) if shown else []
    pages = max(1, -(-len(rows) // ROWS))
    page = _page(request, pages)
    return draw(
        request,
        "boards/profiles.html",
        member=member,
        site=site,
        sites=sites,
        window=window,
        told=told,
        shown=shown,
        titles=TITLES,
        lists=LISTS,
        listed=listed,
        reason=reason,
        money=money,
        rows=rows[(page - 1) * ROWS : page * ROWS],
        page=page,
        pages=pages,
        believe=BELIEVE,
        nothing=nothing_stands_out(shown) if shown else "",
        beside=[how_sure(shown), *left_out(told)] if shown and told else [],
        fresh=_fresh(told) if told else "",
        query=query_of(site, window) if site else "",
    )


@routes.get("/insights/profiles.csv")
@only_for(Permission.MEASURE)
async def profile_file(request: web.Request, member: Member) -> web.Response:
    """Every value of every group, as the page has them."""
    house = request.app[HOUSE]
    site = site_of(request, await house.store.read(all_sites))
    window = window_of(request, as_datetime(house.now()).date())
    if site is None:
        raise web.HTTPNotFound
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    try:
        told = await _report(house, site, window)
    except NoLogYet as error:
        return refuse(request, 503, "The figures are being made", str(error), member=member)
    await audited(request, member, Act.EXPORTED, "export:profiles", detail=f"{site.key} csv")
    name = f"{site.key}-profiles-{window.since}-{window.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=as_csv(lines_of(told)), content_type="text/csv", charset="utf-8", headers=headers)


@routes.get("/insights/profiles/{name:costly|silent}.csv")
@only_for(Permission.MEASURE)
async def list_file(request: web.Request, member: Member) -> web.Response:
    """The customers of a list, for who may know them."""
    house, name = request.app[HOUSE], request.match_info["name"]
    site = site_of(request, await house.store.read(all_sites))
    window = window_of(request, as_datetime(house.now()).date())
    if site is None or not may(member.role, Permission.KNOW_PEOPLE):
        raise web.HTTPNotFound
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    try:
        told = await _report(house, site, window)
    except NoLogYet as error:
        return refuse(request, 503, "The figures are being made", str(error), member=member)
    await audited(request, member, Act.EXPORTED, f"export:profiles-{name}", detail=f"{site.key} csv")
    lines = _costly_lines(told) if name == "costly" else _silent_lines(told)
    headers = {"Content-Disposition": f'attachment; filename="{site.key}-{name}-{window.since}-{window.until}.csv"'}
    return web.Response(body=as_csv(lines), content_type="text/csv", charset="utf-8", headers=headers)


def _costly_lines(told: dict[str, Any]) -> list[Line]:
    return [COSTLY_COLUMNS, *(_plain(row) for row in told["costly"]["rows"])]


def _plain(row: dict[str, Any]) -> Line:
    amounts = ("margin", "served", "result")
    return [Figure(row[name]) if name in amounts and row[name] else row[name] for name in COSTLY_COLUMNS]


def _silent_lines(told: dict[str, Any]) -> list[Line]:
    """A line a reason."""
    return [
        SILENT_COLUMNS,
        *(
            (row["person"], row["spent"], row["talked"], one["kind"], one["at"], one["words"])
            for row in told["silent"]["rows"]
            for one in row["reasons"] or [{"kind": None, "at": None, "words": None}]
        ),
    ]


async def _report(house: House, site: Site, window: Window) -> dict[str, Any]:
    span = (window.since.isoformat(), window.until.isoformat())

    async def make() -> dict[str, Any]:
        settings = house.settings
        costs = Costs(settings.staff_minute_cost, settings.bot_answer_cost)
        return await profiles(house.store, site.key, *span, log=settings.home / FOLDER, costs=costs, now=house.now())

    reports = _reports.setdefault(house.store, Recent(house.store))
    return (await reports.report((site.key, *span), make, now=house.now())).told


def _shown(request: web.Request, told: dict[str, Any]) -> dict[str, Any]:
    """The group asked for, else the first."""
    asked = request.query.get("group")
    found: dict[str, Any] = next((one for one in told["groups"] if one["group"] == asked), told["groups"][0])
    return found


def list_of(request: web.Request, told: dict[str, Any]) -> dict[str, Any] | None:
    """The list of customers asked for; None where a group is."""
    name = request.query.get("list", "")
    if name == "silent":
        return {"name": name, "note": silent_note(told[name]), **told[name]}
    return {"name": name, **told[name]} if name in LISTS else None


def _page(request: web.Request, pages: int) -> int:
    asked = request.query.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    return min(max(number, 1), pages)


def rows_of(group: dict[str, Any]) -> list[dict[str, Any]]:
    """A row a value: first what stands out, the strongest first, then the others; last what is too few to judge."""
    rows = [
        one | {"attribute": held["attribute"], "meaning": held["meaning"], "known": held["known"]}
        for held in group["attributes"]
        for one in held["values"]
    ]
    return sorted(rows, key=lambda one: (one["ratio"] is None, one["found"] is None, -abs((one["ratio"] or 1) - 1)))


def lines_of(told: dict[str, Any]) -> list[Line]:
    lines: list[Line] = [COLUMNS]
    for group in told["groups"]:
        for row in rows_of(group):
            counts = (row["group"], row["known"]["group"], row["everybody"], row["known"]["everybody"])
            shares = [row[name] for name in ("share", "share_of_everybody", "ratio", "low", "high")]
            rounded = [None if one is None else round(one, 4) for one in shares]
            lines.append((group["group"], row["attribute"], row["value"], *counts, *rounded, row["found"]))
    return lines


def _fresh(told: dict[str, Any]) -> str:
    return "Up to now." if told["as_of"] is None else f"As of {told['as_of'][:16].replace('T', ' ')} UTC."
