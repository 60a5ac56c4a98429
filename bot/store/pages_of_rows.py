"""The tables a page at a time, for exports: each call goes on after the key of the last row that was given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select, tuple_

from bot.conversation_score import COUNTED
from bot.interactions import ConversationId, Kind, Microseconds, SiteKey
from bot.profiles import Profile, from_json
from bot.store.tables import conversation_scores, conversations, interactions, messages, profiles, purchases


@dataclass(frozen=True)
class Span:
    """A window of a site: from `since` until just before `until`."""

    site: SiteKey
    since: Microseconds
    until: Microseconds


def conversations_after(
    connection: Connection, span: Span, after: tuple[int, str], limit: int
) -> list[Row[Any]]:  # fmt: skip
    """Conversations last changed in the window with their scores, earliest first; `after` is (changed_at, id)."""
    table, score = conversations.c, conversation_scores.c
    return list(
        connection.execute(
            select(conversations, score.score, *(score[name].label(f"score_{name}") for name in COUNTED))
            .outerjoin(conversation_scores, score.conversation == table.id)
            .where(
                table.site == span.site,
                table.changed_at >= max(span.since, after[0]),
                table.changed_at < span.until,
                tuple_(table.changed_at, table.id) > after,
            )
            .order_by(table.changed_at, table.id)
            .limit(limit)
        )
    )


def conversations_of(connection: Connection, whose: Sequence[ConversationId]) -> list[Row[Any]]:
    """These conversations with their scores, in this order; those that are gone are left out."""
    score = conversation_scores.c
    rows = connection.execute(
        select(conversations, score.score, *(score[name].label(f"score_{name}") for name in COUNTED))
        .outerjoin(conversation_scores, score.conversation == conversations.c.id)
        .where(conversations.c.id.in_(whose))
        .order_by(conversations.c.id)
        .limit(len(whose))
    )
    found = {row.id: row for row in rows}
    return [found[id] for id in whose if id in found]


def messages_after(connection: Connection, span: Span, after: tuple[str, int], limit: int) -> list[Row[Any]]:
    """Messages of the window by conversation and seq, which is also `after`."""
    return list(
        connection.execute(
            select(messages, conversations.c.visitor, conversations.c.customer)
            .join(conversations, conversations.c.id == messages.c.conversation)
            .where(
                or_(
                    messages.c.conversation > after[0],
                    and_(messages.c.conversation == after[0], messages.c.seq > after[1]),
                ),
                conversations.c.site == span.site,
                messages.c.at >= span.since,
                messages.c.at < span.until,
            )
            .order_by(messages.c.conversation, messages.c.seq)
            .limit(limit)
        )
    )


def profiles_after(connection: Connection, span: Span, after: str, limit: int) -> list[Profile]:
    """Profiles by id, whatever the window: when somebody was seen is in the profile."""
    rows = connection.execute(
        select(profiles).where(profiles.c.site == span.site, profiles.c.id > after).order_by(profiles.c.id).limit(limit)
    )
    return [from_json(row.id, row.site, row.body) for row in rows]


def purchases_after(connection: Connection, span: Span, after: str, limit: int) -> list[Row[Any]]:
    """What the shop told in the window, by id."""
    table = purchases.c
    return list(
        connection.execute(
            select(purchases)
            .where(table.site == span.site, table.id > after, table.at >= span.since, table.at < span.until)
            .order_by(table.id)
            .limit(limit)
        )
    )


def questions_after(connection: Connection, span: Span, after: int, limit: int) -> list[Row[Any]]:
    """Questions of the window that no page answered, each with its words, in the order of the log."""
    table = interactions.c
    return list(
        connection.execute(
            select(interactions, messages.c.text)
            .join(messages, (messages.c.conversation == table.conversation) & (messages.c.seq == table.seq))
            .where(
                table.site == span.site,
                table.type == Kind.UNANSWERED.value,
                table.id > after,
                table.at >= span.since,
                table.at < span.until,
            )
            .order_by(table.id)
            .limit(limit)
        )
    )
