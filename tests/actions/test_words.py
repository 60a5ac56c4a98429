"""What actions say: in the visitor's language, and not what they have just said."""

from typing import Any

import pytest
from rasa_sdk import Tracker

from actions import words
from actions.words import Words, offer, say

HELLO = Words(en=("Hello, {}.", "Hi, {}."), de=("Guten Tag, {}.",))
ALL = [value for value in vars(words).values() if isinstance(value, Words)]


def heard(language: str | None = None, *said: str) -> Tracker:
    events: list[dict[str, Any]] = [{"event": "user", "text": "first"}]
    events += [{"event": "bot", "text": text} for text in said]
    events.append({"event": "user", "text": "then"})
    return Tracker("turn-1", {"language": language}, {}, events, False, None, {}, "action_listen")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Hello, Anna."), ("de", "Guten Tag, Anna."), (None, "Hello, Anna.")]
)
def test_a_sentence_is_said_in_the_visitors_language(language: str | None, said: str):
    assert say(HELLO, heard(language), "Anna") == said


def test_a_wording_is_not_said_twice_in_a_row():
    assert say(HELLO, heard("en", "Well. Hello, Anna. Welcome!"), "Anna") == "Hi, Anna."


def test_when_there_is_no_other_wording_it_is_said_again():
    assert say(HELLO, heard("de", "Guten Tag, Anna."), "Anna") == "Guten Tag, Anna."


def test_braces_in_what_a_visitor_wrote_are_text():
    assert say(HELLO, heard(), "{0} {name}") == "Hello, {0} {name}."


def test_a_person_is_offered_in_the_visitors_language():
    titles = [button["title"] for button in offer(heard("de"))]

    assert titles == ["Mit einem Menschen sprechen", "Nein, danke"]


@pytest.mark.parametrize("one", ALL)
def test_every_wording_is_there_in_both_languages_and_takes_the_same_values(one: Words):
    assert one.en and one.de
    assert len({wording.count("{}") for wording in (*one.en, *one.de)}) == 1
