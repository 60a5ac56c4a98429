"""The outbox: a turn is opened with its message, in one transaction, and closed once with all that it caused."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, func, insert, select, update

from bot.conversation import BotFailed, Effect, Owner, VisitorAskedForPerson, VisitorSaid
from bot.interactions import ConversationId, Decision, Interaction, Kind, Microseconds, TurnId, Understanding
from bot.store.conversations import (
    Conversation,
    Gone,
    Message,
    existing,
    find,
    give_receipt,
    happen,
    interaction,
    message,
    receipt,
    say,
)
from bot.store.files import File, attach, counted, unused
from bot.store.forget import Forgotten, forget_as_said, forget_facts
from bot.store.interactions import append
from bot.store.tables import conversations, messages, turns

FILES_ONLY = "/share_file"
"""What the engine is told of a message without words: an intent of domain.yml, since there is nothing to understand."""
NOTED_BY = "Bot"
HISTORY = 8
"""Earlier messages that a follow-up question may refer to."""


@dataclass(frozen=True)
class Received:
    """What became of a visitor's frame: `message` is None when it had been stored before."""

    seq: int | None
    conversation: Conversation
    message: Message | None = None
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True)
class OpenTurn:
    """A visitor message that waits for its answer. `history` is oldest first and ends before this message."""

    id: TurnId
    conversation: Conversation
    seq: int
    mode: Literal["answer", "understand"]
    text: str
    payload: str | None
    page: str | None
    attempts: int
    opened_at: Microseconds
    dialogue: dict[str, Any] | None
    """What the engine gave with the last answer, to go on with."""
    history: tuple[Message, ...]
    is_last: bool
    """No other turn of the conversation was open when this one was looked for."""


