"""Every action by itself: what it asks of the desk, and what it says."""

import logging
import re
from dataclasses import replace
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from bot.desk import Call, Card, Fact, Manner, PageAnswer, Source
from bot.hours import Opening
from bot.interactions import as_datetime
from tests.cast import at
from tests.fake_desk import RETURNS, UNKNOWN, FakeDesk

Answer = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def a_message(text: str = "can i return shoes", *, turn: str | None = "turn-1", **parsed: Any) -> dict[str, Any]:
    metadata = {"turn": turn} if turn is not None else {}
    return {"text": text, "message_id": "message-1", "metadata": metadata, **parsed}


async def run(executor: ActionExecutor, action: str, message: dict[str, Any] | None = None, **tracker: Any) -> Answer:
    message = message or a_message()
    events = [*tracker.pop("before", []), {"event": "user", "text": message["text"]}]
    call = {"sender_id": "turn-1", "slots": {"reason": None}, "latest_message": message, "events": events}
    result = await executor.run({"next_action": action, "tracker": call | tracker, "domain": {}})
    assert result is not None
    return result.responses, result.events


def said_before(text: str, **data: Any) -> list[dict[str, Any]]:
    return [{"event": "user", "text": "a question"}, {"event": "bot", "text": text, "data": data}]


OFFERED = [{"title": "Talk to a person", "payload": "/ask_person"}]


async def test_rasa_finds_all_actions_of_the_domain(executor: ActionExecutor) -> None:
    assert set(executor.actions) == {
        "action_validate_slot_mappings",
        "action_answer_from_pages",
        "action_out_of_scope",
        "action_hear_need",
        "action_hear_wish",
        "action_ask_person",
        "action_take_offer",
        "action_ask_feedback",
        "validate_order_form",
        "validate_contact_form",
        "validate_feedback_form",
        "validate_complaint_form",
        "action_recall",
        "action_tell_of_self",
        "action_correct_fact",
        "action_forget_fact",
        "action_forget_me",
        "action_repeat",
    }


async def test_the_journal_tells_the_desk_what_was_understood_and_says_nothing(
    executor: ActionExecutor, house: FakeDesk
) -> None:
    message = a_message(
        "my order 1024",
        intent={"name": "ask_page", "confidence": 0.8},
        intent_ranking=[{"name": "ask_page", "confidence": 0.8}, {"name": "greet", "confidence": 0.1}],
        entities=[{"entity": "order", "value": "1024", "start": 9, "end": 13}],
    )

    responses, events = await run(executor, "action_validate_slot_mappings", message)

    assert (responses, events) == ([], [])
    ((call, understanding),) = house.calls("heard")
    assert call == Call(turn="turn-1", message="message-1", text="my order 1024")  # type: ignore[arg-type]
    assert (understanding.intent, understanding.confidence) == ("ask_page", 0.8)  # type: ignore[attr-defined]
    assert understanding.ranking == (("ask_page", 0.8), ("greet", 0.1))  # type: ignore[attr-defined]
    assert understanding.entities[0].text == "1024"  # type: ignore[attr-defined]


async def test_what_was_not_understood_is_journalled_without_an_intent(
    executor: ActionExecutor, house: FakeDesk
) -> None:
    ranking = [{"name": "nlu_fallback", "confidence": 0.6}, {"name": "greet", "confidence": 0.4}]
    message = a_message(intent={"name": "nlu_fallback", "confidence": 0.6}, intent_ranking=ranking)

    await run(executor, "action_validate_slot_mappings", message)

    ((_, understanding),) = house.calls("heard")
    assert (understanding.intent, understanding.ranking) == (None, (("greet", 0.4),))  # type: ignore[attr-defined]


@pytest.mark.parametrize(("told", "before", "now"), [("de", None, ["de"]), ("de", "de", []), (None, "de", [])])
async def test_the_journal_sets_the_language_when_it_changes(
    executor: ActionExecutor, house: FakeDesk, told: str | None, before: str | None, now: list[str]
) -> None:
    message = a_message() | {"metadata": {"turn": "turn-1", "language": told}}

    _, events = await run(executor, "action_validate_slot_mappings", message, slots={"language": before})

    assert [(event["name"], event["value"]) for event in events] == [("language", one) for one in now]


async def test_the_journal_never_raises_and_never_speaks(executor: ActionExecutor, house: FakeDesk) -> None:
    house.raises = RuntimeError("the store is gone")

    assert await run(executor, "action_validate_slot_mappings") == ([], [])


async def test_a_call_of_rasas_own_has_no_turn(executor: ActionExecutor, house: FakeDesk) -> None:
    await run(executor, "action_answer_from_pages", a_message(turn=None))

    assert house.calls("answer") == [(Call(turn=None, message="message-1", text="can i return shoes"),)]


