"""Labels of the staff's own: made, named, coloured, and put on conversations."""

import secrets
from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, select, update

from bot.interactions import ConversationId, Microseconds
from bot.store.console_tables import conversation_labels, labels
from bot.store.database import insert_into
from bot.store.queue import Label
from bot.store.tables import conversations

COLOURS = ("grey", "blue", "amber", "red", "yellow")
LABELS_AT_MOST = 100
NAME_LENGTH = 40


def all_labels(connection: Connection) -> list[Label]:
    rows = connection.execute(
        select(labels.c.id, labels.c.name, labels.c.colour).order_by(labels.c.folded).limit(LABELS_AT_MOST)
    )
    return [Label(row.id, row.name, row.colour) for row in rows]


def used(connection: Connection) -> dict[str, int]:
    """On how many conversations each label is."""
    stuck = conversation_labels.c.label
    rows = connection.execute(select(stuck, func.count().label("times")).group_by(stuck).order_by(stuck))
    return {row.label: row.times for row in rows}


def create(connection: Connection, name: str, colour: str, *, at: Microseconds) -> Label | None:
    """The new label; None when there is one of this name, or there are too many."""
    if connection.execute(select(func.count()).select_from(labels)).scalar_one() >= LABELS_AT_MOST:
        return None
    made = Label(secrets.token_urlsafe(9), name, colour)
    row = connection.execute(
        insert_into(connection, labels)
        .values(id=made.id, name=name, folded=name.casefold(), colour=colour, created_at=at)
        .on_conflict_do_nothing(index_elements=["folded"])
        .returning(labels.c.id)
    ).one_or_none()
    return made if row is not None else None


def change(connection: Connection, label: str, name: str, colour: str) -> bool:
    """Names and colours it anew; False when it is gone, or another has this name."""
    others = select(labels.c.id).where(labels.c.folded == name.casefold(), labels.c.id != label)
    if connection.execute(others).first() is not None:
        return False
    values = {"name": name, "folded": name.casefold(), "colour": colour}
    return bool(connection.execute(update(labels).where(labels.c.id == label).values(values)).rowcount)


def remove(connection: Connection, label: str) -> None:
    """Takes it off all conversations, too. One that is gone is removed already."""
    connection.execute(delete(conversation_labels).where(conversation_labels.c.label == label))
    connection.execute(delete(labels).where(labels.c.id == label))


def stick(connection: Connection, label: str, whose: Sequence[ConversationId], *, staff: str, at: Microseconds) -> bool:
    """Puts the label on these conversations, where it is not yet; False when there is no such label."""
    if connection.execute(select(labels.c.id).where(labels.c.id == label).with_for_update()).first() is None:
        return False
    known = select(conversations.c.id).where(conversations.c.id.in_(whose)).order_by(conversations.c.id)
    # Held, so that none is forgotten before the label is on it.
    there = connection.execute(known.with_for_update()).scalars().all()
    rows = [{"conversation": one, "label": label, "staff": staff, "at": at} for one in there]
    if rows:
        connection.execute(insert_into(connection, conversation_labels).on_conflict_do_nothing(), rows)
    return True


def unstick(connection: Connection, label: str, whose: Sequence[ConversationId]) -> None:
    stuck = conversation_labels.c
    connection.execute(delete(conversation_labels).where(stuck.label == label, stuck.conversation.in_(whose)))
