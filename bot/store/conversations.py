"""Conversations and their messages: what a chat socket and the console read and write."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from bot.conversation import (
    Effect,
    Happening,
    Owner,
    StaffResolved,
    StaffSaid,
    StaffTook,
    Standing,
    State,
    VisitorAskedForPerson,
    advance,
)
from bot.interactions import ConversationId, CustomerId, Interaction, Kind, Microseconds, SiteKey, VisitorId
from bot.store.console_tables import nobody_came
from bot.store.ids import new_id
from bot.store.interactions import append
from bot.store.mail_tables import conversation_keys
from bot.store.tables import conversations, messages, receipts

UNUSED_FOR_US = 30 * 86_400 * 1_000_000
UNUSED_WITH_MEMORY_US = 395 * 86_400 * 1_000_000
"""Thirty days, or with consent to memory thirteen months: then a token ends."""
PAGE_OF_MESSAGES = 100


@dataclass(frozen=True)
class Conversation:
    id: ConversationId
    site: SiteKey
    visitor: VisitorId | None
    owns_visitor: bool
    """The browser became this visitor here. Else it only showed their reference, which other pages know too."""
    customer: CustomerId | None
    standing: Standing
    measure: bool
    memory: bool
    seq: int
    seen_seq: int
    page: str | None
    language: str | None
    created_at: Microseconds
    changed_at: Microseconds
    ours: bool = False
    """Staff say that it was one of them, trying the chat."""


@dataclass(frozen=True)
class Message:
    """One line of the transcript. `sender` is visitor, bot, staff or note; a note is never shown to the visitor.

    `buttons` are {id, title, payload}; the payload is for the engine and never leaves the gateway. `files` are
    {id, name, type, size}, `cards` {title, text, url, image, price}.
    """

    seq: int
    sender: str
    text: str
    at: Microseconds
    id: str | None = None
    name: str | None = None
    sources: tuple[dict[str, str], ...] = ()
    buttons: tuple[dict[str, str], ...] = ()
    reply_to: int | None = None
    turn: str | None = None
    page: str | None = None
    files: tuple[dict[str, Any], ...] = ()
    cards: tuple[dict[str, Any], ...] = ()


# All but what the engine goes on with: that is most of a row, and only the next turn needs it; and the list's own.
_LISTED = ("unanswered_since", "snoozed_until", "intent", "sentiment", "stars", "reason", "worth", "ahead", "place",
           "answered", "bought")  # fmt: skip
_COLUMNS = [column for column in conversations.c if column.name not in ("dialogue", "weighed_at", *_LISTED)]
# What every turn needs is put together once: that takes longer than to run it.
_THIS = conversations.c.id == bindparam("conversation")
_FIND = select(*_COLUMNS).where(_THIS)
_FIND_AND_LOCK = _FIND.with_for_update()
_STAND = update(conversations).where(_THIS)
_TAKE_SEQ = (
    update(conversations)
    .where(_THIS)
    .values(seq=conversations.c.seq + 1, changed_at=bindparam("at"))
    .returning(conversations.c.seq)
)
_SPOKE = _TAKE_SEQ.values(unanswered_since=func.coalesce(conversations.c.unanswered_since, bindparam("at")))
_TAKES_SEQ = {"visitor": _SPOKE, "note": _TAKE_SEQ}
_ANSWERED = _TAKE_SEQ.values(unanswered_since=None, answered=True)
_STILL_WAITS = (
    update(conversations)
    .where(_THIS, conversations.c.state == State.WAITING.value)
    .values(unanswered_since=conversations.c.asked_person_at)
)
_CAME_AFTER_ALL = (
    update(nobody_came)
    .where(nobody_came.c.conversation == bindparam("whose"), nobody_came.c.ended_at.is_(None))
    .values(ended_at=bindparam("came_at"))
)
_SAY = insert(messages)
_RECEIPT = select(receipts.c.seq).where(
    receipts.c.conversation == bindparam("conversation"), receipts.c.id == bindparam("frame")
)
_GIVE_RECEIPT = insert(receipts)


class Gone(Exception):
    """The conversation was forgotten, perhaps a moment ago and by another window."""


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin(
    connection: Connection, site: SiteKey, *, at: Microseconds, language: str | None, page: str | None
) -> tuple[Conversation, str]:
    """A new conversation and its token, which is not stored and can't be had again."""
    token = secrets.token_urlsafe(16)
    row = connection.execute(
        insert(conversations)
        .values(
            id=new_id(16),
            site=site,
            token_hash=hash_of(token),
            token_used_at=at,
            owner=Owner.BOT,
            state=State.OPEN,
            measure=False,
            memory=False,
            owns_visitor=False,
            language=language,
            seq=0,
            seen_seq=0,
            page=page,
            created_at=at,
            changed_at=at,
        )
        .returning(conversations)
    ).one()
    return _conversation(row), token


