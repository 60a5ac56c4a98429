"""How an order is: asked for, told to whom it may be told, and not to who guesses."""

from datetime import date

import pytest
from rasa_sdk.executor import ActionExecutor

from bot.orders import Order, OrderSought
from tests.actions.form_talk import FormTalk
from tests.fake_desk import FakeDesk

TRACKING = "https://parcel.example/1001"
SENT = Order("1001", "sent", date(2026, 11, 20), TRACKING)
MAIL = "alice@customers.example"


@pytest.fixture
def talk(executor: ActionExecutor, house: FakeDesk) -> FormTalk:
    return FormTalk(executor, "order_form")


async def test_number_and_address_are_asked_for_and_the_order_is_told(talk: FormTalk, house: FakeDesk) -> None:
    house.orders = [OrderSought(SENT)]

    asked = [await talk.says("where is my parcel", "order_status"), await talk.says("It's #1001.")]
    told = await talk.says(f"{MAIL}, please")

    assert [one for (one,) in asked] == [
        "Which order is it? Its number is in the mail that confirmed it.",
        "And which e-mail address did you order with?",
    ]
    assert told == [f"Your order 1001 was sent on Friday, 20 November. Follow it: {TRACKING}"]
    assert talk.sources == [{"url": TRACKING, "title": "Follow order 1001", "quote": ""}]
    assert house.calls("order")[-1][1:] == ("1001", MAIL)
    assert not talk.is_active and (talk.slots["order_number"], talk.slots["email"]) == (None, None)


async def test_what_the_first_message_tells_is_not_asked_again(talk: FormTalk, house: FakeDesk) -> None:
    house.orders = [OrderSought(SENT)]

    told = await talk.says(f"where is order 1001, bought by {MAIL}?", "order_status")

    assert told[0].startswith("Your order 1001 was sent")


async def test_the_number_is_heard_also_when_the_message_came_in_the_midst_of_another_form(talk: FormTalk) -> None:
    told = await talk.is_begun_by("its order 1001", "order_status", left_by="validate_contact_form")

    assert told == ["And which e-mail address did you order with?"]


async def test_a_customer_whom_the_site_vouches_for_is_asked_nothing(talk: FormTalk, house: FakeDesk) -> None:
    house.customers_order = SENT

    assert (await talk.says("where is my order", "order_status"))[0].startswith("Your order 1001 was sent")
    assert not talk.is_active


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (None, "Your order 1001 was placed on Friday, 20 November. There is no news of it since."),
        ("paid", "Your order 1001 was paid on Friday, 20 November. It is not sent yet."),
        ("packed", "Your order 1001 was packed on Friday, 20 November. It is not sent yet."),
        ("delivered", "Your order 1001 was delivered on Friday, 20 November."),
        ("cancelled", "Your order 1001 was cancelled on Friday, 20 November."),
    ],
)
async def test_of_each_status_only_what_is_known_is_told(
    talk: FormTalk, house: FakeDesk, status: str | None, sentence: str
) -> None:
    house.customers_order = Order("1001", status, date(2026, 11, 20))

    assert await talk.says("where is my order", "order_status") == [sentence]


async def test_an_order_is_told_in_german_too(executor: ActionExecutor, house: FakeDesk) -> None:
    house.customers_order = SENT
    talk = FormTalk(executor, "order_form", language="de")

    (told,) = await talk.says("wo ist meine Bestellung", "order_status")

    assert told.startswith("Ihre Bestellung 1001 wurde am Freitag, 20. November verschickt.")


async def test_every_order_that_is_not_found_gets_the_same_sentence_and_another_try(
    talk: FormTalk, house: FakeDesk
) -> None:
    house.orders = [OrderSought(), OrderSought(SENT)]
    await talk.says("where is order 1002", "order_status")

    refused, asked = await talk.says(MAIL)

    assert refused == "I can not find an order with that number and that e-mail address together."
    assert asked.startswith("Which order is it?")
    await talk.says("1001")
    assert (await talk.says(MAIL))[0].startswith("Your order 1001")


