"""What staff say an answer should have been: one review for each turn, on its way from new to done."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, tuple_, update

from bot.interactions import ConversationId, Kind, Microseconds
from bot.store.audit import Act, of_conversation, record
from bot.store.console_tables import reviews, staff
from bot.store.conversations import Conversation, find
from bot.store.staff import Member
from bot.store.tables import interactions, messages, turns

PAGE_OF_REVIEWS = 50
WORDS_FOR_PEOPLE = ("name", "email", "company", "place", "phone")
ENTITIES_OF_PEOPLE = ("name", "person", "email", "phone", "order_number")


class Should(StrEnum):
    """What was wrong with an answer, or that nothing was."""

    INTENT = "intent"
    """It should have been taken for another intent; the value is its name."""
    WORDS = "words"
    """It should have been said in these words."""
    PAGE = "page"
    """This page has the answer, or should have it; the value is its address."""
    RIGHT = "right"
    """Nothing: it was right, and should stay so."""


class State(StrEnum):
    NEW = "new"
    EXPORTED = "exported"
    """It is in the files that the bot learns from."""
    REFUSED = "refused"
    """A colleague does not agree; nothing comes of it."""
    DONE = "done"
    """The bot does so now, or the page says it."""


MAY_BECOME = {
    State.NEW: frozenset({State.REFUSED, State.EXPORTED, State.DONE}),
    State.REFUSED: frozenset({State.NEW}),
    State.EXPORTED: frozenset({State.DONE}),
    State.DONE: frozenset({State.NEW}),
}


@dataclass(frozen=True)
class Review:
    """`said` are the visitor's words as they were, `by` the name of who reviewed; `seq` is the visitor's message."""

    id: str
    site: str
    conversation: ConversationId
    seq: int
    should: Should
    value: str
    said: str
    taken_for: str | None
    """The intent that it was taken for; None when nothing was understood for certain."""
    actions: tuple[str, ...]
    """What the bot did then."""
    page: str | None
    state: State
    by: str | None
    at: Microseconds
    changed_by: str | None
    changed_at: Microseconds


@dataclass(frozen=True)
class Reviewed:
    """What became of a review: `stood` is the one that was there already, and says otherwise."""

    review: Review
    stood: bool = False


@dataclass(frozen=True)
class Turn:
    """A visitor's message that may be reviewed, with what was made of it and what the bot said."""

    conversation: Conversation
    seq: int
    said: str
    page: str | None
    made: dict[str, Any] | None
    answers: tuple[str, ...] = ()
    pressed: bool = False
    """It was a button, or files without words: there was nothing to understand."""


@dataclass(frozen=True)
class Told:
    """What is known of whoever said a reviewed sentence, to be blanked in it. Not shown."""

    words: frozenset[str] = field(default_factory=frozenset, repr=False)


def turn_of(connection: Connection, conversation: Conversation, seq: int) -> Turn | None:
    """The visitor's message at `seq` and what came of it; None when there is none."""
    m = messages.c
    lines = select(m.seq, m.sender, m.text, m.page, m.reply_to).where(
        m.conversation == conversation.id, (m.seq == seq) | (m.reply_to == seq), m.sender.in_(("visitor", "bot"))
    )
    found = connection.execute(lines.order_by(m.seq).limit(20)).all()
    asked = next((one for one in found if one.seq == seq and one.sender == "visitor"), None)
    if asked is None:
        return None
    made = connection.execute(
        select(interactions.c.data)
        .where(
            interactions.c.conversation == conversation.id,
            interactions.c.seq == seq,
            interactions.c.type == Kind.UNDERSTANDING,
        )
        .order_by(interactions.c.id)
        .limit(1)
    ).scalar_one_or_none()
    payload = connection.execute(
        select(turns.c.payload).where(turns.c.conversation == conversation.id, turns.c.seq == seq).limit(1)
    ).scalar_one_or_none()
    answers = tuple(one.text for one in found if one.sender == "bot")
    return Turn(conversation, seq, asked.text, asked.page, made, answers, pressed=payload is not None)