@pytest.mark.parametrize("action", ["action_validate_slot_mappings", "action_answer_from_pages", "action_recall"])
async def test_a_canary_leaves_no_trace(executor: ActionExecutor, house: FakeDesk, action: str) -> None:
    assert await run(executor, action, a_message(turn="canary-7")) == ([], [])
    assert house.asked == []


async def test_an_answer_is_quoted_with_its_page(executor: ActionExecutor, house: FakeDesk) -> None:
    (said,), events = await run(executor, "action_answer_from_pages")

    assert said["text"] == "You can return anything within 30 days."
    assert said["custom"]["sources"][0]["title"] == "Returns"
    assert "cards" not in said["custom"]
    assert (said["buttons"], events) == ([], [])


async def test_an_answer_about_a_product_carries_its_card(executor: ActionExecutor, house: FakeDesk) -> None:
    scarf = Card("Ferry Scarf", "https://shop.example/ferry-scarf", "49.00 EUR")
    house.page_answer = replace(RETURNS, card=scarf)

    (said,), _ = await run(executor, "action_answer_from_pages")

    assert [(one["title"], one["price"], one["image"]) for one in said["custom"]["cards"]] == [
        ("Ferry Scarf", "49.00 EUR", None)
    ]


async def test_a_source_is_shown_with_the_link_to_its_words(executor: ActionExecutor, house: FakeDesk) -> None:
    marked = replace(RETURNS.sources[0], link="https://shop.example/returns#:~:text=You%20can%20return")
    house.page_answer = replace(RETURNS, sources=(marked,))

    (said,), _ = await run(executor, "action_answer_from_pages")

    (shown,) = said["custom"]["sources"]
    assert (shown["url"], shown["link"]) == ("https://shop.example/returns", marked.link)


async def test_what_is_left_open_is_asked_back(executor: ActionExecutor, house: FakeDesk) -> None:
    house.page_answer = replace(RETURNS, options=("Ridge Hat", "Ferry Scarf"))

    (said,), events = await run(executor, "action_answer_from_pages", a_message("how do I wash it"))

    assert said["text"] == "There is more than one answer to that. Which do you mean?"
    assert said["buttons"] == [
        {"title": "Ridge Hat", "payload": "/ask_page"},
        {"title": "Ferry Scarf", "payload": "/ask_page"},
    ]
    assert (said["custom"], events) == ({}, [])


YES = "Yes, we do. It is free."


@pytest.mark.parametrize(
    ("manner", "heading", "lead"),
    [
        (Manner.PLAIN, "Do you mend?", ""),
        (Manner.QUOTED, "Mending", "From “Repairs”:\n"),
        (Manner.QUOTED, "Do you mend?", "From “Repairs”, under “Do you mend?”:\n"),
        (Manner.FOUND, "Do you mend?", "This is what I found, on “Repairs”:\n"),
    ],
)
async def test_a_pages_yes_is_never_the_bots(
    executor: ActionExecutor, house: FakeDesk, manner: Manner, heading: str, lead: str
) -> None:
    source = Source("https://shop.example/repairs", "Repairs | The shop", YES, heading=heading, name="Repairs")
    house.page_answer = PageAnswer(True, 0.7, YES, (source,), manner=manner)

    (said,), _ = await run(executor, "action_answer_from_pages")

    assert said["text"] == f"{lead}{YES}"


@pytest.mark.parametrize(
    "answer",
    [
        PageAnswer(True, 0.7, YES, RETURNS.sources, manner=Manner.QUOTED),
        PageAnswer(True, 0.7, YES, RETURNS.sources, manner=Manner.FOUND),
        replace(RETURNS, options=("Ridge Hat", "Ferry Scarf")),
        UNKNOWN,
        PageAnswer(answered=False, confidence=0.0),
    ],
    ids=["quoted", "found", "asked back", "unknown", "unknown and far"],
)
async def test_no_sentence_of_the_bots_own_is_said_twice_in_a_row(
    executor: ActionExecutor, house: FakeDesk, answer: PageAnswer
) -> None:
    house.page_answer = answer
    (first,), _ = await run(executor, "action_answer_from_pages")

    (second,), _ = await run(executor, "action_answer_from_pages", before=said_before(first["text"]))

    before, after = (set(re.split(r"(?<=[.?:])\s", one["text"].replace(YES, ""))) - {""} for one in (first, second))
    assert after and before.isdisjoint(after)


async def test_a_person_is_offered_on_the_second_unsure_answer_in_a_row(
    executor: ActionExecutor, house: FakeDesk
) -> None:
    house.page_answer = PageAnswer(True, 0.7, YES, RETURNS.sources, manner=Manner.FOUND)
    (first,), events = await run(executor, "action_answer_from_pages")
    assert first["buttons"] == [] and [(one["name"], one["value"]) for one in events] == [("unsure", True)]

    (second,), _ = await run(executor, "action_answer_from_pages", slots={"reason": None, "unsure": True})

    assert [button["payload"] for button in second["buttons"]] == ["/ask_person", "/deny"]
    assert second["text"].endswith("Would you like to talk to a person?")


