"""Entities as labels of words, and how words look."""

import re
from typing import Any

import pytest

from bot.engine.labels import NOTHING, Word, entities_of, labels_of
from bot.engine.looks import looks, shape

TEXT = "from New York to Rome, Rome"
WORDS = [Word("from", 0, 4), Word("New", 5, 8), Word("York", 9, 13), Word("to", 14, 16), Word("Rome", 17, 21)]
WORDS += [Word("Rome", 23, 27)]
NEW_YORK = {"entity": "city", "role": "from", "start": 5, "end": 13, "value": "New York"}
ROME = {"entity": "city", "role": "to", "start": 17, "end": 21, "value": "Rome"}
AGAIN = {**ROME, "start": 23, "end": 27}


def there_and_back(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = entities_of(TEXT, WORDS, labels_of(WORDS, entities), [1.0] * len(WORDS))
    return [{key: value for key, value in one.items() if key != "confidence_entity"} for one in found]


@pytest.mark.parametrize("entities", [[], [NEW_YORK], [NEW_YORK, ROME], [ROME, AGAIN], [NEW_YORK, ROME, AGAIN]])
def test_what_is_marked_comes_back(entities: list[dict[str, Any]]) -> None:
    assert there_and_back(entities) == entities


def test_of_entities_that_overlap_the_first_and_longer_counts() -> None:
    york = {"entity": "name", "start": 9, "end": 13, "value": "York"}
    new = {"entity": "name", "start": 5, "end": 8, "value": "New"}

    assert there_and_back([york, new, NEW_YORK]) == [NEW_YORK]


def test_an_entity_that_cuts_a_word_takes_all_of_it() -> None:
    half = {"entity": "name", "start": 6, "end": 11, "value": "ew Yo"}

    assert there_and_back([half]) == [{"entity": "name", "start": 5, "end": 13, "value": "New York"}]


def test_an_entity_between_the_words_is_none() -> None:
    assert there_and_back([{"entity": "sign", "start": 21, "end": 22, "value": ","}]) == []


def test_what_goes_on_without_a_beginning_begins() -> None:
    labels = [NOTHING, "I\tcity\t\t", "I\tcity\t\t", NOTHING, "B\tcity\t\t", "I\tname\t\t"]

    found = entities_of(TEXT, WORDS, labels, [0.9, 0.8, 0.7, 0.9, 0.6, 0.5])

    assert [(one["entity"], one["value"], one["confidence_entity"]) for one in found] == [
        ("city", "New York", 0.7),
        ("city", "Rome", 0.6),
        ("name", "Rome", 0.5),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stocks of i. b. m.", "i. b. m."),
        ("stocks of I.B.M. today", "I.B.M."),
        ("stocks of Big A. B. C.", "Big A. B. C."),
        ("stocks of IBM.", "IBM"),
        ("stocks of plan b.", "plan b"),
        ("stocks of i. b. m", "i. b. m"),
    ],
)
def test_the_last_dot_of_an_abbreviation_belongs_to_it(text: str, said: str) -> None:
    words = [Word(found[0], found.start(), found.end()) for found in re.finditer(r"\w+(?:\.\w+)*", text[10:])]
    words = [Word(one.text, one.start + 10, one.end + 10) for one in words if one.text != "today"]

    (found,) = entities_of(text, words, ["B\tname\t\t", *["I\tname\t\t"] * (len(words) - 1)], [1.0] * len(words))

    assert (found["value"], text[found["start"] : found["end"]]) == (said, said)


@pytest.mark.parametrize(("word", "seen"), [("A-1001", "A-9"), ("hello", "a"), ("McKay", "AaAa"), ("", "")])
def test_the_shape_of_a_word(word: str, seen: str) -> None:
    assert shape(word) == seen


def test_each_word_has_its_own_looks_and_those_beside_it() -> None:
    first, second = looks(["Order", "1001"], [(), ("number",)])

    assert {"word order", "+1 1001", "-1 <", "shape Aa"} <= set(first)
    assert {"word 1001", "-1 order", "+1 >", "shape 9", "is number"} <= set(second)
    assert looks([], []) == []
