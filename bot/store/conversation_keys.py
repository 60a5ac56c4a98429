"""Secrets that lead to one conversation beside its own token: what a mail's links carry, and what they are changed for.

A link of a mail opens nothing by itself. It is changed for a code, good once and for two minutes, which is all that
the site's page ever has in its address; the widget changes that for a token of its own.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select, update

from bot.interactions import ConversationId, Microseconds, SiteKey
from bot.store.conversations import Conversation, existing, hash_of
from bot.store.mail_stops import stop
from bot.store.mail_tables import conversation_keys as keys
from bot.store.mail_tables import mails
from bot.store.tables import conversations

LINK_LASTS, CODE_LASTS = timedelta(days=14), timedelta(minutes=2)
USES = 20
"""A link may be opened so often, in whichever browser. Each leaves a key behind."""


class KeyKind(StrEnum):
    LINK = "link"
    CODE = "code"
    BROWSER = "browser"
    """Ends with the conversation's own token."""
    STOP = "stop"
    """Takes the address out of the mails, and reads nothing."""


@dataclass(frozen=True)
class Resumed:
    conversation: Conversation
    token: str


def new_key(connection: Connection, kind: KeyKind, conversation: ConversationId, mail: str, *, at: Microseconds) -> str:
    """A new secret, which is not stored and can't be had again."""
    token = secrets.token_urlsafe(24)
    lasts = {KeyKind.LINK: LINK_LASTS, KeyKind.CODE: CODE_LASTS}.get(kind)
    ends_at = None if lasts is None else at + lasts // timedelta(microseconds=1)
    values = {"kind": kind.value, "conversation": conversation, "mail": mail, "uses": 0, "made_at": at}
    connection.execute(insert(keys).values(token_hash=hash_of(token), ends_at=ends_at, **values))
    return token


def drop_key(connection: Connection, token: str) -> None:
    """Of a mail that certainly did not go."""
    connection.execute(delete(keys).where(keys.c.token_hash == hash_of(token)))


def open_link(connection: Connection, link: str, *, at: Microseconds) -> tuple[Conversation, str] | None:
    """The link's conversation, and the code to resume it with; None when it is unknown, ended, or used too often."""
    connection.execute(delete(keys).where(keys.c.ends_at <= at))
    c = keys.c
    used = update(keys).where(c.token_hash == hash_of(link), c.kind == KeyKind.LINK, c.ends_at > at, c.uses < USES)
    row = connection.execute(used.values(uses=c.uses + 1).returning(c.conversation, c.mail)).one_or_none()
    if row is None:
        return None
    return existing(connection, row.conversation), new_key(
        connection, KeyKind.CODE, row.conversation, row.mail, at=at
    )  # fmt: skip


def resume(
    connection: Connection, site: SiteKey, code: str, *, at: Microseconds, token: str | None = None
) -> Resumed | None:
    """Changes the code for a browser's token, once; None when it is unknown, ended, or another site's.

    Who holds a token of that conversation goes on with theirs.
    """
    c = keys.c
    of_site = select(conversations.c.id).where(conversations.c.id == c.conversation, conversations.c.site == site)
    mine = (c.token_hash == hash_of(code)) & (c.kind == KeyKind.CODE) & (c.ends_at > at) & of_site.exists()
    row = connection.execute(delete(keys).where(mine).returning(c.conversation, c.mail)).one_or_none()
    if row is None:
        return None
    conversation = existing(connection, row.conversation)
    if token is not None and _opens(connection, token) == conversation.id:
        return Resumed(conversation, token)
    # The conversation's life goes on from here, whatever is left of its first browser's.
    connection.execute(update(conversations).where(conversations.c.id == conversation.id).values(token_used_at=at))
    return Resumed(conversation, new_key(connection, KeyKind.BROWSER, conversation.id, row.mail, at=at))


def stopped_by(connection: Connection, token: str, *, at: Microseconds) -> bool:
    """Takes the address to which this secret was mailed out of the mails; False when nobody has it."""
    mine = select(mails.c.site, mails.c.address).join(keys, keys.c.mail == mails.c.id)
    row = connection.execute(mine.where(keys.c.token_hash == hash_of(token), keys.c.kind == KeyKind.STOP)).one_or_none()
    if row is None:
        return False
    stop(connection, row.site, row.address, at=at)
    return True


def leads_nowhere(connection: Connection, token: str) -> bool:
    """Whether no mail gave this secret to say stop with, or what it belonged to was erased."""
    mine = select(keys.c.mail).where(keys.c.token_hash == hash_of(token), keys.c.kind == KeyKind.STOP)
    return connection.execute(mine).first() is None


def _opens(connection: Connection, token: str) -> ConversationId | None:
    own = select(conversations.c.id).where(conversations.c.token_hash == hash_of(token))
    given = select(keys.c.conversation).where(keys.c.token_hash == hash_of(token), keys.c.kind == KeyKind.BROWSER)
    return connection.execute(own.union(given)).scalar()
