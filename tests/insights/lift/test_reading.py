"""What the report reads: the files of the log and the store beside them say the same, and nothing of who was erased."""

from typing import Any

import pytest
from sqlalchemy import Connection, update

from bot.experiment import Arm
from bot.insights.lift.report import lift
from bot.interactions import Kind
from bot.money import MINOR_DIGITS
from bot.store.forget import forget_visitor
from bot.store.sites import Site, add_site
from bot.store.store import Store
from bot.store.tables import visitors
from bot.store.visitors import link
from tests.cast import ALICE, SHOP, at
from tests.insights.happened import bought, did, refunded, viewed
from tests.insights.lift.happenings import DAY, buy, drawn, happen, talk
from tests.insights.log.kept import Kept, kept

__all__ = ["kept"]
OFFERED, HELD_OUT = Arm.OFFERED, Arm.HELD_OUT
PAGES = [
    ("https://shop.example/?utm_source=mail", None),
    ("https://shop.example/a/", "https://www.google.com/search"),
    ("https://shop.example/a/?q=1", "https://shop.example/"),
    ("https://[broken", "https://blog.example/"),
]


def rows_of(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in told["rows"]}


@pytest.fixture
async def nobody_held_out(store: Store, shop: Site) -> None:
    """240 people from different pages; who talks first buys more often."""
    await store.write(add_site, SHOP, at=at(), holdout=0.0)
    people = await drawn(store, OFFERED, 240)
    for number, one in enumerate(people):
        url, referrer = PAGES[number % len(PAGES)]
        await happen(store, did(one, Kind.PAGE_VIEW, 2, url=url, data={"referrer": referrer}), *viewed(one, 3))
    await talk(store, people[:80])
    await buy(store, [*people[:60], *people[100:120]])


async def test_the_files_of_the_log_tell_the_same_as_the_store(store: Store, nobody_held_out: None, kept: Kept):
    from_the_store = await lift(store, SHOP, *DAY)

    kept.keep()

    assert kept.files()
    assert await lift(store, SHOP, *DAY, log=kept.folder) == from_the_store
    assert from_the_store["label"] == "adjusted"


async def test_who_was_erased_is_in_neither_arm_at_once(store: Store, shop: Site, kept: Kept):
    offered, held_out = await drawn(store, OFFERED, 9), await drawn(store, HELD_OUT, 3)
    await talk(store, offered[:4])
    await buy(store, [*offered[:2], *held_out[:1]])
    kept.keep()

    for one in (offered[0], held_out[0]):
        await store.write(forget_visitor, SHOP, one)

    told = await lift(store, SHOP, *DAY, log=kept.folder)
    assert (told["people"]["offered"], told["people"]["held_out"]) == (8, 2)
    assert (told["talked"]["offered"], told["buyers"]) == (3, {"offered": 1, "held_out": 0})


async def test_orders_of_nobody_who_was_drawn_are_not_counted(store: Store, shop: Site):
    await drawn(store, OFFERED, 9)
    await drawn(store, HELD_OUT)
    await happen(store, bought(None, 500), bought("somebody", 500), bought(None, 500, customer=ALICE.customer))

    told = await lift(store, SHOP, *DAY)

    assert told["buyers"] == {"offered": 0, "held_out": 0}


async def test_who_met_the_chat_before_they_agreed_is_never_drawn(store: Store, shop: Site):
    first, *others = await drawn(store, OFFERED, 10)
    await drawn(store, HELD_OUT)

    def seen_first(connection: Connection) -> None:
        connection.execute(update(visitors).where(visitors.c.id == first).values(arm=Arm.NONE.value))

    await store.write(seen_first)
    await buy(store, [first])

    told = await lift(store, SHOP, *DAY)
    assert (told["people"]["offered"], told["buyers"]["offered"]) == (len(others), 0)


async def test_an_answer_in_another_conversation_than_the_one_they_spoke_in_is_no_talk(store: Store, shop: Site):
    one, other = await drawn(store, OFFERED, 2)
    await happen(
        store,
        *(did(one, Kind.MESSAGE, 5, conversation=where) for where in ("c1", "c2")),
        did(one, Kind.ANSWER, 6, conversation="c1"),
        *(did(other, Kind.MESSAGE, 5, conversation=where) for where in ("c3", "c4")),
        did(other, Kind.ANSWER, 6, conversation="c4"),
    )

    assert (await lift(store, SHOP, *DAY))["talked"]["offered"] == 1


