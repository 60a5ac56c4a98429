"""What a mail that is due holds: read, and given its keys, in the transaction that takes it to be sent."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, select, update

from bot.interactions import ConversationId, Microseconds
from bot.spoken import Language, language_of
from bot.store.conversation_keys import LINK_LASTS, KeyKind, new_key
from bot.store.conversations import Conversation, Message, find, message
from bot.store.mail_stops import is_stopped
from bot.store.mail_tables import mails
from bot.store.mails import (
    FORWARDS,
    TO_VISITORS,
    Mail,
    MailKind,
    Reachable,
    find_mail,
    is_needless,
    reachable,
    take,
    unread_answers,
)
from bot.store.tables import messages

MESSAGES_AT_MOST = 500
LAST_SAID = 8


@dataclass(frozen=True)
class Ready:
    """A mail that is taken, with what it says. `link` and `stop` are of a visitor's mail."""

    mail: Mail
    conversation: Conversation
    said: tuple[Message, ...]
    link: str
    stop: str
    until: Microseconds
    language: Language


def make_ready(connection: Connection, id: str, *, at: Microseconds, hold: timedelta) -> Ready | None:
    """Takes the mail; None when somebody else has it, or nobody needs it any more."""
    mail = find_mail(connection, id)
    conversation = None if mail is None else find(connection, mail.conversation)
    if mail is None or conversation is None or not take(connection, id, at=at, hold=hold):
        return None
    mail = replace(mail, tries=mail.tries + 1)
    if mail.kind in TO_VISITORS and is_stopped(connection, mail.site, mail.address):
        is_needless(connection, id)
        return None
    if mail.kind is MailKind.ANSWERS:
        unread = unread_answers(connection, mail.conversation, conversation.seq)
        if unread is None:
            is_needless(connection, id)
            return None
        mail = replace(mail, after=unread[0], up_to=unread[1])
        connection.execute(update(mails).where(mails.c.id == id).values(after=unread[0], up_to=unread[1]))
    link, stop = (
        (new_key(connection, kind, conversation.id, id, at=at) for kind in (KeyKind.LINK, KeyKind.STOP))
        if mail.kind in TO_VISITORS
        else ("", "")
    )
    until = Microseconds(at + LINK_LASTS // timedelta(microseconds=1))
    said = contents(connection, conversation.id, mail.kind, after=mail.after, up_to=mail.up_to)
    return Ready(mail, conversation, said, link, stop, until, spoken(connection, conversation))


def contents(
    connection: Connection,
    conversation: ConversationId,
    kind: MailKind,
    *,
    up_to: int,
    after: int = 0,
) -> tuple[Message, ...]:
    """The messages that go into a mail of this kind, oldest first: the latest 500 of a transcript.

    An answer goes with what the visitor said last before it. Notes are for the staff, and in no visitor's mail.
    """
    c = messages.c
    theirs = select(messages).where(c.conversation == conversation)
    if kind is MailKind.TRANSCRIPT or kind in FORWARDS:
        whole = theirs.where(c.seq <= up_to)
        whole = whole if kind is MailKind.FORWARD_ALL else whole.where(c.sender != "note")
        return _oldest_first(connection, whole.order_by(c.seq.desc()).limit(MESSAGES_AT_MOST))
    asked = theirs.where(c.sender == "visitor", c.seq <= after).order_by(c.seq.desc()).limit(1)
    answers = theirs.where(c.sender == "staff", c.seq > after, c.seq <= up_to).order_by(c.seq.desc())
    return _oldest_first(connection, asked) + _oldest_first(connection, answers.limit(MESSAGES_AT_MOST))


def spoken(connection: Connection, conversation: Conversation) -> Language:
    """In which of our languages the visitor is written to."""
    c = messages.c
    said = select(c.text).where(c.conversation == conversation.id, c.sender == "visitor")
    rows = connection.execute(said.order_by(c.seq.desc()).limit(LAST_SAID)).scalars()
    return language_of("", rows, conversation.language)


@dataclass(frozen=True)
class Preview:
    """What a mail would say if it were asked for now; `said` is empty when no answer waits to be read."""

    said: tuple[Message, ...]
    language: Language
    reachable: Reachable | None


def preview(connection: Connection, conversation: Conversation, kind: MailKind) -> Preview:
    after, up_to, to = 0, conversation.seq, reachable(connection, conversation)
    language = spoken(connection, conversation)
    if kind is MailKind.ANSWER:
        unread = unread_answers(connection, conversation.id, up_to)
        if unread is None:
            return Preview((), language, to)
        after, up_to = unread
    return Preview(contents(connection, conversation.id, kind, after=after, up_to=up_to), language, to)


def _oldest_first(connection: Connection, asked: Select[Any]) -> tuple[Message, ...]:
    return tuple(message(row) for row in connection.execute(asked))[::-1]
