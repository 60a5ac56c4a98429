"""What the staff see: the list of conversations, and one transcript with what was understood."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, tuple_

from bot.interactions import ConversationId, Kind, Microseconds
from bot.store.console_tables import staff
from bot.store.conversations import PAGE_OF_MESSAGES, Message, transcript
from bot.store.tables import conversations, interactions, messages

PAGE_OF_CONVERSATIONS = 50


@dataclass(frozen=True)
class Line:
    """One row of the list. `last` are the first words of the latest message, `said` who said it."""

    id: ConversationId
    site: str
    visitor: str | None
    customer: str | None
    owner: str
    state: str
    staff: str | None
    seq: int
    last: str
    said: str | None
    page: str | None
    asked_person_at: Microseconds | None
    changed_at: Microseconds


def conversations_list(
    connection: Connection,
    *,
    owner: str | None = None,
    state: str | None = None,
    after: tuple[Microseconds, str] | None = None,
    limit: int = PAGE_OF_CONVERSATIONS,
) -> list[Line]:
    """The latest first; those where nothing was said are left out. `after`: the last one of the page before."""
    c, m = conversations.c, messages.alias("last")
    latest = (
        select(func.max(messages.c.seq))
        .where(messages.c.conversation == c.id, messages.c.sender != "note")
        .correlate(conversations)
        .scalar_subquery()
    )
    query = (
        select(conversations, staff.c.name.label("staff_name"), m.c.text.label("last"), m.c.sender.label("said"))
        .outerjoin(staff, staff.c.id == c.staff)
        .join(m, (m.c.conversation == c.id) & (m.c.seq == latest))
    )
    if owner:
        query = query.where(c.owner == owner)
    if state:
        query = query.where(c.state == state)
    if after is not None:
        query = query.where(tuple_(c.changed_at, c.id) < tuple_(*after))
    return [
        Line(
            id=row.id,
            site=row.site,
            visitor=row.visitor,
            customer=row.customer,
            owner=row.owner,
            state=row.state,
            staff=row.staff_name,
            seq=row.seq,
            last=row.last[:140],
            said=row.said,
            page=row.page,
            asked_person_at=row.asked_person_at,
            changed_at=row.changed_at,
        )
        for row in connection.execute(query.order_by(c.changed_at.desc(), c.id.desc()).limit(limit))
    ]


def counts_by_owner(connection: Connection) -> dict[str, int]:
    """How many open conversations each owner has."""
    query = (
        select(conversations.c.owner, func.count())
        .where(conversations.c.state != "resolved", conversations.c.seq > 0)
        .group_by(conversations.c.owner)
        .order_by(conversations.c.owner)
    )
    return {owner: count for owner, count in connection.execute(query)}  # noqa: C416 - rows are not pairs to a type checker


def understood(
    connection: Connection, conversation: ConversationId, *, after: int = 0, limit: int = PAGE_OF_MESSAGES
) -> tuple[list[tuple[Message, dict[str, Any] | None]], bool]:
    """The transcript with the staff's notes; beside each visitor message what was made of it, once it is known.

    Beside what the bot answered is the same: it is what the answer came of.
    """
    said, more = transcript(connection, conversation, after=after, notes=True, limit=limit)
    seqs = {one.reply_to or one.seq for one in said}
    query = select(interactions.c.seq, interactions.c.data).where(
        interactions.c.conversation == conversation,
        interactions.c.type == Kind.UNDERSTANDING,
        interactions.c.seq.in_(seqs),
    )
    made = {row.seq: row.data for row in connection.execute(query.order_by(interactions.c.id).limit(limit))}
    return [(one, made.get(one.reply_to or one.seq)) for one in said], more
