"""What a visitor agrees to, asks for and tells us in a chat, each once per frame."""

import secrets
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, update

from bot.conversation import Effect, VisitorAskedForPerson
from bot.interactions import ConversationId, Interaction, Kind, Microseconds, VisitorId
from bot.profiles import is_an_answer
from bot.store import visitors
from bot.store.conversations import Conversation, existing, give_receipt, happen, interaction, receipt
from bot.store.interactions import append, of_conversation
from bot.store.sites import find_site
from bot.store.tables import conversations

ROWS_BEFORE_CONSENT = 1_000


def set_consent(
    connection: Connection,
    conversation: ConversationId,
    *,
    frame: str,
    measure: bool,
    memory: bool,
    at: Microseconds,
) -> Conversation:
    """Applies what the visitor agrees to. Agreeing for the first time makes them a visitor with an id."""
    before = existing(connection, conversation)
    known, _ = receipt(connection, conversation, frame)
    if known:
        return before
    give_receipt(connection, conversation, frame, None)
    visitor, owns = before.visitor, before.owns_visitor
    if visitor is not None and visitors.find(connection, visitor, lock=True) is not None:
        visitors.set_consent(connection, visitor, measure=measure, memory=memory, at=at, conversation=conversation)
    elif measure or memory:
        visitor, owns = _new_visitor(connection, before, measure=measure, memory=memory, at=at), True
    return _set(connection, replace(before, owns_visitor=owns), visitor, measure=measure, memory=memory, at=at)


def link_visitor(
    connection: Connection, conversation: ConversationId, visitor: str, *, at: Microseconds
) -> Conversation | None:
    """Says that the browser of this conversation is a visitor whom the page knew before; None when it can't be.

    Only for measuring: a visitor's reference is no key to read with, so what they told elsewhere stays there.
    """
    before = existing(connection, conversation)
    known = visitors.find(connection, visitor, lock=True)
    if known is None or known.site != before.site or not known.measure or before.visitor is not None:
        return None
    if before.ours:
        visitors.mark_staff(connection, known.id)
    return _set(connection, before, known.id, measure=True, memory=False, at=at, whose=known)


def ask_person(
    connection: Connection,
    conversation: ConversationId,
    *,
    frame: str,
    reason: str,
    by: str,
    at: Microseconds,
) -> tuple[Conversation, tuple[Effect, ...]] | None:
    """Asks the staff to take the conversation; None when this frame did so before."""
    known, _ = receipt(connection, conversation, frame)
    if known:
        return None
    give_receipt(connection, conversation, frame, None)
    after, effects = happen(connection, conversation, VisitorAskedForPerson(), at=at)
    data = {"to": "nobody", "reason": reason, "by": by}
    append(connection, [interaction(after, Kind.HANDOVER, at=at, source_id=f"{conversation}:{frame}", data=data)])
    return after, effects


def note(
    connection: Connection,
    conversation: ConversationId,
    *,
    frame: str,
    kind: Kind,
    data: dict[str, Any],
    at: Microseconds,
) -> None:
    """Writes down something that the visitor tells us beside the messages, such as a rating."""
    known, _ = receipt(connection, conversation, frame)
    if not known:
        give_receipt(connection, conversation, frame, None)
        about = existing(connection, conversation)
        append(connection, [interaction(about, kind, at=at, source_id=f"{conversation}:{frame}", data=data)])


def _new_visitor(
    connection: Connection, conversation: Conversation, *, measure: bool, memory: bool, at: Microseconds
) -> VisitorId:
    site = find_site(connection, conversation.site)
    assert site is not None
    # They saw the launcher before they agreed, so no lot can be drawn any more.
    made = visitors.create(
        connection, site, at=at, measure=measure, memory=memory, seen_first=True, conversation=conversation.id
    )
    if conversation.ours:
        visitors.mark_staff(connection, made.id)
    return made.id


def _set(
    connection: Connection,
    before: Conversation,
    visitor: VisitorId | None,
    *,
    measure: bool,
    memory: bool,
    at: Microseconds,
    whose: visitors.Visitor | None = None,
) -> Conversation:
    values = {"visitor": visitor, "measure": measure, "memory": memory, "changed_at": at}
    values["owns_visitor"] = before.owns_visitor
    connection.execute(update(conversations).where(conversations.c.id == before.id).values(**values))
    after = replace(before, visitor=visitor, measure=measure, memory=memory, changed_at=at)
    if visitor is not None and before.visitor is None:
        append(connection, _so_far(connection, after, at, whose))
    return after


def _so_far(
    connection: Connection, conversation: Conversation, at: Microseconds, whose: visitors.Visitor | None
) -> list[Interaction]:
    """What they said before they agreed, counted: the log is never rewritten, and those rows name nobody."""
    rows = [row.interaction for row in of_conversation(connection, conversation.id, limit=ROWS_BEFORE_CONSENT)]
    said = sum(row.kind is Kind.MESSAGE for row in rows)
    if said == 0:
        return []
    data: dict[str, Any] = {
        "measure": conversation.measure,
        # The row speaks for the visitor: one who is only linked has agreed to what they agreed to elsewhere.
        "memory": conversation.memory if whose is None else whose.memory,
        "said": said,
        "answered": sum(is_an_answer(row) for row in rows),
    }
    if conversation.memory:
        data["facts"] = [[*fact, row.seq] for row in rows for fact in row.data.get("facts", ())]
    once = f"{conversation.id}:{secrets.token_hex(8)}"
    row = interaction(conversation, Kind.CONSENT, at=at, source_id=once, data=data, source="consent")
    return [replace(row, arm=None if whose is None else whose.arm.value)]