def by_token(connection: Connection, site: SiteKey | None, token: str, *, at: Microseconds) -> Conversation | None:
    """The conversation of this token, or None: unknown, revoked, of another site, or unused for too long.

    Without a site the caller has to compare it: the token alone says which one it is.
    """
    row = connection.execute(select(conversations).where(conversations.c.token_hash == hash_of(token))).one_or_none()
    if row is None:
        # A browser that came by the link of a mail has a token of its own.
        given = select(conversation_keys.c.conversation).where(
            conversation_keys.c.token_hash == hash_of(token), conversation_keys.c.kind == "browser"
        )
        row = connection.execute(
            select(conversations).where(conversations.c.id == given.scalar_subquery())
        ).one_or_none()
    if row is None or site not in (None, row.site):
        return None
    unused = at - row.token_used_at
    return None if unused > (UNUSED_WITH_MEMORY_US if row.memory else UNUSED_FOR_US) else _conversation(row)


def touch(connection: Connection, conversation: ConversationId, *, at: Microseconds) -> None:
    connection.execute(update(conversations).where(conversations.c.id == conversation).values(token_used_at=at))


def find(connection: Connection, conversation: str, *, lock: bool = False) -> Conversation | None:
    """The conversation; with `lock` nobody else changes it until the transaction ends."""
    row = connection.execute(_FIND_AND_LOCK if lock else _FIND, {"conversation": conversation}).one_or_none()
    return None if row is None else _conversation(row)


def existing(connection: Connection, conversation: str) -> Conversation:
    """The conversation; Gone when it was forgotten."""
    found = find(connection, conversation)
    if found is None:
        raise Gone
    return found


def receipt(connection: Connection, conversation: ConversationId, frame: str) -> tuple[bool, int | None]:
    """Whether a frame of this id was acted on before, and the seq that its ack carried."""
    row = connection.execute(_RECEIPT, {"conversation": conversation, "frame": frame}).one_or_none()
    return (False, None) if row is None else (True, row.seq)


def give_receipt(connection: Connection, conversation: ConversationId, frame: str, seq: int | None) -> None:
    connection.execute(_GIVE_RECEIPT, {"conversation": conversation, "id": frame, "seq": seq})


def happen(
    connection: Connection, conversation: ConversationId, happening: Happening, *, at: Microseconds
) -> tuple[Conversation, tuple[Effect, ...]]:
    """Advances the conversation by `happening`; its row stays locked until the transaction ends."""
    before = _conversation(_there(connection.execute(_FIND_AND_LOCK, {"conversation": conversation}).one_or_none()))
    standing, effects = advance(before.standing, happening)
    values = {"owner": standing.owner, "state": standing.state, "staff": standing.staff, "changed_at": at}
    if standing.state is State.WAITING and before.standing.state is not State.WAITING:
        values["asked_person_at"] = at
    if not isinstance(happening, StaffSaid):
        values["snoozed_until"] = None
    if isinstance(happening, StaffTook) and before.standing.state is State.WAITING:
        # Taken is not answered: until somebody says something, they wait since they asked.
        connection.execute(_STILL_WAITS, {"conversation": conversation})
    if isinstance(happening, StaffTook | StaffResolved | VisitorAskedForPerson):
        connection.execute(_CAME_AFTER_ALL, {"whose": conversation, "came_at": at})
    connection.execute(_STAND, {"conversation": conversation} | values)
    return replace(before, standing=standing, changed_at=at), effects


