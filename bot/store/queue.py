"""The staff's list: who waits first, then the latest; narrowed as they like, and how many there are of each kind."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)

from bot.interactions import ConversationId, Microseconds
from bot.store.console_tables import conversation_labels, labels, nobody_came, staff
from bot.store.inbox import PAGE_OF_CONVERSATIONS, Line
from bot.store.nobody_came import InVain, in_vain
from bot.store.tables import conversations, messages
from bot.who_is_next import Waiting

NOBODY_CAME = "nobody came"
"""A state to look for that no conversation is in: who went back to the bot, and has no answer yet."""
COUNTED_TO = 1_000
"""Beyond, "999+" says as much, and a list of a hundred thousand is as fast as one of a thousand."""
LOOKED_AT = 500
"""Conversations, the first of the list: what can be chosen is what they have."""
WEIGHED_AT_ONCE = 100
LAST_WORDS = 64
"""A line; fifty lines of more would weigh more than all else on the page."""
_c = conversations.c
_SAID = _c.seq > 0


@dataclass(frozen=True)
class Narrowed:
    """What to show: a tab, and of it what has all of this. None: whatever it is."""

    tab: str = "all"
    state: str | None = None
    label: str | None = None
    person: str | None = None
    language: str | None = None
    intent: str | None = None
    segment: str | None = None
    stars: int | None = None
    page: str | None = None


@dataclass(frozen=True)
class Label:
    id: str
    name: str
    colour: str


@dataclass(frozen=True)
class Listed(Line):
    """A line of the list. `since` is from when they wait for us; None when they don't."""

    place: int = 0
    since: Microseconds | None = None
    waiting: Waiting = field(default_factory=Waiting)
    snoozed_until: Microseconds | None = None
    stars: int | None = None
    labels: tuple[Label, ...] = ()
    in_vain: InVain | None = None
    """How nobody came to them, as long as nobody has."""


def listed(
    connection: Connection,
    wanted: Narrowed,
    *,
    member: str,
    at: Microseconds,
    after: tuple[int, str] | None = None,
    limit: int = PAGE_OF_CONVERSATIONS,
) -> list[Listed]:
    """At most `limit`, in the order in which staff should come to them; `after` is the last one of the page before."""
    found = select(_c.id).where(_SAID, *_of_tab(wanted.tab, member, at), *_narrowed(wanted))
    if after is not None:
        found = found.where(tuple_(_c.place, _c.id) > tuple_(*after))
    # Few are snoozed: a sum keeps the planner from looking for them along the whole list.
    place = _c.place + 0 if wanted.tab == "snoozed" else _c.place
    # The rows first, by the index, and only of those the words: else each that is passed over is looked up too.
    ids = list(connection.execute(found.order_by(place, _c.id).limit(limit)).scalars())
    return of_ids(connection, ids)


def of_ids(connection: Connection, ids: Sequence[str]) -> list[Listed]:
    """These conversations, in this order; those that are gone are left out."""
    m = messages.alias("last")
    latest = (
        select(func.max(messages.c.seq))
        .where(messages.c.conversation == _c.id, messages.c.sender != "note")
        .correlate(conversations)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(conversations, staff.c.name.label("staff_name"), m.c.sender.label("said"),
               func.substr(m.c.text, 1, LAST_WORDS + 1).label("last"))
        .outerjoin(staff, staff.c.id == _c.staff)
        .outerjoin(m, (m.c.conversation == _c.id) & (m.c.seq == latest))
        .where(_c.id.in_(ids))
        .order_by(_c.id)
        .limit(len(ids))
    )  # fmt: skip
    known = {row.id: row for row in rows}
    stuck, vain = _labels_of(connection, ids), in_vain(connection, ids)
    return [_listed(known[id], stuck.get(id, ()), vain.get(id)) for id in ids if id in known]


def of_view(
    connection: Connection, wanted: Narrowed, *, member: str, at: Microseconds, among: Sequence[str]
) -> set[str]:
    """Which of these conversations this view has."""
    found = select(_c.id).where(_c.id.in_(among), _SAID, *_of_tab(wanted.tab, member, at), *_narrowed(wanted))
    return set(connection.execute(found.order_by(_c.id).limit(len(among))).scalars())


def counts(connection: Connection, *, member: str, at: Microseconds) -> dict[str, int]:
    """How many each tab has; a thousand stands for any more."""
    tabs = ("mine", "unassigned", "bot", "all", "snoozed", "resolved")
    each = [select(_c.id).where(_SAID, *_of_tab(tab, member, at)).limit(COUNTED_TO) for tab in tabs]
    counted = [
        select(func.count()).select_from(one.subquery()).scalar_subquery().label(tab)
        for tab, one in zip(tabs, each, strict=True)
    ]
    return dict(connection.execute(select(*counted)).one()._mapping)


def choices(connection: Connection) -> dict[str, list[str]]:
    """The languages and intents of the conversations at the top of the list."""
    top = select(_c.language, _c.intent).where(_SAID).order_by(_c.place, _c.id).limit(LOOKED_AT)
    rows = connection.execute(top).all()
    return {
        "language": sorted({row.language for row in rows if row.language}),
        "intent": sorted({row.intent for row in rows if row.intent}),
    }


