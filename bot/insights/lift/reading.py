"""What is known of everybody who was drawn, read from the store a page at a time.

Memory grows with the people drawn, some hundred bytes each, and not with what happened.
The log may be read from elsewhere one day: `_rows` and `_drawn` are the only places that know where it is.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

from bot.experiment import Arm
from bot.interactions import CustomerId, Interaction, Kind, Microseconds, VisitorId
from bot.money import together
from bot.profiles import is_an_answer
from bot.store.drawn import Drawn, drawn_after, happened_after, views_by_arm
from bot.store.logged import Logged
from bot.store.pages_of_rows import Span
from bot.store.store import Store
from bot.store.visitors import ledger

ROWS_AT_ONCE = 2_000
BEFORE = timedelta(days=180)
"""What people brought in this time before they were drawn can steady the comparison."""
KINDS = (Kind.EXPOSED, Kind.MESSAGE, Kind.PRESS, Kind.ANSWER, Kind.PURCHASE, Kind.REFUND)
MONEY = (Kind.PURCHASE, Kind.REFUND)


@dataclass(slots=True)
class Drawee:
    """A person by the browser with which they were drawn first. Money is in minor units by currency."""

    at: Microseconds
    arm: Arm
    visitor: VisitorId
    talked_at: Microseconds | None = None
    bought_at: Microseconds | None = None
    exposed: bool = False
    spent: dict[str, int] | None = None
    before: dict[str, int] | None = None


@dataclass
class Experiment:
    """All who were drawn in a window, and what happened to them from then on."""

    people: list[Drawee] = field(default_factory=list)
    in_both_arms: int = 0
    noise: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    views: dict[str, int] = field(default_factory=dict)

    @property
    def covered(self) -> float | None:
        """The share of all page views that are of people who were drawn at any time; None without any view."""
        every = sum(self.views.values())
        drawn = self.views.get(Arm.OFFERED.value, 0) + self.views.get(Arm.HELD_OUT.value, 0)
        return drawn / every if every else None


async def experiment_of(store: Store, whole: Span) -> Experiment:
    """Everybody who was first drawn in the window, in the arm of that draw, with all that they did until its end."""
    known = await store.read(ledger, whole.site)
    found = _Finding(known)
    async for drawn in _drawn(store, whole):
        found.draw(drawn)
    found.keep_those_of(whole)
    since = Microseconds(max(0, whole.since - BEFORE // timedelta(microseconds=1)))
    async for row in _rows(store, Span(whole.site, since, whole.until)):
        found.add(row.interaction)
    found.experiment.views = await store.read(views_by_arm, whole)
    return found.experiment


async def _drawn(store: Store, whole: Span) -> AsyncIterator[Drawn]:
    after = (0, "")
    while rows := await store.read(drawn_after, whole.site, whole.until, after, ROWS_AT_ONCE):
        for row in rows:
            yield row
        after = (rows[-1].at, rows[-1].visitor)


async def _rows(store: Store, span: Span) -> AsyncIterator[Logged]:
    after = 0
    while rows := await store.read(happened_after, span, KINDS, after, ROWS_AT_ONCE):
        for row in rows:
            yield row
        after = rows[-1].id


class _Finding:
    """Puts browsers together to people, and what happened to whom it happened to."""

    def __init__(self, known: dict[VisitorId, CustomerId]) -> None:
        self._known = known
        self._people: dict[str, Drawee] = {}
        self._both: set[str] = set()
        self._noise: set[str] = set()
        self._asked_in: dict[str, str] = {}
        self.experiment = Experiment()

    def draw(self, one: Drawn) -> None:
        """A browser that was drawn, in the order of time: the person's first one decides."""
        whose = self._whose(one.visitor, None)
        assert whose is not None
        first = self._people.setdefault(whose, Drawee(one.at, one.arm, one.visitor))
        if first.arm is not one.arm:
            self._both.add(whose)
        if one.noise:
            self._noise.add(whose)

    def keep_those_of(self, whole: Span) -> None:
        self._people = {whose: one for whose, one in self._people.items() if one.at >= whole.since}
        self.experiment.people = list(self._people.values())
        self.experiment.in_both_arms = len(self._both & self._people.keys())
        self.experiment.noise = len(self._noise & self._people.keys())

    def add(self, one: Interaction) -> None:
        whose = self._whose(one.visitor, one.customer)
        drawee = None if whose is None else self._people.get(whose)
        if whose is None or drawee is None:
            return
        if one.at < drawee.at:
            if one.kind in MONEY:
                drawee.before = together(drawee.before or {}, _money(one))
        elif one.kind is Kind.EXPOSED:
            drawee.exposed = True
        elif one.kind in MONEY:
            self._spend(drawee, one)
        else:
            self._talk(whose, drawee, one)

    def _spend(self, drawee: Drawee, one: Interaction) -> None:
        drawee.spent = together(drawee.spent or {}, _money(one))
        if one.kind is Kind.PURCHASE and one.currency is not None:
            self.experiment.orders[one.currency] += 1
            drawee.bought_at = one.at if drawee.bought_at is None else min(drawee.bought_at, one.at)

    def _talk(self, whose: str, drawee: Drawee, one: Interaction) -> None:
        if one.conversation is None:
            return
        if is_an_answer(one) and self._asked_in.get(whose) == one.conversation and drawee.talked_at is None:
            drawee.talked_at = one.at
        elif one.kind in (Kind.MESSAGE, Kind.PRESS):
            self._asked_in[whose] = one.conversation

    def _whose(self, visitor: VisitorId | None, customer: CustomerId | None) -> str | None:
        known = customer if visitor is None else self._known.get(visitor)
        if known is not None:
            return f"customer:{known}"
        return None if visitor is None else visitor


def _money(one: Interaction) -> dict[str, int]:
    if one.value is None or one.currency is None:
        return {}
    return {one.currency: one.value if one.kind is Kind.PURCHASE else -one.value}
