"""A message in another language, in English words: enough to tell what it is about."""

from pathlib import Path

import pytest

from bot.engine.glossary import Glossary, digest, glossaries
from tests.engine_fixture import PROJECT

WORDS = Glossary(
    ["wo\twhere", "bleibt\tstays", "mein\tmy", "paket\tparcel", "auf jeden fall\tdefinitely", "größe\tsize"]
)


@pytest.fixture(scope="module")
def german() -> Glossary:
    (found,) = glossaries(PROJECT / "data" / "glossary")
    return found


def test_each_word_is_said_in_english_in_its_place():
    assert WORDS.in_english("Wo bleibt mein Paket?") == "where stays my parcel"


def test_several_words_may_be_one_entry():
    assert WORDS.in_english("mein Paket auf jeden Fall") == "my parcel definitely"


def test_endings_and_typed_umlauts_are_the_same_word():
    assert WORDS.in_english("meine Groesse") == "my size"


def test_a_word_that_is_not_listed_stays():
    assert WORDS.in_english("wo bleibt mein Zwetschgenkuchen") == "where stays my zwetschgenkuchen"


@pytest.mark.parametrize(
    "text",
    ["where is my order", "I want to return the hat", "tell me a joke, man", "", "1001", "ok", "où est mon"],
)
def test_what_is_in_english_or_in_neither_is_left_alone(german: Glossary, text: str):
    assert german.in_english(text) is None


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Wann kommt meine Bestellung an?", "when comes my order on"),
        ("Ich möchte mich beschweren", "i would like me complain"),
        ("löschen Sie meine Daten", "delete you my data"),
    ],
)
def test_the_shipped_list_knows_what_visitors_say(german: Glossary, text: str, english: str):
    assert german.in_english(text) == english


def test_every_line_of_the_shipped_list_is_a_word_and_its_english():
    lines = (PROJECT / "data" / "glossary" / "de.tsv").read_text(encoding="utf-8").splitlines()

    assert all(len(parts := line.split("\t")) == 2 and all(parts) for line in lines)
    assert len({line.split("\t")[0] for line in lines}) == len(lines)


def test_a_changed_list_is_another_one(tmp_path: Path):
    (tmp_path / "de.tsv").write_text("wo\twhere\n", encoding="utf-8")
    before = digest(tmp_path)
    (tmp_path / "de.tsv").write_text("wo\twhere\nwer\twho\n", encoding="utf-8")

    assert digest(tmp_path) != before
