"""Segments of some people only: those of whom the first that is known is what was asked for."""

from typing import Any

import pytest

from bot.insights.segments import segments
from bot.interactions import Kind
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP
from tests.insights.happened import bought, did, viewed

SEARCH = {"referrer": "https://www.google.com/"}


@pytest.fixture
async def two_ways_here(store: Store, shop: Site) -> None:
    """Anna came from a search and bought, Ben by himself and bought in another currency; a call brought an order."""
    await store.write(
        append,
        [
            did("anna", Kind.PAGE_VIEW, url="https://shop.example/=1+1", data=SEARCH),
            *viewed("anna", 1),
            *viewed("ben", 0, 1),
            bought("anna", 900),
            bought("ben", 700, "USD"),
            bought(None, 100),
        ],
    )


async def people_of(store: Store, *where: str, **asked: Any) -> dict[str, Any]:
    told = await segments(store, SHOP, "2026-03-02", "2026-03-02", where=where, **asked)
    return told | {"people": {row["segment"]: row["people"] for row in told["rows"] if row["people"]}}


async def test_only_who_came_that_way_is_counted(store: Store, two_ways_here: None):
    told = await people_of(store, "channel=search")

    assert told["people"] == {"silent buyer": 1}
    assert [row["revenue"] for row in told["rows"]] == ["0.00", "0.00", "9.00", "0.00", "0.00"]
    assert (told["unlinked"], told["other_currencies"]) == ([], [])


async def test_two_filters_leave_whom_both_know(store: Store, two_ways_here: None):
    both = await people_of(store, "channel=direct", "page=https://shop.example")
    neither = await people_of(store, "channel=direct", "page=https://shop.example/=1+1")

    assert (both["people"], neither["people"]) == ({"silent buyer": 1}, {})


async def test_of_whom_nothing_is_known_can_be_asked_too(store: Store, two_ways_here: None):
    assert (await people_of(store, "campaign=~"))["people"] == {"silent buyer": 2}
    assert (await people_of(store, "channel=~"))["people"] == {}


async def test_a_value_of_the_address_is_never_a_part_of_the_question(store: Store, two_ways_here: None):
    for value in ("' OR 1=1 --", '"; DROP VIEW log', "search' UNION SELECT", "%", "="):
        assert (await people_of(store, f"channel={value}"))["people"] == {}


async def test_two_windows_are_told_in_the_same_currency(store: Store, two_ways_here: None):
    told = await people_of(store, currency="USD")

    assert {row["currency"] for row in told["rows"]} == {"USD"}
    assert [row["revenue"] for row in told["rows"]][2] == "7.00"
