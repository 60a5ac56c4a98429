from dataclasses import replace
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.insights.margins import margin_told, refunds_sentence
from bot.insights.segments import Deeds, Segment, segment_of, segments
from bot.insights.window import span_of
from bot.interactions import Interaction, Kind
from bot.store.counts import count_drops
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.visitors import create, link, mark_staff, unlink
from tests.cast import ALICE, SHOP, at
from tests.insights.happened import bought, did, refunded, talked, viewed
from tests.insights.log.kept import Kept, kept

__all__ = ["kept"]

NAMES = ["conversing buyer", "conversing visitor", "silent buyer", "passive visitor", "noise"]
DAY = ("2026-03-02", "2026-03-02")


async def report_of(kept: Kept, *window: str | None, by: str | None = None) -> dict[str, Any]:
    """What is told of the window: the same whether it was copied into files or is still in the store alone."""
    beside = await segments(kept.store, SHOP, *window, log=kept.folder, by=by)
    kept.keep()
    copied = await segments(kept.store, SHOP, *window, log=kept.folder, by=by)
    assert copied | {"until": beside["until"]} == beside
    return copied


async def told(kept: Kept, *happened: Interaction) -> dict[str, dict[str, Any]]:
    """The rows of the day after this happened, by segment."""
    await kept.store.write(append, list(happened))
    report = await report_of(kept, *DAY)
    assert [row["segment"] for row in report["rows"]] == NAMES
    return {row["segment"]: row for row in report["rows"]}


async def segment(kept: Kept, *happened: Interaction) -> str:
    """The one segment that has somebody in it."""
    rows = await told(kept, *happened)
    (name,) = [name for name, row in rows.items() if row["people"]]
    assert rows[name]["people"] == 1
    return name


async def test_a_shop_where_nothing_happened_has_five_empty_rows(kept: Kept, shop: Site):
    report = await report_of(kept)

    empty = {"people": 0, "visits": 0, "revenue": "0.00", "currency": "EUR", "orders": 0}
    empty |= {"margin": "0.00", "margin_known": 0, "margin_orders": 0}
    assert report["label"] == "descriptive"
    assert report["rows"] == [{"segment": name} | empty for name in NAMES]
    assert (report["other_currencies"], report["unlinked"]) == ([], [])


@pytest.mark.parametrize(
    ("minutes", "visits"),
    [((0, 29, 58, 87), 1), ((1, 30.9, 61, 62), 2), ((0, 30), 2), ((29.9, 30.1, 60), 1), ((5, 29, 65, 95), 3)],
)
async def test_a_visit_begins_after_half_an_hour_without_a_view_wherever_the_clock_is(
    kept: Kept, shop: Site, minutes: tuple[float, ...], visits: int
):
    rows = await told(kept, *viewed("bob", *minutes))

    assert rows["passive visitor"]["visits"] == visits


