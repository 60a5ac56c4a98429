"""What is said of memory: a name met, a fact put right, one forgotten, everything forgotten after one question."""

from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from bot.desk import Fact, Telling
from tests.actions.test_actions import OFFERED, a_message, run, said_before
from tests.fake_desk import RETURNS, UNKNOWN, FakeDesk

ANNA = Fact("name", "Your name is Anna.", "Anna")
GRAZ = Fact("place", "You live in Graz.", "Graz")
ASKED = [{"title": "Yes, erase everything", "payload": "/forget_me"}]


async def said(executor: ActionExecutor, action: str, text: str, **tracker: Any) -> str:
    responses, _ = await run(executor, action, a_message(text), **tracker)
    return "\n".join(response["text"] for response in responses)


@pytest.mark.parametrize("kept", [True, False])
async def test_who_tells_their_name_is_met_by_it(executor: ActionExecutor, house: FakeDesk, kept: bool) -> None:
    house.telling = Telling((("name", "Anna"),), kept=kept)

    text = await said(executor, "action_tell_of_self", "my name is Anna")

    assert text == "Nice to meet you, Anna. What can I look up for you?"


async def test_a_name_is_met_in_german_too(executor: ActionExecutor, house: FakeDesk) -> None:
    house.telling = Telling((("name", "Anna"),))

    text = await said(executor, "action_tell_of_self", "ich heiße Anna", slots={"reason": None, "language": "de"})

    assert text == "Freut mich, Anna. Was kann ich für Sie nachsehen?"


async def test_a_question_beside_the_name_is_answered(executor: ActionExecutor, house: FakeDesk) -> None:
    house.telling = Telling((("name", "Anna"),))

    text = await said(executor, "action_tell_of_self", "I'm Anna, can I return shoes?")

    assert text == f"Nice to meet you, Anna.\n{RETURNS.text}"


async def test_who_only_tells_of_themselves_is_not_told_that_no_page_answers(
    executor: ActionExecutor, house: FakeDesk
) -> None:
    house.page_answer, house.telling = UNKNOWN, Telling((("name", "Bob"),))

    text = await said(executor, "action_answer_from_pages", "call me Bob")

    assert text == "Nice to meet you, Bob. What can I look up for you?"
    assert "could not find" in await said(executor, "action_answer_from_pages", "call me Bob, do you sell kayaks?")


async def test_without_consent_it_is_said_that_nothing_is_kept_and_how_to_allow_it(
    executor: ActionExecutor, house: FakeDesk
) -> None:
    recalled = await said(executor, "action_recall", "what do you remember about me?")
    forgotten = await said(executor, "action_forget_fact", "forget my name")

    for text in (recalled, forgotten):
        assert text.startswith("I remember nothing about you beyond this chat. If I may remember")
    assert [fact for _, fact in house.calls("forget")] == ["name"]


async def test_what_is_put_right_is_said_back(executor: ActionExecutor, house: FakeDesk) -> None:
    house.telling = Telling((("name", "Hannah"),), kept=True)

    assert "right: Hannah." in await said(executor, "action_correct_fact", "my name is not Anna, it's Hannah")


async def test_what_is_no_longer_so_is_forgotten(executor: ActionExecutor, house: FakeDesk) -> None:
    house.telling = Telling(outdated=("place",), kept=True)

    text = await said(executor, "action_correct_fact", "I don't live in Graz any more")

    assert text == "Done, I have forgotten where you live."
    assert [fact for _, fact in house.calls("forget")] == ["place"]


async def test_a_correction_of_nothing_asks_what_is_right(executor: ActionExecutor, house: FakeDesk) -> None:
    assert (await said(executor, "action_correct_fact", "that's wrong")).startswith("What is right, then?")


@pytest.mark.parametrize(
    ("text", "forgotten"),
    [
        ("forget my name", ["name"]),
        ("forget where I live", ["place"]),
        ("forget Graz", ["place"]),
        ("forget my name and where i live", ["name", "place"]),
        ("vergessen Sie meinen Namen", ["name"]),
        ("forget it", []),
        ("forget my hobby", ["interest"]),
    ],
)
async def test_what_is_named_is_forgotten_and_nothing_else(
    executor: ActionExecutor, house: FakeDesk, text: str, forgotten: list[str]
) -> None:
    house.facts = (ANNA, GRAZ)

    await said(executor, "action_forget_fact", text)

    assert [fact for _, fact in house.calls("forget")] == forgotten


async def test_when_it_is_not_clear_what_to_forget_it_is_asked(executor: ActionExecutor, house: FakeDesk) -> None:
    house.facts = (ANNA, GRAZ)

    text = await said(executor, "action_forget_fact", "forget that")

    assert text == "Which of these shall I forget?\n• Your name is Anna.\n• You live in Graz."


async def test_before_everything_is_forgotten_it_is_asked_once(executor: ActionExecutor, house: FakeDesk) -> None:
    (asked,), _ = await run(executor, "action_forget_me", a_message("forget me"))

    assert [button["payload"] for button in asked["buttons"]] == ["/forget_me", "/deny"]
    assert house.calls("forget") == []


@pytest.mark.parametrize("action", ["action_forget_me", "action_take_offer"])
async def test_yes_to_that_question_forgets_everything(executor: ActionExecutor, house: FakeDesk, action: str) -> None:
    text = await said(executor, action, "yes", before=said_before("Shall I?", buttons=ASKED))

    assert text.startswith("Done.")
    assert [fact for _, fact in house.calls("forget")] == [None]


async def test_where_a_mails_link_led_no_more_is_promised_than_is_erased(executor: ActionExecutor, house: FakeDesk):
    house.by_link = True

    (asked,), _ = await run(executor, "action_forget_me", a_message("forget me"))
    told = await said(executor, "action_forget_me", "yes", before=said_before("Shall I?", buttons=asked["buttons"]))

    assert [button["title"] for button in asked["buttons"]] == ["Yes, erase this chat", "No, keep it"]
    assert "nothing else is erased from here" in asked["text"]
    assert told == "Done. This chat is erased."


@pytest.mark.parametrize(
    "before",
    [
        said_before("Shall I?", buttons=OFFERED),
        [*said_before("Shall I?", buttons=ASKED), *said_before("We ship to Norway.")],
        [],
    ],
    ids=["another question", "a question between", "nothing"],
)
async def test_yes_to_anything_else_forgets_nothing(
    executor: ActionExecutor, house: FakeDesk, before: list[dict[str, Any]]
) -> None:
    await said(executor, "action_take_offer", "yes", before=before)

    assert house.calls("forget") == []
