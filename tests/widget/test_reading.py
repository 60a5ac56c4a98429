"""The widget's sentences are easy to read: by published formulas where there are some, else by their length."""

import pytest

from tests.widget.reading import flesch_kincaid, sentences, syllables, vienna, words
from tests.widget.sources import SENTENCE, modules, texts, words_of

GRADE = 6
SHORTEST = 4
"""Words. The formulas are for sentences; `Try again` is none."""
LONGEST = 12
"""Words of an Arabic sentence: no formula for Arabic is agreed upon."""


def said_in(language: str) -> list[str]:
    """All sentences of the widget, with a number for what a place stands for."""
    all_texts = [text for said in words_of(language).values() for text in texts(said)]
    if language == "en":
        all_texts += [text for source in modules().values() for text in SENTENCE.findall(source)]
    every = [one for text in all_texts for one in sentences(text.replace("{}", "5"))]
    return [one for one in every if len(words(one)) >= SHORTEST]


def together(every: list[str]) -> str:
    """As one text; what has no stop gets one, else it would run into the next."""
    return " ".join(one if one[-1] in ".!?…" else one + "." for one in every)


def test_every_english_sentence_is_readable_in_the_sixth_grade() -> None:
    hard = {one: flesch_kincaid(one) for one in said_in("en") if flesch_kincaid(one) > GRADE}

    assert hard == {}
    assert flesch_kincaid(together(said_in("en"))) <= GRADE


def test_every_german_sentence_is_readable_in_the_sixth_grade() -> None:
    hard = {one: vienna(one) for one in said_in("de") if vienna(one) > GRADE}

    assert hard == {}
    assert vienna(together(said_in("de"))) <= GRADE


def test_no_arabic_sentence_is_longer_than_twelve_words() -> None:
    assert [one for one in said_in("ar") if len(words(one)) > LONGEST] == []


def test_most_of_what_the_widget_says_is_graded() -> None:
    assert [len(said_in(language)) >= 25 for language in ("en", "de")] == [True, True]


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("The cat sat on the mat.", -1.45),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 11.3),
    ],
)
def test_the_english_grade_is_the_one_that_others_give(text: str, grade: float) -> None:
    assert flesch_kincaid(text) == pytest.approx(grade, abs=0.05)


def test_the_german_grade_tells_an_offices_sentence_from_a_plain_one() -> None:
    office = "Aufgrund technischer Einschränkungen ist die Nachrichtenübermittlung gegenwärtig nicht gewährleistet."
    plain = "Das geht im Moment nicht, wir sind aber bald für Sie da."

    assert vienna(plain) < GRADE < 15 < vienna(office)


@pytest.mark.parametrize(
    ("word", "language", "count"),
    [
        *[("any", "en", 2), ("earlier", "en", 3), ("here", "en", 1), ("you", "en", 1), ("available", "en", 4)],
        *[("eine", "de", 2), ("über", "de", 2), ("Nachrichten", "de", 3), ("Menschen", "de", 2), ("Sie", "de", 1)],
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word: str, language: str, count: int) -> None:
    assert syllables(word, language) == count
