"""Who is left out as a robot, as the console lists them, and how staff take that back."""

import pytest
from sqlalchemy import update

from bot.store.noise import robots_and_staff
from bot.store.robots import PAGE_OF_ROBOTS
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import visitors
from bot.store.visitors import Visitor, create
from tests.cast import SHOP, at
from tests.gateway.front_office import Browser

AT = "/console/robots"


async def robot(store: Store, shop: Site, *, hour: int = 0) -> Visitor:
    made = await store.write(create, shop, at=at(hours=hour), measure=True, memory=False)
    await store.write(
        lambda connection: connection.execute(update(visitors).where(visitors.c.id == made.id).values(robot=True))
    )
    return made


async def test_a_robot_is_listed_until_staff_say_that_it_is_a_person(danas: Browser, store: Store, shop: Site) -> None:
    marked = await robot(store, shop)
    before = await danas.get(AT)

    done = await danas.post(f"{AT}/people", {"visitor": marked.id})

    assert before.status == 200 and marked.id[:8] in before.words
    assert (done.status, done.location) == (303, AT)
    assert "Nobody is left out as a robot." in (await danas.get(AT)).words
    assert await store.read(robots_and_staff, SHOP) == set()


@pytest.mark.parametrize("visitor", ["", "nobody", "x" * 9_000, "\x00", "💥"])
async def test_who_is_no_robot_is_left_as_they_are(danas: Browser, store: Store, shop: Site, visitor: str) -> None:
    marked = await robot(store, shop)

    done = await danas.post(f"{AT}/people", {"visitor": visitor})

    assert done.status == 409 and "nothing was changed" in done.words
    assert await store.read(robots_and_staff, SHOP) == {marked.id}


async def test_who_was_cleared_by_another_a_moment_ago_is_said_to_be_so(
    danas: Browser, store: Store, shop: Site
) -> None:
    marked = await robot(store, shop)
    await danas.post(f"{AT}/people", {"visitor": marked.id})

    again = await danas.post(f"{AT}/people", {"visitor": marked.id})

    assert again.status == 409 and "left out no more" in again.words


async def test_many_robots_come_in_pages(danas: Browser, store: Store, shop: Site) -> None:
    for number in range(PAGE_OF_ROBOTS + 1):
        await robot(store, shop, hour=number)

    first, second = await danas.get(AT), await danas.get(f"{AT}?page=2")

    assert (first.text.count("<li>"), second.text.count("<li>")) == (PAGE_OF_ROBOTS, 1)
    assert f'href="{AT}?page=2"' in first.text


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999", "²"])
async def test_a_page_that_is_none_is_not_there(danas: Browser, page: str) -> None:
    assert (await danas.get(f"{AT}?page={page}")).status == 404
