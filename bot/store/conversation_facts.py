"""What exports tell of conversations beside their rows: who spoke when, what the log has of them, labels, the arm."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, select

from bot.interactions import ConversationId, Kind
from bot.store.console_tables import conversation_labels, labels, staff
from bot.store.tables import conversations, interactions, messages, visitors

TELLING = (Kind.UNDERSTANDING, Kind.UNANSWERED, Kind.RATING, Kind.HANDOVER)


@dataclass
class Facts:
    """`said`: (sender, name, at, reply_to), `happened`: (type, at, data); both in their order."""

    said: list[Any] = field(default_factory=list)
    happened: list[Any] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    arm: str | None = None
    holder: Any = None
    """(name, role) of the member who has it now."""
    consent_version: str | None = None
    """Of the words of their last choice."""


def facts_of(connection: Connection, whose: Sequence[ConversationId]) -> dict[str, Facts]:
    """Of each of these conversations; at most a page of them at a time."""
    found: defaultdict[str, Facts] = defaultdict(Facts)
    said = messages.c
    for row in _each(
        connection,
        select(said.conversation, said.sender, said.name, said.at, said.reply_to)
        .where(said.conversation.in_(whose))
        .order_by(said.conversation, said.seq),
    ):
        found[row.conversation].said.append(row)
    log = interactions.c
    for row in _each(
        connection,
        select(log.conversation, log.type, log.at, log.data)
        .where(log.conversation.in_(whose), log.type.in_([kind.value for kind in TELLING]))
        .order_by(log.id),
    ):
        found[row.conversation].happened.append(row)
    for row in _each(
        connection,
        select(conversation_labels.c.conversation, labels.c.name)
        .join(labels, labels.c.id == conversation_labels.c.label)
        .where(conversation_labels.c.conversation.in_(whose))
        .order_by(labels.c.name),
    ):
        found[row.conversation].labels.append(row.name)
    for row in _each(
        connection,
        select(conversations.c.id, visitors.c.arm)
        .join(visitors, visitors.c.id == conversations.c.visitor)
        .where(conversations.c.id.in_(whose))
        .order_by(conversations.c.id),
    ):
        found[row.id].arm = row.arm
    for row in _each(
        connection,
        select(conversations.c.id, staff.c.name, staff.c.role)
        .join(staff, staff.c.id == conversations.c.staff)
        .where(conversations.c.id.in_(whose))
        .order_by(conversations.c.id),
    ):
        found[row.id].holder = row
    for row in _each(
        connection,
        select(conversations.c.id, log.data)
        .join(interactions, log.visitor == conversations.c.visitor)
        .where(conversations.c.id.in_(whose), log.type == Kind.CONSENT.value)
        .order_by(log.id),
    ):
        # What a conversation tells of the time before has no choice of its own.
        found[row.id].consent_version = row.data.get("version", found[row.id].consent_version)
    return found


def _each(connection: Connection, asked: Select[Any]) -> Iterator[Any]:
    yield from connection.execute(asked)
