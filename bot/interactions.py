"""What can happen between a site and its visitors, and how each happening is written down."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NewType

SiteKey = NewType("SiteKey", str)
VisitorId = NewType("VisitorId", str)
CustomerId = NewType("CustomerId", str)
ConversationId = NewType("ConversationId", str)
TurnId = NewType("TurnId", str)
Microseconds = NewType("Microseconds", int)
"""Since 1970-01-01 UTC."""


def microseconds(moment: datetime) -> Microseconds:
    """An aware moment as whole microseconds; floats would lose the last digits."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return Microseconds((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


def as_datetime(at: Microseconds) -> datetime:
    seconds, rest = divmod(at, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def rfc3339(at: Microseconds) -> str:
    return as_datetime(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")


CONSENT_VERSION = "2026-11"
"""Of the words by which the widget asks for consent: another with each change of what they mean."""


class Kind(StrEnum):
    """The type of a row of the log."""

    PAGE_VIEW = "page_view"
    PRESENT = "present"
    EXPOSED = "exposed"
    """The launcher appeared, or would have: logged in both arms of the holdout."""
    OPENED = "opened"
    TRACK = "track"
    MESSAGE = "message"
    """The visitor said something; the words are in `messages`."""
    PRESS = "press"
    """The visitor pressed a button; its title is the message beside it."""
    UNDERSTANDING = "understanding"
    ANSWER = "answer"
    """Bot or staff said something to the visitor."""
    UNANSWERED = "unanswered"
    """No page of the site answers this question."""
    HANDOVER = "handover"
    """The conversation changes hands: asked for, taken, given back, resolved."""
    RATING = "rating"
    ORDER = "order"
    """The visitor asked how an order is; `data["found"]` says whether they could name one that is theirs."""
    CONTACT = "contact"
    """The visitor left an e-mail address to be answered at."""
    CONSENT = "consent"
    IDENTIFIED = "identified"
    PURCHASE = "purchase"
    REFUND = "refund"
    STATUS = "status"


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """One thing that happened. `(source, source_id)` is unique, so that a repeat is harmless.

    `value` is in minor units of `currency` (cents). `data` holds what only this kind has, as plain JSON
    values; never the words of a message, which live once, in `messages`, at `(conversation, seq)`.
    """

    at: Microseconds
    site: SiteKey
    kind: Kind
    source: str
    source_id: str
    visitor: VisitorId | None = None
    customer: CustomerId | None = None
    conversation: ConversationId | None = None
    seq: int | None = None
    turn: TurnId | None = None
    url: str | None = None
    arm: str | None = None
    value: int | None = None
    currency: str | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entity:
    """Something named in a message: `text` as the visitor wrote it, `value` as we understand it."""

    kind: str
    text: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Decision:
    """What chose an action: the policy and how sure it was, the rule's name, the form and the slot it waited for."""

    action: str
    confidence: float | None = None
    policy: str | None = None
    rule: str | None = None
    form: str | None = None
    slot: str | None = None


@dataclass(frozen=True)
class Statement:
    """What a visitor states: a complaint, praise, need, objection or wish, as they wrote it, and what it is about."""

    kind: str
    text: str
    start: int
    end: int
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understanding:
    """What was made of a message. `ranking` is intent and confidence, best first; sentiment from -1 to 1."""

    intent: str | None
    confidence: float
    ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[Entity, ...] = ()
    sentiment: float | None = None
    facts: tuple[tuple[str, str], ...] = ()
    """What the visitor said of themselves: name, company, place, what they need."""
    topics: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
