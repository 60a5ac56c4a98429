"""The list of phrases that sell, and that our own sentences have none of them."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from actions import words
from bot.pitches import TOPICS, Asked, pitches

DOMAIN = Path(__file__).parents[1] / "domain.yml"


@pytest.mark.parametrize(
    "sentence",
    [
        "Only today: 20 % off everything!",
        "You might also like our hats.",
        "We are the world-class number one.",
        "Hurry, it ends soon.",
        "Don’t   miss\nout on it.",
        "Nur heute: Rabatte auf alles!",
        "Das könnte Ihnen auch gefallen: unsere Hüte.",
        "Bestellen Sie jetzt.",
        "Darf ich Ihnen unsere neuen Modelle zeigen?",
    ],
)
def test_a_sentence_that_sells_is_found(sentence: str):
    assert len(pitches(sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "We ship to Norway for 14.90 euros.",
        "Would you like to talk to a person?",
        "You can send it back within 30 days.",
        "In order to know more, write to us.",
        "Your order 1001 left yesterday.",
        "Darf ich Ihnen einen Menschen holen?",
        "Sie können innerhalb von 30 Tagen bestellen oder abholen.",
        "",
    ],
)
def test_a_sentence_that_informs_is_left_alone(sentence: str):
    assert pitches(sentence) == []


def test_each_sentence_counts_once():
    assert len(pitches("Hurry, only today: a discount! And order now. We open at nine.")) == 2


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        ("Is there a discount?", "Yes, the discount is 10 %."),
        ("Can you recommend a lamp?", "Customers also bought the small one."),
        ("How do I order?", "Press Order now at the end."),
        ("Gibt es einen Gutschein?", "Ja, Gutscheine gibt es an der Kasse."),
        ("Was würden Sie empfehlen?", "Probieren Sie doch unsere Leselampe."),
    ],
)
def test_what_the_visitor_asked_for_is_no_pitch(wish: str, answer: str):
    asked = Asked()
    asked.hear(wish)

    assert pitches(answer, asked.topics) == []
    assert len(pitches(answer)) == 1


def test_haste_and_boasting_are_never_asked_for():
    asked = Asked()
    asked.hear("Which one is the best choice today, should I hurry?")

    assert len(pitches("It is unbeatable. Last chance!", asked.topics)) == 2


def test_every_phrase_is_found_as_it_is_listed():
    for topic in TOPICS:
        for phrase in topic.said:
            assert pitches(f"So, {phrase.rstrip('*')}, they say.") != [], phrase
        for phrase in topic.asked:
            asked = Asked()
            asked.hear(f"Well, {phrase.rstrip('*').upper()}?")
            assert topic.name in asked.topics, phrase


def responses() -> list[tuple[str, str]]:
    domain: dict[str, Any] = YAML(typ="safe").load(DOMAIN.read_text())
    return [(name, one["text"]) for name, ways in domain["responses"].items() for one in ways if "text" in one]


def test_no_response_of_the_domain_sells():
    assert len(responses()) > 20
    assert {name: pitches(text) for name, text in responses() if pitches(text)} == {}


def test_no_sentence_of_an_action_sells():
    said = {name: one for name, one in vars(words).items() if isinstance(one, words.Words)}

    assert len(said) > 10
    assert {name for name, one in said.items() if any(pitches(text) for text in (*one.en, *one.de))} == set()
