"""Who converses and who buys: every person of a window in one of five segments.

The figures describe; they don't say that talking made anybody buy.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.insights.window import happened, span_of
from bot.interactions import CustomerId, Interaction, Kind, VisitorId, rfc3339
from bot.money import decimal_text, together
from bot.profiles import NO_VISITS, is_an_answer
from bot.store.counts import drops_of
from bot.store.noise import robots_and_staff
from bot.store.store import Store
from bot.store.visitors import ledger
from bot.visits import VisitCount

DEFAULT_CURRENCY = "EUR"
UNMOVED = frozenset({Kind.PRESENT, Kind.EXPOSED, Kind.CONSENT, Kind.ANSWER, Kind.STATUS})
"""What the browser, the bot or the shop does by itself: whoever has only this did nothing but look."""


class Segment(StrEnum):
    CONVERSING_BUYER = "conversing buyer"
    CONVERSING_VISITOR = "conversing visitor"
    SILENT_BUYER = "silent buyer"
    PASSIVE_VISITOR = "passive visitor"
    NOISE = "noise"
    """Robots, staff, and one page view and nothing else; a buyer is never noise."""


@dataclass(slots=True)
class Deeds:
    """What one visitor, or one customer without a browser, did in the window."""

    views: int = 0
    visits: VisitCount = NO_VISITS
    acted: bool = False
    talks_in: str | None = None
    unanswered: int = 0
    answered: int = 0
    noise: bool = False
    spent: dict[str, int] = field(default_factory=dict)

    def add(self, one: Interaction) -> None:
        if one.kind is Kind.PAGE_VIEW:
            self.views += 1
            self.visits = self.visits.with_view(one.at)
        elif one.kind not in UNMOVED:
            self.acted = True
        if one.kind is Kind.MESSAGE:
            self.unanswered = self.unanswered + 1 if self.talks_in == one.conversation else 1
            self.talks_in = one.conversation
        elif is_an_answer(one) and self.talks_in == one.conversation:
            self.answered, self.unanswered = self.answered + self.unanswered, 0
        elif one.kind is Kind.CONSENT:
            self._add_what_was_said_before(one)
        elif one.kind in (Kind.PURCHASE, Kind.REFUND):
            add_money(self.spent, one)

    def _add_what_was_said_before(self, consent: Interaction) -> None:
        said, answered = consent.data.get("said"), consent.data.get("answered")
        if isinstance(said, int) and isinstance(answered, int) and said > 0:
            self.acted = True
            self.answered += min(said, answered)

    def with_(self, other: "Deeds") -> "Deeds":
        """Both as one person's: two browsers are two visits, also at the same time."""
        return Deeds(
            views=self.views + other.views,
            visits=VisitCount(self.visits.visits + other.visits.visits),
            acted=self.acted or other.acted,
            answered=self.answered + other.answered,
            noise=self.noise or other.noise,
            spent=together(self.spent, other.spent),
        )


def add_money(spent: dict[str, int], one: Interaction) -> None:
    if one.value is not None and one.currency is not None:
        value = one.value if one.kind is Kind.PURCHASE else -one.value
        spent[one.currency] = spent.get(one.currency, 0) + value


def segment_of(deeds: Deeds) -> Segment:
    """The segment of a person. Conversing: at least one own message was answered, before or after buying."""
    if any(value > 0 for value in deeds.spent.values()):
        return Segment.CONVERSING_BUYER if deeds.answered else Segment.SILENT_BUYER
    if deeds.noise or (deeds.views <= 1 and not deeds.acted and not deeds.answered):
        return Segment.NOISE
    return Segment.CONVERSING_VISITOR if deeds.answered else Segment.PASSIVE_VISITOR


