"""Conversations in which the pages were asked, with what the visitors then said of the answers, or did."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from bot.desk import OPTION
from bot.interactions import ConversationId, Kind
from bot.store.pages_of_rows import Span
from bot.store.questions import LONGEST, was_put_to_pages
from bot.store.tables import interactions, messages

MOST_LINES = 1_000
"""Messages of one conversation that are looked at; the log may have three times as many rows of them."""


@dataclass(frozen=True)
class Line:
    """A message. `quoted` is the address and the words of the place that it quotes, `options` what it asks with."""

    seq: int
    sender: str
    text: str
    page: str | None = None
    turn: str | None = None
    quoted: tuple[str, str] | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Talk:
    """A conversation, oldest line first. Messages are named by their seq.

    `asked`: the visitor's, which the pages were asked. `given_up`: the visitor's last before a person was asked for.
    `stars`: of the last rating, if any, which `rated` knows the visitor's messages of.
    """

    conversation: ConversationId
    lines: tuple[Line, ...]
    asked: frozenset[int]
    given_up: frozenset[int]
    stars: int | None
    rated: frozenset[int]


_log = interactions.c
_LINES = (
    select(
        messages.c.seq, messages.c.sender, func.substr(messages.c.text, 1, LONGEST).label("text"), messages.c.page,
        messages.c.turn, messages.c.sources, messages.c.buttons,
    )
    .where(messages.c.conversation == bindparam("conversation"), messages.c.sender != "note")
    .order_by(messages.c.seq)
    .limit(MOST_LINES)
)  # fmt: skip
_HAPPENED = (
    select(_log.type, _log.seq, _log.data)
    .where(
        _log.conversation == bindparam("conversation"),
        _log.type.in_([Kind.MESSAGE, Kind.UNDERSTANDING, Kind.HANDOVER, Kind.RATING]),
    )
    .order_by(_log.id)
    .limit(3 * MOST_LINES)
)


def talks_of(connection: Connection, span: Span, limit: int) -> list[ConversationId]:
    """The conversations of the window in which something was understood, the latest first."""
    last = func.max(_log.id)
    query = (
        select(_log.conversation)
        .where(
            _log.site == span.site,
            _log.type == Kind.UNDERSTANDING,
            _log.at >= span.since,
            _log.at < span.until,
            _log.conversation.is_not(None),
        )
        .group_by(_log.conversation)
        .order_by(last.desc())
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def talk(connection: Connection, conversation: ConversationId) -> Talk:
    """The conversation as it is now; without lines when its words were erased."""
    place = {"conversation": conversation}
    lines = tuple(_line(row) for row in connection.execute(_LINES, place))
    said: list[int] = []
    asked: set[int] = set()
    given_up: set[int] = set()
    stars, rated = None, frozenset[int]()
    for row in connection.execute(_HAPPENED, place):
        if row.type == Kind.MESSAGE:
            said.append(row.seq)
        elif row.type == Kind.UNDERSTANDING and was_put_to_pages(row.data):
            asked.add(row.seq)
        elif row.type == Kind.HANDOVER and _by_visitor(row.data):
            # A turn that asks has a seq of its own; a button beside the chat has none.
            given_up.update([one for one in said if row.seq is None or one < row.seq][-1:])
        elif row.type == Kind.RATING and _is_stars(row.data.get("stars")):
            stars, rated = row.data["stars"], frozenset(said)
    return Talk(conversation, lines, frozenset(asked), frozenset(given_up), stars, rated)


def _by_visitor(data: dict[str, Any]) -> bool:
    # When the bot failed, nobody had an answer to think of.
    return data.get("to") == "nobody" and data.get("reason") != "no answer from the bot in time"


def _is_stars(value: object) -> bool:
    return isinstance(value, int) and 1 <= value <= 5


def _line(row: Any) -> Line:
    quoted = next(((one["url"], one["quote"]) for one in row.sources[:1] if one.get("quote")), None)
    options = tuple(one["title"] for one in row.buttons if one["payload"] == OPTION)
    return Line(row.seq, row.sender, row.text, row.page, row.turn, quoted, options)
