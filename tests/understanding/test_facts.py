"""What visitors say of themselves, on messages that no rule was written for."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.understanding.listener import Listener

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
async def listener() -> AsyncIterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def read(language: str) -> list[tuple[str, set[tuple[str, str]]]]:
    """Each message with its facts, written down by hand as `kind=value`."""
    rows = (HERE / f"facts_apart_{language}.tsv").read_text(encoding="utf-8").splitlines()
    return [(text, _facts(told)) for text, told in (row.split("\t") for row in rows)]


def _facts(told: str) -> set[tuple[str, str]]:
    pairs = [] if told == "-" else [one.partition("=") for one in told.split("; ")]
    return {(kind, value) for kind, _, value in pairs}


@pytest.mark.parametrize("language", ["en", "de"])
async def test_facts_are_heard_rightly_rather_than_all(listener: Listener, language: str):
    told = read(language)

    heard = [set((await listener.listen(text)).facts) for text, _ in told]

    right = sum(len(got & said) for got, (_, said) in zip(heard, told, strict=True))
    assert right / sum(map(len, heard)) >= 0.95
    assert right / sum(len(said) for _, said in told) >= 0.9


def test_the_messages_kept_apart_are_many_and_most_tell_nothing():
    english, german = read("en"), read("de")

    assert len(english) >= 150 and len(german) >= 80
    assert sum(not said for _, said in english) >= 90


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("I'm looking for a lamp that dims, do you have one?", ("need", "a lamp that dims")),
        (
            "we need chairs and tables for our garden and we are in a hurry",
            ("need", "chairs and tables for our garden"),
        ),
        ("I am interested in pottery.", ("interest", "pottery")),
        ("I need a vet who is patient with cats, do you know one?", ("need", "a vet who is patient with cats")),
        ("i moved to cork last year", ("place", "Cork")),
        ("Ich suche eine Lampe und habe eine Frage", ("need", "eine Lampe")),
        ("ich wandere gerne", ("interest", "wandern")),
        ("My name is not Lena, it's Lina.", ("name", "Lina")),
        ("Ich heiße nicht Lena, sondern Lina", ("name", "Lina")),
        ("actually i moved to linz", ("place", "Linz")),
        ("my sister and I meet and work for Siemens", ("company", "Siemens")),
    ],
)
async def test_needs_interests_and_corrections_are_heard(listener: Listener, text: str, fact: tuple[str, str]):
    assert (await listener.listen(text)).facts == (fact,)


@pytest.mark.parametrize("text", ["I need a hand " * 300, "ich suche " * 400, "looking for " * 330, "I'm " * 1_000])
async def test_what_never_ends_is_cut(listener: Listener, text: str):
    facts = (await listener.listen(text)).facts

    assert all(len(value) < 120 for _, value in facts)
