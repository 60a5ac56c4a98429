"""The dashboard: who talked, who bought, and what it came to, for a window that stands in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.conversation_score import Counts
from bot.gateway.boards.asked import LABELS, money, query_of, site_of, window_of
from bot.gateway.house import HOUSE
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.conversations import conversations
from bot.insights.exports.kinds import EXPORTS
from bot.insights.log.reading import FOLDER, NoLogYet
from bot.insights.margins import margin_told, refunds_sentence
from bot.insights.score_words import counted_rows
from bot.insights.segments import BY, Segment, segments
from bot.interactions import as_datetime
from bot.store.sites import all_sites
from bot.store.staff import Member

TITLES = {
    Segment.CONVERSING_BUYER: ("Conversing buyers", "Bot or staff answered them at least once, and they bought."),
    Segment.CONVERSING_VISITOR: ("Conversing visitors", "Bot or staff answered them at least once; they did not buy."),
    Segment.SILENT_BUYER: ("Silent buyers", "They bought without a word to us."),
    Segment.PASSIVE_VISITOR: ("Passive visitors", "They looked around, said nothing and bought nothing."),
    Segment.NOISE: ("Noise", "Robots, staff, and one page view and nothing else. Shown, but left out of all shares."),
}
routes = web.RouteTableDef()


@dataclass(frozen=True)
class Row:
    """A segment as it is shown. `share` is of all people who are no noise, None for noise itself."""

    title: str
    definition: str
    people: int
    visits: int
    revenue: str
    margin: str
    share: float | None


@routes.get("/insights")
@only_for("marketer")
async def insights(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site = site_of(request, sites)
    window = window_of(request, as_datetime(house.now()).date())
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    span = (window.since.isoformat(), window.until.isoformat())
    by = by_of(request)
    try:
        log = house.settings.home / FOLDER
        told = await segments(house.store, site.key, *span, log=log, by=by) if site else None
    except NoLogYet as error:
        return refuse(request, 503, "The figures are being made", str(error), member=member)
    talk = await conversations(house.store, site.key, *span) if site else None
    return draw(
        request,
        "boards/customers.html",
        member=member,
        site=site,
        sites=sites,
        window=window,
        told=told,
        sentence=LABELS.get(told["label"], "") if told else "",
        rows=rows_of(told["rows"]) if told else [],
        figures=figures_of(told["rows"]) if told else [],
        beside=beside_of(told) if told else [],
        by=by,
        fresh=as_of(told) if told else "",
        dimensions=BY,
        values=values_of(told["by"]) if told and by else [],
        talk=talk,
        counted=counted_rows(Counts(**talk["counted"])) if talk else [],
        exports=list(EXPORTS),
        query=query_of(site, window) if site else "",
    )


def rows_of(told: Sequence[dict[str, Any]]) -> list[Row]:
    """The rows as told, with their words and their shares."""
    counted = sum(row["people"] for row in told if row["segment"] != Segment.NOISE)
    return [_row(row, counted) for row in told]


def _row(row: dict[str, Any], counted: int) -> Row:
    segment = Segment(row["segment"])
    share = None if segment is Segment.NOISE else _share(row["people"], counted) or 0.0
    return Row(*TITLES[segment], row["people"], row["visits"], *_paid(row), share)


def _paid(row: dict[str, Any]) -> tuple[str, str]:
    """Revenue and margin."""
    return money(row["revenue"], row["currency"]), margin_told(row, money)


def figures_of(told: Sequence[dict[str, Any]]) -> list[tuple[str, float | None]]:
    """The shares that the table is read for, each with its name; None where nobody could be counted."""
    people = {row["segment"]: row["people"] for row in told}
    revenue = {row["segment"]: float(row["revenue"]) for row in told}
    talked = people[Segment.CONVERSING_BUYER] + people[Segment.CONVERSING_VISITOR]
    silent = people[Segment.SILENT_BUYER] + people[Segment.PASSIVE_VISITOR]
    takings = revenue[Segment.CONVERSING_BUYER] + revenue[Segment.SILENT_BUYER]
    return [
        ("of the people talked with us", _share(talked, talked + silent)),
        ("of those who talked bought", _share(people[Segment.CONVERSING_BUYER], talked)),
        ("of those who did not talk bought", _share(people[Segment.SILENT_BUYER], silent)),
        ("of the revenue came from those who talked", _share(revenue[Segment.CONVERSING_BUYER], takings)),
    ]


def beside_of(told: dict[str, Any]) -> list[str]:
    """What stands beside the table, so that nothing is left out in silence."""
    dialogues = sum(told["dialogues"].values())
    dropped, before = told["dropped"], told["before_purchase"]
    return [
        f"{before['people']:,} conversing buyer{'' if before['people'] == 1 else 's'} had an answer before they first "
        f"bought in these days, and brought {money(before['revenue'], before['currency'])}.",
        f"{dialogues:,} {_people(dialogues)} had a dialogue: two or more of their messages were answered.",
        *[
            f"{TITLES[Segment(one['segment'])][0]} also brought {money(one['revenue'], one['currency'])}."
            for one in told["other_currencies"]
        ],
        *[
            f"{money(one['revenue'], one['currency'])} came from {_purchases(one['purchases'])} of nobody known to us."
            for one in told["unlinked"]
        ],
        *refunds_sentence(told),
        *[
            f"{count:,} page views and events of {whose} were dropped at the door."
            for whose, count in (("robots", dropped["robot"]), ("staff", dropped["staff"]))
            if count
        ],
    ]


def as_of(told: dict[str, Any]) -> str:
    """How fresh the figures are, for people."""
    return "Up to now." if told["as_of"] is None else f"As of {told['as_of'][:16].replace('T', ' ')} UTC."


def by_of(request: web.Request) -> str | None:
    """What the people are told apart by; None for nothing, also when that is asked for which can't be."""
    by = request.query.get("by")
    return by if by in BY else None


def values_of(told: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Each value's name and figures, the rest as one."""
    rows = [("Not known" if row["value"] is None else row["value"], _with_money(row)) for row in told["rows"]]
    more = (f"{told['other_values']:,} more", _with_money(told["other"]))
    return [*rows, more] if told["other_values"] else rows


def _with_money(row: dict[str, Any]) -> dict[str, Any]:
    revenue, margin = _paid(row)
    return row | {"revenue": revenue, "margin": margin}


def _people(count: int) -> str:
    return "person" if count == 1 else "people"


def _purchases(count: int) -> str:
    return f"{count:,} purchase{'' if count == 1 else 's'}"


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
