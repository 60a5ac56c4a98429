"""The dashboard's pages about objectives: all of a site, and one with everything that has to be known beside it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.boards.asked import site_of
from bot.gateway.boards.counting import Counted, Counting, being_counted, count
from bot.gateway.boards.here import PATIENCE_FOR_FILES_S
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import Line, as_csv
from bot.insights.log.reading import FOLDER
from bot.insights.objectives.measures import Unit
from bot.insights.objectives.report import objectives
from bot.insights.objectives.sentences import change_in_unit, in_unit, with_interval
from bot.insights.objectives.status import RULE
from bot.mail.envelope import mailable
from bot.store.audit import Act
from bot.store.objective_mails import mailed_of
from bot.store.objectives import Objective, find_objective, objectives_of
from bot.store.sites import Site, all_sites
from bot.store.staff import Member

PAGE = "/insights/objectives"
ID = "{id:[A-Za-z0-9_-]{1,32}}"
COLUMNS = (
    "id", "name", "status", "label", "measure", "unit", "currency", "about", "within", "owner", "since", "until",
    "baseline", "baseline_by", "baseline_low", "baseline_high", "target", "smallest_that_matters", "value", "low",
    "high", "n", "gain", "gain_low", "gain_high", "projected", "projected_low", "projected_high", "detectable",
    "closed_at", "sentence", "definition",
)  # fmt: skip
STATES = {"waiting": "Waits to be sent", "sent": "Sent", "refused": "Refused"}
routes = web.RouteTableDef()
type Row = dict[str, Any]


@routes.get(PAGE)
@only_for(Permission.READ_OBJECTIVES)
async def objectives_board(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site = site_of(request, sites)
    told: Row | None = None
    if site is not None:
        counted = await _counted(request, house, site, PATIENCE_FOR_PAGES_S)
        if isinstance(counted, Counting):
            return being_counted(request, counted, member)
        told = counted.told
    rows = told["rows"] if told else []
    return draw(
        request,
        "boards/objectives.html",
        member=member,
        sites=sites,
        site=site,
        open_ones=[(row, words_of(row)) for row in rows if row["closed"] is None],
        closed_ones=[(row, words_of(row)) for row in rows if row["closed"] is not None],
        stop_rule=told["stop_rule"] if told else "",
        rule=RULE,
        may_change=may(member.role, Permission.MEASURE),
        board=PAGE,
        query=urlencode({"site": site.key}) if site else "",
    )


@routes.get(f"{PAGE}.csv")
@only_for(Permission.MEASURE)
async def objectives_file(request: web.Request, member: Member) -> web.Response:
    """All of the page, a row for each objective."""
    house = request.app[HOUSE]
    site = site_of(request, await house.store.read(all_sites))
    if site is None:
        raise web.HTTPNotFound
    counted = await _counted(request, house, site, PATIENCE_FOR_FILES_S)
    if isinstance(counted, Counting):
        return refuse(request, 503, "The figures are being made", counted.sentence, member=member)
    await audited(request, member, Act.EXPORTED, "export:objectives", detail=f"{site.key} csv")
    name = f"{site.key}-objectives-{counted.told['at'][:10]}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=as_csv(lines_of(counted.told)), content_type="text/csv", charset="utf-8", headers=headers)


@routes.get(f"{PAGE}/{ID}")
@only_for(Permission.READ_OBJECTIVES)
async def one_objective(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    known, site = await found(request)
    counted = await _counted(request, house, site, PATIENCE_FOR_PAGES_S)
    if isinstance(counted, Counting):
        return being_counted(request, counted, member)
    row = next(one for one in counted.told["rows"] if one["id"] == known.id)
    mailed = await house.store.read(mailed_of, known.id)
    return draw(
        request,
        "boards/objective.html",
        member=member,
        site=site,
        row=row,
        words=words_of(row),
        figures=figures_of(row),
        rule=RULE,
        stop_rule=counted.told["stop_rule"],
        mailed=[(one, STATES[one.state]) for one in mailed],
        mails_owner=mailable(known.owner_name) is not None,
        may_change=may(member.role, Permission.MEASURE),
        query=urlencode({"site": site.key}),
    )


async def found(request: web.Request) -> tuple[Objective, Site]:
    """The objective that the address names, and its site; 404 where there is none."""
    house = request.app[HOUSE]
    known = await house.store.read(find_objective, request.match_info["id"])
    sites = {one.key: one for one in await house.store.read(all_sites)}
    if known is None or known.site not in sites:
        raise web.HTTPNotFound
    return known, sites[known.site]


PATIENCE_FOR_PAGES_S = 6.0


async def _counted(
    request: web.Request, house: House, site: Site, patience_s: float
) -> Counted[Row] | Counting:  # fmt: skip
    shows = request.query.get("guess") == "none"
    # What was set down is in no log: a change of it is counted anew, and so is each new day.
    kept = [(one.id, one.version) for one in await house.store.read(objectives_of, site.key)]
    now = house.now()

    async def make() -> Row:
        return await objectives(
            house.store, site.key, log=house.settings.home / FOLDER, now=now, shows_unguessed=shows
        )  # fmt: skip

    key = ("objectives", site.key, repr(kept), str(now // 86_400_000_000), str(shows), str(site.crawl))
    return await count(house, key, make, patience_s=patience_s)


def words_of(row: Row) -> dict[str, str]:
    """The row's numbers as people read them."""
    unit, currency = Unit(row["unit"]), row["currency"]
    way, base = row["target"] - row["baseline"]["value"], row["baseline"]["value"]
    if unit is Unit.COUNT:
        # Its baseline is of as many days, of which some are still to come.
        way, base = row["target"], 0.0
    share = 0.0 if row["value"] is None or way <= 0 else min(1.0, max(0.0, (row["value"]["value"] - base) / way))
    return {
        "value": in_unit(None if row["value"] is None else row["value"]["value"], unit, currency),
        "interval": _ends(row["value"], lambda end: in_unit(end, unit, currency)),
        "target": in_unit(row["target"], unit, currency),
        "baseline": in_unit(row["baseline"]["value"], unit, currency),
        "way": f"{share * 100:.2f}",
    }


