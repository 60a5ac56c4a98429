"""Visitors who behave as robots: marked by their haste, counted, and cleared by staff for good."""

import uuid

import pytest

from bot.interactions import Kind, SiteKey, VisitorId
from bot.store.audit_lines import Wanted, lines
from bot.store.counts import drops_of
from bot.store.forget import forget_visitor
from bot.store.intake import Batch, Taken, take
from bot.store.noise import robots_and_staff
from bot.store.robots import REASON, clear, of_visitor, robots
from bot.store.sites import Site
from bot.store.staff import add_member
from bot.store.store import Store
from bot.store.visitors import Visitor, create, mark_staff
from bot.visits import Circumstances, Sent
from tests.cast import DANA, ORIGIN, SHOP, at

MOST = 10


@pytest.fixture
async def visitor(store: Store, shop: Site) -> Visitor:
    return await store.write(create, shop, at=at(), measure=True, memory=False)


async def happen(
    store: Store, shop: Site, visitor: Visitor, kind: Kind, times: int, *, over_s: float = 30, most: int = MOST
) -> Taken:
    """So many of them, evenly over that time."""
    moments = [at(seconds=over_s * number / times) for number in range(times)]
    events = tuple(Sent(id=str(uuid.uuid4()), kind=kind, url=f"{ORIGIN}/hats", at=one) for one in moments)
    given = Circumstances(now=at(seconds=over_s), measured=True)
    batch = Batch(shop, visitor.id, agreed=True, circumstances=given, events=events, robot_views_a_minute=most)
    return await store.write(take, batch)


async def marked(store: Store) -> set[VisitorId]:
    return await store.read(robots_and_staff, SHOP)


async def test_more_pages_a_minute_than_a_person_views_are_a_robots(store: Store, shop: Site, visitor: Visitor) -> None:
    await happen(store, shop, visitor, Kind.PAGE_VIEW, MOST)
    before = await marked(store)
    await happen(store, shop, visitor, Kind.PAGE_VIEW, 1)

    assert (before, await marked(store)) == (set(), {visitor.id})
    assert [(one.reason, one.count) for one in await store.read(drops_of, SHOP, at(), at(hours=1))] == [(REASON, 1)]


async def test_who_is_marked_is_counted_once_and_still_written_down(store: Store, shop: Site, visitor: Visitor) -> None:
    await happen(store, shop, visitor, Kind.PAGE_VIEW, 3 * MOST)

    more = await happen(store, shop, visitor, Kind.PAGE_VIEW, 3 * MOST)

    assert set(more.results) == {True}
    (robot,) = await store.read(robots)
    assert (robot.id, robot.views) == (visitor.id, 6 * MOST)
    assert [one.count for one in await store.read(drops_of, SHOP, at(), at(hours=1))] == [1]


@pytest.mark.parametrize("kind", [Kind.TRACK, Kind.PRESENT, Kind.EXPOSED])
async def test_what_a_page_reports_by_itself_is_no_haste(
    store: Store, shop: Site, visitor: Visitor, kind: Kind
) -> None:
    await happen(store, shop, visitor, kind, 5 * MOST)

    assert await marked(store) == set()


async def test_many_pages_in_a_longer_time_are_a_persons(store: Store, shop: Site, visitor: Visitor) -> None:
    await happen(store, shop, visitor, Kind.PAGE_VIEW, 5 * MOST, over_s=60 * 5 + 60)

    assert await marked(store) == set()


async def test_who_opened_the_chat_is_no_robot_however_hasty(store: Store, shop: Site, visitor: Visitor) -> None:
    await happen(store, shop, visitor, Kind.OPENED, 1)

    await happen(store, shop, visitor, Kind.PAGE_VIEW, 5 * MOST)

    assert await marked(store) == set()


async def test_where_nobody_is_to_be_marked_nobody_is(store: Store, shop: Site, visitor: Visitor) -> None:
    await happen(store, shop, visitor, Kind.PAGE_VIEW, 90, most=0)

    assert await marked(store) == set()


async def test_whom_staff_take_for_a_person_is_not_marked_again(store: Store, shop: Site, visitor: Visitor) -> None:
    dana = await store.write(add_member, DANA.name, "agent", at=at())
    await happen(store, shop, visitor, Kind.PAGE_VIEW, 2 * MOST)

    cleared = await store.write(clear, visitor.id, dana.id, at=at())
    again = await store.write(clear, visitor.id, dana.id, at=at())
    await happen(store, shop, visitor, Kind.PAGE_VIEW, 2 * MOST)

    assert (cleared, again) == (True, False)
    assert await marked(store) == set() and await store.read(robots) == []
    (line,) = await store.read(lines, Wanted(subject=of_visitor(visitor.id)))
    assert (line.staff, line.act) == (dana.id, "cleared_robot")


async def test_staff_are_not_taken_for_robots(store: Store, shop: Site, visitor: Visitor) -> None:
    await store.write(mark_staff, visitor.id)

    await happen(store, shop, visitor, Kind.PAGE_VIEW, 2 * MOST)

    assert await store.read(robots) == []


async def test_nothing_about_a_robot_outlives_its_erasure(store: Store, shop: Site, visitor: Visitor) -> None:
    dana = await store.write(add_member, DANA.name, "agent", at=at())
    await happen(store, shop, visitor, Kind.PAGE_VIEW, 2 * MOST)
    await store.write(clear, visitor.id, dana.id, at=at())

    await store.write(forget_visitor, SiteKey(SHOP), visitor.id)

    assert await store.read(robots) == []
    assert await store.read(lines, Wanted(subject=of_visitor(visitor.id))) == []


async def test_robots_come_in_pages_the_latest_first(store: Store, shop: Site) -> None:
    found = [await store.write(create, shop, at=at(hours=hour), measure=True, memory=False) for hour in range(3)]
    for one in found:
        await happen(store, shop, one, Kind.PAGE_VIEW, 2 * MOST)

    first, second = await store.read(robots, limit=2), await store.read(robots, after=2, limit=2)

    assert [one.id for one in (*first, *second)] == [one.id for one in reversed(found)]
