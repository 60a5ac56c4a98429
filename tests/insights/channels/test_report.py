"""What channels cost and bring: each order's credit is whole, and is given by the rule that is named."""

import io
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.insights.channels.report import channels
from bot.insights.channels.table import draw_channels
from bot.interactions import Interaction, Kind
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.spend import Spent, note_spend
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.insights.happened import bought, did, refunded, talked, viewed

DAY = 24 * 60
TODAY = int(at()) // (DAY * 60_000_000)
PAID = "https://shop.example/?utm_medium=cpc&utm_campaign=Spring"
MAIL = "https://shop.example/?utm_medium=email"


def arrived(who: str, minute: float, url: str) -> Interaction:
    return did(who, Kind.PAGE_VIEW, minute, url=url)


@pytest.fixture
async def anna_came_twice(store: Store, shop: Site) -> None:
    """By a paid click ten days ago, by mail yesterday, and by herself today; then she talked, and bought for 10.01."""
    await store.write(
        append,
        [
            arrived("anna", -10 * DAY, PAID),
            arrived("anna", -10 * DAY + 10, PAID),
            arrived("anna", -DAY, MAIL),
            *viewed("anna", -1),
            *talked("anna"),
            bought("anna", 1001, at=at(minutes=5), data={"order": "1", "margin": 301}),
        ],
    )


async def told_of(store: Store, **asked: Any) -> dict[str, Any]:
    return await channels(store, SHOP, "2026-03-01", "2026-03-02", **asked)


def by_channel(told: dict[str, Any], *names: str) -> dict[str, Any]:
    return {row["channel"]: tuple(row[name] for name in names) for row in told["rows"]}


@pytest.mark.parametrize(
    ("rule", "credit"),
    [
        ("first", {"paid": (1, "10.01", "3.01")}),
        ("last", {"mail": (1, "10.01", "3.01")}),
        # What can't be halved is the first one's.
        ("linear", {"paid": (0.5, "5.01", "1.51"), "mail": (0.5, "5.00", "1.50")}),
    ],
)
async def test_a_rule_gives_all_of_an_order_and_no_more(store: Store, anna_came_twice: None, rule: str, credit: Any):
    told = by_channel(await told_of(store, rule=rule), "orders", "revenue", "margin")

    assert {name: row for name, row in told.items() if row[0]} == credit


async def test_who_came_by_themselves_after_an_advertisement_did_not_come_by_themselves(
    store: Store, anna_came_twice: None
):
    told = await told_of(store, rule="last")

    assert [row["channel"] for row in told["rows"]] == ["mail"]
    assert by_channel(told, "people", "conversations", "both", "answered") == {"mail": (1, 1, 1, 1)}


async def test_an_arrival_of_more_than_ninety_days_ago_gets_no_credit(store: Store, shop: Site):
    await store.write(append, [arrived("anna", -91 * DAY, PAID), bought("anna", 1000)])

    told = await told_of(store)

    assert told["rows"] == []
    assert told["unattributed"]["no_arrival_known"] == {"orders": 1, "revenue": "10.00", "currency": "EUR"}


async def test_orders_of_nobody_known_are_shown_as_what_no_channel_gets(store: Store, anna_came_twice: None):
    await store.write(append, [bought(None, 5000), refunded(None, 1000)])

    assert (await told_of(store))["unattributed"]["nobody_known"] == {
        "orders": 1, "revenue": "40.00", "currency": "EUR",
    }  # fmt: skip


async def test_spend_is_set_against_whom_it_brought(store: Store, anna_came_twice: None):
    rows = [Spent(TODAY, "paid", "spring", "EUR", 150), Spent(TODAY - 1, "paid", "", "EUR", 50),
            Spent(TODAY, "social", "", "EUR", 100), Spent(TODAY, "paid", "", "USD", 700),
            Spent(TODAY - 2, "paid", "spring", "EUR", 10_000)]  # fmt: skip
    await store.write(note_spend, SHOP, rows)

    told = await told_of(store)
    paid, social = (next(row for row in told["rows"] if row["channel"] == name) for name in ("paid", "social"))

    assert (told["spend"], paid["spend"], paid["share_of_budget"]) == ("3.00", "2.00", 2 / 3)
    # In these two days she came by mail first; the order goes to what brought her ten days ago.
    assert (paid["people"], paid["cost_per"]["visitor"], paid["cost_per"]["order"]) == (0, None, "2.00")
    assert paid["return"] == {"value": round((301 - 200) / 200, 4), "of": "margin"}
    assert [(one["campaign"], one["spend"], one["revenue"]) for one in paid["campaigns"]] == [
        ("spring", "1.50", "10.01")
    ]
    assert (social["people"], social["cost_per"]["visitor"], social["return"]["value"]) == (0, None, -1)
    assert told["other_currencies"] == [{"channel": "paid", "campaign": "", "spend": "7.00", "currency": "USD"}]


async def test_a_return_is_of_the_revenue_where_margins_are_not_all_known(store: Store, anna_came_twice: None):
    await store.write(append, [bought("anna", 999, at=at(minutes=9))])
    await store.write(note_spend, SHOP, [Spent(TODAY, "paid", "", "EUR", 1000)])

    paid = (await told_of(store))["rows"][0]

    assert (paid["revenue"], paid["return"]) == ("20.00", {"value": 1.0, "of": "revenue"})
    assert (paid["margin_known"], paid["margin_orders"]) == (1, 2)


async def test_what_was_given_back_is_no_credit(store: Store, anna_came_twice: None):
    await store.write(append, [refunded("anna", 501, at=at(minutes=20), data={"order": "1"})])

    assert by_channel(await told_of(store), "orders", "revenue")["paid"] == (1, "5.00")


async def test_without_a_lot_there_is_no_cost_of_a_sale_that_the_chat_made(store: Store, anna_came_twice: None):
    told = (await told_of(store))["incremental"]

    assert (told["label"], told["sales"], told["cost"]) == (None, None, None)
    assert told["why"]


async def test_an_empty_shop_has_no_channels(store: Store, shop: Site):
    told = await told_of(store)

    assert (told["rows"], told["spend"]) == ([], "0.00")


async def test_a_rule_that_there_is_not_is_refused(store: Store, shop: Site):
    with pytest.raises(ConfigurationError, match="first, last, linear"):
        await told_of(store, rule="magic")


def test_the_command_shows_the_share_of_the_budget_and_what_one_of_each_cost():
    cost = {"visitor": "0.50", "conversation": "5.00", "conversing_buyer": "25.00", "answer": "2.50", "order": None}
    row = {
        "channel": "paid", "spend": "50.00", "share_of_budget": 0.8, "people": 100, "conversed": 10, "orders": 0,
        "revenue": "0.00", "return": None, "cost_per": cost, "campaigns": [],
    }  # fmt: skip
    free = row | {"channel": "search", "spend": None, "share_of_budget": None, "cost_per": dict.fromkeys(cost)}
    nothing = {"orders": 0, "revenue": "0.00", "currency": "EUR"}
    told = {
        "since": "2026-03-01T", "until": "2026-03-02T", "currency": "EUR", "rule_means": "all to the first",
        "rows": [row, free], "unattributed": {"no_arrival_known": nothing, "nobody_known": nothing},
        "other_currencies": [], "incremental": {"cost": None, "why": "No lot."},
    }  # fmt: skip

    draw_channels(told, out := io.StringIO())

    costs = out.getvalue().split("Spend for one, in EUR")[1]
    assert "80%" in costs and all(one in costs for one in cost.values() if one) and "search" not in costs
