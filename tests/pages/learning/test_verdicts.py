"""What is taken from what visitors say of answers, and from what they do."""

from collections.abc import Sequence

import pytest

from bot.interactions import ConversationId
from bot.pages.learning.verdicts import LABELS, Sign, is_reworded, verdicts
from bot.store.forget import forget_conversation
from bot.store.sites import Site, add_site
from bot.store.store import Store
from bot.store.talks import talk, talks_of
from tests.asking import ALL, HATS, HOME, somebody
from tests.asking import ask as ask_unquoted
from tests.cast import at
from tests.judging import ask_for_person, get, rate, staff_says

PRICE, CARE = (HATS, "Hats cost 39 EUR."), (HATS, "Wash them by hand.")
HOW_MUCH, HOW_MUCH_AGAIN = "How much are hats?", "What do hats cost?"


async def told(store: Store, conversation: ConversationId, *, same: bool = True) -> Sequence[tuple[str, str, Sign]]:
    """The questions with the words that were quoted and how we know."""
    found = verdicts(await store.read(talk, conversation), lambda question, other: same)
    return [(one.question, one.place[1], one.sign) for one in found]


@pytest.mark.parametrize(("stars", "sign"), [(5, Sign.RATED_WELL), (4, Sign.RATED_WELL), (2, Sign.RATED_BADLY)])
async def test_stars_are_said_of_each_answer_before_them(store: Store, shop: Site, stars: int, sign: Sign):
    conversation = await somebody(store)
    await get(store, conversation, HOW_MUCH, PRICE)
    await get(store, conversation, "How do I wash them?", CARE)
    await rate(store, conversation, stars)
    await get(store, conversation, "And gloves?", PRICE)

    found = await told(store, conversation, same=False)

    assert found == [(HOW_MUCH, PRICE[1], sign), ("How do I wash them?", CARE[1], sign)]


async def test_three_stars_tell_nothing_and_the_last_rating_counts(store: Store, shop: Site):
    conversation = await somebody(store)
    await get(store, conversation, HOW_MUCH, PRICE)
    await rate(store, conversation, 1)
    once = await told(store, conversation)
    await rate(store, conversation, 3)

    assert [one[2] for one in once] == [Sign.RATED_BADLY]
    assert await told(store, conversation) == []


async def test_stars_for_staff_are_not_the_pages(store: Store, shop: Site):
    conversation = await somebody(store)
    await get(store, conversation, HOW_MUCH, PRICE)
    await staff_says(store, conversation, "They are 39 EUR.")
    await rate(store, conversation, 5)

    assert await told(store, conversation) == []


async def test_what_was_not_quoted_is_neither_right_nor_wrong(store: Store, shop: Site):
    conversation = await somebody(store)
    await get(store, conversation, "Do you sell kayaks?")
    await ask_unquoted(store, conversation, "Hello", found=HATS, actions=("utter_greet",))
    await rate(store, conversation, 5)

    assert await told(store, conversation) == []


async def test_the_place_that_was_chosen_is_right_for_the_question_that_was_left_open(store: Store, shop: Site):
    conversation = await somebody(store)
    await get(store, conversation, "Hello, care?", options=("Hats", "Mittens"))
    await get(store, conversation, "hats ", CARE)
    await rate(store, conversation, 1)

    (one,) = verdicts(await store.read(talk, conversation), lambda *_: True)

    assert (one.question, one.place, one.sign, one.history) == ("Hello, care?", CARE, Sign.CHOSEN, ())


async def test_the_question_is_the_one_before_all_that_was_asked_back(store: Store, shop: Site):
    conversation = await somebody(store)
    await get(store, conversation, "Care?", options=("Hats", "Mittens"))
    await get(store, conversation, "Hats", options=("By hand", "By machine"))
    await get(store, conversation, "By hand", CARE)

    assert await told(store, conversation) == [("Care?", CARE[1], Sign.CHOSEN)]


