"""Everything the bot can say of itself, in both languages: it sells nothing, and leaves nobody without a way on."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from actions import words
from actions.words import Words
from bot.pitches import pitches
from bot.project import ROOT
from bot.spoken import spoken_in

DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
SUPERLATIVES = re.compile(
    r"\b(?:best|greatest|finest|cheapest|amazing|incredible|unique|leading|guaranteed|beste[nrs]?|einzigartig\w*|führend\w*)\b",
    re.IGNORECASE,
)
WAYS_ON = re.compile(
    r"\?|\bask me\b|\bwrite to me\b|\bjust write\b|\btell me\b|\bi am here\b|\bpress\b"
    r"|fragen sie|schreiben sie|sagen sie mir|ich bin da|bin ich hier|drücken sie",
    re.IGNORECASE,
)
"""A question, or an invitation to say or press something."""


def responses() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, variations in DOMAIN["responses"].items():
        yield from ((name, variation) for variation in variations)


def sayings() -> Iterator[tuple[str, str]]:
    yield from ((name, variation["text"]) for name, variation in responses())
    for name, value in vars(words).items():
        if isinstance(value, Words):
            yield from ((name, wording) for wording in (*value.en, *value.de))


def is_german(variation: dict[str, Any]) -> bool:
    return variation.get("condition") == [{"type": "slot", "name": "language", "value": "de"}]


@pytest.mark.parametrize(("name", "text"), list(sayings()))
def test_nothing_is_pitched_and_nothing_boasted_of(name: str, text: str):
    assert pitches(text) == []
    assert SUPERLATIVES.search(text) is None


@pytest.mark.parametrize(("name", "variation"), list(responses()))
def test_every_response_asks_offers_or_invites(name: str, variation: dict[str, Any]):
    offered = any(button["payload"] == "/ask_person" for button in variation.get("buttons", []))

    assert offered or WAYS_ON.search(variation["text"])


@pytest.mark.parametrize("name", list(DOMAIN["responses"]))
def test_every_response_is_there_in_both_languages(name: str):
    variations = DOMAIN["responses"][name]
    german = [one for one in variations if is_german(one)]

    assert 0 < len(german) < len(variations)
    assert {spoken_in(one["text"]) for one in german} == {"de"}
    assert {spoken_in(one["text"]) for one in variations if one not in german} == {"en"}


@pytest.mark.parametrize(("name", "variation"), [one for one in responses() if one[1].get("buttons")])
def test_a_button_is_in_the_language_of_what_stands_above_it(name: str, variation: dict[str, Any]):
    titles = {button["title"] for button in variation["buttons"]}

    assert titles == (
        {"Mit einem Menschen sprechen", "Nein, danke"} if is_german(variation) else {"Talk to a person", "No, thanks"}
    )


def test_a_life_in_danger_is_sent_to_the_emergency_services_and_to_no_other_number():
    texts = [variation["text"] for variation in DOMAIN["responses"]["utter_distress"]]

    assert {number for text in texts for number in re.findall(r"\d+", text)} == {"112"}
    assert all("112" in text for text in texts)