def say(
    connection: Connection,
    conversation: Conversation,
    *,
    sender: str,
    text: str,
    at: Microseconds,
    id: str | None = None,
    name: str | None = None,
    sources: Sequence[dict[str, str]] = (),
    buttons: Sequence[dict[str, str]] = (),
    reply_to: int | None = None,
    turn: str | None = None,
    page: str | None = None,
    files: Sequence[dict[str, Any]] = (),
    cards: Sequence[dict[str, Any]] = (),
    data: dict[str, Any] | None = None,
    log: list[Interaction] | None = None,
) -> Message:
    """Adds a message under the next seq, and its row to the log (a note has none: it is no interaction).

    With `log` the row is put there, for a caller who appends it together with others.
    """
    # Taken by the database, so that two writers can't get the same seq.
    take_seq = _TAKES_SEQ.get(sender, _ANSWERED)
    seq = connection.execute(take_seq, {"conversation": conversation.id, "at": at}).scalar_one()
    values = {
        "seq": seq,
        "sender": sender,
        "text": text,
        "at": at,
        "id": id,
        "name": name,
        "reply_to": reply_to,
        "turn": turn,
        "page": page,
    }
    shown = {"sources": list(sources), "buttons": list(buttons), "files": list(files), "cards": list(cards)}
    connection.execute(_SAY, {"conversation": conversation.id} | values | shown)
    if sender != "note":
        kind = Kind.MESSAGE if sender == "visitor" else Kind.ANSWER
        told = {"from": sender} | ({"reply_to": reply_to} if reply_to else {}) | (data or {})
        source_id = f"{conversation.id}:{seq}"
        row = interaction(conversation, kind, at=at, source_id=source_id, seq=seq, turn=turn, url=page, data=told)
        if log is None:
            append(connection, [row])
        else:
            log.append(row)
    return Message(
        **values, sources=tuple(sources), buttons=tuple(buttons), files=tuple(files), cards=tuple(cards)
    )  # fmt: skip


def interaction(
    conversation: Conversation,
    kind: Kind,
    *,
    at: Microseconds,
    source_id: str,
    seq: int | None = None,
    turn: str | None = None,
    url: str | None = None,
    data: dict[str, Any] | None = None,
    source: str = "chat",
) -> Interaction:
    """A row of the log about this conversation; it names the visitor only when they agreed to be measured."""
    return Interaction(
        at=at,
        site=conversation.site,
        kind=kind,
        source=source,
        source_id=source_id,
        visitor=conversation.visitor if conversation.measure or conversation.memory else None,
        customer=conversation.customer,
        conversation=conversation.id,
        seq=seq,
        turn=turn,  # type: ignore[arg-type]
        url=url,
        data=data or {},
    )


def transcript(
    connection: Connection,
    conversation: ConversationId,
    *,
    after: int = 0,
    before: int | None = None,
    notes: bool = False,
    limit: int = PAGE_OF_MESSAGES,
) -> tuple[list[Message], bool]:
    """At most `limit` messages, oldest first, and whether there are more.

    With `before`, the latest ones below it; else the first ones above `after`.
    """
    query = select(messages).where(messages.c.conversation == conversation)
    if not notes:
        query = query.where(messages.c.sender != "note")
    if before is not None:
        query = query.where(messages.c.seq < before).order_by(messages.c.seq.desc())
    else:
        query = query.where(messages.c.seq > after).order_by(messages.c.seq)
    rows = connection.execute(query.limit(limit + 1)).all()
    found = [message(row) for row in rows[:limit]]
    return (found[::-1] if before is not None else found), len(rows) > limit


def saw(connection: Connection, conversation: ConversationId, seq: int) -> bool:
    """The visitor has seen all up to `seq`; False when that was known or no message has this seq."""
    return bool(
        connection.execute(
            update(conversations)
            .where(conversations.c.id == conversation, conversations.c.seen_seq < seq, conversations.c.seq >= seq)
            .values(seen_seq=seq)
        ).rowcount
    )


def message(row: Row[Any]) -> Message:
    return Message(
        seq=row.seq,
        sender=row.sender,
        text=row.text,
        at=row.at,
        id=row.id,
        name=row.name,
        sources=tuple(row.sources),
        buttons=tuple(row.buttons),
        reply_to=row.reply_to,
        turn=row.turn,
        page=row.page,
        files=tuple(row.files),
        cards=tuple(row.cards),
    )


def _conversation(row: Row[Any]) -> Conversation:
    return Conversation(
        id=row.id,
        site=row.site,
        visitor=row.visitor,
        customer=row.customer,
        standing=Standing(Owner(row.owner), State(row.state), row.staff),
        measure=row.measure,
        memory=row.memory,
        owns_visitor=row.owns_visitor,
        seq=row.seq,
        seen_seq=row.seen_seq,
        page=row.page,
        language=row.language,
        created_at=row.created_at,
        changed_at=row.changed_at,
        ours=row.ours,
    )


def _there(row: Row[Any] | None) -> Row[Any]:
    if row is None:
        raise Gone
    return row
