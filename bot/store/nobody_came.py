"""Who asked for a person and got none in time: back to the bot, once for each request, however many gateways look."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.conversation import Effect, NobodyCame, Owner, State
from bot.interactions import ConversationId, Interaction, Kind, Microseconds, SiteKey
from bot.store.console_tables import nobody_came
from bot.store.conversations import Conversation, Message, find, happen, interaction, say
from bot.store.interactions import append
from bot.store.tables import conversations, interactions, messages, turns

AT_ONCE = 100
NOTED_BY = "Bot"
Dialogue = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Somebody who waits, and since when."""

    conversation: ConversationId
    site: SiteKey
    at: Microseconds
    language: str | None


@dataclass(frozen=True)
class WentBack:
    """`messages` are the note for the staff and the apology, as everybody is to be shown them."""

    conversation: Conversation
    messages: tuple[Message, ...]
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class InVain:
    """Who went back after so many minutes, and whether they left an address to be answered at."""

    minutes: int
    by_mail: bool

    def __str__(self) -> str:
        told = f"went back to the bot after {self.minutes} minute{'' if self.minutes == 1 else 's'}"
        return f"{told} · wants an answer by mail" if self.by_mail else told


@dataclass(frozen=True)
class Plea:
    """What is said to who went back, and what the engine is to go on with; None leaves that as it is."""

    text: str
    dialogue: Dialogue | None = None


def who_wait(connection: Connection, *, since: Microseconds, until: Microseconds) -> list[Asked]:
    """Those who wait and asked in this time, the first first; so many at once that no transaction is long."""
    c = conversations.c
    rows = connection.execute(
        select(c.id, c.site, c.asked_person_at, c.language)
        .where(c.owner == Owner.NOBODY, c.state == State.WAITING, c.asked_person_at.between(since, until))
        .order_by(c.asked_person_at, c.id)
        .limit(AT_ONCE)
    )
    return [Asked(row.id, row.site, row.asked_person_at, row.language) for row in rows]


def go_back(
    connection: Connection,
    asked: Asked,
    *,
    minutes: int,
    plea: Callable[[str | None, Dialogue | None], Plea],
    at: Microseconds,
) -> WentBack | None:
    """Gives who waits back to the bot, with what `plea` makes of the address that they left and of the dialogue.

    None when somebody came meanwhile, when another gateway was quicker, and while the bot is about to answer.
    """
    # Held until the commit: of this and a member who takes the conversation, one is first and the other sees it.
    known = find(connection, asked.conversation, lock=True)
    row = connection.execute(
        select(conversations.c.asked_person_at, conversations.c.dialogue).where(
            conversations.c.id == asked.conversation
        )
    ).one_or_none()
    if known is None or row is None or (known.standing.state, row.asked_person_at) != (State.WAITING, asked.at):
        return None
    if _is_being_answered(connection, known.id):
        return None
    left = left_address(connection, known.id)
    said = plea(None if left is None else left.address, row.dialogue)
    after, effects = happen(connection, known.id, NobodyCame(), at=at)
    connection.execute(
        insert(nobody_came).values(conversation=known.id, asked_at=asked.at, at=at, minutes=minutes, ended_at=None)
    )
    if said.dialogue is not None:
        connection.execute(
            update(conversations).where(conversations.c.id == known.id).values(dialogue=said.dialogue)
        )  # fmt: skip
    messages = _told(connection, after, minutes, said.text, at)
    return WentBack(replace(after, seq=messages[-1].seq), messages, effects)


def _told(
    connection: Connection, known: Conversation, minutes: int, text: str, at: Microseconds
) -> tuple[Message, ...]:
    """The note and the apology, with what happened in the log."""
    log: list[Interaction] = []
    words = f"Nobody came in {minutes} minute{'' if minutes == 1 else 's'}, so the visitor went back to the bot."
    noted = say(connection, known, sender="note", name=NOTED_BY, text=words, at=at)
    # An apology is no answer, and is counted as none.
    sorry = say(connection, known, sender="bot", text=text, at=at, data={"failed": True}, log=log)
    data = {"to": "bot", "reason": "nobody_came", "was": str(Owner.NOBODY), "minutes": minutes}
    once = f"{known.id}:{sorry.seq}:nobody_came"
    append(connection, [*log, interaction(known, Kind.HANDOVER, at=at, source_id=once, data=data)])
    return noted, sorry


@dataclass(frozen=True)
class LeftAddress:
    """Where a visitor wants to be answered, and the message that said so. `waits`: no member has answered since."""

    address: str
    seq: int
    at: Microseconds
    waits: bool


def left_address(connection: Connection, conversation: ConversationId) -> LeftAddress | None:
    log, m = interactions.c, messages.c
    left = select(log.data, log.seq, log.at).where(log.conversation == conversation, log.type == Kind.CONTACT.value)
    row = connection.execute(left.order_by(log.id.desc()).limit(1)).one_or_none()
    if row is None or not row.data.get("email"):
        return None
    answers = select(m.seq).where(m.conversation == conversation, m.sender == "staff", m.seq > (row.seq or 0))
    waits = connection.execute(answers.limit(1)).first() is None
    return LeftAddress(str(row.data["email"]), row.seq or 0, row.at, waits)


def in_vain(connection: Connection, of: Sequence[str]) -> dict[str, InVain]:
    """Of these conversations those for whom nobody has come since, each with how that went."""
    c = nobody_came.c
    rows = connection.execute(
        select(c.conversation, c.minutes).where(c.conversation.in_(of), c.ended_at.is_(None)).order_by(c.at)
    ).all()
    log = interactions.c
    asked = select(log.conversation).where(
        log.conversation.in_([row.conversation for row in rows]), log.type == Kind.CONTACT.value
    )
    by_mail = set(connection.execute(asked).scalars()) if rows else set()
    return {row.conversation: InVain(row.minutes, row.conversation in by_mail) for row in rows}


def _is_being_answered(connection: Connection, conversation: ConversationId) -> bool:
    """The turn that is under way ends with the dialogue that it began with: what is asked here would be lost."""
    under_way = select(turns.c.id).where(turns.c.conversation == conversation, turns.c.state == "open")
    return connection.execute(under_way.limit(1)).first() is not None
