"""The dashboard's page about who the best customers are: a group against everybody, a value a row, and as CSV."""

from aiohttp import web

from bot.gateway.boards.asked import money
from bot.gateway.boards.called import called
from bot.gateway.boards.counting import Counted, Counting, count
from bot.gateway.boards.here import Here, Reporting, Row, csv_file, for_file, for_page
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import Figure, Line
from bot.insights.log.reading import FOLDER
from bot.insights.profiles.costs import Costs, costs_of
from bot.insights.profiles.report import profiles
from bot.insights.profiles.silent import reason
from bot.insights.profiles.table import COSTLY, SILENT, TITLES, how_sure, left_out, nothing_stands_out, silent_note
from bot.store.staff import Member

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


@routes.get("/insights/profiles")
@only_for(Permission.MEASURE)
async def profile_board(request: web.Request, member: Member) -> web.Response:
    asked = await for_page(request, member, _reporting(request.app[HOUSE]))
    if isinstance(asked, web.Response):
        return asked
    found, told, fresh = asked
    shown = _shown(request, told) if told else None
    listed = list_of(request, told) if told and may(member.role, Permission.KNOW_PEOPLE) else None
    rows = listed["rows"] if listed else rows_of(shown) if shown else []
    pages = max(1, -(-len(rows) // ROWS))
    page = _page(request, pages)
    shown_rows = rows[(page - 1) * ROWS : page * ROWS]
    people = [row["person"] for row in shown_rows] if listed else []
    return draw(
        request,
        "boards/profiles.html",
        **found.drawn_with(),
        told=told,
        shown=shown,
        titles=TITLES,
        lists=LISTS,
        listed=listed,
        reason=reason,
        money=money,
        rows=shown_rows,
        names=await called(request.app[HOUSE].store, found.key, people) if people else {},
        page=page,
        pages=pages,
        believe=BELIEVE,
        nothing=nothing_stands_out(shown) if shown else "",
        beside=[how_sure(shown), *left_out(told)] if shown and told else [],
        fresh=fresh,
    )


@routes.get("/insights/profiles.csv")
@only_for(Permission.MEASURE)
async def profile_file(request: web.Request, member: Member) -> web.Response:
    """Every value of every group, as the page has them."""
    asked = await for_file(request, member, _reporting(request.app[HOUSE]))
    if isinstance(asked, web.Response):
        return asked
    found, told = asked
    return await csv_file(request, found, "profiles", lines_of(told))


@routes.get("/insights/profiles/{name:costly|silent}.csv")
@only_for(Permission.MEASURE)
async def list_file(request: web.Request, member: Member) -> web.Response:
    """The customers of a list, for who may know them."""
    if not may(member.role, Permission.KNOW_PEOPLE):
        raise web.HTTPNotFound
    asked = await for_file(request, member, _reporting(request.app[HOUSE]))
    if isinstance(asked, web.Response):
        return asked
    (found, told), name = asked, request.match_info["name"]
    lines = _costly_lines(told) if name == "costly" else _silent_lines(told)
    return await csv_file(request, found, f"profiles-{name}", lines)


def _reporting(house: House) -> Reporting:
    async def counted(found: Here, patience_s: float) -> Counted[Row] | Counting:
        key, days, settings = found.key, found.days, house.settings
        costs = await costs_of(house.store, key, Costs(settings.staff_minute_cost, settings.bot_answer_cost))

        async def make() -> Row:
            log = house.settings.home / FOLDER
            return await profiles(house.store, key, *days, log=log, costs=costs, now=house.now())

        # What serving costs is in no log: a change of it has to be counted anew.
        return await count(house, ("profiles", key, *days, repr(costs)), make, patience_s=patience_s)

    return counted


def _costly_lines(told: Row) -> list[Line]:
    return [COSTLY_COLUMNS, *(_plain(row) for row in told["costly"]["rows"])]


def _plain(row: Row) -> Line:
    amounts = ("margin", "served", "result")
    return [Figure(row[name]) if name in amounts and row[name] else row[name] for name in COSTLY_COLUMNS]


def _silent_lines(told: Row) -> list[Line]:
    """A line a reason."""
    return [
        SILENT_COLUMNS,
        *(
            (row["person"], row["spent"], row["talked"], one["kind"], one["at"], one["words"])
            for row in told["silent"]["rows"]
            for one in row["reasons"] or [{"kind": None, "at": None, "words": None}]
        ),
    ]


def _shown(request: web.Request, told: Row) -> Row:
    """The group asked for, else the first."""
    asked = request.query.get("group")
    found: Row = next((one for one in told["groups"] if one["group"] == asked), told["groups"][0])
    return found


def list_of(request: web.Request, told: Row) -> Row | None:
    """The list of customers asked for; None where a group is."""
    name = request.query.get("list", "")
    if name == "silent":
        return {"name": name, "note": silent_note(told[name]), **told[name]}
    return {"name": name, **told[name]} if name in LISTS else None


def _page(request: web.Request, pages: int) -> int:
    asked = request.query.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    return min(max(number, 1), pages)


def rows_of(group: Row) -> list[Row]:
    """A row a value: first what stands out, the strongest first, then the others; last what is too few to judge."""
    rows = [
        one | {"attribute": held["attribute"], "meaning": held["meaning"], "known": held["known"]}
        for held in group["attributes"]
        for one in held["values"]
    ]
    return sorted(rows, key=lambda one: (one["ratio"] is None, one["found"] is None, -abs((one["ratio"] or 1) - 1)))


def lines_of(told: Row) -> list[Line]:
    lines: list[Line] = [COLUMNS]
    for group in told["groups"]:
        for row in rows_of(group):
            counts = (row["group"], row["known"]["group"], row["everybody"], row["known"]["everybody"])
            shares = [row[name] for name in ("share", "share_of_everybody", "ratio", "low", "high")]
            rounded = [None if one is None else round(one, 4) for one in shares]
            lines.append((group["group"], row["attribute"], row["value"], *counts, *rounded, row["found"]))
    return lines