def review(
    connection: Connection, turn: Turn, should: Should, value: str, member: Member, *, at: Microseconds
) -> Reviewed | None:
    """Writes down what should have been; the same again changes nothing, and what a colleague said stands.

    Only one that was refused is taken over by another. None when the conversation is gone.
    """
    conversation = find(connection, turn.conversation.id, lock=True)
    if conversation is None:
        return None
    known = of_turn(connection, conversation.id, turn.seq)
    if known is not None and known.state is not State.REFUSED:
        return Reviewed(known, stood=(known.should, known.value) != (should, value))
    made = turn.made or {}
    told = {
        "should": should,
        "value": value,
        "said": turn.said,
        "taken_for": made.get("intent"),
        "actions": list(made.get("actions") or ()),
        "page": turn.page,
        "state": State.NEW,
        "staff": member.id,
        "created_at": at,
        "changed_by": member.id,
        "changed_at": at,
    }
    if known is None:
        named = {"id": _id(conversation.id, turn.seq), "site": conversation.site, "conversation": conversation.id}
        connection.execute(insert(reviews).values(**named, seq=turn.seq, **told))
    else:
        connection.execute(update(reviews).where(reviews.c.id == known.id).values(**told))
    subject = of_conversation(conversation.id)
    record(connection, at=at, staff=member.id, act=Act.REVIEWED, subject=subject, detail=should)
    written = of_turn(connection, conversation.id, turn.seq)
    assert written is not None
    return Reviewed(written)


def change(connection: Connection, id: str, to: State, member: Member, *, at: Microseconds) -> Review | None:
    """Takes a review on its way, and gives it as it is then; one that can't become so stays. None when it is gone."""
    found = _first(connection, reviews.c.id == id, lock=True)
    if found is None or found.state is to or to not in MAY_BECOME[found.state]:
        return found
    connection.execute(
        update(reviews).where(reviews.c.id == id).values(state=to, changed_by=member.id, changed_at=at)
    )  # fmt: skip
    subject = of_conversation(found.conversation)
    record(connection, at=at, staff=member.id, act=Act.REVIEWED, subject=subject, detail=to)
    return _first(connection, reviews.c.id == id)


def settle(connection: Connection, ids: Iterable[str], to: State, *, at: Microseconds) -> int:
    """Takes those of these reviews that may become so there; how many. By the command line, so by nobody."""
    before = [one for one, after in MAY_BECOME.items() if to in after]
    done = update(reviews).where(reviews.c.id.in_(sorted(ids)), reviews.c.state.in_(before))
    return connection.execute(done.values(state=to, changed_by=None, changed_at=at)).rowcount


def of_turn(connection: Connection, conversation: ConversationId, seq: int) -> Review | None:
    return _first(connection, (reviews.c.conversation == conversation) & (reviews.c.seq == seq))


def of_turns(connection: Connection, conversation: ConversationId, seqs: Sequence[int]) -> dict[int, Review]:
    """The reviews of these messages, by seq."""
    query = _ALL.where(reviews.c.conversation == conversation, reviews.c.seq.in_(seqs)).order_by(reviews.c.seq)
    return {row.seq: _review(row) for row in connection.execute(query.limit(len(seqs)))}


def listed(
    connection: Connection,
    state: State | None = None,
    *,
    after: tuple[Microseconds, str] | None = None,
    limit: int = PAGE_OF_REVIEWS,
) -> list[Review]:
    """The latest first. `after`: the last one of the page before."""
    query = _ALL if state is None else _ALL.where(reviews.c.state == state)
    if after is not None:
        query = query.where(tuple_(reviews.c.created_at, reviews.c.id) < tuple_(*after))
    query = query.order_by(reviews.c.created_at.desc(), reviews.c.id.desc()).limit(limit)
    return [_review(row) for row in connection.execute(query)]


