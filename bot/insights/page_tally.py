"""Counts what happened on each page: one interaction after the other, in the order of the log."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from datetime import timedelta

from bot.insights.page_names import PageNames
from bot.interactions import ConversationId, CustomerId, Interaction, Kind, VisitorId
from bot.store.page_figures import Asked
from bot.store.questions import normal, was_put_to_pages
from bot.store.score_figures import Scores
from bot.visits import IDLE_LIMIT

VISIT_PAUSE = IDLE_LIMIT // timedelta(microseconds=1)
VISIT_BACK = timedelta(days=1) // timedelta(microseconds=1)
"""How far back a purchase's visit is followed."""
WORDINGS_KEPT = 1_000
"""Different unanswered questions of one page; what was worded otherwise after so many is still counted, not kept."""


@dataclass
class Wording:
    """A question as it was first worded, and how often it was asked."""

    text: str
    times: int = 0
    people: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Figures:
    """What happened on one page."""

    views_measured: int = 0
    views_daily: int = 0
    exposures: int = 0
    held_out: int = 0
    opened: int = 0
    messages: int = 0
    questions: int = 0
    answered_here: int = 0
    answered_elsewhere: int = 0
    unanswered: int = 0
    wanted: set[str] = field(default_factory=set)
    """The conversations in which a person was wanted."""
    purchases: int = 0
    purchases_by_step: dict[str, int] = field(default_factory=dict)
    """By the first day of the week or month."""
    money: dict[str, int] = field(default_factory=dict)
    open_questions: dict[str, Wording] = field(default_factory=dict)
    """Those that were not answered, by what all ways to write the same words have in common."""
    missed: set[str] = field(default_factory=set)
    """Who asked them."""
    title: str = ""

    def top_question(self) -> Wording | None:
        """The unanswered question asked most often, of several the one that was asked first."""
        return max(self.open_questions.values(), key=lambda one: one.times, default=None)


@dataclass
class Order:
    """A purchase less its refunds, and the pages of the visit that it was made in."""

    purchase: Interaction
    money: dict[str, int]
    pages: set[int] = field(default_factory=set)


def add_money(spent: dict[str, int], one: Interaction) -> None:
    if one.value is not None and one.currency is not None:
        value = one.value if one.kind is Kind.PURCHASE else -one.value
        spent[one.currency] = spent.get(one.currency, 0) + value


class Money:
    """The orders of a window, and the page views of whoever made them: nobody else's are kept."""

    def __init__(self, known: Mapping[VisitorId, CustomerId]) -> None:
        self.known = known
        self.orders: dict[str, Order] = {}
        self._refunds: list[Interaction] = []
        self._browsers: dict[CustomerId, list[VisitorId]] = defaultdict(list)
        for visitor, customer in known.items():
            self._browsers[customer].append(visitor)
        self._views: dict[VisitorId, list[tuple[int, int]]] = {}

    def add(self, one: Interaction) -> None:
        if one.kind is not Kind.PURCHASE:
            self._refunds.append(one)
            return
        order = Order(one, {})
        add_money(order.money, one)
        self.orders[str(one.data.get("order") or one.source_id)] = order
        for browser in self._browsers_of(one):
            self._views.setdefault(browser, [])

    def view(self, one: Interaction, page: int) -> None:
        if one.visitor in self._views:
            self._views[one.visitor].append((one.at, page))

    def settle(self) -> list[Interaction]:
        """Gives each order its refunds and its pages; the refunds of orders of another time are left over.

        Asked again, it gives nobody anything twice.
        """
        left = []
        for refund in self._refunds:
            if (order := self.orders.get(str(refund.data.get("order")))) is not None:
                add_money(order.money, refund)
            else:
                left.append(refund)
        self._refunds = left
        for views in self._views.values():
            views.sort()
        for order in self.orders.values():
            for browser in self._browsers_of(order.purchase):
                order.pages |= _visit_before(self._views[browser], order.purchase.at)
        return left

    def who(self, one: Interaction) -> str:
        """The person: a customer with all their browsers, a browser of nobody known, else the conversation."""
        customer = one.customer or (None if one.visitor is None else self.known.get(one.visitor))
        if customer is not None:
            return f"c:{customer}"
        return f"-:{one.conversation}" if one.visitor is None else f"v:{one.visitor}"

    def buyers(self) -> set[str]:
        """Who paid more than they got back in the window, once `settle` has given the refunds to their orders."""
        spent: dict[str, dict[str, int]] = {}
        for order in self.orders.values():
            whose = spent.setdefault(self.who(order.purchase), {})
            for currency, value in order.money.items():
                whose[currency] = whose.get(currency, 0) + value
        return {who for who, sums in spent.items() if any(value > 0 for value in sums.values())}

    def _browsers_of(self, purchase: Interaction) -> list[VisitorId]:
        if purchase.visitor is not None:
            return [purchase.visitor]
        return [] if purchase.customer is None else self._browsers[purchase.customer]


