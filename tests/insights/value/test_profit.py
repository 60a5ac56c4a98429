"""Profit: margins less refunds, less service, less spend, as far as each is known; and what is not known is said."""

from typing import Any

import pytest

from bot.insights.profiles.costs import Costs, costs_of
from bot.insights.value.report import value
from bot.interactions import Interaction, Kind
from bot.site_settings import parse
from bot.store.interactions import append
from bot.store.sites import Site, change_settings
from bot.store.spend import Spent, note_spend
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.insights.happened import bought, did, refunded
from tests.insights.value.test_report import customers

COSTS = Costs("1.00 EUR", "0.10 EUR")


def came(who: str, channel: str, campaign: str | None = None, *, day: int = -20) -> Interaction:
    medium = {"paid": "cpc", "mail": "email"}[channel]
    url = f"https://shop.example/?utm_medium={medium}" + (f"&utm_campaign={campaign}" if campaign else "")
    return did(who, Kind.PAGE_VIEW, day * 1_440, url=url, data={})


def order(who: str, *, cents: int = 10_000, margin: int | None = 4_000, day: int = -10) -> Interaction:
    data: dict[str, Any] = {"order": f"{who}{day}"} | ({} if margin is None else {"margin": margin})
    return bought(who, cents, at=at(days=day), data=data)


def served(who: str, *, minutes: float, bot: int) -> list[Interaction]:
    """Staff answered after so many minutes, and the bot so often."""
    where = {"conversation": f"of {who}"}
    answers = [did(who, Kind.ANSWER, -8_000 + number, data={"from": "bot"}, **where) for number in range(bot)]
    by_staff = did(who, Kind.ANSWER, -9_000 + minutes, data={"from": "staff"}, **where)
    return [did(who, Kind.MESSAGE, -9_000, **where), by_staff, *answers]


async def told(store: Store, *happened: Interaction, costs: Costs | None = COSTS, spent: list[Spent] = []) -> Any:  # noqa: B006
    await store.write(append, list(happened))
    await store.write(note_spend, SHOP, spent)
    return await value(store, SHOP, costs=costs)


def spend(amount: int, channel: str = "paid", campaign: str = "", currency: str = "EUR") -> Spent:
    return Spent(20_500, channel, campaign, currency, amount)


async def test_service_and_spend_are_taken_off_the_margin(store: Store, shop: Site):
    happened = [came("one", "paid"), order("one"), *served("one", minutes=4, bot=3), refunded_half("one")]

    found = (await told(store, *happened, spent=[spend(500)]))["profit"]

    # 40.00 of margin, half of it given back; 4 minutes and 3 answers; 5.00 of spend.
    assert (found["margin"], found["service"], found["spend"]) == ("20.00", "4.30", "5.00")
    assert (found["profit"], found["missing"]) == ("10.70", [])
    assert found["rate"] == pytest.approx(10.70 / 50)
    assert (found["staff_minutes"], found["bot_answers"]) == (4.0, 3)


def refunded_half(who: str) -> Interaction:
    return refunded(who, 5_000, data={"order": f"{who}-10"}, at=at(days=-9))


@pytest.mark.parametrize(("costs", "spent", "missing"), [
    (None, [], ["service", "spend"]),
    (COSTS, [], ["spend"]),
    (Costs("1.00 USD", ""), [spend(1)], ["service"]),
    (COSTS, [spend(1, currency="USD")], ["spend"]),
])  # fmt: skip
async def test_what_is_not_known_is_named_and_not_taken_off(
    store: Store, shop: Site, costs: Costs | None, spent: list[Spent], missing: list[str]
):
    found = await told(store, order("one"), *served("one", minutes=2, bot=0), costs=costs, spent=spent)

    notes = " ".join(found["notes"])
    assert found["profit"]["missing"] == missing
    assert ("What serving them costs is not set" in notes) == ("service" in missing)
    assert ("What was spent on campaigns was not told" in notes) == ("spend" in missing)


async def test_without_every_margin_there_is_no_profit_and_that_is_said(store: Store, shop: Site):
    found = await told(store, order("one"), order("two", margin=None), spent=[spend(100)])

    assert (found["profit"]["profit"], found["profit"]["missing"]) == (None, ["margin"])
    assert "Margins are known of 1 of 2 orders, too few for a profit: this is revenue." in found["notes"]


async def test_spend_is_that_of_the_customers_whose_first_arrival_was_of_it(store: Store, shop: Site):
    whole = customers(400, margin=400)
    # Two who are expected to bring most, by how often they came.
    first, second = (f"x{number}" for number in range(2))
    often = [order(who, day=-day) for who in (first, second) for day in range(2, 200, 4)]
    arrived = [came(first, "paid", "Spring", day=-300), came(first, "mail", day=-290), came(second, "mail", day=-300)]
    for start in range(0, len(whole), 400):
        await store.write(append, whole[start : start + 400])

    found = await told(
        store, *often, *arrived, spent=[spend(300, "paid", "spring"), spend(90, "mail"), spend(7, "social")]
    )

    left = {one["visitor"]: one["profit"] for one in found["top"]}
    assert (left[first], left[second]) == (f"{50 * 40 - 3:.2f}", f"{50 * 40 - 0.9:.2f}")
    assert (found["profit"]["spend"], found["profit"]["spend_of_nobody"]) == ("3.97", "0.07")
    assert any(note.startswith("0.07 EUR of that spend brought no customer") for note in found["notes"])


async def test_who_came_after_they_had_ordered_was_not_won_by_that(store: Store, shop: Site):
    found = await told(store, order("one", day=-30), came("one", "paid", day=-5), spent=[spend(300)])

    assert (found["profit"]["spend"], found["profit"]["spend_of_nobody"]) == ("3.00", "3.00")


async def test_who_cost_more_than_they_brought_leaves_less_with_every_order(store: Store, shop: Site):
    happened = customers(400, margin=-200)
    for start in range(0, len(happened), 400):
        await store.write(append, happened[start : start + 400])

    ahead = (await value(store, SHOP))["ahead"][0]["profit"]

    assert float(ahead["low"]) < float(ahead["value"]) < float(ahead["high"]) < 0


async def test_a_site_has_costs_of_its_own_and_else_those_of_the_operator(store: Store, shop: Site):
    assert await costs_of(store, SHOP, COSTS) == COSTS

    await store.write(change_settings, shop.key, lambda _: parse({"staff_minute_cost": "2.50 EUR"}))

    assert await costs_of(store, SHOP, COSTS) == Costs("2.50 EUR", "0.10 EUR")
    assert await costs_of(store, SHOP) == Costs("2.50 EUR", "")
