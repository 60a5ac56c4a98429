"""Why the bot answered so, as staff read it: one sentence, then the rows."""

from typing import Any

from bot.gateway.console.transcript import by_day
from bot.gateway.console.why import Why, why_answered, why_heard
from bot.store.conversations import Message
from tests.cast import at

NBSP = "\N{NO-BREAK SPACE}"
SHIPPING = {
    "url": "https://shop.example/shipping",
    "title": "Shipping",
    "heading": "Norway",
    "score": 0.9312,
    "link": "https://shop.example/shipping#:~:text=Norway",
}
RULE = {
    "action": "action_answer_from_pages",
    "policy": "RulePolicy",
    "confidence": 1.0,
    "rule": "A question is looked up",
}


def made(**changes: Any) -> dict[str, Any]:
    """What the log has of a page question that was answered."""
    found = {"answered": True, "confidence": 0.82, "pages": [SHIPPING["url"]], "enough": 0.55, "passages": [SHIPPING]}
    told = {
        "intent": "ask_page",
        "confidence": 0.97,
        "ranking": [["ask_page", 0.97], ["price", 0.02]],
        "entities": [{"kind": "place", "text": "Norway", "value": "Norway", "start": 0, "end": 6}],
        "sentiment": -0.7,
        "facts": [],
        "actions": ["action_answer_from_pages"],
        "decided": [RULE],
        "from_pages": found,
    }
    return told | changes


def rows(why: Why) -> dict[str, list[tuple[str, str]]]:
    return {name: [(one.text, one.beside) for one in values] for name, values in why.rows}


def test_an_answer_from_a_page_is_told_in_one_sentence():
    why = why_answered(made())

    assert why.sentence == (
        "Answered from Shipping › Norway, 0.82 sure, "
        f"because the message was taken for a page question (97{NBSP}%)."
    )  # fmt: skip
    assert why.summary == f"ask page 97{NBSP}%"


def test_the_rows_tell_what_was_understood_chosen_and_found():
    why = why_answered(made())

    assert rows(why) == {
        "Intent": [("ask page", f"97{NBSP}%"), ("price", f"2{NBSP}%")],
        "Named": [("place: Norway", "")],
        "Rule": [("“A question is looked up”", "RulePolicy")],
        "Actions": [("action_answer_from_pages", "")],
        "Pages": [("0.82 sure", "where 0.55 is enough")],
        "Passages": [("Shipping › Norway", "score 0.93")],
        "Sentiment": [("unhappy", "-0.70")],
    }
    assert [value.link for name, values in why.rows for value in values if name == "Passages"] == [SHIPPING["link"]]


def test_what_no_page_answers_is_told_with_what_was_missing():
    found = made()["from_pages"] | {"answered": False, "confidence": 0.31}

    why = why_answered(made(intent=None, confidence=0.3, from_pages=found))

    assert why.sentence == (
        "No page answers this, only 0.31 sure where 0.55 is enough of the nearest, Shipping › Norway, because nothing "
        f"was understood for certain (nearest ask page 97{NBSP}%)."
    )
    assert why.summary == "nothing for certain"


def test_what_was_asked_back_is_told():
    found = made()["from_pages"] | {"options": ["Harbour Jumper", "Ridge Hat"]}

    why = why_answered(made(from_pages=found))

    assert why.sentence.startswith("Asked back which was meant, 0.82 sure of Shipping › Norway, because")
    assert rows(why)["Asked back"] == [("Harbour Jumper", ""), ("Ridge Hat", "")]


def test_a_form_is_told_with_what_it_waits_for():
    step = {"action": "order_form", "policy": "RulePolicy", "confidence": 1.0, "form": "order_form", "slot": "email"}

    why = why_answered(made(from_pages=None, decided=[step]))

    assert why.sentence.startswith("The order form went on, because")
    assert rows(why)["Form"] == [("order form", "waits for email")]
    assert rows(why)["Rule"] == [("the form goes on", "RulePolicy")]


def test_a_policy_that_is_not_sure_of_itself_says_how_sure_it_is():
    step = {"action": "utter_greet", "policy": "TEDPolicy", "confidence": 0.61}

    assert rows(why_answered(made(decided=[step])))["Rule"] == [("no rule of ours", f"TEDPolicy, 61{NBSP}%")]


def test_of_an_older_turn_what_was_not_recorded_is_said_to_be_so():
    older = made(from_pages={"answered": True, "confidence": 0.82, "pages": [SHIPPING["url"]]})
    del older["decided"]

    told = rows(why_answered(older))

    assert told["Rule"] == [("not recorded", "")]
    assert told["Passages"] == [("not recorded", ""), (SHIPPING["url"], "")]
    assert told["Actions"] == [("action_answer_from_pages", "")]
    assert why_answered(None).sentence == "What led to this answer was not recorded."


def test_the_panel_is_below_the_bots_line_and_not_below_the_question_it_answers():
    said = [
        Message(1, "visitor", "Norway?", at()),
        Message(2, "bot", "Yes", at(), reply_to=1),
        Message(3, "visitor", "Lena?", at()),
        Message(4, "staff", "Hello", at(), name="Lena"),
    ]

    (day,) = by_day([(one, made() if one.seq in (1, 2, 3) else None) for one in said])

    shown = {message.seq: why for run in day.runs for message, why in run.lines}
    assert (shown[1], shown[4]) == (None, None)
    assert shown[2] == why_answered(made())
    assert shown[3] == why_heard(made())
    assert not shown[3].decided
