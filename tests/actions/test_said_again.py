"""Whoever asks the same again and again gets no third answer alike, but other words and a person."""

from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from tests.actions.test_actions import a_message, run
from tests.fake_desk import RETURNS, UNKNOWN, FakeDesk

ASKED = "Can I return shoes?"


def a_turn(said: str, answered: str = RETURNS.text) -> list[dict[str, Any]]:
    return [{"event": "user", "text": said}, {"event": "bot", "text": answered, "data": {}}]


async def ask(executor: ActionExecutor, *before: dict[str, Any], text: str = ASKED) -> dict[str, Any]:
    (response,), _ = await run(executor, "action_answer_from_pages", a_message(text), before=list(before))
    return dict(response)


async def test_the_second_time_the_answer_is_given_again(executor: ActionExecutor, house: FakeDesk) -> None:
    house.page_answer = RETURNS

    assert RETURNS.text in (await ask(executor, *a_turn(ASKED)))["text"]


async def test_the_third_time_other_words_and_a_person_are_offered(executor: ActionExecutor, house: FakeDesk) -> None:
    house.page_answer = RETURNS

    response = await ask(executor, *a_turn(ASKED), *a_turn("can  i return SHOES?"))

    assert "stays the same" in response["text"] and response["buttons"][0]["payload"] == "/ask_person"
    assert response["custom"]["sources"][0]["url"] == RETURNS.sources[0].url


async def test_it_is_not_said_twice_in_the_same_words(executor: ActionExecutor, house: FakeDesk) -> None:
    house.page_answer = UNKNOWN
    first = await ask(executor, *a_turn(ASKED), *a_turn(ASKED))

    second = await ask(executor, *a_turn(ASKED), *a_turn(ASKED), *a_turn(ASKED, first["text"]))

    assert second["text"] != first["text"] and second["buttons"]


@pytest.mark.parametrize("between", ["And boots?", "thanks"])
async def test_something_else_in_between_starts_anew(executor: ActionExecutor, house: FakeDesk, between: str) -> None:
    house.page_answer = RETURNS

    response = await ask(executor, *a_turn(ASKED), *a_turn(ASKED), *a_turn(between), *a_turn(ASKED))

    assert RETURNS.text in response["text"]


async def test_a_button_may_be_pressed_as_often_as_one_likes(executor: ActionExecutor, house: FakeDesk) -> None:
    house.page_answer = RETURNS
    pressed = a_turn("/ask_page")

    response = await ask(executor, *pressed, *pressed, *pressed, text="/ask_page")

    assert RETURNS.text in response["text"]
