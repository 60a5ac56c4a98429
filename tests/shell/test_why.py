"""Why an answer was given, in words: the understanding, the rule, the passage."""

from pathlib import Path
from typing import Any

import pytest

from bot.project import ROOT
from bot.shell.rules import Rule, read_rules, rule_of
from bot.shell.why import reasons

RULES = (
    Rule("A question is looked up", "data/rules/pages.yml", frozenset({"ask_page"}), "action_answer_from_pages"),
    Rule("What is not understood too", "data/rules/pages.yml", frozenset({"nlu_fallback"}), "action_answer_from_pages"),
)
MADE: dict[str, Any] = {
    "intent": "ask_page",
    "confidence": 0.97,
    "ranking": [["ask_page", 0.97], ["price", 0.02], ["greet", 0.01]],
    "entities": [{"kind": "place", "text": "norway", "value": "Norway", "start": 0, "end": 6}],
    "sentiment": -0.25,
    "facts": [["name", "Anna"]],
    "actions": ["action_answer_from_pages"],
}
FOUND = {"answered": True, "confidence": 0.88, "pages": ["https://shop.example/shipping.html"]}
REPLIES = [
    {"sources": [{"url": "https://shop.example/shipping.html", "title": "Shipping", "quote": "To Norway: €18."}]}
]


def told(made: dict[str, Any] | None, replies: Any = ()) -> dict[str, str]:
    return dict(reasons(made, replies, RULES))


def test_an_answer_from_a_page_names_everything_that_led_to_it():
    assert told(MADE | {"from_pages": FOUND}, REPLIES) == {
        "intent": "ask_page 0.97, before price 0.02, greet 0.01",
        "entities": "place “Norway”",
        "mood": "-0.25, of -1 to 1",
        "told": "name “Anna”",
        "rule": "“A question is looked up”, data/rules/pages.yml",
        "did": "action_answer_from_pages",
        "page": "https://shop.example/shipping.html (0.88 sure)",
        "passage": "To Norway: €18.",
    }


def test_what_no_page_answers_names_the_nearest():
    found = FOUND | {"answered": False, "confidence": 0.1}

    assert told(MADE | {"from_pages": found})["pages"] == (
        "none answers this (0.10 sure); nearest https://shop.example/shipping.html"
    )


def test_what_is_asked_back_names_the_options():
    found = FOUND | {"options": ["Hats", "Socks"]}

    assert told(MADE | {"from_pages": found})["pages"] == "0.88 sure, and it could be any of: Hats, Socks"


def test_what_was_not_understood_names_what_was_near():
    why = told(MADE | {"intent": None, "confidence": 0.4})

    assert why["intent"] == "none was sure enough; nearest ask_page 0.97, price 0.02, greet 0.01"
    assert why["rule"] == "“What is not understood too”, data/rules/pages.yml"


def test_a_message_of_which_nothing_is_known_says_so():
    assert "no answer in time" in told(None)["understood"]


def test_an_answer_in_the_midst_of_a_form_has_no_rule():
    assert "rule" not in told(MADE | {"actions": ["feedback_form"]})


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "rules: 3\n", "rules:\n  - rule: x\n", "a: [\n"])
def test_a_file_without_rules_is_passed_over(tmp_path: Path, text: str):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "odd.yml").write_text(text, encoding="utf-8")

    assert read_rules(tmp_path) == ()


def test_a_rule_of_several_intents_is_found_by_each(tmp_path: Path):
    (tmp_path / "data").mkdir()
    text = "rules:\n- rule: Both\n  steps:\n  - or:\n    - intent: a\n    - intent: b\n  - action: act\n"
    (tmp_path / "data" / "both.yml").write_text(text, encoding="utf-8")

    rules = read_rules(tmp_path)

    assert [rule_of(rules, intent, ["act"]) for intent in ("a", "b", "c")] == [rules[0], rules[0], None]


def test_the_shipped_rules_can_be_read():
    assert rule_of(read_rules(ROOT), "ask_person", ["action_ask_person"]) is not None
