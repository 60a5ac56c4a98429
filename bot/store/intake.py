"""Takes a batch of a browser's events: whose they are, what is new, what was dropped, in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select

from bot.experiment import Arm, is_shown
from bot.interactions import Interaction, Kind, Microseconds, VisitorId
from bot.store.counts import count_drops, count_views
from bot.store.interactions import append
from bot.store.robots import mark_if_robot
from bot.store.sites import Site
from bot.store.tables import interactions
from bot.store.visitors import Visitor, create, find, is_in_conversation
from bot.visits import Circumstances, Dropped, DropReason, PageView, Sent, TrackedEvent, accept, page_of

SOURCE = "browser"
DOOR = "events"


@dataclass(frozen=True)
class Batch:
    """What a browser sent, and what is known of it without looking anything up.

    `agreed`: may be measured, as far as this request says. `told_before` are ids that lately came without
    consent: nothing is stored of them, so only the door remembers.
    """

    site: Site
    visitor: str | None
    agreed: bool
    circumstances: Circumstances
    events: tuple[Sent | Dropped, ...]
    told_before: frozenset[str] = frozenset()
    robot_views_a_minute: int = 0
    """Page views that no person causes; with 0 nobody is taken for a robot by them."""
    browser: Mapping[str, str] = field(default_factory=dict)
    """What is noted with each page view of who uses the browser: language, device, country."""


@dataclass(frozen=True)
class Taken:
    """One result for each event: True is new, False a duplicate."""

    results: tuple[bool | Dropped, ...]
    visitor: VisitorId | None
    arm: Arm
    show: bool


def take(connection: Connection, batch: Batch) -> Taken:
    """Writes down what is accepted and counts the rest; a new visitor is created when one agreed."""
    visitor, given = _whose(connection, batch)
    judged = [one if isinstance(one, Dropped) else accept(one, given) for one in batch.events]
    kept = [one for one in judged if not isinstance(one, Dropped)]
    rows = [_interaction(batch, visitor, one) for one in kept] if visitor else []
    new = iter(append(connection, rows))
    results = tuple(one if isinstance(one, Dropped) else next(new) for one in judged)
    _count(connection, batch, results)
    if visitor is not None and any(result is True for result in results):
        mark_if_robot(connection, visitor, views_a_minute=batch.robot_views_a_minute, at=given.now)
    if visitor is None or not given.measured:
        return Taken(results, None, Arm.NONE, show=True)
    shown = is_shown(visitor.arm, in_conversation=_talks(connection, visitor))
    return Taken(results, visitor.id, visitor.arm, shown)


def _whose(connection: Connection, batch: Batch) -> tuple[Visitor | None, Circumstances]:
    given = batch.circumstances
    if batch.visitor is not None:
        # Held until the commit, so that nobody is forgotten while we write about them.
        known = find(connection, batch.visitor, lock=True)
        if known is None or known.site != batch.site.key:
            return None, replace(given, erased=True, measured=batch.agreed)
        return known, replace(given, measured=batch.agreed and known.measure, staff=given.staff or known.staff)
    if not batch.agreed:
        return None, replace(given, measured=False)
    known = _told_before(connection, batch) or create(
        connection, batch.site, at=given.now, measure=True, memory=False, seen_first=_saw_first(batch)
    )
    return known, replace(given, measured=known.measure, staff=given.staff or known.staff)


def _told_before(connection: Connection, batch: Batch) -> Visitor | None:
    """The visitor whom the answer to an earlier try of this batch named, when that answer was lost on the way."""
    ids = [f"{batch.site.key}:{one.id}" for one in batch.events if isinstance(one, Sent)]
    asked = select(interactions.c.visitor).where(
        interactions.c.source == SOURCE, interactions.c.source_id.in_(ids), interactions.c.visitor.is_not(None)
    )
    id = connection.execute(asked.order_by(interactions.c.id).limit(1)).scalar_one_or_none()
    return None if id is None else find(connection, id, lock=True)


def _saw_first(batch: Batch) -> bool:
    return any(
        one.kind is Kind.EXPOSED and one.props.get("seen_first") is True
        for one in batch.events
        if isinstance(one, Sent)
    )


def _talks(connection: Connection, visitor: Visitor) -> bool:
    return visitor.arm is Arm.HELD_OUT and is_in_conversation(connection, visitor.id)


def _interaction(batch: Batch, visitor: Visitor, kept: PageView | TrackedEvent) -> Interaction:
    data: dict[str, Any]
    if isinstance(kept, PageView):
        kind, data = Kind.PAGE_VIEW, {"title": kept.title, "referrer": kept.referrer, **batch.browser}
    else:
        kind, data = kept.kind, {"name": kept.name, "props": kept.props}
    return Interaction(
        at=kept.at,
        site=batch.site.key,
        kind=kind,
        source=SOURCE,
        source_id=f"{batch.site.key}:{kept.id}",
        visitor=visitor.id,
        url=kept.url,
        arm=visitor.arm.value,
        data={name: value for name, value in data.items() if value},
    )


def _count(connection: Connection, batch: Batch, results: Sequence[bool | Dropped]) -> None:
    dropped = Counter(one.reason for one in results if isinstance(one, Dropped))
    at = batch.circumstances.now
    count_drops(connection, batch.site.key, {reason.value: n for reason, n in dropped.items()}, door=DOOR, at=at)
    views: dict[str, str] = {}
    for sent, result in zip(batch.events, results, strict=True):
        if isinstance(sent, Sent) and isinstance(result, Dropped) and _counts_as_view(sent, result):
            assert sent.url is not None
            views[sent.id] = page_of(sent.url)
    fresh = [page for id, page in views.items() if id not in batch.told_before]
    count_views(connection, batch.site.key, Counter(fresh), at=Microseconds(at))


def _counts_as_view(sent: Sent, dropped: Dropped) -> bool:
    """A sound page view of somebody who did not agree: it counts, without them."""
    return sent.kind is Kind.PAGE_VIEW and dropped.reason in (DropReason.NO_CONSENT, DropReason.DO_NOT_TRACK)