async def test_a_sure_answer_in_between_ends_the_row(executor: ActionExecutor, house: FakeDesk) -> None:
    (said,), events = await run(executor, "action_answer_from_pages", slots={"reason": None, "unsure": True})

    assert said["buttons"] == [] and [(one["name"], one["value"]) for one in events] == [("unsure", None)]


async def test_what_no_page_answers_is_admitted_and_a_person_offered(executor: ActionExecutor, house: FakeDesk) -> None:
    house.page_answer = UNKNOWN

    (said,), events = await run(executor, "action_answer_from_pages")

    assert said["text"].startswith("I could not find that on our pages. These come closest.")
    assert [button["payload"] for button in said["buttons"]] == ["/ask_person", "/deny"]
    assert said["custom"]["sources"][0]["url"] == "https://shop.example/"
    assert [(event["name"], event["value"]) for event in events] == [("reason", "no_answer")]


async def test_without_any_near_page_none_is_promised(executor: ActionExecutor, house: FakeDesk) -> None:
    house.page_answer = PageAnswer(answered=False, confidence=0.0)

    (said,), _ = await run(executor, "action_answer_from_pages")

    assert said["text"] == "I could not find that on our pages. Would you like to talk to a person?"
    assert said["custom"] == {}


@pytest.mark.parametrize(("before", "now"), [("no_answer", [None]), ("complaint", []), (None, [])])
async def test_an_answer_takes_back_that_there_was_none_but_not_a_complaint(
    executor: ActionExecutor, house: FakeDesk, before: str | None, now: list[None]
) -> None:
    _, events = await run(executor, "action_answer_from_pages", slots={"reason": before})

    assert [event["value"] for event in events] == now


@pytest.mark.parametrize(
    ("wait_s", "sentence"),
    [(0, "in a moment"), (59, "in a moment"), (60, "about 1 minute."), (61, "about 2 minutes."), (None, "Nobody is")],
)
async def test_how_long_a_person_takes_is_told(
    executor: ActionExecutor, house: FakeDesk, wait_s: int | None, sentence: str
) -> None:
    house.wait_s = wait_s

    (said,), _ = await run(executor, "action_ask_person")

    assert sentence in said["text"]


MONDAY = Opening(at(days=7), as_datetime(at(days=7)).replace(hour=9), 7)


@pytest.mark.parametrize(
    ("wait_s", "open", "opens", "sentence"),
    [
        (None, False, MONDAY, "We are closed now. A person answers again on Monday 9 March at 9:00 (UTC)."),
        (None, False, None, "We are closed now. I have passed this on."),
        (None, True, None, "I have passed this on. Write what it is about"),
        (5_401, True, None, "about 2 hours"),
        (5_400, True, None, "about 90 minutes."),
    ],
)
async def test_a_person_is_not_promised_while_the_site_is_closed(
    executor: ActionExecutor,
    house: FakeDesk,
    wait_s: int | None,
    open: bool,
    opens: Opening | None,
    sentence: str,
) -> None:
    house.wait_s, house.open, house.opens = wait_s, open, opens

    (said,), _ = await run(executor, "action_ask_person")

    assert sentence in said["text"] and "Nobody is here" not in said["text"]


async def test_staff_are_told_why_a_person_is_wanted_once(executor: ActionExecutor, house: FakeDesk) -> None:
    _, events = await run(executor, "action_ask_person", slots={"reason": "complaint"})

    assert house.calls("ask_person")[0][1] == "complaint"
    assert [(event["name"], event["value"]) for event in events] == [("reason", None)]


async def test_yes_to_an_offer_hands_over(executor: ActionExecutor, house: FakeDesk) -> None:
    await run(executor, "action_take_offer", before=said_before("Shall I?", buttons=OFFERED))

    assert [reason for _, reason in house.calls("ask_person")] == ["asked"]


@pytest.mark.parametrize(
    "before", [[], said_before("Hello!"), [*said_before("Shall I?", buttons=OFFERED), *said_before("Hi")]]
)
async def test_yes_to_nothing_hands_nothing_over(
    executor: ActionExecutor, house: FakeDesk, before: list[dict[str, Any]]
) -> None:
    (said,), _ = await run(executor, "action_take_offer", before=before)

    assert said["text"].startswith("Good!")
    assert house.calls("ask_person") == []


