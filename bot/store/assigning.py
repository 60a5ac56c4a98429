"""Acts on several conversations at once: each is done, or says why it is not."""

from sqlalchemy import Connection

from bot.conversation import Owner, State
from bot.interactions import ConversationId, Microseconds
from bot.store.audit import Act, of_conversation, of_member, record
from bot.store.conversations import find
from bot.store.queue import snooze
from bot.store.staff import Done, Member, give_back, name_of, resolve, take

GONE = "It was erased meanwhile."
RESOLVED = "It is resolved already."


def assign(
    connection: Connection, conversation: ConversationId, by: Member, to: Member, *, at: Microseconds
) -> Done | str:
    """Gives the conversation to a member. It can be taken from nobody but who gives it; a sentence says who has it."""
    known = find(connection, conversation, lock=True)
    if known is None:
        return GONE
    holder = known.standing.staff if known.standing.owner is Owner.STAFF else None
    if holder == to.id or holder not in (None, by.id):
        return f"{name_of(connection, holder or '')} has it already."
    if holder == by.id and (left := give_back(connection, conversation, by, at=at)).refused is not None:
        return left
    done = take(connection, conversation, to, at=at)
    if done.refused is not None:
        return f"{to.name} can't take conversations any more."
    record(connection, at=at, staff=by.id, act=Act.ASSIGNED, subject=of_conversation(conversation),
           detail=of_member(to.id))  # fmt: skip
    return done


def settle(connection: Connection, conversation: ConversationId, by: Member, *, at: Microseconds) -> Done | str:
    """Resolves it, unless that was done, or somebody else has it."""
    known = find(connection, conversation, lock=True)
    if known is None:
        return GONE
    if known.standing.state is State.RESOLVED:
        return RESOLVED
    done = resolve(connection, conversation, by, at=at)
    if done.refused is None:
        return done
    holder = known.standing.staff
    return "You may not do this any more." if holder in (None, by.id) else f"{name_of(connection, holder)} has it now."


def put_off(
    connection: Connection, conversation: ConversationId, by: Member, *, until: Microseconds | None, at: Microseconds
) -> str | None:
    """Snoozes it, or wakes it with `until` None; a sentence when that can't be."""
    known = find(connection, conversation, lock=True)
    if known is None:
        return GONE
    if known.standing.state is State.RESOLVED and until is not None:
        return RESOLVED
    snooze(connection, conversation, until=until)
    record(connection, at=at, staff=by.id, act=Act.SNOOZED, subject=of_conversation(conversation))
    return None