async def test_what_was_bought_in_the_half_year_before_steadies_and_older_is_left_out(store: Store, shop: Site):
    offered, _ = await drawn(store, OFFERED, 27), await drawn(store, HELD_OUT, 3)
    day = 24 * 60
    steady = [bought(one, 100 * number, at=at(minutes=-30 * day)) for number, one in enumerate(offered)]
    await happen(store, *steady, bought(offered[0], 10**9, at=at(minutes=-190 * day)))
    paid = {one: 100 * number + number % 3 for number, one in enumerate(offered)}
    await happen(store, *(bought(one, value, at=at(minutes=5)) for one, value in paid.items()))

    told = await lift(store, SHOP, *DAY)

    assert "Earlier orders take 100.0" in " ".join(told["notes"])


async def test_one_buyer_alone_is_too_few_to_judge(store: Store, shop: Site):
    offered, _ = await drawn(store, OFFERED, 90), await drawn(store, HELD_OUT, 10)
    await buy(store, offered[:1])

    told = await lift(store, SHOP, *DAY)

    assert told["verdict"] == "too_few"
    assert "Too few to judge: 1 buyer among 100 people" in told["sentence"]


async def test_without_any_buyer_there_is_no_number_and_each_says_why(store: Store, shop: Site):
    await drawn(store, OFFERED, 90)
    await drawn(store, HELD_OUT, 10)

    told = await lift(store, SHOP, *DAY)

    rows = rows_of(told)
    assert told["verdict"] == "too_few"
    assert rows["conversion_change"]["value"] is rows["revenue_change"]["value"] is rows["detectable"]["value"] is None
    assert all(row["value"] is not None or row["why"] for row in told["rows"])


async def test_a_refund_without_its_order_makes_nobody_a_buyer(store: Store, shop: Site):
    one, other = await drawn(store, OFFERED, 2)
    await drawn(store, HELD_OUT)
    await happen(store, refunded(one, 900, at=at(minutes=5)), bought(other, 300, at=at(minutes=5)))

    told = await lift(store, SHOP, *DAY)

    assert told["buyers"]["offered"] == 1
    assert rows_of(told)["revenue_offered"]["value"] == pytest.approx(-3)


async def test_orders_of_nothing_make_nobody_a_buyer(store: Store, shop: Site):
    (one,) = await drawn(store, OFFERED)
    await drawn(store, HELD_OUT)
    await happen(store, bought(one, 0, at=at(minutes=5)))

    assert (await lift(store, SHOP, *DAY))["buyers"]["offered"] == 0


async def test_days_that_are_still_to_come_have_nobody(store: Store, shop: Site):
    await buy(store, await drawn(store, OFFERED, 9))

    told = await lift(store, SHOP, "2090-01-01", "2090-01-31")

    assert told["verdict"] == "nobody_drawn"


async def test_an_order_dated_after_the_window_is_no_outcome(store: Store, shop: Site):
    (one,) = await drawn(store, OFFERED)
    await drawn(store, HELD_OUT)
    await happen(store, bought(one, 900, at=at(days=400)))

    assert (await lift(store, SHOP, *DAY))["buyers"]["offered"] == 0


async def test_amounts_larger_than_any_float_holds_whole_are_added_up_whole(store: Store, shop: Site):
    largest = 10**MINOR_DIGITS - 1
    (one,) = await drawn(store, OFFERED)
    await drawn(store, HELD_OUT)
    # Twenty of them are more than 64 bits hold, and what is left of all is one cent.
    orders = [bought(one, largest, at=at(minutes=5)) for _ in range(20)]
    refunds = [refunded(one, largest, at=at(minutes=6)) for _ in range(19)]
    await happen(store, *orders, *refunds, refunded(one, largest - 1, at=at(minutes=7)))

    told = await lift(store, SHOP, *DAY)

    assert rows_of(told)["revenue_offered"]["value"] == pytest.approx(0.01)


async def test_a_holdout_of_nobody_in_which_somebody_is_held_out_is_a_fault(store: Store, shop: Site):
    await store.write(add_site, SHOP, at=at(), holdout=0.0)
    await buy(store, await drawn(store, OFFERED, 90))
    await drawn(store, HELD_OUT)

    assert (await lift(store, SHOP, *DAY))["verdict"] == "faulty"


async def test_a_customer_whose_link_was_made_after_the_copy_is_one_person(store: Store, shop: Site, kept: Kept):
    first, second = await drawn(store, OFFERED, 2)
    await drawn(store, HELD_OUT)
    await buy(store, [second])
    kept.keep()

    for browser in (first, second):
        await store.write(link, SHOP, browser, ALICE.customer, evidence="identify", at=at(minutes=40))

    told = await lift(store, SHOP, *DAY, log=kept.folder)
    assert (told["people"]["offered"], told["buyers"]["offered"]) == (1, 1)
