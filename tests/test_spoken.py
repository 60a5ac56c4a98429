"""Which language a message is in, told by few words."""

import pytest

from bot.spoken import language_of, legible, questions_in, spoken_in


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Do you ship to Norway?", "en"),
        ("Liefern Sie auch nach Norwegen?", "de"),
        ("hallo", "de"),
        ("Tschüss!", "de"),
        ("nein danke", "de"),
        ("thx", "en"),
        ("wo bleibt mein Paket", "de"),
        ("what was the price of the Lederhose", "en"),
        ("Öffnungszeiten", "de"),
        ("I don’t know", "en"),
        ("was kostet the Ridge Hat", None),
    ],
)
def test_a_few_words_tell_the_language(text: str, language: str | None):
    assert spoken_in(text) == language


@pytest.mark.parametrize(
    "text", ["ok", "1001", "anna@bei-uns.de", "Ridge Hat", "🙂", "", "was", "Où est mon colis", "супер"]
)
def test_what_is_the_same_in_both_or_in_neither_tells_nothing(text: str):
    assert spoken_in(text) is None


def test_an_ok_keeps_the_language_of_the_conversation():
    assert language_of("ok", ["1001", "wo ist mein Paket", "Hello!"], "en") == "de"


def test_whoever_changes_the_language_is_answered_in_the_new_one():
    assert language_of("Can we speak English?", ["wo ist mein Paket"], "de") == "en"


@pytest.mark.parametrize(
    ("hello", "site", "language"),
    [("de-AT", "en", "de"), ("en_GB", "de", "en"), ("fr", "de", "de"), (None, "auto", "en"), ("ar", None, "en")],
)
def test_before_any_word_the_browsers_language_counts_then_the_sites(
    hello: str | None, site: str | None, language: str
):
    assert language_of("1001", [], hello, site) == language


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("d̷̢̛o̶͔͝ y̸͔͐o̶̰͝ṵ̷̏ s̵̰̀h̸̡͝i̷̭̍p̶̩̽", "do you ship"),
        ("Größe über é ñ", "Größe über é ñ"),
        ("هَلْ تَشْحَنُونَ", "هَلْ تَشْحَنُونَ"),
        ("\u0301\u0302\u0303\u0304", ""),
        ("", ""),
    ],
)
def test_marks_that_are_heaped_on_letters_are_read_over(text: str, read: str) -> None:
    assert legible(text) == read


def test_what_asks_is_told_by_its_mark() -> None:
    text = "Hello. Do you ship to Norway? what does it cost?? What? I like it. Is it 3.5 m long?"

    assert questions_in(text) == ["Do you ship to Norway?", "what does it cost?", "Is it 3.5 m long?"]
