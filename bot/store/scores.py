"""The conversation scores: what they are made of, as the transcript and the log have it, and what was made of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from bot.conversation_counts import Line
from bot.conversation_score import COUNTED, FORMULA, Counts, score_of
from bot.interactions import ConversationId, Kind, Microseconds, SiteKey
from bot.store.tables import conversation_scores, conversations, interactions, messages, page_scores, turns

MOST_LINES = 1_000
"""Messages of one conversation that count; after so many the score does not change any more."""


@dataclass(frozen=True)
class Heard:
    """A conversation as it is now, to be judged. `said_at` is of the visitor's last message."""

    conversation: ConversationId
    site: SiteKey
    seq: int
    page: str | None
    lines: tuple[Line, ...]
    said_at: Microseconds | None
    bot: str | None
    """The version that answered last."""


@dataclass(frozen=True)
class Judged:
    """What was counted up to the message `seq`, by page, and with which `bot` it was had."""

    conversation: ConversationId
    site: SiteKey
    seq: int
    said_at: Microseconds | None
    by_page: Mapping[str | None, Counts]
    bot: str | None = None

    @property
    def whole(self) -> Counts:
        return sum(self.by_page.values(), Counts())


def behind(
    connection: Connection, after: str, limit: int, *, site: SiteKey | None = None, again: bool = False
) -> list[ConversationId]:
    """Conversations whose score is not of what was said last, or by another formula; by id, the next after `after`.

    With `again`, those that have been judged rightly too.
    """
    score = conversation_scores.c
    found = (
        select(conversations.c.id)
        .outerjoin(conversation_scores, score.conversation == conversations.c.id)
        .where(conversations.c.id > after, conversations.c.seq > 0)
    )
    if site is not None:
        found = found.where(conversations.c.site == site)
    if not again:
        is_old = or_(score.conversation.is_(None), score.seq < conversations.c.seq, score.formula != FORMULA)
        found = found.where(is_old)
    return list(connection.execute(found.order_by(conversations.c.id).limit(limit)).scalars())


def hear(connection: Connection, whose: Sequence[ConversationId]) -> list[Heard]:
    """These conversations; but not one in which a turn is open, since it will be heard again when that is closed."""
    rows = connection.execute(
        select(conversations.c.id, conversations.c.site, conversations.c.seq, conversations.c.page)
        .where(conversations.c.id.in_(whose))
        .order_by(conversations.c.id)
    ).all()
    state = {(row.conversation, row.seq): row.state for row in _turns(connection, whose)}
    busy = {conversation for (conversation, _), how in state.items() if how == "open"}
    made = _understood(connection, whose)
    lines: defaultdict[str, list[Line]] = defaultdict(list)
    said_at: dict[str, Microseconds] = {}
    bots = _bots(made)
    for row in _said(connection, whose):
        place = (row.conversation, row.seq)
        lines[row.conversation].append(_line(row, made.get(place, {}), failed=state.get(place) == "failed"))
        if row.sender == "visitor":
            said_at[row.conversation] = row.at
    return [
        Heard(row.id, row.site, row.seq, row.page, tuple(lines[row.id]), said_at.get(row.id), bots.get(row.id))
        for row in rows
        if row.id not in busy
    ]


def keep(connection: Connection, judged: Sequence[Judged]) -> None:
    """Writes the scores; not of what was erased since, or judged by somebody else at a later message."""
    ids = sorted(one.conversation for one in judged)
    # Whoever erases it finishes first: else its counts would outlive it.
    there = select(conversations.c.id).where(conversations.c.id.in_(ids)).order_by(conversations.c.id)
    alive = set(connection.execute(there.with_for_update()).scalars())
    score = conversation_scores.c
    known = select(score.conversation, score.seq).where(score.conversation.in_(ids)).order_by(score.conversation)
    later = {row.conversation: row.seq for row in connection.execute(known)}
    new = [one for one in judged if one.conversation in alive and later.get(one.conversation, 0) <= one.seq]
    forget_scores(connection, [one.conversation for one in new])
    if new:
        connection.execute(insert(conversation_scores), [_row(one, one.whole) | {"formula": FORMULA} for one in new])
    pages = [
        _row(one, counts) | {"number": number, "page": page}
        for one in new
        for number, (page, counts) in enumerate(one.by_page.items())
        if page
    ]
    if pages:
        connection.execute(insert(page_scores), pages)


def forget_scores(connection: Connection, whose: Sequence[ConversationId]) -> None:
    for table in (page_scores, conversation_scores):
        connection.execute(delete(table).where(table.c.conversation.in_(whose)))


def outdate(connection: Connection, whose: Sequence[ConversationId]) -> None:
    """Has these judged again, since what was said in them is not the same any more."""
    theirs = conversation_scores.c.conversation.in_(whose)
    connection.execute(update(conversation_scores).where(theirs).values(formula=0))


def kept_score(connection: Connection, conversation: ConversationId) -> Counts | None:
    """What was counted of the conversation when it was last judged; None when it was not yet."""
    row = connection.execute(
        select(conversation_scores).where(conversation_scores.c.conversation == conversation)
    ).one_or_none()
    return None if row is None else counts_of(row)


def counts_of(row: Row[Any]) -> Counts:
    return Counts(*(int(getattr(row, name) or 0) for name in COUNTED))


def _row(one: Judged, counts: Counts) -> dict[str, Any]:
    whose = {"conversation": one.conversation, "site": one.site, "seq": one.seq, "at": one.said_at, "bot": one.bot}
    return whose | {"score": score_of(counts)} | asdict(counts)


def _turns(connection: Connection, whose: Sequence[ConversationId]) -> Sequence[Row[*tuple[Any, ...]]]:
    asked = select(turns.c.conversation, turns.c.seq, turns.c.state).where(
        turns.c.conversation.in_(whose), turns.c.state != "closed"
    )
    return connection.execute(asked.order_by(turns.c.conversation, turns.c.seq)).all()


def _understood(connection: Connection, whose: Sequence[ConversationId]) -> dict[tuple[str, int], dict[str, Any]]:
    log = interactions.c
    asked = select(log.conversation, log.seq, log.data).where(
        log.conversation.in_(whose), log.type == Kind.UNDERSTANDING, log.seq <= MOST_LINES
    )
    return {(row.conversation, row.seq): row.data for row in connection.execute(asked.order_by(log.id))}


def _bots(made: Mapping[tuple[str, int], Mapping[str, Any]]) -> dict[str, str]:
    """The version that answered each conversation last; of what was said before versions were noted there is none."""
    in_order = sorted((place, data["bot"]) for place, data in made.items() if data.get("bot"))
    return {conversation: str(bot) for (conversation, _), bot in in_order}


def _said(connection: Connection, whose: Sequence[ConversationId]) -> Sequence[Row[*tuple[Any, ...]]]:
    said = messages.c
    return connection.execute(
        select(
            said.conversation, said.seq, said.sender, said.turn, said.page, said.at, said.sources, said.text
        )
        .where(said.conversation.in_(whose), said.sender != "note", said.seq <= MOST_LINES)
        .order_by(said.conversation, said.seq)
    ).all()  # fmt: skip


def _line(row: Row[*tuple[Any, ...]], made: Mapping[str, Any], *, failed: bool) -> Line:
    found = made.get("from_pages") or {}
    # What is asked back is neither an answer nor the lack of one: the option that is pressed is a question of its own.
    asked = None if found.get("options") else found.get("answered")
    quotes = tuple(str(one["quote"]) for one in row.sources if one.get("quote"))
    return Line(row.sender, row.text, row.turn, row.page, quotes, made.get("intent"), asked, failed)
