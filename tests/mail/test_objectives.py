"""What owners are told of their objectives: that one was reached, and that it is over; each once, whatever dies."""

import asyncio
import signal
import sys
from dataclasses import replace

import pytest

from bot.mail.objectives import HOLD, ObjectiveSender
from bot.settings import Settings
from bot.store.interactions import append
from bot.store.objective_mails import mailed_of
from bot.store.objectives import (
    Contract,
    Objective,
    add_objective,
    change_objective,
    close_objective,
    find_objective,
    objectives_to_look_at,
)
from bot.store.people import disable
from bot.store.sites import Site
from bot.store.staff import add_member
from bot.store.store import Store
from tests.cast import MAYA, SHOP, at
from tests.insights.happened import viewed
from tests.mail.conftest import Clock, PostOffice

PATIENCE_S = 60


@pytest.fixture
async def reach(store: Store, shop: Site) -> Objective:
    """Maya, whose name is her address, wants five people by the end of tomorrow; there were two in the days before."""
    maya = await store.write(add_member, MAYA.email, MAYA.role, at=at())
    told = Contract(
        "More <people>", "awareness", "site", "", maya.id, None, 2, None, None, None, None, None, None, 5, 1,
        "2026-03-02", "2026-03-03",
    )  # fmt: skip
    made = await store.write(add_objective, SHOP, told, staff=maya.id, at=at())
    assert isinstance(made, Objective)
    return made


@pytest.fixture
def owners(store: Store, mail_settings: Settings, clock: Clock) -> ObjectiveSender:
    return ObjectiveSender(store, mail_settings, now=clock)


async def come(store: Store, people: int, *, minute: float = -1) -> None:
    await store.write(append, [one for number in range(people) for one in viewed(f"{minute}-{number}", minute)])


async def states(store: Store, one: Objective) -> list[tuple[str, str]]:
    return [(mail.subject, mail.state) for mail in await store.read(mailed_of, one.id)]


async def test_nothing_is_mailed_before_it_is_reached_or_over(
    reach: Objective, owners: ObjectiveSender, store: Store, post_office: PostOffice
):
    await come(store, 4)

    await owners.work()

    assert post_office.mails == []
    assert await store.read(objectives_to_look_at, at(hours=12)) == []
    assert len(await store.read(objectives_to_look_at, at(hours=12, minutes=10))) == 1


async def test_its_owner_is_told_once_that_it_is_reached_and_once_that_it_is_over(
    reach: Objective, store: Store, mail_settings: Settings, post_office: PostOffice, clock: Clock
):
    await come(store, 5)
    two = [ObjectiveSender(store, mail_settings, now=clock) for _ in range(2)]

    for hours in (0, 1, 12, 24, 36):
        await asyncio.gather(*(one.work() for one in two))
        clock.pass_(hours=hours)
    await asyncio.gather(*(one.work() for one in two))

    assert [mail["Subject"] for mail in post_office.mails] == ["More <people>: reached"] * 2
    assert post_office.given_to == [[MAYA.email]] * 2
    assert len({mail["Message-ID"] for mail in post_office.mails}) == 2
    text, html = (part.get_content() for part in post_office.mails[0].walk() if not part.is_multipart())
    assert "Reached: 5, and the target is 5. [descriptive]" in text
    assert f"/insights/objectives/{reach.id}" in text and "More &lt;people&gt;" in html
    assert await store.read(objectives_to_look_at, at(days=400)) == []


async def test_what_is_missed_is_told_when_it_is_over(
    reach: Objective, owners: ObjectiveSender, store: Store, post_office: PostOffice, clock: Clock
):
    await come(store, 3)
    clock.pass_(days=2)

    await owners.work()

    (mail,) = post_office.mails
    assert mail["Subject"] == "More <people>: missed"


async def test_a_worker_that_is_killed_while_it_mails_loses_no_mail_and_the_second_is_known_for_the_same(
    reach: Objective, store: Store, store_url: str, owners: ObjectiveSender, post_office: PostOffice, clock: Clock
):
    await come(store, 5)
    killed: list[asyncio.subprocess.Process] = []
    post_office.at_data = lambda: killed[0].send_signal(signal.SIGKILL)
    command = (sys.executable, "-m", "tests.mail.objective_once", store_url, post_office.url, str(clock()))
    killed.append(await asyncio.create_subprocess_exec(*command))

    code = await asyncio.wait_for(killed[0].wait(), PATIENCE_S)
    post_office.at_data = None
    await owners.work()
    at_once = len(post_office.mails)
    clock.pass_(seconds=HOLD.total_seconds())
    await owners.work()

    assert code == -signal.SIGKILL and at_once == 1
    first, second = post_office.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert await states(store, reach) == [("More <people>: reached", "sent")]


async def test_a_target_that_is_raised_is_reached_anew(
    reach: Objective, owners: ObjectiveSender, store: Store, post_office: PostOffice, clock: Clock
):
    await come(store, 5)
    await owners.work()

    assert await store.write(change_objective, reach, {"target": 8.0}, staff=reach.owner, at=clock())
    await owners.work()
    await come(store, 3, minute=-2)
    clock.pass_(hours=13)
    await owners.work()

    assert [mail["Subject"] for mail in post_office.mails] == ["More <people>: reached"] * 2


async def test_what_is_closed_is_told_with_who_closed_it(
    reach: Objective, owners: ObjectiveSender, store: Store, post_office: PostOffice, clock: Clock
):
    assert await store.write(close_objective, reach.id, "", staff=None, at=clock())

    await owners.work()

    (mail,) = post_office.mails
    assert mail["Subject"] == "More <people>: ended"
    assert "Closed by the command line on 2026-03-02." in mail.get_body(("plain",)).get_content()


async def test_who_left_or_has_no_address_is_not_mailed_and_that_is_told(
    reach: Objective, owners: ObjectiveSender, store: Store, post_office: PostOffice, clock: Clock
):
    await store.write(disable, reach.owner, at=clock(), by=None)
    assert await store.write(close_objective, reach.id, "", staff=None, at=clock())

    await owners.work()

    (mail,) = await store.read(mailed_of, reach.id)
    assert (mail.state, mail.trouble) == ("refused", "Its owner is staff no longer.")
    assert post_office.mails == []


async def test_of_two_workers_that_looked_one_keeps_it_and_a_change_meanwhile_is_looked_at_anew(
    reach: Objective, store: Store, clock: Clock
):
    changed = await store.write(change_objective, reach, {"name": "Another"}, staff=None, at=clock())
    late = await store.write(change_objective, reach, {"name": "Too late"}, staff=None, at=clock())
    now = await store.read(find_objective, reach.id)

    assert (changed, late) == (True, False)
    assert now == replace(reach, name="Another", version=2, changed_at=clock(), look_at=clock())