def _visit_before(views: list[tuple[int, int]], at: int) -> set[int]:
    """The pages seen before `at` in the visit that was going on then; `views` are (at, page) in order of time."""
    pages: set[int] = set()
    later = at
    for seen_at, page in reversed(views):
        if seen_at > at:
            continue
        if later - seen_at >= VISIT_PAUSE or at - seen_at > VISIT_BACK:
            break
        pages.add(page)
        later = seen_at
    return pages


class Tally:
    """The figures of each page, by its number. `noise` are the robots and staff, left out with their `talks`."""

    def __init__(
        self, names: PageNames, money: Money, noise: Set[VisitorId], talks: Set[ConversationId] = frozenset()
    ) -> None:
        self.names, self.money, self.noise, self.talks = names, money, noise, talks
        self.pages: defaultdict[int, Figures] = defaultdict(Figures)
        self.placeless = 0
        self.scores: defaultdict[int, Scores] = defaultdict(Scores)
        """Of what was said on each page."""

    def wanted(self, one: Interaction) -> bool:
        """Whether the report has anything to do with it."""
        # What was tried in a developer's shell is no visitor's.
        if one.kind not in _COUNTED or one.source == "rasa":
            return False
        return one.visitor not in self.noise and one.conversation not in self.talks

    def add(self, one: Interaction, url: str | None, asked: Asked | None) -> None:
        """Counts it on the page `url`; `asked` is what became of the question, when it is one."""
        number = self.names.number_of(url)
        if number is None:
            self.placeless += one.kind is Kind.UNDERSTANDING and asked is not None
            return
        figures = self.pages[number]
        _COUNTED[one.kind](figures, one)
        if one.kind is Kind.PAGE_VIEW:
            self.money.view(one, number)
        if asked is not None:
            self._ask(figures, number, asked, self.money.who(one))

    def _ask(self, figures: Figures, number: int, asked: Asked, who: str) -> None:
        figures.questions += 1
        if asked.unanswered:
            figures.unanswered += 1
            figures.missed.add(who)
            _keep(figures.open_questions, asked.text, who)
        elif any(self.names.number_of(source, seen=False) == number for source in asked.sources):
            figures.answered_here += 1
        else:
            figures.answered_elsewhere += 1


def is_question(one: Interaction) -> bool:
    """Whether the pages were asked in this turn."""
    return one.kind is Kind.UNDERSTANDING and was_put_to_pages(one.data)


def wants_person(one: Interaction) -> bool:
    return one.kind is Kind.HANDOVER and one.data.get("to") == "nobody"


def _keep(questions: dict[str, Wording], text: str, who: str) -> None:
    words = normal(text)
    if words in questions or len(questions) < WORDINGS_KEPT:
        kept = questions.setdefault(words, Wording(text))
        kept.times += 1
        kept.people.add(who)


def _view(figures: Figures, one: Interaction) -> None:
    figures.views_measured += 1
    figures.title = str(one.data.get("title") or figures.title)


def _exposed(figures: Figures, one: Interaction) -> None:
    figures.exposures += 1
    figures.held_out += one.arm == "held_out"


def _opened(figures: Figures, _: Interaction) -> None:
    figures.opened += 1


def _message(figures: Figures, _: Interaction) -> None:
    figures.messages += 1


def _handover(figures: Figures, one: Interaction) -> None:
    if wants_person(one) and one.conversation is not None:
        figures.wanted.add(one.conversation)


def _understanding(figures: Figures, one: Interaction) -> None:
    """What was asked is counted with what became of it."""


_COUNTED: dict[Kind, Callable[[Figures, Interaction], None]] = {
    Kind.PAGE_VIEW: _view,
    Kind.EXPOSED: _exposed,
    Kind.OPENED: _opened,
    Kind.MESSAGE: _message,
    Kind.HANDOVER: _handover,
    Kind.UNDERSTANDING: _understanding,
}