async def test_everybody_is_in_one_segment(kept: Kept, shop: Site):
    rows = await told(
        kept,
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


async def test_talking_after_buying_is_conversing_too(kept: Kept, shop: Site):
    assert await segment(kept, bought("v", 100), *talked("v")) == "conversing buyer"


async def test_a_message_nobody_answered_is_no_conversation(kept: Kept, shop: Site):
    assert await segment(kept, *viewed("v", 0), *talked("v", answers=0)) == "passive visitor"


async def test_a_greeting_is_no_conversation(kept: Kept, shop: Site):
    greeting = did("v", Kind.ANSWER, conversation="c")
    said = did("v", Kind.MESSAGE, conversation="c")

    assert await segment(kept, greeting, said) == "passive visitor"


async def test_an_answer_elsewhere_is_no_answer(kept: Kept, shop: Site):
    said = did("v", Kind.MESSAGE, conversation="one")
    other = did("v", Kind.ANSWER, conversation="other")

    assert await segment(kept, said, other) == "passive visitor"


async def test_the_sentence_that_there_is_no_answer_is_none(kept: Kept, shop: Site):
    said = did("v", Kind.MESSAGE, conversation="c")
    failed = did("v", Kind.ANSWER, conversation="c", data={"failed": True})

    assert await segment(kept, said, failed) == "passive visitor"


async def test_what_was_said_before_agreeing_counts(kept: Kept, shop: Site):
    agreed = did("v", Kind.CONSENT, data={"measure": True, "memory": True, "said": 2, "answered": 1})

    assert await segment(kept, *talked(None, conversation="c"), agreed) == "conversing visitor"


async def test_money_given_back_makes_no_buyer(kept: Kept, shop: Site):
    assert await segment(kept, *viewed("v", 0, 1), bought("v", 100), refunded("v", 100)) == "passive visitor"
    rows = await told(kept, bought("v", 1))
    assert (rows["silent buyer"]["people"], rows["silent buyer"]["revenue"]) == (1, "0.01")


async def test_a_refund_of_an_earlier_order_is_shown_where_it_belongs(kept: Kept, shop: Site):
    rows = await told(kept, *talked("v"), refunded("v", 500))

    assert rows["conversing visitor"]["revenue"] == "-5.00"


async def test_a_customer_with_two_browsers_is_one_person(kept: Kept, shop: Site):
    phone, laptop = [(await kept.store.write(create, shop, at=at(), measure=True, memory=False)).id for _ in range(2)]
    for visitor in (phone, laptop):
        await kept.store.write(link, SHOP, visitor, ALICE.customer, evidence="identify", at=at())

    rows = await told(
        kept,
        *viewed(phone, 0),
        *talked(phone),
        *viewed(laptop, 0),
        bought(None, 4990, customer=ALICE.customer),
    )
    assert {name: row["people"] for name, row in rows.items() if row["people"]} == {"conversing buyer": 1}
    assert (rows["conversing buyer"]["visits"], rows["conversing buyer"]["revenue"]) == (2, "49.90")

    await kept.store.write(unlink, SHOP, phone, at=at(minutes=1))
    rows = await told(kept)
    assert {name: row["people"] for name, row in rows.items() if row["people"]} == {
        "conversing visitor": 1,
        "silent buyer": 1,
    }


async def test_staff_are_noise_but_a_buyer_never_is(kept: Kept, shop: Site):
    dana = (await kept.store.write(create, shop, at=at(), measure=True, memory=False)).id
    await kept.store.write(mark_staff, dana)

    assert await segment(kept, *viewed(dana, 0, 1, 2), *talked(dana)) == "noise"
    assert await segment(kept, bought(dana, 100)) == "conversing buyer"


async def test_the_currency_is_that_of_most_purchases_and_the_others_stand_beside(kept: Kept, shop: Site):
    await kept.store.write(
        append, [bought("a", 1000, "USD"), bought("a", 5000, "JPY"), bought("b", 2000, "USD"), bought(None, 100, "GBP")]
    )

    report = await report_of(kept, *DAY)

    silent = report["rows"][2]
    assert (silent["people"], silent["revenue"], silent["currency"]) == (2, "30.00", "USD")
    assert report["other_currencies"] == [{"segment": "silent buyer", "revenue": "5000", "currency": "JPY"}]
    assert report["unlinked"] == [{"purchases": 1, "revenue": "1.00", "currency": "GBP"}]


async def test_dialogues_and_what_was_dropped_stand_beside(kept: Kept, shop: Site):
    await kept.store.write(append, [*talked("a", answers=2), *talked("b", answers=1)])
    await kept.store.write(count_drops, SHOP, {"robot": 3, "no_consent": 2}, door="events", at=at())

    report = await report_of(kept, *DAY)

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
    kept: Kept, shop: Site, window: tuple[str | None, str | None], people: int
):
    await kept.store.write(append, [bought("v", 1)])

    report = await report_of(kept, *window)

    assert sum(row["people"] for row in report["rows"]) == people


@pytest.mark.parametrize("window", [("yesterday", None), (None, "2026-13-01"), ("2026-03-02", "2026-03-01")])
def test_a_window_that_can_not_be_read_is_told(window: tuple[str | None, str | None]):
    with pytest.raises(ConfigurationError, match=r"window|give a day"):
        span_of(SHOP, *window)


async def test_more_than_a_page_of_rows_is_counted_whole(kept: Kept, shop: Site):
    happened = [one for number in range(500) for one in viewed(f"v{number:03}", 0, 31, 62)]

    rows = await told(kept, *happened)

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


async def test_before_the_purchase_and_ever_are_told_apart(kept: Kept, shop: Site):
    asks_first = [did("a", Kind.MESSAGE, 0, conversation="a"), did("a", Kind.ANSWER, 1, conversation="a")]
    asks_later = [did("b", Kind.MESSAGE, 3, conversation="b"), did("b", Kind.ANSWER, 4, conversation="b")]
    orders = [bought("a", 1000), bought("b", 200)]
    await kept.store.write(append, [*asks_first, *asks_later, *[replace(one, at=at(minutes=2)) for one in orders]])

    report = await report_of(kept, *DAY)

    assert report["rows"][0]["people"] == 2
    assert report["before_purchase"] == {"people": 1, "revenue": "10.00", "currency": "EUR"}


def ordered(who: str, order: str, value: int, margin: int | None = None, **changes: Any) -> Interaction:
    return bought(who, value, data={"order": order} | ({} if margin is None else {"margin": margin}), **changes)


def returned(who: str, order: str | None, value: int, **changes: Any) -> Interaction:
    return refunded(who, value, data={} if order is None else {"order": order}, **changes)


async def test_a_refund_takes_its_part_of_the_margin_of_its_order(kept: Kept, shop: Site):
    rows = await told(
        kept,
        *(ordered("v", "half", 1000, 250), returned("v", "half", 300), returned("v", "half", 200)),
        *(ordered("v", "whole", 500, 100), returned("v", "whole", 500)),
        *(ordered("v", "a loss", 900, -90), returned("v", "a loss", 300)),
        ordered("v", "kept", 1000, 333),
    )

    assert rows["silent buyer"]["revenue"] == "21.00"
    assert rows["silent buyer"]["margin"] == "3.98"


