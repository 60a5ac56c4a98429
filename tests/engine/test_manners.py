"""What the bot makes of words it was not taught literally, and that no message ends in silence."""

import re
from collections.abc import Iterator

import pytest

from tests.engine_fixture import PROJECT, Engine
from tests.fake_desk import UNKNOWN


def examples() -> Iterator[tuple[str, str]]:
    """The first and the last example of every intent of every file."""
    for file in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        for block in file.read_text(encoding="utf-8").split("- intent: ")[1:]:
            intent, _, listed = block.partition("\n")
            lines = re.findall(r"^ +- (.+)$", listed, re.MULTILINE)
            yield intent, lines[0]
            yield intent, lines[-1]


@pytest.mark.parametrize(("intent", "text"), list(examples()))
async def test_every_message_gets_an_answer(engine: Engine, intent: str, text: str) -> None:
    result = await engine.say(text)

    assert result.understanding.intent in (intent, None)
    assert result.messages
    assert all(message.text for message in result.messages)
    assert result.state is not None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Do you deliver to Iceland?", "ask_page"),
        ("I'd like to know whether the Fjord tent is waterproof", "ask_page"),
        ("and how long would that take?", "ask_page"),
        ("what about Finland?", "ask_page"),
        ("hey, do you sell tents?", "ask_page"),
        ("is the museum open at easter", "opening_hours"),
        ("warranty 2 years?", "ask_page"),
        ("how do i become a dealer?", "ask_page"),
        ("how can I cancel my order?", "ask_page"),
        ("hello there!", "greet"),
        ("thanks a bunch mate", "thank"),
        ("Yes, please", "affirm"),
        ("no thank you", "deny"),
        ("I want to speak with a human being", "ask_person"),
        ("are u human?", "are_you_a_robot"),
        ("my package never came and I'm angry", "complaint"),
        ("what do you remember of me?", "what_do_you_know"),
        ("please delete everything about me", "forget_me"),
        ("you stupid machine", "abuse"),
        ("norway??", "ask_page"),
        ("how long would that take", "ask_page"),
        ("tell me a joke", "small_talk"),
        ("my name is Anna", "tell_of_self"),
        ("can i return a hat", "return_item"),
        ("Wo bleibt meine Bestellung?", "order_status"),
    ],
)
async def test_what_was_not_taught_literally_is_understood(engine: Engine, text: str, intent: str) -> None:
    result = await engine.say(text, mode="understand")

    assert result.understanding.intent == intent


@pytest.mark.parametrize("text", ["are you a robot", "you are useless", "i can't go on", "that is too expensive"])
async def test_a_person_is_offered(engine: Engine, text: str) -> None:
    result = await engine.say(text)

    assert ("Talk to a person", "/ask_person") in result.messages[-1].buttons


async def test_german_is_answered_in_german(engine: Engine) -> None:
    result = await engine.say("Bist du ein Roboter?", language="de")

    assert "Bot" in result.messages[0].text
    assert ("Mit einem Menschen sprechen", "/ask_person") in result.messages[0].buttons


async def test_the_language_stays_with_the_conversation(engine: Engine) -> None:
    before = await engine.say("Hallo", language="de")

    after = await engine.say("thx", state=before.state)

    assert "ä" in after.messages[0].text or "ö" in after.messages[0].text or "ich" in after.messages[0].text


@pytest.mark.parametrize("text", ["opening hours please", "how much is the scarf", "can i return a hat"])
async def test_what_pages_answer_is_asked_of_the_pages(engine: Engine, text: str) -> None:
    await engine.say(text)

    assert len(engine.desk.calls("answer")) == 1


async def test_a_need_is_looked_up_and_nothing_is_pitched(engine: Engine) -> None:
    engine.desk.page_answer = UNKNOWN

    result = await engine.say("i need a jacket for rain")

    assert result.messages[0].text.startswith("Thank you for telling me.")
    assert len(engine.desk.calls("answer")) == 1


async def test_a_wish_is_noted_and_only_a_question_looked_up(engine: Engine) -> None:
    noted = await engine.say("i wish you had it in green")
    asked = await engine.say("could you add a dark mode please?")

    assert "noted" in noted.messages[0].text
    assert len(engine.desk.calls("answer")) == 1
    assert asked.messages[0].text == engine.desk.page_answer.text


async def test_how_to_be_forgotten_is_said(engine: Engine) -> None:
    result = await engine.say("forget me")

    assert "Forget everything" in result.messages[0].text
