"""What visitors asked the pages, as the log and the transcript have it: what went unanswered, and all of it."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, case, func, not_, or_, select, tuple_

from bot.interactions import ConversationId, Kind, Microseconds, SiteKey
from bot.store.noise import is_noise
from bot.store.pages_of_rows import Span
from bot.store.tables import conversations, interactions, messages, pages, sites
from bot.store.turns import HISTORY

LONGEST = 1_000
"""Characters of a question: answers look at no more."""
REPLIES_WITHIN = 50
"""How far below a question its reply is looked for; visitors who type fast come in between."""
ACTION = "action_answer_from_pages"

type Place = tuple[ConversationId, int]
"""Of a message: its conversation and seq."""


@dataclass(frozen=True)
class Unanswered:
    """A question that no page answered. `visitor` and `customer` as far as the log or the conversation name them."""

    id: int
    at: Microseconds
    text: str
    page: str | None
    nearest: str | None
    """The page that was offered instead, when there was one."""
    conversation: ConversationId
    seq: int
    visitor: str | None
    customer: str | None


@dataclass(frozen=True)
class Said:
    """What the visitor got for a question. `page` is the one that was quoted, or the nearest."""

    answered: bool
    page: str | None
    text: str


@dataclass(frozen=True)
class Asked:
    """A question with what it stood in: (by the visitor, text) of the messages before it, oldest first."""

    id: int
    at: Microseconds
    text: str
    page: str | None
    history: tuple[tuple[bool, str], ...]
    said: Said


_log = interactions.c
_WORDS = and_(messages.c.conversation == _log.conversation, messages.c.seq == _log.seq)
_AGREED = or_(conversations.c.measure, conversations.c.memory)
_BEFORE = (
    select(messages.c.sender, func.substr(messages.c.text, 1, LONGEST).label("text"))
    .where(
        messages.c.conversation == bindparam("conversation"),
        messages.c.seq < bindparam("seq"),
        messages.c.sender != "note",
    )
    .order_by(messages.c.seq.desc())
    .limit(HISTORY)
)
_REPLIES = (
    select(messages.c.text, messages.c.sources)
    .where(
        messages.c.conversation == bindparam("conversation"),
        messages.c.seq > bindparam("seq"),
        messages.c.seq <= bindparam("seq") + REPLIES_WITHIN,
        messages.c.turn == bindparam("turn"),
        messages.c.sender == "bot",
    )
    .order_by(messages.c.seq)
    .limit(10)
)


_MISSED = interactions.alias()
_UNDERSTOOD = (
    select(
        _log.id, _log.at, _log.url, _log.data, _log.conversation, _log.seq, _log.turn,
        func.substr(messages.c.text, 1, LONGEST).label("text"), _MISSED.c.id.label("missed"),
    )
    .join(messages, _WORDS)
    .join(conversations, conversations.c.id == _log.conversation)
    .outerjoin(
        _MISSED,
        and_(_MISSED.c.source == "turn", _MISSED.c.source_id == _log.turn.concat(f":{Kind.UNANSWERED.value}")),
    )
)  # fmt: skip


def was_put_to_pages(understanding: Mapping[str, Any]) -> bool:
    """Whether the message that was understood so was looked up in the pages; a greeting or a thank-you is not."""
    # Logs from before `from_pages` know it by the action alone.
    return "from_pages" in understanding or ACTION in (understanding.get("actions") or ())


def normal(text: str) -> str:
    """What two ways to write the same words have in common."""
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return words.strip(" ?!.…¿¡") or words


def unanswered_before(connection: Connection, span: Span, before: int | None, limit: int) -> list[Unanswered]:
    """Questions of the window that no page answered, the latest first; `before` is the id of the last one given.

    One whose words were erased is not there, nor what robots and staff asked.
    """
    agreed = case((_AGREED, conversations.c.visitor))
    query = (
        select(
            _log.id, _log.at, _log.url, _log.data, _log.conversation, _log.seq,
            func.coalesce(_log.visitor, agreed).label("visitor"),
            func.coalesce(_log.customer, conversations.c.customer).label("customer"),
            func.substr(messages.c.text, 1, LONGEST).label("text"),
        )
        .join(messages, _WORDS)
        .join(conversations, conversations.c.id == _log.conversation)
        .where(*_within(span, Kind.UNANSWERED), not_(is_noise(span.site)))
    )  # fmt: skip
    if before is not None:
        query = query.where(_log.id < before)
    return [_unanswered(row) for row in connection.execute(query.order_by(_log.id.desc()).limit(limit))]


def asked_after(connection: Connection, span: Span, after: int, limit: int) -> tuple[list[Asked], int | None]:
    """Questions of the window that were put to the pages, in the order of the log, and the last id looked at.

    At most `limit` messages are looked at; the id is None when there were none left. Robots' and staff's are not.
    """
    wanted = _UNDERSTOOD.where(*_within(span, Kind.UNDERSTANDING), _log.id > after, not_(is_noise(span.site)))
    rows = connection.execute(wanted.order_by(_log.id).limit(limit)).all()
    return [_asked(connection, row) for row in rows if was_put_to_pages(row.data)], rows[-1].id if rows else None


def asked_at(connection: Connection, site: SiteKey, places: Sequence[Place]) -> list[Asked]:
    """The questions at these places of the site, in the order of the log; what was erased is not there."""
    there = tuple_(_log.conversation, _log.seq).in_(list(places))
    wanted = _UNDERSTOOD.where(_log.site == site, _log.type == Kind.UNDERSTANDING.value, there)
    rows = connection.execute(wanted.order_by(_log.id).limit(len(places))).all()
    return [_asked(connection, row) for row in rows]


def crawled_pages(connection: Connection, site: str) -> list[str]:
    """The addresses of the pages that answer now, in the order of the crawl."""
    asked = select(pages.c.url).join(sites, sites.c.crawl == pages.c.crawl).where(sites.c.key == site)
    return list(connection.execute(asked.order_by(pages.c.id)).scalars())


def _within(span: Span, kind: Kind) -> Iterable[ColumnElement[bool]]:
    # Sums and joined texts keep the planner from the index by time: it would sort the window for each page of rows.
    return (
        _log.site.concat("") == span.site,
        _log.type == kind.value,
        _log.at + 0 >= span.since,
        _log.at + 0 < span.until,
    )


def _unanswered(row: Row[*tuple[Any, ...]]) -> Unanswered:
    offered = row.data.get("pages") or [None]
    return Unanswered(
        row.id, row.at, row.text, row.url, offered[0], row.conversation, row.seq, row.visitor, row.customer
    )  # fmt: skip


def _asked(connection: Connection, row: Row[*tuple[Any, ...]]) -> Asked:
    place = {"conversation": row.conversation, "seq": row.seq}
    before = connection.execute(_BEFORE, place).all()
    history = tuple((one.sender == "visitor", one.text) for one in reversed(before))
    replies = connection.execute(_REPLIES, place | {"turn": row.turn}).all()
    # Where staff took over meanwhile nothing was said: the log still knows which page it would have been.
    logged = row.data.get("from_pages", {}).get("pages") or []
    pages_named = [source.get("url") for one in replies for source in one.sources] or logged
    told = next((one.text for one in replies if one.sources), replies[0].text if replies else "")
    said = Said(row.missed is None, pages_named[0] if pages_named else None, told)
    return Asked(row.id, row.at, row.text, row.url, history, said)