@dataclass(frozen=True)
class Reply:
    """What the bot says. `buttons` are (title, what pressing it tells the engine)."""

    text: str
    sources: tuple[dict[str, str], ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()
    cards: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """All that a turn caused; it is written whole or not at all."""

    replies: tuple[Reply, ...] = ()
    understanding: Understanding | None = None
    actions: tuple[str, ...] = ()
    decided: tuple[Decision, ...] = ()
    bot: str = ""
    """The version of the bot that answered."""
    dialogue: dict[str, Any] | None = None
    noted: tuple[tuple[Kind, dict[str, Any]], ...] = ()
    """Further interactions, each with its data: an unanswered question, a rating."""
    notes: tuple[str, ...] = ()
    """What staff are told beside the transcript."""
    from_pages: dict[str, Any] | None = None
    """What the pages were asked and gave: `answered`, `confidence`, and `pages`, the quoted one first."""
    wants_person: str | None = None
    """Why a person is asked for."""
    forgets: tuple[str, ...] = ()
    """Ids of facts that the visitor takes back."""
    forgets_all: bool = False


@dataclass(frozen=True)
class Closed:
    conversation: Conversation
    messages: tuple[Message, ...] = ()
    effects: tuple[Effect, ...] = field(default=())
    forgotten: Forgotten | None = None
    """Who is gone with the turn, on their own wish; the messages are their last, and kept nowhere."""
    erased: bool = False
    """Something that was stored before is gone."""


# What every turn needs is put together once: that takes longer than to run it.
_OPEN = insert(turns)
_END = update(turns).where(turns.c.id == bindparam("turn"), turns.c.state == "open")
_OPEN_ONES = (
    select(turns, messages.c.text, messages.c.page, conversations.c.dialogue)
    .join(messages, (messages.c.conversation == turns.c.conversation) & (messages.c.seq == turns.c.seq))
    .join(conversations, conversations.c.id == turns.c.conversation)
    .where(turns.c.conversation == bindparam("conversation"), turns.c.state == "open")
    .order_by(turns.c.seq)
    .limit(2)
)
_SAID_BEFORE = (
    select(messages)
    .where(
        messages.c.conversation == bindparam("conversation"),
        messages.c.seq < bindparam("before"),
        messages.c.sender != "note",
    )
    .order_by(messages.c.seq.desc())
    .limit(HISTORY)
)
_KEEP = update(conversations).where(conversations.c.id == bindparam("conversation"))


def receive(
    connection: Connection,
    conversation: ConversationId,
    *,
    frame: str,
    text: str,
    page: str | None,
    at: Microseconds,
    files: Sequence[str] = (),
) -> Received | None:
    """Stores what a visitor said, opens its turn and gives the receipt. The same frame again changes nothing.

    None when it names a file that is not this conversation's, not there yet, or was sent with a message before.
    """
    return _receive(
        connection, conversation, frame=frame, text=text, page=page, at=at, kind=None, payload=None, files=files
    )


def press(
    connection: Connection, conversation: ConversationId, *, frame: str, button: str, at: Microseconds
) -> Received | None:
    """As `receive`, with the button's title as the visitor's words; None for a button that may not be pressed.

    Only those of the bot's latest turn may: once the visitor has said or pressed something, they are used.
    """
    known, seq = receipt(connection, conversation, frame)
    if known:
        return Received(seq, existing(connection, conversation))
    last = select(func.coalesce(func.max(messages.c.seq), 0)).where(
        messages.c.conversation == conversation, messages.c.sender == "visitor"
    )
    offered = connection.execute(
        select(messages.c.buttons)
        .where(messages.c.conversation == conversation, messages.c.seq > last.scalar_subquery())
        .order_by(messages.c.seq)
        .limit(100)
    ).scalars()
    for buttons in offered:
        for choice in buttons:
            if choice["id"] == button:
                return _receive(
                    connection,
                    conversation,
                    frame=frame,
                    text=choice["title"],
                    page=None,
                    at=at,
                    kind=Kind.PRESS,
                    payload=choice["payload"],
                )
    return None


def _receive(
    connection: Connection,
    conversation: ConversationId,
    *,
    frame: str,
    text: str,
    page: str | None,
    at: Microseconds,
    kind: Kind | None,
    payload: str | None,
    files: Sequence[str] = (),
) -> Received | None:
    known, seq = receipt(connection, conversation, frame)
    if known:
        return Received(seq, existing(connection, conversation))
    carried = _carried(connection, conversation, files)
    if carried is None:
        return None
    now, effects = happen(connection, conversation, VisitorSaid(), at=at)
    turn = TurnId(secrets.token_urlsafe(12))
    said = say(
        connection,
        now,
        sender="visitor",
        text=text,
        at=at,
        id=frame,
        turn=turn,
        page=page,
        files=[asdict(one) for one in carried],
        data=counted(carried),
    )
    attach(connection, carried, said.seq)
    payload = payload or (None if text else FILES_ONLY)
    mode = "understand" if Effect.ASK_ENGINE_TO_UNDERSTAND in effects else "answer"
    opened = {"id": turn, "conversation": conversation, "seq": said.seq, "mode": mode, "payload": payload}
    connection.execute(_OPEN, opened | {"state": "open", "attempts": 0, "opened_at": at})
    give_receipt(connection, conversation, frame, said.seq)
    if kind is not None:
        append(
            connection,
            [interaction(now, kind, at=at, source_id=f"{conversation}:{frame}:{kind}", seq=said.seq, turn=turn)],
        )
    return Received(said.seq, now, said, effects)


def _carried(connection: Connection, conversation: ConversationId, files: Sequence[str]) -> list[File] | None:
    if not files:
        return []
    # The conversation first, as everywhere: who forgets it takes it before its files.
    if find(connection, conversation, lock=True) is None:
        raise Gone
    return unused(connection, conversation, files)


def unfinished(connection: Connection) -> list[ConversationId]:
    """Conversations with an open turn: what a crash or a restart left to do."""
    rows = connection.execute(
        select(turns.c.conversation).where(turns.c.state == "open").distinct().order_by(turns.c.conversation)
    )
    return [row.conversation for row in rows]


def next_open(connection: Connection, conversation: ConversationId) -> OpenTurn | None:
    """The lowest open turn, with what the engine needs to answer it."""
    rows = connection.execute(_OPEN_ONES, {"conversation": conversation}).all()
    if not rows:
        return None
    row = rows[0]
    earlier = connection.execute(_SAID_BEFORE, {"conversation": conversation, "before": row.seq}).all()
    return OpenTurn(
        id=row.id,
        conversation=existing(connection, conversation),
        seq=row.seq,
        mode=row.mode,
        text=row.text,
        payload=row.payload,
        page=row.page,
        attempts=row.attempts,
        opened_at=row.opened_at,
        dialogue=row.dialogue,
        history=tuple(message(one) for one in reversed(earlier)),
        is_last=len(rows) == 1,
    )


def tried(connection: Connection, turn: TurnId) -> None:
    connection.execute(update(turns).where(turns.c.id == turn).values(attempts=turns.c.attempts + 1))


def close(connection: Connection, turn: OpenTurn, outcome: Outcome, *, at: Microseconds) -> Closed | None:
    """Writes all that the turn caused and closes it; None when it is not open any more: a late result is refused."""
    # Held until the commit, so that staff can't take it over between this look and what the bot says.
    conversation = find(connection, turn.conversation.id, lock=True)
    if conversation is None or not _end(connection, turn.id, "closed", at):
        return None
    said: list[Message] = []
    log: list[Interaction] = []
    for text in outcome.notes:
        noted = say(connection, conversation, sender="note", name=NOTED_BY, text=text, at=at, turn=turn.id)
        conversation = replace(conversation, seq=noted.seq, changed_at=at)
    # Staff may have taken over while the engine thought: the bot never speaks over them.
    if conversation.standing.owner is not Owner.STAFF:
        said = [_reply(connection, conversation, turn, reply, at, log=log) for reply in outcome.replies]
    append(connection, log + _log(conversation, turn, outcome, at))
    if outcome.dialogue is not None and turn.mode == "answer":
        connection.execute(_KEEP, {"conversation": conversation.id, "dialogue": outcome.dialogue})
    if said:
        conversation = replace(conversation, seq=said[-1].seq, changed_at=at)
    if outcome.forgets_all:
        gone = forget_as_said(connection, conversation.id)
        return Closed(conversation, tuple(said), forgotten=gone, erased=True)
    if outcome.forgets:
        forget_facts(connection, conversation.id, outcome.forgets)
    if outcome.wants_person is None:
        return Closed(conversation, tuple(said), erased=bool(outcome.forgets))
    after, effects = happen(connection, conversation.id, VisitorAskedForPerson(), at=at)
    return Closed(after, tuple(said), effects, erased=bool(outcome.forgets))


def give_up(connection: Connection, turn: OpenTurn, apology: Reply, *, at: Microseconds) -> Closed | None:
    """Closes a turn past its deadline with an honest sentence, and asks for a person."""
    if not _end(connection, turn.id, "failed", at):
        return None
    conversation, effects = happen(connection, turn.conversation.id, BotFailed(), at=at)
    if conversation.standing.owner is Owner.STAFF:
        return Closed(conversation, (), effects)
    said = _reply(connection, conversation, turn, apology, at, failed=True)
    data = {"to": "nobody", "reason": "no answer from the bot in time"}
    append(connection, [_about(conversation, turn, Kind.HANDOVER, data, at)])
    return Closed(conversation, (said,), effects)


def _end(connection: Connection, turn: TurnId, state: str, at: Microseconds) -> bool:
    return bool(connection.execute(_END, {"turn": turn, "state": state, "closed_at": at}).rowcount)


def _reply(
    connection: Connection,
    conversation: Conversation,
    turn: OpenTurn,
    reply: Reply,
    at: Microseconds,
    *,
    failed: bool = False,
    log: list[Interaction] | None = None,
) -> Message:
    buttons = [
        {"id": secrets.token_urlsafe(12), "title": title, "payload": payload} for title, payload in reply.buttons
    ]
    return say(
        connection,
        conversation,
        sender="bot",
        text=reply.text,
        at=at,
        sources=reply.sources,
        buttons=buttons,
        cards=reply.cards,
        reply_to=turn.seq,
        turn=turn.id,
        page=turn.page,
        data={"failed": True} if failed else None,
        log=log,
    )


def _log(conversation: Conversation, turn: OpenTurn, outcome: Outcome, at: Microseconds) -> list[Interaction]:
    rows = []
    if (made := outcome.understanding) is not None:
        data: dict[str, Any] = {
            "intent": made.intent,
            "confidence": round(made.confidence, 4),
            "ranking": [[name, round(confidence, 4)] for name, confidence in made.ranking],
            "entities": [
                {"kind": one.kind, "text": one.text, "value": one.value, "start": one.start, "end": one.end}
                for one in made.entities
            ],
            "sentiment": made.sentiment,
            "facts": [list(fact) for fact in made.facts],
            "topics": list(made.topics),
            "statements": [asdict(one) | {"topics": list(one.topics)} for one in made.statements],
            "actions": list(outcome.actions),
        }
        if outcome.bot:
            data["bot"] = outcome.bot
        if outcome.decided:
            data["decided"] = [_told(one) for one in outcome.decided]
        if outcome.from_pages is not None:
            data["from_pages"] = outcome.from_pages
        rows.append(_about(conversation, turn, Kind.UNDERSTANDING, data, at))
    rows += [_about(conversation, turn, kind, data, at) for kind, data in outcome.noted]
    if outcome.wants_person is not None:
        rows.append(_about(conversation, turn, Kind.HANDOVER, {"to": "nobody", "reason": outcome.wants_person}, at))
    return rows


def _told(decision: Decision) -> dict[str, Any]:
    return {name: value for name, value in asdict(decision).items() if value is not None}


def _about(
    conversation: Conversation, turn: OpenTurn, kind: Kind, data: dict[str, Any], at: Microseconds
) -> Interaction:
    return interaction(
        conversation,
        kind,
        at=at,
        source_id=f"{turn.id}:{kind}",
        seq=turn.seq,
        turn=turn.id,
        url=turn.page,
        data=data,
        source="turn",
    )
