"""Reports that take a while: made once for all who ask, shown with their age, and never after an erasure."""

import asyncio

import pytest

from bot.gateway.boards.recent import FRESH_FOR_US, SHOWN_FOR_US, Recent
from bot.interactions import Kind, Microseconds
from bot.store.forget import forget_visitor
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.visitors import create
from tests.cast import SHOP, at
from tests.insights.happened import did

KEY = (SHOP, "lift")


class Maker:
    """Makes reports when it is let: the first is 1."""

    def __init__(self) -> None:
        self.made, self.may = 0, asyncio.Event()
        self.may.set()

    async def __call__(self) -> int:
        self.made += 1
        await self.may.wait()
        return self.made


@pytest.fixture
def maker() -> Maker:
    return Maker()


def later(microseconds: int) -> Microseconds:
    return Microseconds(at() + microseconds)


async def test_a_report_is_made_once_a_minute(store: Store, maker: Maker):
    recent: Recent[int] = Recent(store)
    told = [await recent.report(KEY, maker, now=later(moment)) for moment in (0, FRESH_FOR_US, FRESH_FOR_US + 1)]

    assert [one.told for one in told] == [1, 1, 2]


async def test_one_that_takes_long_is_shown_as_of_then_while_a_new_one_is_made(store: Store, maker: Maker):
    recent: Recent[int] = Recent(store, worth_a_wait_s=-1)
    await recent.report(KEY, maker, now=at())

    maker.may.clear()
    older = await recent.report(KEY, maker, now=later(SHOWN_FOR_US))
    waiting = asyncio.create_task(recent.report(("another",), maker, now=later(SHOWN_FOR_US)))
    maker.may.set()
    await waiting
    newer = await recent.report(KEY, maker, now=later(SHOWN_FOR_US))

    assert (older.told, older.at, older.is_renewed) == (1, at(), True)
    assert (newer.told > 1, newer.at, newer.is_renewed) == (True, later(SHOWN_FOR_US), False)


async def test_one_that_is_too_old_is_waited_for(store: Store, maker: Maker):
    recent: Recent[int] = Recent(store, worth_a_wait_s=-1)
    await recent.report(KEY, maker, now=at())

    assert (await recent.report(KEY, maker, now=later(SHOWN_FOR_US + 1))).told == 2


async def test_all_who_ask_at_once_get_the_same_one(store: Store, maker: Maker):
    recent: Recent[int] = Recent(store)
    told = await asyncio.gather(*(recent.report(KEY, maker, now=at()) for _ in range(5)))

    assert [one.told for one in told] == [1] * 5


async def test_nothing_is_shown_that_may_count_what_was_erased(store: Store, shop: Site, maker: Maker):
    visitor = await store.write(create, shop, at=at(), measure=True, memory=False)
    await store.write(append, [did(visitor.id, Kind.PAGE_VIEW)])
    recent: Recent[int] = Recent(store, worth_a_wait_s=-1)
    await recent.report(KEY, maker, now=at())

    await store.write(forget_visitor, SHOP, visitor.id)

    assert (await recent.report(KEY, maker, now=at())).told == 2


async def test_what_could_not_be_made_is_tried_again(store: Store):
    async def failing() -> int:
        raise OSError("the disk is full")

    recent: Recent[int] = Recent(store)
    with pytest.raises(OSError, match="full"):
        await recent.report(KEY, failing, now=at())

    assert (await recent.report(KEY, Maker(), now=at())).told == 1
