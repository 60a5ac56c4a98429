"""The dashboard's page about value: who the customers are by their orders, and what they are expected to bring."""

from datetime import date

from aiohttp import web

from bot.gateway.audit import listed
from bot.gateway.boards.asked import LABELS, money
from bot.gateway.boards.called import called, person_of
from bot.gateway.boards.counting import Counted, Counting, count
from bot.gateway.boards.here import Here, Reporting, Row, csv_file, for_file, for_page
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import Line
from bot.insights.log.reading import FOLDER
from bot.insights.profiles.costs import Costs, costs_of
from bot.insights.value.report import value
from bot.store.spend import spent_between
from bot.store.staff import Member

SHOWN = 20
FIFTHS = (5, 4, 3, 2, 1)
SHADES = 5
"""How dark a cell is: by its share of the revenue, against that of the largest one."""
CELLS = ("recency", "frequency", "group", "people", "revenue", "currency")
CUSTOMERS = (
    "customer", "visitor", "group", "orders", "spent", "margin", "profit", "currency", "last_order", "alive", "days",
    "expected_orders", "expected_value", "likely_days", "likely_from", "likely_to",
    "name",
)  # fmt: skip
SERVICE = (
    "name", "unit", "valued", "valued_people", "as_everybody", "as_everybody_people", "difference", "low", "high",
    "verdict", "label",
)  # fmt: skip
VERDICTS = {
    "too_few": "too few to judge", "no_difference": "no clear difference", "better": "better", "worse": "worse",
}  # fmt: skip
EPOCH = date(1970, 1, 1).toordinal()
routes = web.RouteTableDef()


@routes.get("/insights/value")
@only_for(Permission.MEASURE)
async def value_board(request: web.Request, member: Member) -> web.Response:
    asked = await for_page(request, member, _reporting(request.app[HOUSE]))
    if isinstance(asked, web.Response):
        return asked
    found, told, fresh = asked
    shows_people = bool(told and told["top"]) and may(member.role, Permission.KNOW_PEOPLE)
    if shows_people:
        await listed(request, member, "people")
    return draw(
        request,
        "boards/value.html",
        **found.drawn_with(),
        told=told,
        fresh=fresh,
        grid=_grid(told) if told and told["cells"] else [],
        fifths=FIFTHS,
        verdicts=VERDICTS,
        top=await _named(request.app[HOUSE], found, told["top"][:SHOWN]) if told and shows_people else [],
        believe=LABELS[told["label"]] if told else "",
        money=money,
    )


@routes.get("/insights/value/{what:cells|customers|service}.csv")
@only_for(Permission.MEASURE)
async def value_file(request: web.Request, member: Member) -> web.Response:
    """The cells, or the customers who are expected to bring most, as the page has them."""
    what = request.match_info["what"]
    if what == "customers" and not may(member.role, Permission.KNOW_PEOPLE):
        raise web.HTTPNotFound
    asked = await for_file(request, member, _reporting(request.app[HOUSE]))
    if isinstance(asked, web.Response):
        return asked
    found, told = asked
    if what == "customers":
        lines = _customer_lines(told, await _named(request.app[HOUSE], found, told["top"]))
    else:
        lines = _cell_lines(told) if what == "cells" else _service_lines(told)
    return await csv_file(request, found, f"value-{what}", lines)


def _reporting(house: House) -> Reporting:
    """By the last day alone: of a customer, everything counts that they ever ordered."""

    async def counted(found: Here, patience_s: float) -> Counted[Row] | Counting:
        key, until, settings = found.key, found.days[1], house.settings
        given = Costs(settings.staff_minute_cost, settings.bot_answer_cost)

        async def make() -> Row:
            return await value(house.store, key, None, until, log=house.settings.home / FOLDER, costs=given)

        # What is told of costs and spend is in no log: a change of it has to be counted anew.
        spent = await house.store.read(spent_between, key, 0, date.fromisoformat(until).toordinal() - EPOCH)
        asked = (repr(await costs_of(house.store, key, given)), repr(spent))
        return await count(house, ("value", key, until, *asked), make, patience_s=patience_s)

    return counted


async def _named(house: House, found: Here, rows: list[Row]) -> list[Row]:
    people = [person_of(one["customer"], one["visitor"]) for one in rows]
    names = await called(house.store, found.key, people)
    return [one | {"name": names[person]} for one, person in zip(rows, people, strict=True)]


def _grid(told: Row) -> list[tuple[int, list[Row]]]:
    """A row a fifth of recency, each cell with how dark it is."""
    most = max(float(one["revenue"]) for one in told["cells"]) or 1.0
    shaded = [one | {"shade": -int(-SHADES * max(0.0, float(one["revenue"])) // most)} for one in told["cells"]]
    return [(late, [one for one in shaded if one["recency"] == late]) for late in FIFTHS]


def _cell_lines(told: Row) -> list[Line]:
    return [CELLS, *([*(one[name] for name in CELLS[:-1]), told["currency"]] for one in told["cells"])]


def _customer_lines(told: Row, named: list[Row]) -> list[Line]:
    lines: list[Line] = [CUSTOMERS]
    for one in named:
        likely = one["likely_orders"]
        whole = (one["customer"], one["visitor"], one["group"], one["orders"], one["spent"], one["margin"],
                 one["profit"], told["currency"], one["last_order"], one["alive"])  # fmt: skip
        for ahead in one["expected"]:
            near = (likely["days"], likely["low"], likely["high"]) if ahead["days"] == likely["days"] else (None,) * 3
            lines.append((*whole, ahead["days"], round(ahead["orders"], 4), ahead["value"], *near, one["name"]))
    return lines


def _service_lines(told: Row) -> list[Line]:
    return [SERVICE, *((*tuple(row[name] for name in SERVICE[:-1]), "randomized") for row in told["service"]["rows"])]
