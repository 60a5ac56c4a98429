"""The people behind the numbers of an experiment: those that the report counts, each once."""

import pytest

from bot.experiment import Arm
from bot.insights.lift.people import drawn_people
from bot.insights.lift.report import lift
from bot.interactions import Kind
from bot.store.forget import forget_visitor
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.visitors import link
from tests.cast import ALICE, SHOP, at
from tests.insights.happened import did
from tests.insights.lift.happenings import DAY, buy, drawn, happen, talk
from tests.insights.log.kept import Kept, kept

__all__ = ["kept"]
COUNTED = {"drawn": "people", "exposed": "exposed", "talked": "talked", "bought": "buyers"}


@pytest.fixture
async def an_experiment(store: Store, shop: Site) -> list[str]:
    """Nine offered, of whom four saw the button, three talked and two bought; four held out, of whom one bought. The
    last of those offered is Alice, whose other browser was drawn into the other arm, later."""
    offered, held_out = await drawn(store, Arm.OFFERED, 9), await drawn(store, Arm.HELD_OUT, 4)
    (another,) = await drawn(store, Arm.HELD_OUT, minute=5)
    for browser in (offered[8], another):
        await store.write(link, SHOP, browser, ALICE.customer, evidence="identify", at=at(minutes=9))
    await happen(store, *(did(one, Kind.EXPOSED, 2) for one in offered[:4]))
    await talk(store, offered[:3])
    await buy(store, offered[:1])
    await buy(store, [offered[8]], value=9_900)
    await buy(store, held_out[:1], value=500)
    return [*offered, *held_out]


@pytest.mark.parametrize("is_kept", [False, True])
async def test_every_number_of_the_report_is_that_many_people(
    store: Store, an_experiment: list[str], kept: Kept, is_kept: bool
):
    if is_kept:
        kept.keep()
    log = kept.folder if is_kept else None
    told = await lift(store, SHOP, *DAY, log=log)

    for arm in (Arm.OFFERED, Arm.HELD_OUT):
        for what in COUNTED:
            found = await drawn_people(store, SHOP, *DAY, arm=arm, what=what, log=log)
            people = {row["person"] for row in found.rows}
            assert found.total == len(found.rows) == len(people) == told[COUNTED[what]][arm.value]
    assert (told["people"], told["buyers"]) == (
        {"offered": 9, "held_out": 4, "in_both_arms": 1}, {"offered": 2, "held_out": 1},
    )  # fmt: skip


async def test_who_brought_most_comes_first_with_what_came_of_it(store: Store, an_experiment: list[str]):
    bought = await drawn_people(store, SHOP, *DAY, arm=Arm.OFFERED, what="bought")
    first, second = bought.rows

    assert (first["person"], first["revenue"], first["talked_at"]) == (f"c:{ALICE.customer}", "99.00", None)
    assert second == {
        "person": f"v:{an_experiment[0]}", "at": at(minutes=1), "talked_at": at(minutes=20),
        "bought_at": at(minutes=30), "exposed": True, "bought": True, "revenue": "10.00", "currency": "EUR",
    }  # fmt: skip


async def test_they_come_a_part_at_a_time_and_each_once(store: Store, an_experiment: list[str]):
    parts = [
        await drawn_people(store, SHOP, *DAY, arm=Arm.OFFERED, what="drawn", skip=skip, limit=4) for skip in (0, 4, 8)
    ]

    assert [len(one.rows) for one in parts] == [4, 4, 1]
    assert {one.total for one in parts} == {9}
    assert len({row["person"] for one in parts for row in one.rows}) == 9


async def test_who_was_erased_is_not_listed(store: Store, an_experiment: list[str], kept: Kept):
    kept.keep()

    await store.write(forget_visitor, SHOP, an_experiment[0])

    found = await drawn_people(store, SHOP, *DAY, arm=Arm.OFFERED, what="drawn", log=kept.folder)
    assert found.total == 8
    assert f"v:{an_experiment[0]}" not in {row["person"] for row in found.rows}
