"""What the bot makes of a message that is files and nothing else."""

from bot.store.turns import FILES_ONLY
from tests.engine_fixture import Engine


async def test_files_without_words_are_answered_honestly_and_a_person_is_offered(engine: Engine) -> None:
    result = await engine.say(FILES_ONLY, trusted=True)

    (message,) = result.messages
    assert "our staff" in message.text
    assert message.buttons[0] == ("Talk to a person", "/ask_person")
    assert result.understanding.intent == "share_file"


async def test_yes_after_a_file_reaches_a_person(engine: Engine) -> None:
    first = await engine.say(FILES_ONLY, trusted=True)

    second = await engine.say("yes please", state=first.state)

    assert second.actions == ("action_take_offer",)
    assert engine.desk.calls("ask_person")


async def test_while_staff_answer_files_are_only_understood(engine: Engine) -> None:
    result = await engine.say(FILES_ONLY, trusted=True, mode="understand")

    assert (result.messages, result.understanding.intent) == ((), "share_file")


async def test_a_visitor_who_types_it_says_words(engine: Engine) -> None:
    result = await engine.say(FILES_ONLY)

    assert result.understanding.intent != "share_file"
