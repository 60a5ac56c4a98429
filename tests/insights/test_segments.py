from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.insights.segments import Deeds, Segment, segment_of, segments
from bot.insights.window import span_of
from bot.interactions import Interaction, Kind
from bot.store.counts import count_drops
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.visitors import create, link, mark_staff, unlink
from tests.cast import ALICE, SHOP, at
from tests.insights.happened import bought, did, refunded, talked, viewed

NAMES = ["conversing buyer", "conversing visitor", "silent buyer", "passive visitor", "noise"]
DAY = ("2026-03-02", "2026-03-02")


async def told(store: Store, *happened: Interaction) -> dict[str, dict[str, Any]]:
    """The rows of the day after this happened, by segment."""
    await store.write(append, list(happened))
    report = await segments(store, SHOP, *DAY)
    assert [row["segment"] for row in report["rows"]] == NAMES
    return {row["segment"]: row for row in report["rows"]}


async def segment(store: Store, *happened: Interaction) -> str:
    """The one segment that has somebody in it."""
    rows = await told(store, *happened)
    (name,) = [name for name, row in rows.items() if row["people"]]
    assert rows[name]["people"] == 1
    return name


async def test_a_shop_where_nothing_happened_has_five_empty_rows(store: Store, shop: Site):
    report = await segments(store, SHOP)

    empty = {"people": 0, "visits": 0, "revenue": "0.00", "currency": "EUR"}
    assert report["label"] == "descriptive"
    assert report["rows"] == [{"segment": name} | empty for name in NAMES]
    assert (report["other_currencies"], report["unlinked"]) == ([], [])


async def test_everybody_is_in_one_segment(store: Store, shop: Site):
    rows = await told(
        store,
        *viewed("buyer who talks", 0, 40),
        *talked("buyer who talks", answers=2),
        bought("buyer who talks", 4990),
        *viewed("talker", 0),
        *talked("talker"),
        *viewed("buyer", 0, 10),
        bought("buyer", 10_000),
        *viewed("looker", 0, 60),
        *viewed("passer-by", 0),
        did("passer-by", Kind.EXPOSED),
        did("passer-by", Kind.PRESENT),
        did("passer-by", Kind.CONSENT),
    )

    assert {name: (row["people"], row["visits"], row["revenue"]) for name, row in rows.items()} == {
        "conversing buyer": (1, 2, "49.90"),
        "conversing visitor": (1, 1, "0.00"),
        "silent buyer": (1, 1, "100.00"),
        "passive visitor": (1, 2, "0.00"),
        "noise": (1, 1, "0.00"),
    }


async def test_talking_after_buying_is_conversing_too(store: Store, shop: Site):
    assert await segment(store, bought("v", 100), *talked("v")) == "conversing buyer"


async def test_a_message_nobody_answered_is_no_conversation(store: Store, shop: Site):
    assert await segment(store, *viewed("v", 0), *talked("v", answers=0)) == "passive visitor"


async def test_a_greeting_is_no_conversation(store: Store, shop: Site):
    greeting = did("v", Kind.ANSWER, conversation="c")
    said = did("v", Kind.MESSAGE, conversation="c")

    assert await segment(store, greeting, said) == "passive visitor"


async def test_an_answer_elsewhere_is_no_answer(store: Store, shop: Site):
    said = did("v", Kind.MESSAGE, conversation="one")
    other = did("v", Kind.ANSWER, conversation="other")

    assert await segment(store, said, other) == "passive visitor"


async def test_the_sentence_that_there_is_no_answer_is_none(store: Store, shop: Site):
    said = did("v", Kind.MESSAGE, conversation="c")
    failed = did("v", Kind.ANSWER, conversation="c", data={"failed": True})

    assert await segment(store, said, failed) == "passive visitor"


async def test_what_was_said_before_agreeing_counts(store: Store, shop: Site):
    agreed = did("v", Kind.CONSENT, data={"measure": True, "memory": True, "said": 2, "answered": 1})

    assert await segment(store, *talked(None, conversation="c"), agreed) == "conversing visitor"


async def test_money_given_back_makes_no_buyer(store: Store, shop: Site):
    assert await segment(store, *viewed("v", 0, 1), bought("v", 100), refunded("v", 100)) == "passive visitor"
    rows = await told(store, bought("v", 1))
    assert (rows["silent buyer"]["people"], rows["silent buyer"]["revenue"]) == (1, "0.01")


async def test_a_refund_of_an_earlier_order_is_shown_where_it_belongs(store: Store, shop: Site):
    rows = await told(store, *talked("v"), refunded("v", 500))

    assert rows["conversing visitor"]["revenue"] == "-5.00"


