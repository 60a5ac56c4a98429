"""What the conversations of a window came to: their scores by site and by page, without robots and staff."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, func, not_, select

from bot.conversation_score import COUNTED, Counts
from bot.interactions import ConversationId, Microseconds
from bot.store.noise import is_noise
from bot.store.pages_of_rows import Span
from bot.store.scores import counts_of
from bot.store.tables import conversation_scores, conversations, page_scores

DAY_US = 86_400 * 1_000_000


@dataclass(frozen=True)
class Scores:
    """The scores of several conversations: how many, their sum, all that was counted in them, the sum of squares."""

    conversations: int = 0
    total: int = 0
    counts: Counts = field(default_factory=Counts)
    squares: int = 0

    def __add__(self, other: "Scores") -> "Scores":
        both = self.conversations + other.conversations
        return Scores(both, self.total + other.total, self.counts + other.counts, self.squares + other.squares)

    @property
    def mean(self) -> float | None:
        """Each conversation counts once, long or short; None when there is none."""
        return round(self.total / self.conversations, 1) if self.conversations else None


@dataclass(frozen=True)
class Scored:
    """A conversation with its score. `page` is where it began, `at` when its visitor last said something."""

    conversation: ConversationId
    page: str | None
    at: Microseconds
    score: int
    turns: int


def scores_by_value(connection: Connection, span: Span) -> dict[int, Scores]:
    """The conversations that the visitor last said something in during the window, by their score, the lowest first."""
    score = conversation_scores.c.score
    rows = connection.execute(_sums(conversation_scores, span, score).group_by(score).order_by(score))
    return {row.score: _scores(row) for row in rows}


def page_scores_after(connection: Connection, span: Span, after: str, limit: int) -> list[tuple[str, Scores]]:
    """The scores of what was said on each page, in the order of addresses, the next `limit` after this one."""
    page = page_scores.c.page
    rows = connection.execute(
        _sums(page_scores, span, page).where(page > after).group_by(page).order_by(page).limit(limit)
    )
    return [(row.page, _scores(row)) for row in rows]


def scores_by_day(
    connection: Connection, span: Span, pages: Sequence[str] | None = None
) -> list[tuple[int, str | None, Scores]]:
    """(day, bot, scores) of the window: of whole conversations, or of what was said at these addresses.

    Days are those of UTC, counted from 1970; `bot` is the version that answered, None where that is not known.
    """
    table = conversation_scores if pages is None else page_scores
    day, bot = (table.c.at // DAY_US).label("day"), table.c.bot
    asked = _sums(table, span, day, bot)
    if pages is not None:
        asked = asked.where(page_scores.c.page.in_(list(pages)))
    rows = connection.execute(asked.group_by(day, bot).order_by(day, bot))
    return [(int(row.day), row.bot, _scores(row)) for row in rows]


def lowest(
    connection: Connection, span: Span, limit: int, *, between: tuple[int, int] = (0, 100), skip: int = 0
) -> list[Scored]:
    """The conversations to look at first: those with the lowest score `between` these two, of these the latest."""
    table = conversation_scores.c
    rows = connection.execute(
        select(table.conversation, table.at, table.score, table.turns, conversations.c.page)
        .join(conversations, conversations.c.id == table.conversation)
        .where(*_within(conversation_scores, span), table.score.between(*between))
        .order_by(table.score, table.at.desc(), table.conversation)
        .limit(limit)
        .offset(skip)
    )
    return [Scored(row.conversation, row.page, row.at, row.score, row.turns) for row in rows]


def _sums(table: Table, span: Span, *by: ColumnElement[Any]) -> Any:
    sums = [func.sum(table.c[name]).label(name) for name in COUNTED]
    squares = func.sum(table.c.score * table.c.score).label("squares")
    asked = select(*by, func.count().label("conversations"), func.sum(table.c.score).label("total"), squares, *sums)
    return asked.join(conversations, conversations.c.id == table.c.conversation).where(*_within(table, span))


def _within(table: Table, span: Span) -> Iterable[ColumnElement[bool]]:
    return (
        table.c.site == span.site,
        table.c.at >= span.since,
        table.c.at < span.until,
        table.c.score.is_not(None),
        not_(is_noise(span.site)),
    )


def _scores(row: Row[Any]) -> Scores:
    return Scores(int(row.conversations), int(row.total), counts_of(row), int(row.squares))