@dataclass
class Tally:
    """What happened in the window, by whom; and orders of nobody known."""

    browsers: dict[VisitorId, Deeds] = field(default_factory=dict)
    customers: dict[CustomerId, Deeds] = field(default_factory=dict)
    orders: Counter[str] = field(default_factory=Counter)
    unlinked: dict[str, int] = field(default_factory=dict)
    unlinked_orders: Counter[str] = field(default_factory=Counter)

    def add(self, one: Interaction) -> None:
        if one.kind is Kind.PURCHASE and one.currency is not None:
            self.orders[one.currency] += 1
        if one.visitor is not None:
            self.browsers.setdefault(one.visitor, Deeds()).add(one)
        elif one.customer is not None:
            self.customers.setdefault(one.customer, Deeds()).add(one)
        elif one.kind in (Kind.PURCHASE, Kind.REFUND):
            add_money(self.unlinked, one)
            if one.kind is Kind.PURCHASE and one.currency is not None:
                self.unlinked_orders[one.currency] += 1

    def people(self, known: Mapping[VisitorId, CustomerId], noise: Iterable[VisitorId]) -> Iterable[Deeds]:
        """Each person's deeds: a customer with all their browsers, or a browser of nobody known."""
        for visitor in noise:
            if visitor in self.browsers:
                self.browsers[visitor].noise = True
        people: dict[str, Deeds] = {f"customer:{id}": deeds for id, deeds in self.customers.items()}
        for visitor, deeds in self.browsers.items():
            person = f"customer:{known[visitor]}" if visitor in known else f"visitor:{visitor}"
            people[person] = people[person].with_(deeds) if person in people else deeds
        return people.values()


async def segments(store: Store, site: str, since: str | None = None, until: str | None = None) -> dict[str, Any]:
    """The five segments of a window, always in the same order, in the currency of most purchases.

    Further currencies and orders of nobody known stand beside; so do dialogues (two answered messages) and
    what was dropped as noise before anything was stored.
    """
    whole = span_of(site, since, until)
    tally = Tally()
    async for rows in happened(store, whole):
        for row in rows:
            tally.add(row.interaction)
    known = await store.read(ledger, whole.site)
    noise = await store.read(robots_and_staff, whole.site)
    drops = await store.read(drops_of, whole.site, whole.since, whole.until)
    dropped: Counter[str] = Counter()
    for drop in drops:
        dropped[drop.reason] += drop.count if drop.door == "events" else 0
    report = await asyncio.to_thread(_report, tally, known, noise)
    window = {"label": "descriptive", "since": rfc3339(whole.since), "until": rfc3339(whole.until)}
    return window | report | {"dropped": {reason: dropped[reason] for reason in ("robot", "staff")}}


def _report(tally: Tally, known: Mapping[VisitorId, CustomerId], noise: Iterable[VisitorId]) -> dict[str, Any]:
    people: Counter[Segment] = Counter()
    visits: Counter[Segment] = Counter()
    dialogues: Counter[Segment] = Counter()
    money: dict[Segment, Counter[str]] = {segment: Counter() for segment in Segment}
    for deeds in tally.people(known, noise):
        segment = segment_of(deeds)
        people[segment] += 1
        visits[segment] += deeds.visits.visits
        dialogues[segment] += deeds.answered >= 2
        for currency, value in deeds.spent.items():
            money[segment][currency] += value
    main = min(tally.orders, key=lambda currency: (-tally.orders[currency], currency), default=DEFAULT_CURRENCY)
    return {
        "rows": [
            {
                "segment": segment.value,
                "people": people[segment],
                "visits": visits[segment],
                "revenue": decimal_text(money[segment][main], main),
                "currency": main,
            }
            for segment in Segment
        ],
        "other_currencies": [
            {"segment": segment.value, "revenue": decimal_text(value, currency), "currency": currency}
            for segment in Segment
            for currency, value in sorted(money[segment].items())
            if currency != main
        ],
        "unlinked": [
            {
                "purchases": tally.unlinked_orders[currency],
                "revenue": decimal_text(value, currency),
                "currency": currency,
            }
            for currency, value in sorted(tally.unlinked.items())
        ],
        "dialogues": {
            segment.value: dialogues[segment] for segment in (Segment.CONVERSING_BUYER, Segment.CONVERSING_VISITOR)
        },
    }
