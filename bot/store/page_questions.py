"""What visitors asked on one page, whoever answered it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, not_, select

from bot.interactions import ConversationId, Kind, Microseconds, TurnId
from bot.store.noise import is_noise
from bot.store.page_figures import asked_in
from bot.store.pages_of_rows import Span
from bot.store.questions import was_put_to_pages
from bot.store.tables import conversations, interactions, messages, page_scores


@dataclass(frozen=True)
class AskedOn:
    """A question that the pages were asked; `sources` are those that were quoted."""

    text: str
    at: Microseconds
    conversation: ConversationId
    seq: int
    unanswered: bool
    sources: tuple[str, ...]


def asked_on(connection: Connection, span: Span, addresses: Sequence[str], limit: int) -> tuple[list[AskedOn], bool]:
    """What of the latest `limit` messages at these addresses was put to the pages, the latest first; if more are left.

    Of conversations that were judged, which they are half a minute after their last word; robots and staff left out.
    """
    said, judged = messages.c, page_scores.c
    rows = connection.execute(
        select(said.conversation, said.seq, said.turn, said.text, said.at)
        .join(page_scores, (judged.conversation == said.conversation) & (judged.page == said.page))
        .join(conversations, conversations.c.id == said.conversation)
        .where(
            judged.site == span.site,
            judged.page.in_(list(addresses)),
            judged.at >= span.since,
            said.sender == "visitor",
            said.at >= span.since,
            said.at < span.until,
            not_(is_noise(span.site)),
        )
        .order_by(said.at.desc(), said.conversation, said.seq)
        .limit(limit)
    ).all()
    turns = {TurnId(row.turn): str(row.conversation) for row in rows if row.turn}
    put = _put_to_pages(connection, turns)
    asked = asked_in(connection, {turn: turns[turn] for turn in put})
    found = [
        AskedOn(row.text, row.at, row.conversation, row.seq, one.unanswered, one.sources)
        for row in rows
        if (one := asked.get(row.turn)) is not None
    ]
    return found, len(rows) == limit


def _put_to_pages(connection: Connection, turns: dict[TurnId, str]) -> list[TurnId]:
    log = interactions.c
    rows = connection.execute(
        select(log.turn, log.data)
        .where(
            log.conversation.in_(sorted(set(turns.values()))),
            log.turn.in_(list(turns)),
            log.type == Kind.UNDERSTANDING.value,
        )
        .order_by(log.id)
    )
    return [row.turn for row in rows if was_put_to_pages(row.data)]