async def test_a_customer_with_two_browsers_is_one_person(store: Store, shop: Site):
    phone, laptop = [(await store.write(create, shop, at=at(), measure=True, memory=False)).id for _ in range(2)]
    for visitor in (phone, laptop):
        await store.write(link, SHOP, visitor, ALICE.customer, evidence="identify", at=at())

    rows = await told(
        store,
        *viewed(phone, 0),
        *talked(phone),
        *viewed(laptop, 0),
        bought(None, 4990, customer=ALICE.customer),
    )
    assert {name: row["people"] for name, row in rows.items() if row["people"]} == {"conversing buyer": 1}
    assert (rows["conversing buyer"]["visits"], rows["conversing buyer"]["revenue"]) == (2, "49.90")

    await store.write(unlink, SHOP, phone, at=at(minutes=1))
    rows = await told(store)
    assert {name: row["people"] for name, row in rows.items() if row["people"]} == {
        "conversing visitor": 1,
        "silent buyer": 1,
    }


async def test_staff_are_noise_but_a_buyer_never_is(store: Store, shop: Site):
    dana = (await store.write(create, shop, at=at(), measure=True, memory=False)).id
    await store.write(mark_staff, dana)

    assert await segment(store, *viewed(dana, 0, 1, 2), *talked(dana)) == "noise"
    assert await segment(store, bought(dana, 100)) == "conversing buyer"


async def test_the_currency_is_that_of_most_purchases_and_the_others_stand_beside(store: Store, shop: Site):
    await store.write(
        append, [bought("a", 1000, "USD"), bought("a", 5000, "JPY"), bought("b", 2000, "USD"), bought(None, 100, "GBP")]
    )

    report = await segments(store, SHOP, *DAY)

    silent = report["rows"][2]
    assert (silent["people"], silent["revenue"], silent["currency"]) == (2, "30.00", "USD")
    assert report["other_currencies"] == [{"segment": "silent buyer", "revenue": "5000", "currency": "JPY"}]
    assert report["unlinked"] == [{"purchases": 1, "revenue": "1.00", "currency": "GBP"}]


async def test_dialogues_and_what_was_dropped_stand_beside(store: Store, shop: Site):
    await store.write(append, [*talked("a", answers=2), *talked("b", answers=1)])
    await store.write(count_drops, SHOP, {"robot": 3, "no_consent": 2}, door="events", at=at())

    report = await segments(store, SHOP, *DAY)

    assert report["dialogues"] == {"conversing buyer": 0, "conversing visitor": 1}
    assert report["dropped"] == {"robot": 3, "staff": 0}


@pytest.mark.parametrize(
    ("window", "people"),
    [
        (("2026-03-02", "2026-03-02"), 1),
        (("2026-03-03", "2026-03-03"), 0),
        (("2026-03-01", "2026-03-01"), 0),
        (("2026-03-02T12:00:00Z", "2026-03-02T12:00:01Z"), 1),
        (("2026-03-02T12:00:01Z", None), 0),
        (("2026-03-01", "2026-03-02T12:00:00Z"), 0),
        ((None, None), 1),
    ],
)
async def test_a_window_of_days_has_its_last_day_and_a_moment_ends_before_itself(
    store: Store, shop: Site, window: tuple[str | None, str | None], people: int
):
    await store.write(append, [bought("v", 1)])

    report = await segments(store, SHOP, *window)

    assert sum(row["people"] for row in report["rows"]) == people


@pytest.mark.parametrize("window", [("yesterday", None), (None, "2026-13-01"), ("2026-03-02", "2026-03-01")])
def test_a_window_that_can_not_be_read_is_told(window: tuple[str | None, str | None]):
    with pytest.raises(ConfigurationError, match=r"window|give a day"):
        span_of(SHOP, *window)


async def test_more_than_a_page_of_rows_is_counted_whole(store: Store, shop: Site):
    happened = [one for number in range(500) for one in viewed(f"v{number:03}", 0, 31, 62)]

    rows = await told(store, *happened)

    assert (rows["passive visitor"]["people"], rows["passive visitor"]["visits"]) == (500, 1500)


@pytest.mark.parametrize(
    ("deeds", "expected"),
    [
        (Deeds(), Segment.NOISE),
        (Deeds(views=1), Segment.NOISE),
        (Deeds(views=2), Segment.PASSIVE_VISITOR),
        (Deeds(views=1, acted=True), Segment.PASSIVE_VISITOR),
        (Deeds(views=9, noise=True, acted=True, answered=3), Segment.NOISE),
        (Deeds(answered=1), Segment.CONVERSING_VISITOR),
        (Deeds(views=1, spent={"EUR": 1}), Segment.SILENT_BUYER),
        (Deeds(noise=True, spent={"EUR": 1}), Segment.SILENT_BUYER),
        (Deeds(answered=1, spent={"EUR": -5, "USD": 1}), Segment.CONVERSING_BUYER),
        (Deeds(answered=1, spent={"EUR": 0}), Segment.CONVERSING_VISITOR),
    ],
)
def test_the_definitions_are_these(deeds: Deeds, expected: Segment):
    assert segment_of(deeds) is expected
