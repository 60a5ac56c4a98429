"""What an action may ask of the house. The gateway sits at the desk; actions never see a database."""

from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import entry_points
from typing import Protocol

from bot.hours import Opening
from bot.interactions import TurnId, Understanding
from bot.orders import OrderSought

OPTION = "/ask_page"
"""What pressing one of a question's options tells the engine; its title says which."""


@dataclass(frozen=True)
class Call:
    """Whom an action speaks for: an open turn, or (`turn` is None) `rasa shell` and its like.

    `message` is Rasa's id of the visitor's message: the key under which a call without a turn is recorded.
    """

    turn: TurnId | None
    message: str
    text: str


@dataclass(frozen=True)
class Source:
    """A place on the site's own pages, with the words quoted from it.

    `url` is the page's own, which reports count by; `link` also makes a browser scroll to the words and mark them.
    `heading` is the nearest above them; `name` is the title without what all titles of the site end with.
    """

    url: str
    title: str
    quote: str
    link: str = ""
    heading: str = ""
    name: str = ""


@dataclass(frozen=True)
class Card:
    """A product, as the site's own pages tell of it. `price` is in their words."""

    title: str
    url: str
    price: str | None = None
    image: str | None = None


class Manner(StrEnum):
    """How the words of a page may be said."""

    PLAIN = "plain"
    """As they are: they tell what was asked, or answer the same question on the page."""
    QUOTED = "quoted"
    """As the page's: a yes or no was asked for, and a "yes" among them must not be taken for ours."""
    FOUND = "found"
    """As what was found: a yes or no was asked for that they may not give."""


@dataclass(frozen=True)
class PageAnswer:
    """What the site's pages say. Not answered: `text` is empty and `sources` are the nearest pages, if any.

    `card` is the product that the quoted words are about, when the pages tell which. The first of `sources` is what
    `text` is quoted from, others answer as well. With `options` the question leaves open which of them is meant;
    `text` then is of the likeliest.
    """

    answered: bool
    confidence: float
    text: str = ""
    sources: tuple[Source, ...] = ()
    card: Card | None = None
    options: tuple[str, ...] = ()
    manner: Manner = Manner.PLAIN


@dataclass(frozen=True)
class Fact:
    """Something the visitor told us and agreed that we remember."""

    id: str
    text: str
    value: str = ""


WHO = frozenset({"name", "email", "company", "place"})


@dataclass(frozen=True)
class Telling:
    """What a message tells of whoever wrote it, as kind and value; `outdated` are ids of facts that it takes back.

    `kept`: they agreed that such things are remembered.
    """

    facts: tuple[tuple[str, str], ...] = ()
    outdated: tuple[str, ...] = ()
    kept: bool = False

    def is_of_self(self, text: str) -> bool:
        """Whether it says who they are and asks nothing."""
        return "?" not in text and any(kind in WHO for kind, _ in self.facts)


@dataclass(frozen=True)
class PersonSought:
    """The request for a person is noted. `wait_s` is None when nobody knows how long it takes.

    `open` is None when the site has set no hours; `opens` is told when it is closed and the next opening is known.
    """

    wait_s: int | None
    open: bool | None = None
    opens: Opening | None = None


class Desk(Protocol):
    async def heard(self, call: Call, understanding: Understanding) -> None:
        """Writes down what the engine understood. Twice for the same message is the same as once."""

    async def answer(self, call: Call) -> PageAnswer:
        """Looks for the answer in the site's pages; a question that none answers is logged with its page."""

    async def ask_person(self, call: Call, *, reason: str) -> PersonSought:
        """Asks the staff to take the conversation, when the turn closes."""

    async def order(self, call: Call, *, number: str | None, email: str | None) -> OrderSought:
        """Looks for an order: by both, or by neither too for a customer whom the site vouches for."""

    async def may_ask_feedback(self, call: Call) -> bool:
        """Whether it fits to ask how it was: something was answered, nothing went wrong, and nobody has rated yet."""

    async def note(self, call: Call, text: str) -> None:
        """Tells the staff something, beside the transcript, when the turn closes."""

    async def recall(self, call: Call) -> tuple[Fact, ...]:
        """What the visitor told us earlier; empty without consent to memory."""

    async def told(self, call: Call) -> Telling:
        """What the visitor tells of themselves in this message, as a correction of what they told before too."""

    async def forget(self, call: Call, *, fact: str | None) -> None:
        """Forgets the fact of this id, or everything and everybody (None), when the turn closes."""

    async def erases_all(self, call: Call) -> bool:
        """Whether forgetting everything reaches beyond this chat. Where a mail's link led here it does not: the words
        are not known to be the person's own.
        """

    async def record(self, call: Call, *, kind: str, data: dict[str, str | int | float | None]) -> None:
        """Adds an interaction to the turn: it is written when the turn closes, or not at all."""


_filled: Desk | None = None


def fill(desk: Desk) -> None:
    """Seats `desk`; called once, by the process that hosts the actions."""
    global _filled
    _filled = desk


def current() -> Desk:
    """The desk of this process.

    An action server that runs alone (`python -m rasa_sdk --actions actions`) has no gateway to fill it;
    the desk then comes from the entry point, so that actions need not import what they must not know.
    """
    if _filled is None:
        (found,) = entry_points(group="duologue.desk")
        fill(found.load()())
    assert _filled is not None
    return _filled