async def test_the_question_is_found_where_the_options_were_said_twice(store: Store, shop: Site):
    conversation = await somebody(store)
    await get(store, conversation, "Care?", options=("Hats", "Mittens"))
    await get(store, conversation, "Say that again", options=("Hats", "Mittens"))
    await get(store, conversation, "Hats", CARE)

    assert await told(store, conversation) == [("Care?", CARE[1], Sign.CHOSEN)]


async def test_who_asks_the_same_at_once_was_not_helped(store: Store, shop: Site):
    conversation = await somebody(store)
    await get(store, conversation, HOW_MUCH, CARE)
    await get(store, conversation, HOW_MUCH_AGAIN, PRICE)
    await rate(store, conversation, 5)

    reworded = await told(store, conversation)
    others = await told(store, conversation, same=False)

    assert [one[2] for one in reworded] == [Sign.REWORDED, Sign.RATED_WELL]
    assert [one[2] for one in others] == [Sign.RATED_WELL, Sign.RATED_WELL]


async def test_who_asks_for_a_person_at_once_was_not_helped(store: Store, shop: Site):
    by_words, by_button, later = [await somebody(store) for _ in range(3)]
    for conversation in (by_words, by_button, later):
        await get(store, conversation, HOW_MUCH, CARE)
    await get(store, by_words, "A person please", wants_person="asked")
    await ask_for_person(store, by_button)
    await get(store, later, "Do you sell kayaks?")
    await get(store, later, "A person please", wants_person="asked")

    assert await told(store, by_words) == [(HOW_MUCH, CARE[1], Sign.WANTED_PERSON)]
    assert await told(store, by_button) == [(HOW_MUCH, CARE[1], Sign.WANTED_PERSON)]
    assert await told(store, later, same=False) == []


async def test_a_question_comes_with_what_was_said_before_it_and_its_page(store: Store, shop: Site):
    conversation = await somebody(store)
    await get(store, conversation, HOW_MUCH, PRICE)
    await get(store, conversation, "How do I wash them?", CARE)
    await rate(store, conversation, 5)

    _, one = verdicts(await store.read(talk, conversation), lambda *_: False)

    assert [(turn.by_visitor, turn.text) for turn in one.history] == [(True, HOW_MUCH), (False, PRICE[1])]
    assert one.page == HOME


async def test_the_words_of_the_forgotten_teach_nothing(store: Store, shop: Site):
    conversation = await somebody(store)
    await get(store, conversation, HOW_MUCH, PRICE)
    await rate(store, conversation, 5)

    await store.write(forget_conversation, conversation)

    assert await told(store, conversation) == []
    assert conversation not in await store.read(talks_of, ALL, 10)


async def test_the_latest_conversations_of_the_site_come_first(store: Store, shop: Site):
    await store.write(add_site, "other", name="Other", origins=("https://other.example",), at=at())
    mine = [await somebody(store) for _ in range(3)]
    elsewhere = await somebody(store, "other")
    for conversation in (*mine, elsewhere, mine[0]):
        await get(store, conversation, HOW_MUCH, PRICE)

    assert await store.read(talks_of, ALL, 2) == [mine[0], mine[2]]
    assert len(await store.read(talks_of, ALL, 10)) == 3


def test_a_wrong_place_counts_less_than_a_right_one():
    assert all(abs(LABELS[one]) < 0.5 for one in Sign if LABELS[one] < 0)


@pytest.mark.parametrize(
    ("question", "other", "same"),
    [
        (HOW_MUCH, HOW_MUCH_AGAIN, True),
        (HOW_MUCH, HOW_MUCH, True),
        ("Do you ship to Norway?", "Do you ship to Sweden?", False),
        ("How long is the scarf?", "How wide is the scarf?", False),
    ],
)
def test_another_word_in_its_place_asks_something_else(question: str, other: str, same: bool):
    assert is_reworded(question, other, alike=lambda *_: True) is same