def to_export(connection: Connection, *, limit: int = 10_000) -> list[tuple[Review, Told]]:
    """What is new and can be taught, the oldest first, each with what is known of who said it."""
    query = _ALL.where(reviews.c.state == State.NEW, reviews.c.should != Should.PAGE)
    rows = connection.execute(query.order_by(reviews.c.created_at, reviews.c.id).limit(limit))
    return _with_told(connection, [_review(row) for row in rows])


def page_notes(connection: Connection, *, site: str | None = None, limit: int = 1_000) -> list[tuple[Review, Told]]:
    """What pages should say, for those who own them: by page, the oldest first, until it is done.

    Each with what is known of who said it: owners of pages are not to read who asked.
    """
    query = _ALL.where(reviews.c.should == Should.PAGE, reviews.c.state == State.NEW)
    if site is not None:
        query = query.where(reviews.c.site == site)
    rows = connection.execute(query.order_by(reviews.c.value, reviews.c.created_at, reviews.c.id).limit(limit))
    return _with_told(connection, [_review(row) for row in rows])


def counts(connection: Connection) -> dict[str, int]:
    query = select(reviews.c.state, func.count()).group_by(reviews.c.state).order_by(reviews.c.state)
    return {state: count for state, count in connection.execute(query)}  # noqa: C416 - rows are not pairs to a type checker


_by, _changed = staff.alias("by"), staff.alias("changed")
_ALL = (
    select(reviews, _by.c.name.label("by_name"), _changed.c.name.label("changed_name"))
    .outerjoin(_by, _by.c.id == reviews.c.staff)
    .outerjoin(_changed, _changed.c.id == reviews.c.changed_by)
)


def _first(connection: Connection, which: Any, *, lock: bool = False) -> Review | None:
    query = _ALL.where(which).order_by(reviews.c.id).limit(1)
    row = connection.execute(query.with_for_update(of=reviews) if lock else query).one_or_none()
    return None if row is None else _review(row)


def _review(row: Row[Any]) -> Review:
    return Review(
        id=row.id,
        site=row.site,
        conversation=row.conversation,
        seq=row.seq,
        should=Should(row.should),
        value=row.value,
        said=row.said,
        taken_for=row.taken_for,
        actions=tuple(row.actions),
        page=row.page,
        state=State(row.state),
        by=row.by_name,
        at=row.created_at,
        changed_by=row.changed_name,
        changed_at=row.changed_at,
    )


def _id(conversation: ConversationId, seq: int) -> str:
    """The same for the same turn, so that what was exported is known again; tells nobody which turn it is."""
    return hashlib.sha256(f"{conversation}:{seq}".encode()).hexdigest()[:16]


def _with_told(connection: Connection, found: list[Review]) -> list[tuple[Review, Told]]:
    told = _told_in(connection, {one.conversation for one in found})
    return [(one, told.get(one.conversation, Told())) for one in found]


def _told_in(connection: Connection, where: set[ConversationId]) -> dict[ConversationId, Told]:
    """What visitors told of themselves in these conversations, and what was named that leads to a person."""
    rows = connection.execute(
        select(interactions.c.conversation, interactions.c.data)
        .where(interactions.c.conversation.in_(sorted(where)), interactions.c.type == Kind.UNDERSTANDING)
        .order_by(interactions.c.id)
    )
    found: dict[ConversationId, set[str]] = {}
    for conversation, data in rows:
        words = found.setdefault(conversation, set())
        words |= {value for kind, value in data.get("facts") or () if kind in WORDS_FOR_PEOPLE}
        for one in data.get("entities") or ():
            words |= {one["text"], one["value"]} if one["kind"] in ENTITIES_OF_PEOPLE else set()
    return {conversation: Told(frozenset(filter(None, words))) for conversation, words in found.items()}
