"""The report on a store: who is compared with whom, and what is said when nothing may be."""

from typing import Any

import pytest

from bot.experiment import Arm
from bot.insights.lift.report import lift
from bot.interactions import Kind
from bot.store.experiments import Guess, record_guess
from bot.store.sites import Site, add_site
from bot.store.staff import add_member
from bot.store.store import Store
from bot.store.visitors import link
from tests.cast import ALICE, MAYA, SHOP, at
from tests.insights.happened import bought, did, refunded
from tests.insights.lift.happenings import DAY, buy, drawn, happen, talk

OFFERED, HELD_OUT = Arm.OFFERED, Arm.HELD_OUT


def rows_of(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in told["rows"]}


async def an_experiment(store: Store, *, buyers: int = 30, held_out_buyers: int = 2) -> None:
    """90 offered and 10 held out; a third of those offered talk."""
    offered, held_out = await drawn(store, OFFERED, 90), await drawn(store, HELD_OUT, 10)
    await talk(store, offered[:30])
    await buy(store, offered[:buyers])
    await buy(store, held_out[:held_out_buyers])


async def test_everybody_who_was_drawn_is_compared_whether_they_talked_or_not(store: Store, shop: Site):
    await an_experiment(store)

    told = await lift(store, SHOP, *DAY)

    rows = rows_of(told)
    assert (told["label"], told["people"]) == ("randomized", {"offered": 90, "held_out": 10, "in_both_arms": 0})
    assert told["talked"] == {"offered": 30, "held_out": 0}
    assert rows["conversion_difference"]["value"] == pytest.approx(30 / 90 - 0.2)
    assert rows["revenue_offered"]["value"] == pytest.approx(30 * 10 / 90)
    assert told["sentence"].startswith("No difference was found: 33.3")


async def test_every_number_says_how_far_it_may_be_believed(store: Store, shop: Site):
    await an_experiment(store)

    told = await lift(store, SHOP, *DAY)

    labels = {row["name"]: row["label"] for row in told["rows"]}
    assert labels["conversion_difference"] == labels["talkers_conversion"] == "randomized"
    assert labels["naive_change"] == labels["conversion_offered"] == "descriptive"
    assert all(row["definition"] and (row["value"] is not None or row["why"]) for row in told["rows"])


async def test_a_shop_where_nobody_was_drawn_has_a_sentence_and_no_comparison(store: Store, shop: Site):
    told = await lift(store, SHOP)

    assert (told["verdict"], told["label"]) == ("nobody_drawn", "descriptive")
    assert told["sentence"].startswith("Nobody was drawn")
    assert [row["value"] for row in told["rows"]] == [None]


async def test_a_site_that_nobody_knows_is_an_empty_one(store: Store):
    assert (await lift(store, "nobodys"))["verdict"] == "nobody_drawn"


async def test_arms_that_the_lot_did_not_make_give_no_result(store: Store, shop: Site):
    await buy(store, await drawn(store, OFFERED, 50))
    await drawn(store, HELD_OUT, 40)

    told = await lift(store, SHOP, *DAY)

    assert told["verdict"] == "faulty"
    assert "40 of 90 people were held out where the lot expects 9" in told["sentence"]
    assert [row["name"] for row in told["rows"]] == ["covered"]


async def test_people_with_two_browsers_count_once_in_the_arm_of_the_first(store: Store, shop: Site):
    (first,) = await drawn(store, HELD_OUT, minute=1)
    (second,) = await drawn(store, OFFERED, minute=2)
    for browser in (first, second):
        await store.write(link, SHOP, browser, ALICE.customer, evidence="identify", at=at(minutes=3))
    await happen(store, bought(second, 500, at=at(minutes=5)))
    await happen(store, bought(None, 700, customer=ALICE.customer, at=at(minutes=6)))

    told = await lift(store, SHOP, *DAY)

    assert told["people"] == {"offered": 0, "held_out": 1, "in_both_arms": 1}
    assert told["buyers"]["held_out"] == 1
    assert "1 person was drawn into both arms" in " ".join(told["notes"])


