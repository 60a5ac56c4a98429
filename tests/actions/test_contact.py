"""Leaving an e-mail address, and being asked for one where nobody is there."""

import pytest
from rasa_sdk.executor import ActionExecutor

from tests.actions.form_talk import FormTalk
from tests.actions.test_actions import run
from tests.fake_desk import FakeDesk

MAIL = "bob@visitors.example"


@pytest.fixture
def talk(executor: ActionExecutor, house: FakeDesk) -> FormTalk:
    return FormTalk(executor, "contact_form")


async def test_the_address_is_kept_and_staff_are_told_what_it_is_about(talk: FormTalk, house: FakeDesk) -> None:
    await talk.says("can somebody write to me", "leave_contact")
    await talk.says(MAIL, "leave_contact")

    (said,) = await talk.says("a wedding present")

    assert said == f"I have noted that. A person will write to {MAIL}." and not talk.is_active
    assert [(kind, data) for _, kind, data in house.calls("record")] == [("contact", {"email": MAIL})]
    assert [note for _, note in house.calls("note")] == [
        f"Wants to be answered by mail, at {MAIL}. About: “a wedding present”"
    ]


async def test_who_goes_away_before_they_say_what_it_is_about_has_left_their_address(
    talk: FormTalk, house: FakeDesk
) -> None:
    await talk.says("can somebody write to me", "leave_contact")

    await talk.says(MAIL, "leave_contact")

    assert [(kind, data) for _, kind, data in house.calls("record")] == [("contact", {"email": MAIL})]


async def test_what_is_no_address_is_asked_for_again(talk: FormTalk, house: FakeDesk) -> None:
    await talk.says(f"mail me at {MAIL.replace('@', ' at ')}", "leave_contact")

    (said,) = await talk.says("bob at visitors.example")

    assert said == "What is your e-mail address? It looks like name@example.com."
    assert house.calls("record") == []


async def test_what_is_told_before_the_address_is_what_it_is_about(talk: FormTalk, house: FakeDesk) -> None:
    await talk.says("can somebody write to me", "leave_contact")

    noted = await talk.says("My blanket has a hole after two weeks", "out_of_scope")
    again = await talk.says("the parcel was wet as well", "complaint")
    await talk.says(MAIL)

    assert noted[0] == "I have noted that for the person who answers you." and "e-mail address" in noted[1]
    assert len(again) == 2 and not talk.is_active
    assert [note for _, note in house.calls("note")] == [
        f"Wants to be answered by mail, at {MAIL}."
        " About: “My blanket has a hole after two weeks; the parcel was wet as well”"
    ]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("do you ship my order to Norway?", "ask_page"),
        ("tell me about your wool", "ask_page"),
        ("my mail", "complaint"),
    ],
)
async def test_what_asks_or_tells_nothing_is_not_what_it_is_about(
    talk: FormTalk, house: FakeDesk, text: str, intent: str
) -> None:
    await talk.says("can somebody write to me", "leave_contact")

    await talk.says(text, intent)
    (said,) = await talk.says(MAIL)

    assert said == "Thank you. And what is it about?"


async def test_who_does_not_say_what_it_is_about_is_written_to_as_well(talk: FormTalk, house: FakeDesk) -> None:
    await talk.says(MAIL, "leave_contact")

    await talk.says("no", "deny")

    assert not talk.is_active and len(house.calls("record")) == 1


async def test_who_wants_to_be_forgotten_is_not_asked_for_an_address_below_that_question(talk: FormTalk) -> None:
    await talk.says("can somebody write to me", "leave_contact")
    await talk.says("forget me", "forget_me")

    assert await talk.comes_back("action_forget_me", "forget_me") == []
    assert not talk.is_active


@pytest.mark.parametrize("intent", ["ask_page", "order_status", "nlu_fallback", "complaint"])
async def test_what_it_is_about_may_be_a_word_that_the_pages_know(talk: FormTalk, house: FakeDesk, intent: str) -> None:
    await talk.says(MAIL, "leave_contact")

    await talk.says("the scarf", intent)

    assert [note.rpartition("About: ")[2] for _, note in house.calls("note")] == ["“the scarf”"]


async def test_a_question_in_between_is_not_what_it_is_about(talk: FormTalk, house: FakeDesk) -> None:
    await talk.says(MAIL, "leave_contact")

    assert await talk.says("do you ship to Norway", "ask_page") == []

    assert await talk.comes_back() == ["What shall the person know before they write to you?"]


@pytest.mark.parametrize(
    ("open", "wait_s", "asks"), [(False, None, True), (None, None, True), (True, None, False), (None, 60, False)]
)
async def test_a_mail_address_is_asked_for_where_nobody_is_there(
    executor: ActionExecutor, house: FakeDesk, open: bool | None, wait_s: int | None, asks: bool
) -> None:
    house.open, house.wait_s = open, wait_s

    _, events = await run(executor, "action_ask_person")

    assert [one["name"] for one in events if one["event"] == "followup"] == ["contact_form"] * asks


async def test_nobody_is_asked_for_their_address_twice(executor: ActionExecutor, house: FakeDesk) -> None:
    house.open = False

    _, events = await run(executor, "action_ask_person", slots={"reason": None, "contact": "asked"})

    assert events == []


async def test_who_is_in_distress_is_told_of_help_before_anything_else(talk: FormTalk) -> None:
    await talk.says("can somebody write to me", "leave_contact")

    first, then = await talk.says("i want to die", "distress")

    assert "emergency" in first and "112" in first
    assert "emergency" not in then and not talk.is_active


@pytest.mark.parametrize(
    "said", ["no email sorry", "I don't have an e-mail", "skip", "keine E-Mail", "ich habe keine Mail"]
)
async def test_who_has_no_address_gets_out(talk: FormTalk, house: FakeDesk, said: str) -> None:
    await talk.says("can somebody write to me", "leave_contact")

    (told,) = await talk.says(said)

    assert told == "All right, we leave that. I am here if you have a question."
    assert not talk.is_active and house.calls("record") == []


async def test_a_telephone_number_is_kept_for_staff_and_nothing_is_promised(talk: FormTalk, house: FakeDesk) -> None:
    await talk.says("can someone call me back", "leave_contact")

    told = await talk.says("+353 86 123 4567", phone="+353861234567")

    assert [note for _, note in house.calls("note")] == ["Left a telephone number: +353861234567."]
    assert told == [
        "I have noted +353861234567 for the people here. I can't promise a call; mails they answer.",
        "What is your e-mail address? It looks like name@example.com.",
    ]


async def test_a_number_in_the_first_message_is_kept_too(talk: FormTalk, house: FakeDesk) -> None:
    told = await talk.says("call me back pls 0861234567", "leave_contact", phone="0861234567")

    assert [note for _, note in house.calls("note")] == ["Left a telephone number: 0861234567."]
    assert told[-1] == "Which e-mail address can a person answer you at?"


async def test_who_has_no_address_and_asks_is_answered_first(talk: FormTalk) -> None:
    await talk.says("can somebody write to me", "leave_contact")

    assert await talk.says("I don't use email, where can I ring you?", "ask_page") == []
    assert talk.is_active
