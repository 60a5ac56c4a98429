"""The widget says the same in every language, and nothing that it has no words for."""

import gzip
import re
from pathlib import Path

import pytest

from tests.widget.sources import (
    CHOSEN,
    LANGUAGES,
    SENTENCE,
    TOLD,
    WIDGET,
    chosen,
    expressions,
    modules,
    named,
    texts,
    words_file,
    words_of,
)

TRANSLATIONS = LANGUAGES[1:]
OPENING_BYTES = 12_000
BYTES = 1_210
"""A language's share of it."""
SAME = {"title"}
"""A chat is a `Chat` in German, too."""
ENGLISH = {"a", "and", "for", "is", "it", "not", "of", "please", "the", "this", "to", "we", "what", "you", "your"}
"""Words that hardly an English sentence goes without, and that German does not have."""
NAMES = {"PNG", "JPEG", "WebP", "PDF", "TXT", "MB"}
WORDLESS = {"ready"}
"""A connection that works needs no word."""


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_no_language_lacks_a_word_or_has_one_too_many(language: str) -> None:
    assert list(words_of(language)) == list(words_of("en"))


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_word_is_of_one_kind_and_has_its_places_in_every_language(language: str) -> None:
    def shape(said: str | list[str]) -> tuple[type, list[int]]:
        return type(said), [text.count("{}") for text in texts(said)]

    translated = {key: shape(said) for key, said in words_of(language).items()}

    assert translated == {key: shape(said) for key, said in words_of("en").items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_says_which_language_it_is_and_leaves_no_word_empty(language: str) -> None:
    words = words_of(language)

    assert (words["lang"], words["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert all(text.strip() == text != "" for said in words.values() for text in texts(said))


def test_no_sentence_is_left_in_english_in_german() -> None:
    english, german = words_of("en"), words_of("de")

    same = {key for key in german if key != "dir" and set(texts(german[key])) & set(texts(english[key]))}
    spoken = {word for said in german.values() for text in texts(said) for word in re.findall(r"\w+", text.lower())}

    assert same == SAME
    assert spoken & ENGLISH == set()


def test_no_sentence_is_left_in_english_in_arabic() -> None:
    sentences = [text for key, said in words_of("ar").items() if key not in ("lang", "dir") for text in texts(said)]

    latin = {word for text in sentences for word in re.findall(r"[A-Za-z]+", text)}

    assert latin <= NAMES
    assert [text for text in sentences if not re.search(r"[ء-ي]", text)] == []


def test_the_widget_uses_only_words_that_it_has() -> None:
    sources = modules().values()
    used = set().union(*(named(source) for source in sources), *(chosen(one) for one in CHOSEN))

    missing = used - WORDLESS - set(words_of("en"))

    assert missing == set()


def test_the_widget_has_no_word_that_it_does_not_use() -> None:
    sources = modules().values()
    used = set().union(*(named(source) for source in sources), *(chosen(one) for one in CHOSEN | TOLD))

    unused = set(words_of("en")) - used

    assert unused == set()


def test_every_way_to_choose_a_word_is_known_here_and_still_there() -> None:
    found = {one for source in modules().values() for one in expressions(source)}

    assert found == set(CHOSEN | TOLD)
    assert [one for one in CHOSEN | TOLD if not chosen(one)] == []


def test_a_sentence_outside_the_words_is_only_that_the_words_could_not_load() -> None:
    sentences = [(name, text) for name, source in modules().items() for text in SENTENCE.findall(source)]

    assert sentences == [("widget.js", "Chat did not load. Try again.")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_costs_no_more_than_its_share_of_opening_the_panel(language: str) -> None:
    assert packed(words_file(language)) <= BYTES


def test_opening_the_panel_stays_small_in_the_largest_language() -> None:
    needed = {"widget.js", "panel.js", *needs("widget.js"), *needs("panel.js")}

    everything = sum(packed(WIDGET / name) for name in needed) + max(packed(words_file(one)) for one in LANGUAGES)

    assert {"keep.js", "look.js", "wire.js"} <= needed
    assert everything <= OPENING_BYTES


def packed(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 9, mtime=0))


def needs(name: str) -> set[str]:
    """The modules that load with this one."""
    needed = set(re.findall(r"^import .* from '\./(\w+\.js)'", modules()[name], re.MULTILINE))
    return needed.union(*(needs(one) for one in needed))
