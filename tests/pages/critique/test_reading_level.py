"""The Flesch-Kincaid grade, against published examples."""

import pytest

from bot.pages.critique.reading_level import grade, grade_of_page, hardest, is_english, syllables, words

PLATYPUS = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
POINT = "This sentence, taken as a reading passage unto itself, is being used to prove a point."


def test_the_published_example_has_its_published_grade():
    # Thirteen words and 24 syllables: 0.39 x 13 + 11.8 x 24 / 13 - 15.59 = 11.3.
    assert (len(words(PLATYPUS)), sum(map(syllables, words(PLATYPUS)))) == (13, 24)
    assert round(grade([PLATYPUS]) or 0, 1) == 11.3


def test_the_other_published_example_has_its_published_reading_ease():
    told = words(POINT)

    ease = 206.835 - 1.015 * len(told) - 84.6 * sum(map(syllables, told)) / len(told)

    assert round(ease) == 69


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("the", 1), ("bake", 1), ("baked", 1), ("wanted", 2), ("table", 2), ("houses", 2), ("shipping", 2),
        ("being", 2), ("thing", 1), ("creature", 2), ("hmm", 1), ("can’t", 1),
    ],
)  # fmt: skip
def test_syllables_are_runs_of_vowels(word: str, count: int):
    assert syllables(word) == count


def test_rows_of_a_table_are_no_sentences():
    rows = [f"Jumper | {size} | EUR 89.00" for size in ("small", "medium", "large")] * 10

    assert grade_of_page(rows) is None
    assert grade_of_page([*rows, PLATYPUS, PLATYPUS, "It lays its eggs."]) == 8.8
    # 30 words, 3 sentences, 24 + 24 + 4 syllables: 3.9 + 20.45 - 15.59.


def test_a_few_words_have_no_grade():
    assert grade_of_page([PLATYPUS, PLATYPUS]) is None
    assert grade([]) is None


def test_the_hardest_sentence_is_a_long_one():
    assert hardest(["Incomprehensibilities!", PLATYPUS, POINT]) == PLATYPUS
    assert hardest(["Incomprehensibilities!"]) is None


@pytest.mark.parametrize(
    ("text", "english"),
    [
        (PLATYPUS, True),
        ("Wir versenden jeden Werktag, und das Paket ist in drei Tagen bei dir.", False),
        ("Nous expédions les colis en trois jours.", False),
        ("Ridge Hat, Ferry Scarf, Path Socks", False),
        ("", False),
    ],
)
def test_what_is_not_english_is_known(text: str, english: bool):
    assert is_english(text) is english
