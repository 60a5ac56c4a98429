"""The dashboard's page about value: who the customers are by their orders, and what they are expected to bring."""

from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.boards.asked import LABELS, Window, money, query_of, site_of, window_of
from bot.gateway.boards.recent import Recent
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import Line, as_csv
from bot.insights.log.reading import FOLDER, NoLogYet
from bot.insights.value.report import value
from bot.interactions import as_datetime
from bot.store.audit import Act
from bot.store.sites import Site, all_sites
from bot.store.staff import Member
from bot.store.store import Store

FIFTHS = (5, 4, 3, 2, 1)
SHADES = 5
"""How dark a cell is: by its share of the revenue, against that of the largest one."""
CELLS = ("recency", "frequency", "group", "people", "revenue", "currency")
CUSTOMERS = (
    "customer", "visitor", "group", "orders", "spent", "margin", "currency", "last_order", "alive", "days",
    "expected_orders", "expected_value", "likely_days", "likely_from", "likely_to",
)  # fmt: skip
routes = web.RouteTableDef()
_reports: WeakKeyDictionary[Store, Recent[dict[str, Any]]] = WeakKeyDictionary()


@routes.get("/insights/value")
@only_for(Permission.MEASURE)
async def value_board(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site, window = site_of(request, sites), window_of(request, as_datetime(house.now()).date())
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    try:
        told = await _report(house, site, window) if site else None
    except NoLogYet as error:
        return refuse(request, 503, "The figures are being made", str(error), member=member)
    return draw(
        request,
        "boards/value.html",
        member=member,
        site=site,
        sites=sites,
        window=window,
        told=told,
        grid=_grid(told) if told and told["cells"] else [],
        fifths=FIFTHS,
        knows_people=may(member.role, Permission.KNOW_PEOPLE),
        believe=LABELS[told["label"]] if told else "",
        money=money,
        query=query_of(site, window) if site else "",
    )


@routes.get("/insights/value/{what:cells|customers}.csv")
@only_for(Permission.MEASURE)
async def value_file(request: web.Request, member: Member) -> web.Response:
    """The cells, or the customers who are expected to bring most, as the page has them."""
    house, what = request.app[HOUSE], request.match_info["what"]
    site = site_of(request, await house.store.read(all_sites))
    window = window_of(request, as_datetime(house.now()).date())
    if site is None or (what == "customers" and not may(member.role, Permission.KNOW_PEOPLE)):
        raise web.HTTPNotFound
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    try:
        told = await _report(house, site, window)
    except NoLogYet as error:
        return refuse(request, 503, "The figures are being made", str(error), member=member)
    await audited(request, member, Act.EXPORTED, f"export:value-{what}", detail=f"{site.key} csv")
    name = f"{site.key}-value-{what}-{window.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    lines = _cell_lines(told) if what == "cells" else _customer_lines(told)
    return web.Response(body=as_csv(lines), content_type="text/csv", charset="utf-8", headers=headers)


async def _report(house: House, site: Site, window: Window) -> dict[str, Any]:
    """By the last day alone: of a customer, everything counts that they ever ordered."""
    until = window.until.isoformat()

    async def make() -> dict[str, Any]:
        return await value(house.store, site.key, None, until, log=house.settings.home / FOLDER)

    reports = _reports.setdefault(house.store, Recent(house.store))
    return (await reports.report((site.key, until), make, now=house.now())).told


def _grid(told: dict[str, Any]) -> list[tuple[int, list[dict[str, Any]]]]:
    """A row a fifth of recency, each cell with how dark it is."""
    most = max(float(one["revenue"]) for one in told["cells"]) or 1.0
    shaded = [one | {"shade": -int(-SHADES * max(0.0, float(one["revenue"])) // most)} for one in told["cells"]]
    return [(late, [one for one in shaded if one["recency"] == late]) for late in FIFTHS]


def _cell_lines(told: dict[str, Any]) -> list[Line]:
    return [CELLS, *([*(one[name] for name in CELLS[:-1]), told["currency"]] for one in told["cells"])]


def _customer_lines(told: dict[str, Any]) -> list[Line]:
    lines: list[Line] = [CUSTOMERS]
    for one in told["top"]:
        likely = one["likely_orders"]
        whole = (one["customer"], one["visitor"], one["group"], one["orders"], one["spent"], one["margin"],
                 told["currency"], one["last_order"], one["alive"])  # fmt: skip
        for ahead in one["expected"]:
            near = (likely["days"], likely["low"], likely["high"]) if ahead["days"] == likely["days"] else (None,) * 3
            lines.append((*whole, ahead["days"], round(ahead["orders"], 4), ahead["value"], *near))
    return lines
