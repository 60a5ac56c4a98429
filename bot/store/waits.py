"""How long visitors lately waited for a person: from asking to the moment that one took the conversation."""

from datetime import timedelta

from sqlalchemy import Connection, and_, func, or_, select

from bot.hours import Hours
from bot.interactions import Kind, Microseconds, SiteKey
from bot.store.tables import conversations, interactions
from bot.waits import WINDOW, Wait, that_count

LATEST = 50
"""So many waits, the latest, are enough for a median."""
LOOKED_AT = 2_000
"""Conversations, the latest of all sites: so much is read at most, whatever they were about."""


def latest_waits(connection: Connection, site: SiteKey, *, at: Microseconds, hours: Hours | None = None) -> list[Wait]:
    """The latest waits of the site in the last thirty days that began in its hours, the newest first.

    Of a conversation in which a person was asked for twice, it is the later one.
    """
    since = at - WINDOW // timedelta(microseconds=1)
    # By ix_conversations_changed_at. Who asks for a person changes the conversation, so none of the window is missed.
    lately = (
        select(conversations.c.id, conversations.c.site, conversations.c.asked_person_at)
        .where(conversations.c.changed_at >= since)
        .order_by(conversations.c.changed_at.desc(), conversations.c.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    asked = connection.execute(
        select(lately.c.id, lately.c.asked_person_at)
        .where(lately.c.site == site, lately.c.asked_person_at >= since)
        .order_by(lately.c.asked_person_at.desc(), lately.c.id)
        .limit(LATEST)
    ).all()
    answered = _answered(connection, [row.id for row in asked])
    return that_count([Wait(row.asked_person_at, answered.get(row.id)) for row in asked], hours)


def _answered(connection: Connection, asked: list[str]) -> dict[str, Microseconds]:
    """When staff first took it, or spoke, after a person was asked for, by conversation."""
    taken = and_(interactions.c.type == Kind.HANDOVER.value, interactions.c.data["to"].as_string() == "staff")
    spoke = and_(interactions.c.type == Kind.ANSWER.value, interactions.c.data["from"].as_string() == "staff")
    rows = connection.execute(
        select(interactions.c.conversation, func.min(interactions.c.at).label("first"))
        .join(conversations, conversations.c.id == interactions.c.conversation)
        .where(
            # By ix_interactions_conversation_seq.
            interactions.c.conversation.in_(asked),
            interactions.c.at >= conversations.c.asked_person_at,
            or_(taken, spoke),
        )
        .group_by(interactions.c.conversation)
        .order_by(interactions.c.conversation)
        .limit(LATEST)
    )
    return {row.conversation: row.first for row in rows}
