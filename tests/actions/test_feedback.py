"""How it was: asked once, at a natural end; stars, then words, then thanks."""

from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.feedback import stars_in
from tests.actions.form_talk import FormTalk
from tests.actions.test_actions import a_message, run
from tests.fake_desk import FakeDesk


@pytest.fixture
def talk(executor: ActionExecutor, house: FakeDesk) -> FormTalk:
    return FormTalk(executor, "feedback_form")


def ratings(house: FakeDesk) -> list[Any]:
    return [data for _, kind, data in house.calls("record") if kind == "rating"]


async def test_stars_then_words_then_thanks(talk: FormTalk, house: FakeDesk) -> None:
    await talk.says("thanks", "thank")
    assert talk.buttons == ["5", "4", "3", "2", "1"]

    (asked,) = await talk.says("4")
    (thanks,) = await talk.says("quick and clear")

    assert asked == "Thank you! What was good, and what should be better?"
    assert thanks == "Thank you for telling us. Have a good day!" and not talk.is_active
    assert ratings(house) == [{"stars": 4, "words": ""}, {"words": "quick and clear", "of_stars": 4}]


async def test_who_begins_it_is_welcome_to(talk: FormTalk) -> None:
    assert await talk.says("I want to leave feedback", "feedback") == ["Gladly! How many stars is it, from 1 to 5?"]


async def test_stars_in_the_first_message_are_not_asked_for_again(talk: FormTalk, house: FakeDesk) -> None:
    (asked,) = await talk.says("4 stars from me", "feedback")

    assert asked.startswith("Thank you! What was good") and ratings(house) == [{"stars": 4, "words": ""}]


async def test_stars_count_without_words(talk: FormTalk, house: FakeDesk) -> None:
    await talk.says("bye", "goodbye")
    await talk.says("five")

    (thanks,) = await talk.says("no", "deny")

    assert thanks.startswith("Thank you") and ratings(house) == [{"stars": 5, "words": ""}]


@pytest.mark.parametrize(
    ("word", "intent"), [("great", "praise"), ("terrible", "complaint"), ("so so", "nlu_fallback")]
)
async def test_a_word_instead_of_stars_is_asked_back(talk: FormTalk, house: FakeDesk, word: str, intent: str) -> None:
    await talk.says("bye", "goodbye")

    assert await talk.says(word, intent) == ["How many stars is that, from 1 to 5?"]
    assert ratings(house) == []


async def test_who_does_not_want_to_is_left_alone(talk: FormTalk, house: FakeDesk) -> None:
    await talk.says("bye", "goodbye")

    await talk.says("no thanks", "deny")

    assert not talk.is_active and ratings(house) == [] and talk.slots["feedback"] == "asked"


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        *(("4", 4), ("four", 4), ("5/5", 5), ("★★★", 3), ("⭐⭐", 2), ("3 stars", 3), ("4 out of 5", 4), ("vier", 4)),
        *(("fünf von 5", 5), ("I'd say 4.", 4), ("۴", 4)),
        *(("great", None), ("6", None), ("10", None), ("4 or 5", None), ("4.5", None), ("0", None), ("-3", None)),
        *(("★★★★★★", None), ("", None), ("order 1001", None), ("1,000", None)),
    ],
)
def test_stars_are_read_as_people_write_them(text: str, stars: int | None) -> None:
    assert stars_in(text) == stars


async def test_it_is_asked_at_the_end_of_what_went_well(executor: ActionExecutor, house: FakeDesk) -> None:
    house.feedback_fits = True

    _, events = await run(executor, "action_ask_feedback", a_message("bye"))

    assert [event["name"] for event in events] == ["feedback", "feedback_form"]


@pytest.mark.parametrize(
    "tracker",
    [
        {"slots": {"feedback": "asked"}},
        {"slots": {"reason": "complaint"}},
        {"active_loop": {"name": "order_form"}},
    ],
    ids=["asked before", "a complaint", "in a form"],
)
async def test_it_is_not_asked_twice_after_a_complaint_or_in_a_form(
    executor: ActionExecutor, house: FakeDesk, tracker: dict[str, Any]
) -> None:
    house.feedback_fits = True

    assert await run(executor, "action_ask_feedback", a_message("bye"), **tracker) == ([], [])


async def test_it_is_not_asked_where_the_house_says_that_it_does_not_fit(
    executor: ActionExecutor, house: FakeDesk
) -> None:
    assert await run(executor, "action_ask_feedback", a_message("bye")) == ([], [])