async def test_who_was_drawn_before_the_window_is_not_drawn_anew_by_another_browser(store: Store, shop: Site):
    (first,) = await drawn(store, HELD_OUT, minute=1)
    (second,) = await drawn(store, OFFERED, minute=60)
    for browser in (first, second):
        await store.write(link, SHOP, browser, ALICE.customer, evidence="identify", at=at(minutes=3))

    told = await lift(store, SHOP, "2026-03-02T12:30:00Z", "2026-03-02T14:00:00Z")

    assert told["people"]["offered"] == told["people"]["held_out"] == 0


async def test_what_was_bought_before_the_draw_is_no_outcome(store: Store, shop: Site):
    (one,) = await drawn(store, OFFERED, minute=10)
    await happen(store, bought(one, 900, at=at(minutes=9)), bought(one, 500, at=at(minutes=10)))

    told = await lift(store, SHOP, *DAY)

    assert told["buyers"]["offered"] == 1
    assert told["verdict"] == "faulty" or told["verdict"] == "nobody_held_out"


async def test_who_gave_everything_back_is_no_buyer(store: Store, shop: Site):
    one, other = await drawn(store, OFFERED, 2)
    await drawn(store, HELD_OUT)
    await happen(store, bought(one, 900, at=at(minutes=5)), refunded(one, 900, at=at(minutes=6)))
    await happen(store, bought(other, 900, at=at(minutes=5)), refunded(other, 100, at=at(minutes=6)))

    assert (await lift(store, SHOP, *DAY))["buyers"]["offered"] == 1


async def test_a_changed_holdout_begins_anew_and_says_so(store: Store, shop: Site):
    await drawn(store, OFFERED, 90)
    await drawn(store, HELD_OUT, 10)
    await store.write(add_site, SHOP, at=at(hours=1), holdout=0.5)
    await buy(store, await drawn(store, OFFERED, 20, minute=61))
    await drawn(store, HELD_OUT, 20, minute=62)

    told = await lift(store, SHOP, *DAY)

    assert (told["holdout"], told["people"]["offered"], told["people"]["held_out"]) == (0.5, 20, 20)
    assert "the holdout changed from 10\N{NO-BREAK SPACE}% to 50\N{NO-BREAK SPACE}%" in told["notes"][0]
    assert told["verdict"] != "faulty"


async def test_the_days_before_a_change_are_compared_by_their_own_lot(store: Store, shop: Site):
    await an_experiment(store)
    await store.write(add_site, SHOP, at=at(days=2), holdout=0.5)

    told = await lift(store, SHOP, *DAY)

    assert (told["holdout"], told["people"]["offered"], told["people"]["held_out"]) == (0.1, 90, 10)


async def test_orders_in_two_currencies_are_never_added_up(store: Store, shop: Site):
    offered, _ = await drawn(store, OFFERED, 9), await drawn(store, HELD_OUT)
    await buy(store, offered[:3], value=1_000)
    await buy(store, offered[2:4], value=9_999_999, currency="JPY")

    told = await lift(store, SHOP, *DAY)

    assert (told["currency"], told["buyers"]["offered"]) == ("EUR", 4)
    assert rows_of(told)["revenue_offered"]["value"] == pytest.approx(30 / 9)
    assert "there are also orders 2 in JPY" in " ".join(told["notes"])


async def test_everybody_counts_robots_and_staff_too(store: Store, shop: Site):
    await drawn(store, OFFERED, 9)
    await drawn(store, HELD_OUT, staff=True)

    told = await lift(store, SHOP, *DAY)

    assert told["people"]["held_out"] == 1
    assert "1 person is marked as a robot or staff." in " ".join(told["notes"])