def unweighed(connection: Connection) -> list[Listed]:
    """Who waits and is not in their place yet, since something has happened; a few, the first first."""
    # As the index has it, so that it is used.
    new = and_(
        _c.state != literal("resolved", literal_execute=True),
        _c.owner != literal("bot", literal_execute=True),
        or_(_c.weighed_at.is_(None), _c.weighed_at < _c.changed_at),
    )
    ids = connection.execute(select(_c.id).where(new).order_by(_c.changed_at, _c.id).limit(WEIGHED_AT_ONCE)).scalars()
    return of_ids(connection, list(ids))


def weigh(connection: Connection, weights: Sequence[tuple[ConversationId, str | None, int, Microseconds]]) -> None:
    """Puts each in its place: what they have spent, their head start, and the change up to which that holds."""
    for id, worth, ahead, changed_at in weights:
        connection.execute(
            update(conversations).where(_c.id == id).values(worth=worth, ahead=ahead, weighed_at=changed_at)
        )


def snooze(connection: Connection, conversation: str, *, until: Microseconds | None) -> None:
    """Takes it out of sight until then; whatever the visitor says brings it back at once. None brings it back now."""
    connection.execute(update(conversations).where(_c.id == conversation).values(snoozed_until=until))


def _of_tab(tab: str, member: str, at: Microseconds) -> list[ColumnElement[bool]]:
    in_sight = or_(_c.snoozed_until.is_(None), _c.snoozed_until <= at)
    match tab:
        case "mine":
            return [_c.staff == member, in_sight]
        case "unassigned":
            return [_c.owner == "nobody", _c.state == "waiting", in_sight]
        case "bot":
            return [_c.owner == "bot", _c.state == "open", in_sight]
        case "resolved":
            return [_c.owner == "bot", _c.state == "resolved"]
        case "snoozed":
            return [_c.snoozed_until > at]
        case _:
            return [in_sight]


def _narrowed(wanted: Narrowed) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state == NOBODY_CAME:
        found.append(_c.id.in_(select(nobody_came.c.conversation).where(nobody_came.c.ended_at.is_(None))))
    state = None if wanted.state == NOBODY_CAME else wanted.state
    for column, value in ((_c.state, state), (_c.staff, wanted.person), (_c.intent, wanted.intent)):
        found += [] if value is None else [column == value]
    if wanted.language is not None:
        found.append(
            or_(_c.language == wanted.language, _c.language.startswith(f"{wanted.language}-", autoescape=True))
        )
    if wanted.stars is not None:
        found.append(_c.stars == wanted.stars)
    if wanted.page is not None:
        found.append(_c.page.contains(wanted.page, autoescape=True))
    if wanted.label is not None:
        stuck = select(conversation_labels.c.conversation).where(conversation_labels.c.label == wanted.label)
        found.append(_c.id.in_(stuck))
    return found + _of_segment(wanted.segment)


def _of_segment(segment: str | None) -> list[ColumnElement[bool]]:
    """Whoever wrote and was answered converses, whoever spent more than they gave back is a buyer; at any time."""
    if segment is None:
        return []
    # As the indexes have it, so that they are used.
    talks, buys = segment.startswith("conversing"), segment.endswith("buyer")
    return [and_(text("answered" if talks else "NOT answered"), text("bought" if buys else "NOT bought"))]


def _labels_of(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Label, ...]]:
    stuck = conversation_labels.c
    query: Select[Any] = (
        select(stuck.conversation, labels.c.id, labels.c.name, labels.c.colour)
        .join(labels, labels.c.id == stuck.label)
        .where(stuck.conversation.in_(ids))
        .order_by(labels.c.folded)
    )
    found: dict[str, tuple[Label, ...]] = {}
    for row in connection.execute(query):
        found[row.conversation] = (*found.get(row.conversation, ()), Label(row.id, row.name, row.colour))
    return found


def _listed(row: Row[Any], stuck: tuple[Label, ...], vain: InVain | None) -> Listed:
    since = row.asked_person_at if row.state == "waiting" else row.unanswered_since if row.owner == "staff" else None
    return Listed(
        id=row.id,
        site=row.site,
        visitor=row.visitor,
        customer=row.customer,
        owner=row.owner,
        state=row.state,
        staff=row.staff_name,
        seq=row.seq,
        last=_cut(row.last or ""),
        said=row.said,
        page=row.page,
        asked_person_at=row.asked_person_at,
        changed_at=row.changed_at,
        place=row.place,
        since=since,
        waiting=Waiting(row.reason, row.sentiment, row.worth),
        snoozed_until=row.snoozed_until,
        stars=row.stars,
        labels=stuck,
        in_vain=vain,
    )


def _cut(words: str) -> str:
    return words if len(words) <= LAST_WORDS else f"{words[:LAST_WORDS].rstrip()}…"