async def test_the_last_words_are_said_again_with_their_sources(executor: ActionExecutor, house: FakeDesk) -> None:
    custom = {"sources": [{"url": "https://shop.example/", "title": "Home", "quote": "Welcome."}]}

    (said,), _ = await run(executor, "action_repeat", before=said_before("Welcome.", custom=custom))

    assert (said["text"], said["custom"]) == ("Welcome.", custom)


async def test_before_the_first_word_there_is_nothing_to_repeat(executor: ActionExecutor, house: FakeDesk) -> None:
    (said,), _ = await run(executor, "action_repeat")

    assert said["text"].startswith("I have not said anything yet.")


async def test_what_is_remembered_is_listed(executor: ActionExecutor, house: FakeDesk) -> None:
    house.facts = tuple(Fact(str(n), f"You wear size {n}.") for n in range(12))

    (said,), _ = await run(executor, "action_recall")

    assert "• You wear size 9." in said["text"]
    assert "size 10" not in said["text"]
    assert "• and 2 more" in said["text"]


async def test_that_nothing_is_remembered_is_said(executor: ActionExecutor, house: FakeDesk) -> None:
    (said,), _ = await run(executor, "action_recall")

    assert said["text"].startswith("I remember nothing about you")


async def test_a_failure_is_said_and_logged_without_the_visitors_words(
    executor: ActionExecutor, house: FakeDesk, caplog: pytest.LogCaptureFixture
) -> None:
    house.raises = ValueError("could not parse 'my iban is NL00'")

    with caplog.at_level(logging.ERROR):
        (said,), events = await run(executor, "action_answer_from_pages")

    assert said["text"].startswith("Something went wrong on our side")
    assert (said["buttons"][0]["payload"], events) == ("/ask_person", [])
    assert "ValueError" in caplog.text
    assert "iban" not in caplog.text


async def test_what_sounds_like_nothing_of_a_company_is_looked_up_all_the_same(
    executor: ActionExecutor, house: FakeDesk
) -> None:
    (found,), _ = await run(executor, "action_out_of_scope", a_message("how many nights was europa observed"))
    house.page_answer = UNKNOWN
    (in_vain,), _ = await run(executor, "action_out_of_scope", a_message("who won the match"))

    assert found["text"] == RETURNS.text
    assert in_vain["response"] == "utter_out_of_scope"


@pytest.mark.parametrize("action", ["action_answer_from_pages", "action_out_of_scope"])
async def test_who_asks_in_a_language_that_the_bot_lacks_is_told_so_in_it(
    executor: ActionExecutor, house: FakeDesk, action: str
) -> None:
    house.page_answer = UNKNOWN

    (said,), _ = await run(executor, action, a_message("où est ma commande ?"))

    assert said["text"].startswith("Je ne comprends que l'anglais et l'allemand.")
    assert said["buttons"][0]["payload"] == "/ask_person"


async def test_what_a_page_answers_is_answered_in_any_language(executor: ActionExecutor, house: FakeDesk) -> None:
    (said,), _ = await run(executor, "action_answer_from_pages", a_message("puis-je retourner les chaussures ?"))

    assert said["text"] == RETURNS.text


async def test_of_many_questions_at_once_the_first_is_answered_and_the_next_asked_for(
    executor: ActionExecutor, house: FakeDesk
) -> None:
    many = "can i return it? when are you open? do you repair?"

    (answer, more), _ = await run(executor, "action_answer_from_pages", a_message(many))
    (alone,), _ = await run(executor, "action_answer_from_pages", a_message("can i return it? or swap it?"))

    assert (answer["text"], alone["text"]) == (RETURNS.text, RETURNS.text)
    assert more["text"].endswith("?")


@pytest.mark.parametrize("action", ["action_answer_from_pages", "action_out_of_scope"])
async def test_many_questions_of_which_none_is_answered_are_asked_for_one_by_one(
    executor: ActionExecutor, house: FakeDesk, action: str
) -> None:
    house.page_answer = UNKNOWN

    (said,), _ = await run(executor, action, a_message("what is 1? what is 2? what is 3?"))

    assert said["text"].endswith("?") and said["buttons"][0]["payload"] == "/ask_person"
    assert said.get("response") is None


async def test_marks_alone_are_not_looked_up(executor: ActionExecutor, house: FakeDesk) -> None:
    (said,), _ = await run(executor, "action_answer_from_pages", a_message("?!?!?!"))

    assert said["response"] == "utter_default" and house.calls("answer") == []


@pytest.mark.parametrize("text", ["restart", 'restart{"sure": true}', "Start over!"])
async def test_who_wants_to_begin_anew_is_asked_what_they_want_and_no_page_is(
    executor: ActionExecutor, house: FakeDesk, text: str
) -> None:
    (said,), _ = await run(executor, "action_answer_from_pages", a_message(text))

    assert said["text"].endswith("?") and not said["custom"]
    assert "anew" in said["text"] or "restart" in said["text"]
    assert house.calls("answer") == []
