"""A complaint: heard out, said back in the visitor's words, and handed to a person with them."""

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.complaints import LONGEST, is_all
from tests.actions.form_talk import FormTalk
from tests.actions.test_actions import OFFERED, run, said_before
from tests.fake_desk import FakeDesk

HOLE = "my scarf arrived with a hole in it"


@pytest.fixture
def talk(executor: ActionExecutor, house: FakeDesk) -> FormTalk:
    return FormTalk(executor, "complaint_form")


async def test_a_complaint_is_heard_out_and_said_back_in_the_visitors_words(talk: FormTalk) -> None:
    asked = [await talk.says(HOLE, "complaint"), await talk.says("and it came\nlate")]

    (said,) = await talk.says("that's all")

    assert [one[-1] for (one,) in asked] == ["?", "?"] and asked[0] != asked[1]
    assert f"“{HOLE}” “and it came late”" in said and "that's all" not in said
    assert talk.buttons == ["/ask_person", "/deny"] and not talk.is_active
    assert talk.slots["reason"] == "complaint"


async def test_what_is_said_in_german_is_quoted_in_german(executor: ActionExecutor, house: FakeDesk) -> None:
    talk = FormTalk(executor, "complaint_form", language="de")
    await talk.says("mein Schal kam mit einem Loch an", "complaint")

    (said,) = await talk.says("nein", "deny")

    assert "in Ihren Worten: „mein Schal kam mit einem Loch an“ Soll ich" in said


async def test_who_only_says_that_they_complain_is_asked_what_happened(talk: FormTalk) -> None:
    (asked,) = await talk.says("i want to complain", "complaint")

    assert asked == "I am sorry to hear that. What happened?"
    assert (await talk.says(HOLE, "complaint"))[0].startswith("I am sorry, that should not have happened.")


async def test_what_sounds_like_something_else_belongs_to_the_complaint_too(talk: FormTalk) -> None:
    await talk.says(HOLE, "complaint")

    await talk.says("it was also late", "affirm")
    await talk.says("can you believe that?", "complaint")

    assert talk.slots["complaint_words"] == [HOLE, "it was also late", "can you believe that?"]


async def test_a_question_in_between_is_answered_and_no_part_of_the_complaint(talk: FormTalk) -> None:
    await talk.says(HOLE, "complaint")

    assert await talk.says("do you ship to Norway", "ask_page") == []

    assert await talk.comes_back() == ["I see, and I am sorry. Is there anything to add?"]


async def test_after_three_messages_it_is_said_back(talk: FormTalk) -> None:
    await talk.says(HOLE, "complaint")
    await talk.says("it is late", "complaint")

    (said,) = await talk.says("nobody writes back", "complaint")

    assert "“nobody writes back”" in said and not talk.is_active


async def test_no_more_to_say_is_no_wish_to_drop_it(talk: FormTalk) -> None:
    await talk.says(HOLE, "complaint")

    (said,) = await talk.says("no", "deny")

    assert HOLE in said and talk.buttons == ["/ask_person", "/deny"]


async def test_a_complaint_that_was_not_told_can_be_dropped(talk: FormTalk) -> None:
    await talk.says("complaint", "complaint")

    (said,) = await talk.says("never mind", "stop")

    assert said.startswith("All right, we leave that.") and not talk.is_active


async def test_a_long_complaint_is_quoted_in_part(talk: FormTalk) -> None:
    await talk.says("it broke " * 400, "complaint")

    (quoted,) = talk.slots["complaint_words"]
    assert len(quoted) <= LONGEST and quoted.endswith("…")


async def test_the_person_gets_the_words_with_the_conversation(executor: ActionExecutor, house: FakeDesk) -> None:
    slots = {"reason": "complaint", "complaint_words": [HOLE, "it is late"]}

    _, events = await run(executor, "action_take_offer", before=said_before("Shall I?", buttons=OFFERED), slots=slots)

    assert [reason for _, reason in house.calls("ask_person")] == ["complaint"]
    assert [note for _, note in house.calls("note")] == [f"Complains: “{HOLE}” “it is late”"]
    assert [(one["name"], one["value"]) for one in events] == [("reason", None), ("complaint_words", None)]


@pytest.mark.parametrize("text", ["that's all", "That’s it.", "nothing else", "no, nothing", "das war's", "nein"])
def test_the_end_of_the_telling_is_understood(text: str) -> None:
    assert is_all(text)


@pytest.mark.parametrize("text", ["that is not all", "nothing works", "it is broken", "all of it is wrong"])
def test_what_goes_on_is_not_the_end(text: str) -> None:
    assert not is_all(text)