async def test_a_refund_takes_at_most_all_of_the_margin_and_never_adds_to_it(kept: Kept, shop: Site):
    rows = await told(
        kept,
        *(ordered("v", "too much", 1000, 250), returned("v", "too much", 5000)),
        *(ordered("v", "free", 0, 70), returned("v", "free", 10)),
        *(ordered("v", "odd", 800, 80), returned("v", "odd", -400), returned("v", "odd", 0)),
        ordered("v", "large", 10_000, 1),
    )

    assert rows["silent buyer"]["margin"] == "0.81"


async def test_margin_says_of_how_many_orders_it_is_known(kept: Kept, shop: Site):
    rows = await told(
        kept,
        *(ordered("some", "1", 1000, 250), ordered("some", "2", 500), ordered("some", "3", 500, 20, currency="USD")),
        *(did("none", Kind.MESSAGE, conversation="c"), did("none", Kind.ANSWER, conversation="c")),
        *(ordered("none", "4", 900), ordered("none", "5", 900)),
    )

    known = {name: tuple(row[one] for one in ("margin", "margin_known", "margin_orders")) for name, row in rows.items()}
    assert known["silent buyer"] == ("2.50", 1, 2)
    assert known["conversing buyer"] == (None, 0, 2)
    assert margin_told(rows["silent buyer"]) == "2.50, known for 1 of 2 orders"
    assert margin_told(rows["conversing buyer"]) == "not known"


async def test_a_refund_whose_order_is_not_there_takes_nothing_from_the_margin_and_is_counted(kept: Kept, shop: Site):
    await kept.store.write(
        append,
        [
            ordered("v", "before", 5000, 900, at=at(days=-1)),
            ordered("v", "now", 5000, 700),
            ordered("v", "other money", 5000, 500, currency="USD"),
            *(returned("v", one, 100) for one in ("before", "never", "other money", None)),
        ],
    )

    report = await report_of(kept, *DAY)

    assert (report["rows"][2]["revenue"], report["rows"][2]["margin"]) == ("46.00", "7.00")
    assert report["refunds_without_order"] == 4
    assert refunds_sentence(report) == [
        "4 refunds are of no order of these days: taken off the revenue, but off no margin."
    ]


async def test_by_channel_each_person_counts_under_the_first_that_led_them_here(kept: Kept, shop: Site):
    def arrived(
        who: str, minute: float, url: str = "https://shop.example/", referrer: str | None = None
    ) -> Interaction:
        return did(who, Kind.PAGE_VIEW, minute, url=url, data={"referrer": referrer} if referrer else {})

    await kept.store.write(
        append,
        [
            arrived("searcher", 0, referrer="https://www.google.com/"),
            arrived("searcher", 1, referrer="https://shop.example/"),
            arrived("searcher", 90),
            bought("searcher", 5000),
            arrived("reader", 0, "https://shop.example/hats?utm_source=newsletter&utm_campaign=spring+hats"),
            *talked("reader"),
            arrived("friend", 0, referrer="https://www.facebook.com/"),
            arrived("friend", 1),
            arrived("passer-by", 0),
        ],
    )

    channels = (await report_of(kept, *DAY, by="channel"))["by"]["rows"]
    campaigns = (await report_of(kept, *DAY, by="campaign"))["by"]["rows"]

    assert {row["value"]: (row["people"], row["conversed"], row["bought"]) for row in channels} == {
        "mail": (1, 1, 0),
        "search": (1, 0, 1),
        "social": (1, 0, 0),
    }
    assert [(row["value"], row["people"]) for row in campaigns] == [(None, 2), ("spring hats", 1)]


async def test_by_what_there_is_none_is_told(kept: Kept, shop: Site):
    with pytest.raises(ConfigurationError, match="by channel, campaign, page, country, language, device"):
        await report_of(kept, *DAY, by="luck")


async def test_bad_money_and_far_days_are_right_or_absent(kept: Kept, shop: Site):
    rows = await told(
        kept,
        bought("zero", 0),
        bought("negative", -100),
        bought("large", 2**60),
        bought("larger", 2**62),
        refunded("nobody's", 100),
        did("no currency", Kind.PURCHASE, value=100),
        bought("tomorrow", 100, at=at(days=1)),
    )

    assert (rows["silent buyer"]["people"], rows["silent buyer"]["revenue"]) == (2, f"{(2**60 + 2**62) // 100}.80")
    assert rows["passive visitor"]["people"] == 4


async def test_a_customer_with_ten_thousand_orders_is_one_buyer(kept: Kept, shop: Site):
    orders = [bought(None, 1, customer=ALICE.customer) for _ in range(4_000)]

    rows = await told(kept, *orders)

    assert (rows["silent buyer"]["people"], rows["silent buyer"]["orders"]) == (1, 4_000)
