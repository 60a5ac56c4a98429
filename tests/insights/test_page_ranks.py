"""Which page to mend first: by people, buyers, handovers and how conversations went, counted by hand."""

import io
import json
from typing import Any

import pytest

from bot.insights.command import insights
from bot.insights.page_ranks import fixes, less, mean_of, ranked, what_to_do
from bot.insights.page_tally import Figures
from bot.insights.reports import Wish
from bot.interactions import Kind
from bot.store.conversations import find
from bot.store.purchases import Notice, record
from bot.store.score_figures import Scores
from bot.store.sites import Site
from bot.store.store import Store
from tests.asking import HATS, HOME, ask, of_staff, somebody
from tests.cast import SHOP, at

KAYAK, WARRANTY = "Do you sell kayaks?", "How long is the warranty?"


async def asked_by(store: Store, people: int, question: str, page: str) -> None:
    for _ in range(people):
        await ask(store, await somebody(store), question, page=page)


async def told(store: Store) -> dict[str, Any]:
    return await fixes(store, SHOP, "2026-03-01", "2026-03-03")


async def test_the_page_where_most_people_ask_in_vain_comes_first_with_what_they_asked(
    store: Store, shop: Site
) -> None:
    await asked_by(store, 3, KAYAK, HATS)
    await asked_by(store, 1, WARRANTY, HATS)
    await asked_by(store, 3, WARRANTY, HOME)

    first, second = (await told(store))["rows"]

    assert (first["url"], first["points"], first["people"]) == (HATS, 4, 4)
    assert first["questions"] == [{"text": KAYAK, "people": 3, "buyers": 0, "times": 3}]
    assert first["do"] == ["Answer what 4 people asked here in vain."]
    assert (second["url"], second["points"]) == (HOME, 3)


async def test_a_buyer_counts_three_and_asks_twice_as_one(store: Store, shop: Site) -> None:
    await asked_by(store, 2, KAYAK, HATS)
    buyer = await somebody(store, agrees=True)
    for _ in range(2):
        await ask(store, buyer, KAYAK, page=HATS)
    known = await store.read(find, buyer)
    assert known is not None and known.visitor is not None
    bought = Notice(id="1001", kind=Kind.PURCHASE, at=at(), value=4_900, currency="EUR", visitor=known.visitor)
    await store.write(record, shop, bought, at=at())

    (row,) = (await told(store))["rows"]

    assert (row["points"], row["people"], row["buyers"], row["unanswered"]) == (5, 3, 1, 4)
    assert row["questions"] == [{"text": KAYAK, "people": 3, "buyers": 1, "times": 4}]
    assert row["do"] == ["Answer what 3 people asked here in vain, 1 of them bought."]


async def test_who_gave_everything_back_is_no_buyer(store: Store, shop: Site) -> None:
    await asked_by(store, 2, KAYAK, HATS)
    back = await somebody(store, agrees=True)
    await ask(store, back, KAYAK, page=HATS)
    known = await store.read(find, back)
    assert known is not None
    for id, kind, of in (("1001", Kind.PURCHASE, None), ("1001r", Kind.REFUND, "1001")):
        notice = Notice(id=id, kind=kind, at=at(), value=4_900, currency="EUR", visitor=known.visitor, of=of)
        await store.write(record, shop, notice, at=at())

    (row,) = (await told(store))["rows"]

    assert (row["points"], row["buyers"]) == (3, 0)


async def test_what_two_people_asked_is_too_few_and_staff_are_left_out(store: Store, shop: Site) -> None:
    await asked_by(store, 2, KAYAK, HATS)
    await ask(store, await of_staff(store), KAYAK, page=HATS)

    found = await told(store)

    assert found["rows"] == [] and found["few"] == 1


async def test_nothing_at_all_is_nothing_to_fix(store: Store, shop: Site) -> None:
    found = await told(store)

    assert (found["rows"], found["few"], found["label"]) == ([], 0, "descriptive")


def scores(*values: int) -> Scores:
    return Scores(len(values), sum(values), squares=sum(one * one for one in values))


def test_conversations_that_surely_went_worse_than_elsewhere_count() -> None:
    poor, others = scores(*[20, 30] * 10), scores(*[60, 80] * 20)

    row = ranked(HATS, Figures(), poor, others, set())

    # 20 scores of 25, standard deviation 5.13: 25 +- 1.96 x 5.13 / sqrt(20), so 27.2 at most; 20 x (70 - 27.2) / 100.
    assert row["score"] == {"score": 25.0, "low": 22.8, "high": 27.2, "conversations": 20, "others": 70.0}
    assert row["points"] == pytest.approx(8.6, abs=0.05)
    assert row["do"] == ["Read the conversations that went badly here: a score of 25 (23 to 27), elsewhere 70."]


@pytest.mark.parametrize(
    ("here", "elsewhere"),
    [
        ([20, 30] * 4 + [25], [60, 80] * 20),  # nine conversations
        ([20, 30] * 10, [60, 80] * 4),  # eight elsewhere
        ([0, 100] * 10, [60, 80] * 20),  # as it comes by chance
        ([90] * 20, [60, 80] * 20),  # better than elsewhere
    ],
)
def test_conversations_that_may_be_as_good_as_elsewhere_count_nothing(here: list[int], elsewhere: list[int]) -> None:
    assert ranked(HATS, Figures(), scores(*here), scores(*elsewhere), set())["points"] == 0


def test_the_other_pages_are_the_whole_without_this_one() -> None:
    one, other = scores(*[20] * 10), scores(*[80] * 12)

    assert mean_of(less(one + other, one)) == mean_of(other)


def test_conversations_in_which_a_person_was_wanted_count_one_each() -> None:
    row = ranked(HATS, Figures(wanted={"a", "b", "c"}), Scores(), Scores(), set())

    assert row["points"] == 3 and row["do"] == ["Say on the page what people wanted a person for: 3 conversations."]


async def test_the_command_tells_people_and_programs_the_same(store: Store, shop: Site) -> None:
    await asked_by(store, 3, "Do you\x1b[2J sell kayaks?", HATS)
    wish, table, program = Wish(SHOP, "2026-03-01", "2026-03-03"), io.StringIO(), io.StringIO()

    codes = [
        await insights(store, "fixes", wish, out=table),
        await insights(store, "fixes", wish, output="json", out=program),
    ]

    assert codes == [0, 0]
    assert "1. /hats: 3 points (unanswered 3)" in table.getvalue() and 'kayaks?": 3 people' in table.getvalue()
    assert "\x1b" not in table.getvalue()
    assert json.loads(program.getvalue())["rows"][0]["points"] == 3


def test_one_conversation_is_told_as_one():
    row = {
        "handed_over": 1, "people": 0, "buyers": 0, "score": None,
        "parts": {"unanswered": 0.0, "handovers": 1.0, "talk": 0.0},
    }  # fmt: skip

    assert what_to_do(row) == ["Say on the page what people wanted a person for: 1 conversation."]
