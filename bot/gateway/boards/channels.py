"""The dashboard's page about channels: what each cost, whom it brought, what they bought; and where spend is told."""

from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.errors import ConfigurationError
from bot.gateway.audit import audited
from bot.gateway.boards.asked import LABELS, Window, money, query_of, site_of, window_of
from bot.gateway.boards.recent import Recent
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission
from bot.gateway.screens import draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.insights.channels.report import RULES, channels
from bot.insights.channels.telling import Told, sentence, tell_spend
from bot.insights.channels.words import DEFINITIONS, finding, incremental, left_over
from bot.insights.exports.cells import Line, as_csv
from bot.insights.log.reading import FOLDER, NoLogYet
from bot.insights.margins import margin_told
from bot.interactions import as_datetime
from bot.store.audit import Act
from bot.store.sites import Site, all_sites
from bot.store.spend import Change
from bot.store.staff import Member
from bot.store.store import Store

COLUMNS = (
    "channel", "campaign", "spend", "share_of_budget", "people", "conversations", "conversed", "both", "answered",
    "orders", "revenue", "margin", "currency", "cost_per_visitor", "cost_per_conversation", "cost_per_conversing_buyer",
    "cost_per_answer", "cost_per_order", "return", "return_of", "rule",
)  # fmt: skip
RULE_TITLES = {"first": "First arrival", "last": "Last arrival", "linear": "All arrivals alike"}
EXAMPLE = "day,channel,campaign,amount,currency\n2026-03-01,paid,spring,120.50,EUR\n2026-03-01,mail,,9.00,EUR"
routes = web.RouteTableDef()
_reports: WeakKeyDictionary[Store, Recent[dict[str, Any]]] = WeakKeyDictionary()


@routes.get("/insights/channels")
@only_for(Permission.MEASURE)
async def channel_board(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site, window = site_of(request, sites), window_of(request, as_datetime(house.now()).date())
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    try:
        told = await _report(house, site, window, rule_of(request)) if site else None
    except NoLogYet as error:
        return refuse(request, 503, "The figures are being made", str(error), member=member)
    return _page(request, member, sites, site, window, told)


@routes.post("/insights/channels/spend")
@only_for(Permission.MEASURE)
async def tell(request: web.Request, member: Member) -> web.Response:
    """Takes the pasted rows, all or none; told again they change nothing."""
    house, fields = request.app[HOUSE], await form(request)
    sites = await house.store.read(all_sites)
    site = next((one for one in sites if one.key == fields.get("site")), None)
    if site is None:
        raise web.HTTPNotFound
    rows, currency = fields.get("rows", ""), fields.get("currency", "").strip() or None
    try:
        told = await tell_spend(house.store, site, rows.encode(), now=house.now(), staff=member.id, currency=currency)
    except ConfigurationError as error:
        return _page(request, member, sites, site, None, None, wrong=[str(error)], rows=rows, status=400)
    if told.change is None:
        return _page(request, member, sites, site, None, None, wrong=_faults(told), rows=rows, status=400)
    _reports.pop(house.store, None)
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
    house = request.app[HOUSE]
    site = site_of(request, await house.store.read(all_sites))
    window = window_of(request, as_datetime(house.now()).date())
    if site is None:
        raise web.HTTPNotFound
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    try:
        told = await _report(house, site, window, rule_of(request))
    except NoLogYet as error:
        return refuse(request, 503, "The figures are being made", str(error), member=member)
    await audited(request, member, Act.EXPORTED, "export:channels", detail=f"{site.key} csv")
    name = f"{site.key}-channels-{window.since}-{window.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=as_csv(lines_of(told)), content_type="text/csv", charset="utf-8", headers=headers)


def rule_of(request: web.Request) -> str:
    """The rule of attribution that the address asks for, the first one for any other word."""
    rule = request.query.get("rule", "")
    return rule if rule in RULES else next(iter(RULES))


def lines_of(told: dict[str, Any]) -> list[Line]:
    lines: list[Line] = [COLUMNS]
    for row in told["rows"]:
        for campaign, one in [("", row), *((each["campaign"], each) for each in row["campaigns"])]:
            back, cost = one["return"] or {"value": None, "of": None}, one["cost_per"]
            lines.append((
                row["channel"], campaign, one["spend"], one["share_of_budget"], one["people"], one["conversations"],
                one["conversed"], one["both"], one["answered"], one["orders"], one["revenue"], one["margin"],
                one["currency"], cost["visitor"], cost["conversation"], cost["conversing_buyer"], cost["answer"],
                cost["order"], back["value"], back["of"], told["rule"],
            ))  # fmt: skip
    return lines


async def _report(house: House, site: Site, window: Window, rule: str) -> dict[str, Any]:
    key = (site.key, window.since.isoformat(), window.until.isoformat(), rule)

    async def make() -> dict[str, Any]:
        return await channels(house.store, *key[:3], log=house.settings.home / FOLDER, rule=rule)

    reports = _reports.setdefault(house.store, Recent(house.store))
    return (await reports.report(key, make, now=house.now())).told


def _page(
    request: web.Request,
    member: Member,
    sites: Any,
    site: Site | None,
    window: Window | None,
    told: dict[str, Any] | None,
    *,
    wrong: list[str] | None = None,
    rows: str = "",
    status: int = 200,
) -> web.Response:
    window = window or _today(request)
    return draw(
        request,
        "boards/channels.html",
        member=member,
        status=status,
        site=site,
        sites=sites,
        window=window,
        told=told,
        rule=rule_of(request),
        rules=RULE_TITLES,
        finding=finding(told, money) if told else "",
        beside=[*left_over(told, money), incremental(told, money)] if told else [],
        believe=LABELS["descriptive"],
        definitions=DEFINITIONS,
        margin=lambda row: margin_told(row, money),
        money=money,
        wrong=wrong or [],
        rows=rows,
        example=EXAMPLE,
        kept=_kept(request.query.get("kept", "")),
        query=query_of(site, window) if site else "",
    )


def _today(request: web.Request) -> Window:
    window = window_of(request, as_datetime(request.app[HOUSE].now()).date())
    assert not isinstance(window, str), "a form's address names no window"
    return window


def _faults(told: Told) -> list[str]:
    lines = [f"Line {one.line}: {one.problem}." for one in told.first]
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