def figures_of(row: Row) -> list[tuple[str, str, str]]:
    """(name, value, what it is) of the page's table."""
    unit, currency = Unit(row["unit"]), row["currency"]
    base, by_lot = row["baseline"], row["label"] == "randomized"
    days = "as it was given" if base["by"] == "given" else f"{base['since']} to {base['until']}"

    def shown(told: Row | None, *, change: bool = False) -> str:
        return with_interval(told, unit, currency, change=change)

    def changed(value: float | None) -> str:
        return change_in_unit(value, unit, currency)

    gained = "by lot: what the chat made of it" if by_lot else "so far, less the baseline"
    foretold = f"if it goes on as in the last weeks; by then of {row['expected_n']:,} {row['of']}"
    rows = [
        ("Baseline", shown(base), days),
        ("So far", shown(row["value"]), f"of {row['n']:,} {row['of']}, with an interval of 95 %"),
        ("Gained", shown(row["gain"], change=True), gained),
        ("Wanted", changed(row["target"] - base["value"]), f"to reach {in_unit(row['target'], unit, currency)}"),
        ("At the end", shown(row["projected"]), foretold),
        ("Smallest change that matters", changed(row["smallest"]), "as it was set down"),
        ("Can be told from chance", changed(row["detectable"]), "by the end, in 8 of 10 such objectives"),
    ]
    if row["unit"] == Unit.COUNT:
        rows[1] = ("So far", shown(row["value"]), "counted, not estimated")
    is_done = row["closed"] is not None or not row["days_left"]
    left_out = {"At the end", "Can be told from chance"} if is_done else {"Gained"} if unit is Unit.COUNT else set()
    return [one for one in rows if one[0] not in left_out]


def lines_of(told: Row) -> list[Line]:
    lines: list[Line] = [COLUMNS]
    for row in told["rows"]:
        base = row["baseline"]
        lines.append((
            row["id"], row["name"], row["status"], row["label"], row["measure"], row["unit"], row["currency"],
            row["scope"], "\n".join(row["within"]), row["owner"]["name"], row["since"], row["until"], base["value"],
            base["by"], base["low"], base["high"], row["target"], row["smallest"], *_three(row["value"]), row["n"],
            *_three(row["gain"]), *_three(row["projected"]), row["detectable"],
            None if row["closed"] is None else row["closed"]["at"], row["sentence"], row["definition"],
        ))  # fmt: skip
    return lines


def _three(found: Row | None) -> tuple[float | None, ...]:
    return (None, None, None) if found is None else (found["value"], found["low"], found["high"])


def _ends(found: Row | None, words: Callable[[float], str]) -> str:
    return "" if found is None or found["low"] is None else f"{words(found['low'])} to {words(found['high'])}"
