"""The outbox of mail: what is to be sent, written in the transaction of what causes it, and what became of it."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from bot.interactions import ConversationId, Kind, Microseconds, SiteKey
from bot.store.audit import Act, of_conversation, record
from bot.store.console_tables import staff
from bot.store.conversations import Conversation
from bot.store.mail_stops import is_stopped
from bot.store.mail_tables import mails
from bot.store.nobody_came import left_address
from bot.store.tables import conversations, interactions, messages

AT_MOST = 3
"""An answer waits at most so many times as long for the next one: somebody who writes all day is mailed too."""
AT_ONCE, PAGE_OF_MAILS = 20, 50


class MailKind(StrEnum):
    ANSWERS = "answers"
    """What staff said while the visitor was away. It goes by itself."""
    ANSWER = "answer"
    """The same, because a member of the staff pressed."""
    TRANSCRIPT = "transcript"
    FORWARD = "forward"
    """To a colleague."""
    FORWARD_ALL = "forward_all"
    """With the notes of the staff."""


class MailState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"
    """By a server, for good; or tried for two days."""
    NEEDLESS = "needless"
    """The visitor has read it in the chat, or wants no mail."""


FORWARDS = (MailKind.FORWARD, MailKind.FORWARD_ALL)
TO_VISITORS = (MailKind.ANSWERS, MailKind.ANSWER, MailKind.TRANSCRIPT)


@dataclass(frozen=True)
class Mail:
    id: str
    site: SiteKey
    conversation: ConversationId
    kind: MailKind
    address: str
    words: str
    by: str | None
    """The name of the member who pressed."""
    after: int
    up_to: int
    state: MailState
    tries: int
    trouble: str | None
    created_at: Microseconds
    due_at: Microseconds
    sent_at: Microseconds | None


@dataclass(frozen=True)
class Outbox:
    """How mail stands. `trouble` is what the last try of what waits failed with."""

    waiting: int
    refused: int
    trouble: str | None


def answer_by_mail(
    connection: Connection, conversation: Conversation, seq: int, *, at: Microseconds, after: timedelta
) -> None:
    """Sees to it that what staff have just said reaches a visitor who is away, where there is an address.

    Answers that come before the mail goes are in the same mail.
    """
    left = left_address(connection, conversation.id)
    if left is None or is_stopped(connection, conversation.site, left.address):
        return
    address = left.address
    wait = after // timedelta(microseconds=1)
    c = mails.c
    open_one = select(c.id, c.created_at).where(
        c.conversation == conversation.id, c.kind == MailKind.ANSWERS, c.state == MailState.WAITING, c.tries == 0
    )
    row = connection.execute(open_one.order_by(c.created_at).limit(1)).one_or_none()
    if row is None:
        put(
            connection, conversation, MailKind.ANSWERS, address, reason=f"answers:{conversation.id}:{seq}",
            after=seq - 1, up_to=seq, at=at, wait=wait,
        )  # fmt: skip
        return
    due = min(at + wait, row.created_at + AT_MOST * wait)
    connection.execute(update(mails).where(c.id == row.id).values(up_to=seq, address=address, due_at=due))


def put(
    connection: Connection,
    conversation: Conversation,
    kind: MailKind,
    address: str,
    *,
    reason: str,
    up_to: int,
    at: Microseconds,
    after: int = 0,
    words: str = "",
    by: str | None = None,
    wait: int = 0,
) -> bool:
    """Puts a mail into the outbox; False when one with this reason is there already. Who pressed is audited."""
    if connection.execute(select(mails.c.id).where(mails.c.reason == reason)).first() is not None:
        return False
    values = {
        "id": secrets.token_urlsafe(16), "reason": reason, "site": conversation.site, "conversation": conversation.id,
        "kind": kind.value, "address": address, "words": words, "staff": by, "after": after, "up_to": up_to,
        "state": MailState.WAITING.value, "tries": 0, "created_at": at, "due_at": at + wait,
    }  # fmt: skip
    connection.execute(insert(mails).values(**values))
    if by is not None:
        record(connection, at=at, staff=by, act=Act.MAILED, subject=of_conversation(conversation.id), detail=kind.value)
    return True


def answer_now(connection: Connection, conversation: Conversation, address: str, *, by: str, at: Microseconds) -> bool:
    """Mails what staff said and nobody has read, because a member pressed; False when there is none (any more).

    What waits to go by itself goes now, and not a second time.
    """
    unread = unread_answers(connection, conversation.id, conversation.seq)
    if unread is None or _is_on_its_way(connection, conversation.id, unread[1]):
        return False
    c, kind = mails.c, MailKind.ANSWER.value
    mine = (c.conversation == conversation.id) & (c.kind == MailKind.ANSWERS) & (c.state == MailState.WAITING)
    now = update(mails).where(mine).values(
        kind=kind, staff=by, address=address, due_at=at, after=unread[0], up_to=unread[1]
    )  # fmt: skip
    if connection.execute(now).rowcount:
        record(connection, at=at, staff=by, act=Act.MAILED, subject=of_conversation(conversation.id), detail=kind)
        return True
    reason = f"answer:{conversation.id}:{unread[1]}"
    after, up_to = unread
    return put(
        connection, conversation, MailKind.ANSWER, address, reason=reason, after=after, up_to=up_to, at=at, by=by
    )  # fmt: skip


def _is_on_its_way(connection: Connection, conversation: ConversationId, up_to: int) -> bool:
    c = mails.c
    mine = (c.conversation == conversation) & (c.kind == MailKind.ANSWER) & (c.state == MailState.WAITING)
    return connection.execute(select(c.id).where(mine, c.up_to >= up_to)).first() is not None


@dataclass(frozen=True)
class Reachable:
    """Where a visitor gets mail, and on whose word: "left in the chat" or "signed by the shop"."""

    address: str
    source: str
    stopped: bool


def reachable(connection: Connection, conversation: Conversation) -> Reachable | None:
    """The address that they left in this conversation, else the one that the shop has signed in it."""
    left = left_address(connection, conversation.id)
    address, source = (None, "") if left is None else (left.address, "left in the chat")
    if address is None:
        log = interactions.c
        signed = select(log.data).where(log.conversation == conversation.id, log.type == Kind.IDENTIFIED.value)
        data = connection.execute(signed.order_by(log.id.desc()).limit(1)).scalar() or {}
        address, source = data.get("email"), "signed by the shop"
    if not address:
        return None
    return Reachable(address, source, is_stopped(connection, conversation.site, address))


def due(connection: Connection, *, at: Microseconds) -> list[Mail]:
    """What is to be sent now, the longest due first."""
    asked = _mails().where(mails.c.state == MailState.WAITING, mails.c.due_at <= at)
    return _all(connection, asked.order_by(mails.c.due_at, mails.c.id).limit(AT_ONCE))


def take(connection: Connection, id: str, *, at: Microseconds, hold: timedelta) -> bool:
    """Takes the mail to send it: for so long nobody else does, and after a crash it is due again."""
    c, until = mails.c, at + hold // timedelta(microseconds=1)
    mine = update(mails).where(c.id == id, c.state == MailState.WAITING, c.due_at <= at)
    return bool(connection.execute(mine.values(tries=c.tries + 1, due_at=until)).rowcount)


def put_off(connection: Connection, id: str, *, until: Microseconds) -> None:
    """The visitor is here: it is looked at again then."""
    connection.execute(update(mails).where(mails.c.id == id).values(due_at=until))


def is_sent(connection: Connection, id: str, *, at: Microseconds) -> None:
    _becomes(connection, id, state=MailState.SENT.value, sent_at=at, trouble=None)


def is_needless(connection: Connection, id: str) -> None:
    _becomes(connection, id, state=MailState.NEEDLESS.value)


def is_refused(connection: Connection, id: str, trouble: str) -> None:
    _becomes(connection, id, state=MailState.REFUSED.value, trouble=trouble)


def has_failed(connection: Connection, id: str, trouble: str, *, due_at: Microseconds) -> None:
    """This try has failed; the next one is then."""
    _becomes(connection, id, trouble=trouble, due_at=due_at)


def refuse_all_waiting(connection: Connection, trouble: str) -> int:
    """Without a server nothing waits for ever."""
    waiting = update(mails).where(mails.c.state == MailState.WAITING)
    return connection.execute(waiting.values(state=MailState.REFUSED.value, trouble=trouble)).rowcount


def try_again(connection: Connection, id: str, *, at: Microseconds) -> bool:
    """What was refused is tried anew, as if it had just been asked for; False when it is not refused (any more)."""
    anew = update(mails).where(mails.c.id == id, mails.c.state == MailState.REFUSED)
    values = {"state": MailState.WAITING.value, "tries": 0, "due_at": at, "created_at": at}
    return bool(connection.execute(anew.values(**values)).rowcount)


def mailed_up_to(connection: Connection, conversation: ConversationId) -> int:
    """The last seq that has gone out to the visitor by mail."""
    sent = (mails.c.conversation == conversation) & (mails.c.state == MailState.SENT)
    answers = select(func.max(mails.c.up_to)).where(sent, mails.c.kind.in_(TO_VISITORS))
    return connection.execute(answers).scalar() or 0


def unread_answers(connection: Connection, conversation: ConversationId, up_to: int) -> tuple[int, int] | None:
    """Above which seq and up to which what staff said is neither read in the chat nor mailed; None: all is."""
    seen = connection.execute(
        select(conversations.c.seen_seq).where(conversations.c.id == conversation)
    ).scalar_one_or_none()
    if seen is None:
        return None
    known = max(seen, mailed_up_to(connection, conversation))
    unread = (messages.c.conversation == conversation) & (messages.c.sender == "staff") & (messages.c.seq > known)
    row = connection.execute(
        select(func.min(messages.c.seq), func.max(messages.c.seq)).where(unread, messages.c.seq <= up_to)
    ).one()
    return None if row[0] is None else (row[0] - 1, row[1])


def mails_of(connection: Connection, conversation: ConversationId) -> list[Mail]:
    """What was mailed of it, or will be, the latest first."""
    asked = _mails().where(mails.c.conversation == conversation)
    return _all(connection, asked.order_by(mails.c.created_at.desc(), mails.c.id).limit(PAGE_OF_MAILS))


def in_state(connection: Connection, state: MailState, *, offset: int = 0) -> list[Mail]:
    """A page of those, and one more where there is a next page."""
    asked = _mails().where(mails.c.state == state).order_by(mails.c.due_at.desc(), mails.c.id)
    return _all(connection, asked.offset(offset).limit(PAGE_OF_MAILS + 1))


def outbox(connection: Connection) -> Outbox:
    counted = select(mails.c.state, func.count()).where(mails.c.state.in_((MailState.WAITING, MailState.REFUSED)))
    of = {row[0]: row[1] for row in connection.execute(counted.group_by(mails.c.state))}
    last = select(mails.c.trouble).where(mails.c.state == MailState.WAITING, mails.c.trouble.is_not(None))
    trouble = connection.execute(last.order_by(mails.c.due_at.desc(), mails.c.id).limit(1)).scalar()
    return Outbox(of.get(MailState.WAITING, 0), of.get(MailState.REFUSED, 0), trouble)


def _becomes(connection: Connection, id: str, **values: Any) -> None:
    connection.execute(update(mails).where(mails.c.id == id).values(**values))


def _mails() -> Select[Any]:
    return select(mails, staff.c.name.label("by")).join(staff, staff.c.id == mails.c.staff, isouter=True)


def _all(connection: Connection, asked: Select[Any]) -> list[Mail]:
    return [_mail(row) for row in connection.execute(asked)]


def find_mail(connection: Connection, id: str) -> Mail | None:
    row = connection.execute(_mails().where(mails.c.id == id)).one_or_none()
    return None if row is None else _mail(row)


def _mail(row: Row[Any]) -> Mail:
    return Mail(
        row.id, row.site, row.conversation, MailKind(row.kind), row.address, row.words, row.by, row.after, row.up_to,
        MailState(row.state), row.tries, row.trouble, row.created_at, row.due_at, row.sent_at,
    )  # fmt: skip
