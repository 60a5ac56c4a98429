"""The dashboard's page about channels: what each cost, whom it brought, what they bought; and where spend is told."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from aiohttp import web

from bot.errors import ConfigurationError
from bot.gateway.boards.asked import money, preset
from bot.gateway.boards.counting import Counted, Counting, count
from bot.gateway.boards.handing_in import ways_of
from bot.gateway.boards.here import Here, Reporting, Row, csv_file, for_file, for_page
from bot.gateway.boards.import_words import for_page as words_for_page
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.insights.channels.report import RULES, channels
from bot.insights.channels.telling import Told, sentence, tell_spend
from bot.insights.channels.words import DEFINITIONS, finding, incremental, left_over
from bot.insights.exports.cells import Line
from bot.insights.log.reading import FOLDER
from bot.insights.margins import margin_told
from bot.interactions import as_datetime
from bot.store.sites import all_sites
from bot.store.spend import Change, spent_between
from bot.store.staff import Member

COLUMNS = (
    "channel", "campaign", "spend", "share_of_budget", "people", "conversations", "conversed", "both", "answered",
    "orders", "revenue", "margin", "currency", "cost_per_visitor", "cost_per_conversation", "cost_per_conversing_buyer",
    "cost_per_answer", "cost_per_order", "return", "return_of", "rule",
    "incremental_sales", "cost_per_incremental_sale",
)  # fmt: skip
RULE_TITLES = {"first": "First arrival", "last": "Last arrival", "linear": "All arrivals alike"}
TITLES = {
    "spend": "Spend", "return": "Return", "people": "People", "conversations": "Conversations",
    "conversed": "Talked (in the files)", "both": "Talked and bought", "answered": "Answers", "orders": "Orders",
    "revenue": "Revenue", "margin": "Margin", "unattributed": "Unattributed",
    "incremental": "Cost of a sale that the chat made",
}  # fmt: skip
"""What the page calls what is defined, in the order of its columns."""
EXAMPLE = "day,channel,campaign,amount,currency\n2026-03-01,paid,spring,120.50,EUR\n2026-03-01,mail,,9.00,EUR"
EPOCH = date(1970, 1, 1).toordinal()
routes = web.RouteTableDef()


@routes.get("/insights/channels")
@only_for(Permission.MEASURE)
async def channel_board(request: web.Request, member: Member) -> web.Response:
    asked = await for_page(request, member, _reporting(request))
    return asked if isinstance(asked, web.Response) else _page(request, *asked)


@routes.post("/insights/channels/spend")
@only_for(Permission.MEASURE)
async def tell(request: web.Request, member: Member) -> web.Response:
    """Takes the pasted rows, all or none; told again they change nothing."""
    house, fields = request.app[HOUSE], await form(request)
    sites = await house.store.read(all_sites)
    site = next((one for one in sites if one.key == fields.get("site")), None)
    if site is None:
        raise web.HTTPNotFound
    rows, ways = fields.get("rows", ""), ways_of(fields)
    # The form's address names no days; what is shown with what is wrong are the last thirty.
    found = Here(member, sites, site, preset("30d", as_datetime(house.now()).date()))
    try:
        told = await tell_spend(
            house.store, site, rows.encode(), now=house.now(), staff=member.id, currency=ways["currency"],
            dates=ways["dates"], decimals=ways["decimals"],
        )  # fmt: skip
    except ConfigurationError as error:
        return _page(request, found, None, wrong=[words_for_page(str(error))], rows=rows, ways=ways, status=400)
    if told.change is None:
        return _page(request, found, None, wrong=_faults(told), rows=rows, ways=ways, status=400)
    days = [row.day for row in told.file.rows]
    change = told.change
    return redirect(
        "/insights/channels?" + urlencode({"site": site.key, **_days(days),
                                          "kept": f"{change.new}.{change.corrected}.{change.same}"})
    )  # fmt: skip


@routes.get("/insights/channels.csv")
@only_for(Permission.MEASURE)
async def channel_file(request: web.Request, member: Member) -> web.Response:
    """All figures of the page, a row for each channel and each of its campaigns."""
    asked = await for_file(request, member, _reporting(request))
    if isinstance(asked, web.Response):
        return asked
    found, told = asked
    return await csv_file(request, found, "channels", lines_of(told))


def rule_of(request: web.Request) -> str:
    """The rule of attribution that the address asks for, the first one for any other word."""
    rule = request.query.get("rule", "")
    return rule if rule in RULES else next(iter(RULES))


def lines_of(told: Row) -> list[Line]:
    lines: list[Line] = [COLUMNS]
    for row in told["rows"]:
        for campaign, one in [("", row), *((each["campaign"], each) for each in row["campaigns"])]:
            back, cost = one["return"] or {"value": None, "of": None}, one["cost_per"]
            lines.append((
                row["channel"], campaign, one["spend"], one["share_of_budget"], one["people"], one["conversations"],
                one["conversed"], one["both"], one["answered"], one["orders"], one["revenue"], one["margin"],
                one["currency"], cost["visitor"], cost["conversation"], cost["conversing_buyer"], cost["answer"],
                cost["order"], back["value"], back["of"], told["rule"], None, None,
            ))  # fmt: skip
    return [*lines, *_rest(told)]


def _rest(told: Row) -> list[Line]:
    """What stands in no channel: orders that nobody gets credit for, and what the chat made by the lot in all."""
    made = told["incremental"]
    sales = None if made["sales"] is None else round(made["sales"], 1)
    rows = [
        {"channel": f"unattributed: {name.replace('_', ' ')}", "orders": one["orders"], "revenue": one["revenue"]}
        for name, one in told["unattributed"].items()
    ]
    rows.append({"channel": "all", "spend": told["spend"], "incremental_sales": sales,
                 "cost_per_incremental_sale": made["cost"]})  # fmt: skip
    whole = {"currency": told["currency"], "rule": told["rule"]}
    return [tuple((whole | row).get(name) for name in COLUMNS) for row in rows]


def _reporting(request: web.Request) -> Reporting:
    house, rule = request.app[HOUSE], rule_of(request)

    async def counted(found: Here, patience_s: float) -> Counted[Row] | Counting:
        key, days = found.key, found.days
        # What was told of spend is in no log: a change of it has to be counted anew.
        spent = await house.store.read(
            spent_between, key, *(date.fromisoformat(day).toordinal() - EPOCH for day in days)
        )

        async def make() -> Row:
            return await channels(house.store, key, *days, log=house.settings.home / FOLDER, rule=rule)

        return await count(house, ("channels", key, *days, rule, repr(spent)), make, patience_s=patience_s)

    return counted


def _page(
    request: web.Request,
    found: Here,
    told: Row | None,
    fresh: str = "",
    *,
    wrong: Sequence[str] = (),
    rows: str = "",
    ways: Mapping[str, str | None] | None = None,
    status: int = 200,
) -> web.Response:
    return draw(
        request,
        "boards/channels.html",
        status=status,
        **found.drawn_with(),
        told=told,
        fresh=fresh,
        rule=rule_of(request),
        rules=RULE_TITLES,
        finding=finding(told, money) if told else "",
        beside=[*left_over(told, money), incremental(told, money)] if told else [],
        definitions={title: DEFINITIONS[name] for name, title in TITLES.items()},
        margin=lambda row: margin_told(row, money),
        money=money,
        wrong=wrong,
        rows=rows,
        asked=ways or ways_of({}),
        example=EXAMPLE,
        kept=_kept(request.query.get("kept", "")),
    )


def _faults(told: Told) -> list[str]:
    lines = [f"Line {one.line}: {words_for_page(one.problem)}." for one in told.first]
    return [*lines, f"And {told.count - len(lines):,} more."] if told.count > len(lines) else lines


def _days(days: list[int]) -> dict[str, str]:
    return {name: as_datetime(day * 86_400_000_000).date().isoformat()  # type: ignore[arg-type]
            for name, day in (("since", min(days)), ("until", max(days)))}  # fmt: skip


def _kept(told: str) -> str:
    """What the form before did, as the address says."""
    counts = told.split(".")
    if len(counts) != 3 or not all(one.isascii() and one.isdigit() and len(one) < 7 for one in counts):
        return ""
    return sentence(Change(*map(int, counts)))