async def test_who_has_guessed_too_often_is_offered_a_person(talk: FormTalk, house: FakeDesk) -> None:
    house.orders = [OrderSought(is_refused=True)]
    await talk.says("where is order 1002", "order_status")

    (refused,) = await talk.says(MAIL)

    assert refused.startswith("I can not look up more orders in this chat.")
    assert talk.buttons == ["/ask_person", "/deny"] and not talk.is_active


async def test_a_question_in_between_is_left_to_the_pages_and_the_form_asks_on_in_other_words(talk: FormTalk) -> None:
    (asked,) = await talk.says("where is my order", "order_status")

    assert await talk.says("do you ship to Norway?", "ask_page") == []

    (again,) = await talk.comes_back()
    assert "?" in again and again != asked and talk.slots["requested_slot"] == "order_number"


async def test_the_same_is_asked_three_times_then_a_person_is_offered(talk: FormTalk) -> None:
    said = [await talk.says("where is my order", "order_status")]
    said += [await talk.says(text) for text in ("hm", "dunno", "eh")]

    assert len({one for (one,) in said}) == 4
    assert said[-1] == [
        "We do not get any further like this, and that is my fault. Would you like to talk to a person?"
    ]
    assert talk.buttons == ["/ask_person", "/deny"] and not talk.is_active


@pytest.mark.parametrize("intent", ["stop", "deny", "goodbye"])
async def test_the_form_is_left_kindly(talk: FormTalk, house: FakeDesk, intent: str) -> None:
    await talk.says("where is my order 1001", "order_status")

    (said,) = await talk.says("never mind", intent)

    assert said.startswith("All right, we leave that.") and not talk.is_active
    assert talk.slots["order_number"] is None


async def test_a_fault_ends_the_form_with_an_honest_sentence(talk: FormTalk, house: FakeDesk) -> None:
    house.raises = RuntimeError("the store is gone")

    (said,) = await talk.says("where is my order", "order_status")

    assert said.startswith("Something went wrong on our side") and not talk.is_active


async def test_no_with_the_right_number_is_an_answer(talk: FormTalk, house: FakeDesk) -> None:
    await talk.says("where is my order 1002", "order_status")

    await talk.says("no, it is 1001", "deny")

    assert talk.slots["order_number"] == "1001" and talk.is_active


@pytest.mark.parametrize(("intent", "reason"), [("ask_person", "asked"), ("abuse", "upset"), ("distress", "distress")])
async def test_a_person_is_got_at_once_in_the_middle_of_a_form(
    talk: FormTalk, house: FakeDesk, intent: str, reason: str
) -> None:
    await talk.says("where is my order", "order_status")

    *_, said = await talk.says("get me somebody", intent)

    assert said.startswith("I am getting a person for you.") and not talk.is_active
    assert [given for _, given in house.calls("ask_person")] == [reason]


@pytest.mark.parametrize("intent", ["ask_page", "deny", "complaint"])
@pytest.mark.parametrize(
    "text",
    [
        "i dont have the number",
        "no idea",
        "I lost it",
        "die habe ich nicht mehr",
        "keine Ahnung",
        "can't find it anywhere",
    ],
)
async def test_who_has_no_number_is_told_where_it_is_and_that_a_person_helps(
    talk: FormTalk, house: FakeDesk, text: str, intent: str
) -> None:
    await talk.says("where is my order", "order_status")

    (said,) = await talk.says(text, intent)

    assert "in the mail that confirmed your order" in said and "talk to a person" in said and said.endswith("?")
    assert talk.is_active


@pytest.mark.parametrize("text", ["I don't want to any more", "no", "not now, bye"])
async def test_who_does_not_want_to_is_not_taken_for_having_none(talk: FormTalk, house: FakeDesk, text: str) -> None:
    await talk.says("where is my order", "order_status")

    (said,) = await talk.says(text, "deny")

    assert said.startswith("All right, we leave that.")


async def test_a_question_in_between_is_not_taken_for_having_none(talk: FormTalk, house: FakeDesk) -> None:
    await talk.says("where is my order", "order_status")

    assert await talk.says("don't you ship to Norway?", "ask_page") == []