async def test_a_button_that_only_one_arm_logs_is_told(store: Store, shop: Site):
    offered, _ = await drawn(store, OFFERED, 90), await drawn(store, HELD_OUT, 10)
    await happen(store, *(did(one, Kind.EXPOSED, 2) for one in offered[:10]))
    fine = (await lift(store, SHOP, *DAY))["notes"]
    await drawn(store, HELD_OUT, 100, minute=3)
    await happen(store, *(did(one, Kind.EXPOSED, 4) for one in await drawn(store, OFFERED, 900, minute=3)))

    told = await lift(store, SHOP, *DAY)

    assert told["exposed"] == {"offered": 910, "held_out": 0}
    assert "treats the arms differently" in " ".join(told["notes"])
    assert "treats the arms differently" not in " ".join(fine)


async def test_who_is_not_answered_has_not_talked(store: Store, shop: Site):
    one, other, welcomed = await drawn(store, OFFERED, 3)
    await happen(
        store,
        did(one, Kind.MESSAGE, 5, conversation="c1"),
        did(other, Kind.MESSAGE, 5, conversation="c2"),
        did(other, Kind.ANSWER, 5, conversation="c2", data={"failed": True}),
        did(welcomed, Kind.ANSWER, 5, conversation="c3", data={"welcome": True}),
    )

    assert (await lift(store, SHOP, *DAY))["talked"]["offered"] == 0


async def test_with_nobody_held_out_people_alike_are_compared_and_it_is_called_adjusted(store: Store, shop: Site):
    await store.write(add_site, SHOP, at=at(), holdout=0.0)
    people = await drawn(store, OFFERED, 400)
    await talk(store, people[:100])
    await buy(store, [*people[:60], *people[100:160]])

    told = await lift(store, SHOP, *DAY)

    rows = rows_of(told)
    assert (told["verdict"], told["label"]) == ("nobody_held_out", "adjusted")
    assert rows["adjusted_difference"]["value"] == pytest.approx(0.4, abs=0.03)
    assert rows["e_value_of_limit"]["value"] > 1
    assert sum(told["overlap"]["talkers"]) == 100
    assert "nothing is proven" in told["sentence"]


async def test_what_was_said_after_buying_did_not_make_anybody_buy(store: Store, shop: Site):
    await store.write(add_site, SHOP, at=at(), holdout=0.0)
    people = await drawn(store, OFFERED, 400)
    await buy(store, [*people[:60], *people[100:160]])
    await talk(store, people[:100], minute=40)

    told = await lift(store, SHOP, *DAY)

    assert rows_of(told)["adjusted_difference"]["value"] is None or told["overlap"] is not None
    assert told["talked"]["offered"] == 100


async def test_the_plan_decides_when_the_result_is_read(store: Store, shop: Site):
    maya = await store.write(add_member, MAYA.name, "marketer", at=at())
    guess = Guess(change=0.2, planned=100, drawn=0, by=MAYA.name, at=at())
    await an_experiment(store)
    running = await lift(store, SHOP, *DAY)
    await store.write(record_guess, SHOP, at(), guess, staff=maya.id)

    told = await lift(store, SHOP, *DAY)

    assert "The experiment runs" in " ".join(running["notes"])
    assert "All 100 people that were planned are drawn" in " ".join(told["notes"])
    assert told["guess"]["change"] == 0.2
    wide, narrow = (rows_of(one)["conversion_difference"] for one in (running, told))
    assert wide["high"] - wide["low"] > narrow["high"] - narrow["low"]


async def test_the_share_of_traffic_that_the_experiment_covers_is_told(store: Store, shop: Site):
    await drawn(store, OFFERED)
    await happen(
        store, did("a", Kind.PAGE_VIEW, 1, arm="offered"), did("b", Kind.PAGE_VIEW, 1), did("c", Kind.PAGE_VIEW, 1),
        did("d", Kind.PAGE_VIEW, 1, arm="held_out"),
    )  # fmt: skip

    assert rows_of(await lift(store, SHOP, *DAY))["covered"]["value"] == 0.5
