import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.conversation_score import COUNTED, Counts, score_of
from bot.errors import ConfigurationError
from bot.insights.exports.cells import Figure, as_csv, inert
from bot.insights.exports.export import wanted
from bot.insights.exports.kinds import EXPORTS
from bot.insights.scores import judge_all
from bot.interactions import Interaction, Kind
from bot.store.conversations import begin, say
from bot.store.interactions import append
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import ALICE, SHOP, at
from tests.insights.exports.exported import written
from tests.insights.happened import bought, did, talked, viewed

FORMULA = '=HYPERLINK("https://evil.example")'


async def rows(store: Store, kind: str, **window: str) -> list[dict[str, str]]:
    text = (await written(store, kind, **window)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def lines(store: Store, kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (await written(store, kind, "jsonl")).splitlines()]


def a_shop_where_something_happened(connection: Connection, site: Site) -> None:
    """Alice looked, asked what no page answers, was told so, rated and bought; her words look like a formula."""
    conversation, _ = begin(connection, SHOP, at=at(), language="en", page="https://shop.example/")
    say(connection, conversation, sender="visitor", text=FORMULA, at=at(), id="m", page="https://shop.example/")
    say(connection, conversation, sender="bot", text="I don't know.", at=at(minutes=1), reply_to=1)
    unanswered = did(
        ALICE.visitor, Kind.UNANSWERED, conversation=conversation.id, seq=1, url="https://shop.example/",
        data={"confidence": 0.1, "pages": ["https://shop.example/faq"]},
    )  # fmt: skip
    exposed = did(ALICE.visitor, Kind.EXPOSED, arm="held_out", data={"props": {"seen_first": True}})
    understood = did(ALICE.visitor, Kind.UNDERSTANDING, data={"intent": "greet", "confidence": 0.9, "sentiment": 0.5})
    append(connection, [*viewed(ALICE.visitor, 0), exposed, unanswered, understood])
    notice = Notice(
        id="order-1", kind=Kind.PURCHASE, at=at(), value=4990, margin=-1250, currency="EUR", customer=ALICE.customer,
        name=FORMULA, email=ALICE.email, items=[{"sku": "lamp", "quantity": 1}],
    )  # fmt: skip
    record(connection, site, notice, at=at())


async def test_the_log_begins_with_the_columns_that_the_outside_relies_on(store: Store, shop: Site):
    head = (await written(store, "interactions")).decode()

    assert head.startswith("id,at,site,visitor,customer,type,conversation,seq,turn,url,arm,value,currency,")
    assert head.endswith("\r\n")


async def test_the_log_is_exported_in_order_with_money_in_major_units(store: Store, shop: Site):
    await store.write(append, [*viewed("v", 0), bought("v", 4990), bought("w", 500, "JPY")])

    told = await rows(store, "interactions")

    assert [(row["type"], row["value"], row["currency"]) for row in told] == [
        ("page_view", "", ""),
        ("purchase", "49.90", "EUR"),
        ("purchase", "500", "JPY"),
    ]
    assert (told[0]["at"], told[0]["visitor"], told[0]["url"]) == (
        "2026-03-02T12:00:00.000Z",
        "v",
        "https://shop.example/",
    )


@pytest.mark.parametrize("kind", EXPORTS)
async def test_people_and_programs_get_the_same_rows_of_every_kind(store: Store, shop: Site, kind: str):
    await store.write(a_shop_where_something_happened, shop)

    table, objects = await rows(store, kind), await lines(store, kind)

    assert len(table) == len(objects) > 0
    assert all(list(one) == list(EXPORTS[kind].names) for one in [*table, *objects])


async def test_a_spreadsheet_takes_nothing_for_a_formula(store: Store, shop: Site):
    await store.write(a_shop_where_something_happened, shop)

    (question,) = await rows(store, "questions")
    (order,) = await rows(store, "purchases")
    said = await rows(store, "messages")

    assert question["question"] == order["name"] == said[0]["text"] == "'" + FORMULA
    assert (order["margin"], order["value"]) == ("-12.50", "49.90")
    # A program reads the words as they were said.
    assert (await lines(store, "messages"))[0]["text"] == FORMULA


async def test_questions_come_with_their_words_and_their_page(store: Store, shop: Site):
    await store.write(a_shop_where_something_happened, shop)

    (question,) = await lines(store, "questions")

    assert (question["question"], question["url"]) == (FORMULA, "https://shop.example/")
    assert question["pages"] == ["https://shop.example/faq"]


async def test_conversations_come_with_their_score_once_they_were_judged(store: Store, shop: Site):
    await store.write(a_shop_where_something_happened, shop)
    (before,) = await lines(store, "conversations")

    await judge_all(store)

    (after,) = await lines(store, "conversations")
    assert list(after)[15:25] == ["score", *COUNTED]
    assert (before["score"], before["turns"]) == (None, None)
    assert [after[name] for name in ("turns", "visitor_words", "our_words", "answered", "waiting")] == [1, 4, 3, 0, 1]
    assert after["score"] == score_of(Counts(**{name: after[name] for name in COUNTED}))


async def test_exposures_tell_the_arm(store: Store, shop: Site):
    await store.write(a_shop_where_something_happened, shop)

    (exposure,) = await lines(store, "exposures")

    assert (exposure["visitor"], exposure["arm"], exposure["seen_first"]) == (ALICE.visitor, "held_out", True)


async def test_profiles_are_exported_with_what_was_spent(store: Store, shop: Site):
    await store.write(a_shop_where_something_happened, shop)

    customer = next(one for one in await lines(store, "profiles") if one["customer"] == ALICE.customer)

    assert (customer["orders"], customer["spent"], customer["email"]) == (1, {"EUR": "49.90"}, ALICE.email)


async def test_segments_are_five_rows(store: Store, shop: Site):
    await store.write(append, [*viewed("v", 0, 1), *talked("v"), bought("v", 100)])

    told = await rows(store, "segments")

    assert [row["people"] for row in told] == ["1", "0", "0", "0", "0"]
    assert (told[0]["revenue"], told[0]["currency"]) == ("1.00", "EUR")


@pytest.mark.parametrize("kind", ["interactions", "messages", "purchases", "conversations", "exposures", "questions"])
async def test_what_is_outside_the_window_is_not_in_the_file(store: Store, shop: Site, kind: str):
    await store.write(a_shop_where_something_happened, shop)

    assert await rows(store, kind, since="2026-03-03") == []
    assert await rows(store, kind, since="2026-03-02", until="2026-03-02") != []


async def test_no_row_is_lost_or_doubled_between_pages(store: Store, shop: Site):
    views = [one for number in range(1_250) for one in viewed(f"v{number}", number / 1_000)]
    await store.write(append, views)

    assert [row["visitor"] for row in await rows(store, "interactions")] == [one.visitor for one in views]
    assert len(await rows(store, "profiles")) == 1_250


async def test_another_sites_rows_are_not_in_the_file(store: Store, shop: Site):
    await store.write(a_shop_where_something_happened, shop)

    for kind in ("interactions", "conversations", "messages", "profiles", "purchases", "questions", "exposures"):
        assert await written(store, kind, "jsonl", site="other") == b""


@pytest.mark.parametrize(
    ("kind", "format", "sentence"),
    [
        ("secrets", "csv", "There is no export"),
        ("interactions", "doc", "There is no format"),
    ],
)
def test_what_can_not_be_exported_is_told_before_anything_is_done(kind: str, format: str, sentence: str):
    with pytest.raises(ConfigurationError, match=sentence):
        wanted(SHOP, kind, format)


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "+1",
        "-1",
        "@a",
        "\t=1",
        "\r=1",
        " =1",
        "\n=1",
        "\u00a0=1",
        "\ufeff=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        "\x001",
    ],
)
def test_what_begins_like_a_formula_is_made_inert(text: str):
    assert inert(text) == "'" + text


