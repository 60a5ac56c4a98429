"""How a conversation is written down, and that none can be written that judges nothing."""

from pathlib import Path

import pytest

from tests.conversations.expectations import CHECKS, faults
from tests.conversations.script import BadScript, Line, all_conversations, read
from tests.conversations.visitor import Turn

STORY = """
version: "3.1"
stories:
  - story: An order is asked for
    metadata:
      language: en
    steps:
      - user: |
          where is my order [1001](order_number)?
        intent: order_status
      #> asks: true, says: [e-mail]
      - action: order_form
      - active_loop: order_form
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "test_orders.yml"
    file.write_text(text, encoding="utf-8")
    return file


def a_turn(text: str, **more: object) -> Turn:
    reply = {"text": text, "sources": [], "buttons": [], "cards": []}
    known: dict[str, object] = {
        "said": "?",
        "replies": (reply,),
        "before": "",
        "understanding": {"intent": "ask_page", "actions": ["action_answer_from_pages"]},
        "happened": (),
        "waiting": False,
        "facts": (),
        "slots": {},
    }
    return Turn(**(known | more))  # type: ignore[arg-type]


def a_line(**expected: object) -> Line:
    return Line("?", "ask_page", actions=("action_answer_from_pages",), expected=expected)


def test_a_line_has_its_words_its_entities_and_what_is_expected(tmp_path: Path):
    (conversation,) = read(written(tmp_path, STORY))

    (line,) = conversation.lines
    assert (line.text, line.intent) == ("where is my order 1001?", "order_status")
    assert line.entities == (("order_number", "1001"),) and line.actions == ("order_form",)
    assert line.expected == {"asks": True, "says": ["e-mail"]} and conversation.given == {"language": "en"}


def test_a_line_after_which_nothing_is_expected_is_refused(tmp_path: Path):
    silent = STORY.replace("#> asks: true, says: [e-mail]", "# asks: true")

    with pytest.raises(BadScript, match=r"nothing is expected after “where is my order 1001\?”"):
        read(written(tmp_path, silent))


def test_what_nobody_can_judge_is_refused():
    with pytest.raises(BadScript, match="is_nice can't be expected"):
        faults(a_line(is_nice=True), a_turn("Yes."))


def test_a_press_alone_expects_nothing():
    with pytest.raises(BadScript, match="Nothing is expected"):
        faults(a_line(press="Yes"), a_turn("Yes."))


def test_what_no_browser_can_be_given_is_refused(tmp_path: Path):
    with pytest.raises(BadScript, match="moon can't be given"):
        read(written(tmp_path, STORY.replace("language: en", "moon: full")))


def test_two_conversations_of_one_name_are_refused(tmp_path: Path):
    written(tmp_path, STORY + STORY[STORY.index("  - story") :])

    with pytest.raises(BadScript, match="An order is asked for"):
        all_conversations(tmp_path)


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        ({"says": "Norway"}, "does not say"),
        ({"says": "Norway|Sweden"}, "does not say"),
        ({"never_says": "five days"}, "says"),
        ({"source": "shipping.html"}, "cites no page"),
        ({"cites": "shipping.html"}, "without"),
        ({"refuses": True}, "answers"),
        ({"asks": True}, "does not ask"),
        ({"options": ["Talk to a person"]}, "has the buttons"),
        ({"offers_person": True}, "does not offer"),
        ({"person": True}, "asks for no person"),
        ({"person": "complaint"}, "because of"),
        ({"notes": "rating"}, "without"),
        ({"remembers": "Anna"}, "remembers"),
        ({"slots": {"stars": 4}}, "goes on with"),
        ({"card": "Ridge Hat"}, "shows the cards"),
        ({"language": "de"}, "speaks en"),
        ({"again": True}, "does not say it again"),
        ({"erased": True}, "leaves something behind"),
    ],
)
def test_each_expectation_can_fail(expected: dict[str, object], wrong: str):
    (fault,) = faults(a_line(**expected), a_turn("It takes five days to get to the island."))

    assert wrong in fault


def test_what_is_kept_of_somebody_can_be_expected_to_be_gone():
    (fault,) = faults(a_line(forgot="Anna"), a_turn("Done.", facts=("Name: Anna",)))

    assert "still remembers" in fault


def test_every_expectation_can_hold():
    reply = {
        "text": "Ja, das ist der Hut und nicht die Mütze: möchten Sie ihn?",
        "sources": [{"url": "http://shop/hat.html#:~:text=Hut", "quote": "Hat"}],
        "buttons": [{"id": "1", "title": "Mit einem Menschen sprechen"}],
        "cards": [{"title": "Ridge Hat"}],
    }
    turn = a_turn("", replies=(reply,), waiting=True, facts=("Name: Anna",), slots={"stars": 4})
    held = {
        "source": ["other.html", "hat.html"],
        "cites": "hat.html",
        "says": "cap|hut",
        "never_says": "cap",
        "refuses": False,
        "asks": True,
        "options": ["Mit einem Menschen sprechen"],
        "offers_person": True,
        "person": True,
        "notes": [],
        "remembers": "anna",
        "forgot": "Berlin",
        "slots": {"stars": 4},
        "card": "Ridge Hat",
        "language": "de",
        "again": False,
        "erased": False,
    }

    assert faults(a_line(**held), turn) == []
    assert set(held) == set(CHECKS)


@pytest.mark.parametrize(
    ("turn", "wrong"),
    [
        (a_turn("Yes.", understanding={"intent": "ask_page", "actions": ["utter_deny"]}), "did utter_deny"),
        (a_turn("Yes.", before="Yes."), "same words again"),
        (a_turn("Hello {name}, yes."), "machinery"),
        (a_turn("Yes, None.", before="Yes."), "machinery"),
    ],
)
def test_what_holds_for_every_answer_is_judged_without_being_written(turn: Turn, wrong: str):
    (fault,) = faults(a_line(says="Yes"), turn)

    assert wrong in fault


def test_an_answer_without_words_is_a_fault():
    assert "says nothing" in faults(a_line(asks=False), a_turn(" "))


def test_an_entity_that_was_not_found_is_a_fault():
    line = Line("1001", "ask_page", (("order_number", "1001"),), ("action_answer_from_pages",), {"says": "Yes"})

    (fault,) = faults(line, a_turn("Yes."))

    assert fault == "found no entity, not order_number 1001"