@pytest.mark.parametrize("text", ["", " ", "a=1", "1-2", "'=1", "alice@customers.example"])
def test_what_does_not_is_left_as_it_is(text: str):
    assert inert(text) == text


def test_numbers_stay_numbers_and_nothing_stays_empty():
    assert as_csv([(Figure("-1.50"), -2, -0.5, None, True, {"a": 1})]) == b'-1.50,-2,-0.5,,true,"{""a"": 1}"\r\n'


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), min_size=1, max_size=5))
def test_a_cell_comes_back_as_it_was_written(cells: list[str]):
    (back,) = csv.reader(io.StringIO(as_csv([cells]).decode(), newline=""))

    assert back == [inert(cell) for cell in cells] or cells == [""]


async def test_an_interaction_of_the_house_is_written_with_what_was_understood(store: Store, shop: Site):
    one = Interaction(
        at=at(), site=SHOP, kind=Kind.UNDERSTANDING, source="turn", source_id="1", conversation="c", seq=2,
        data={"intent": "greet", "confidence": 0.9, "sentiment": -0.5},
    )  # fmt: skip
    await store.write(append, [one])

    (row,) = await rows(store, "interactions")

    assert (row["intent"], row["confidence"], row["sentiment"], row["seq"]) == ("greet", "0.9", "-0.5", "2")
    assert json.loads(row["data"]) == one.data
