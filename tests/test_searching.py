"""What is typed into the search becomes words, and a text shows where it has them."""

import pytest

from bot.searching import Piece, fold, marked, parse


def spelled(typed: str) -> list[tuple[str, bool]]:
    return [(" ".join(term.spellings[0]), term.begins) for term in parse(typed).terms]


def test_words_stand_alone_and_the_last_may_go_on():
    assert spelled("Order  deliv") == [("order", False), ("deliv", True)]


def test_what_is_in_quotes_stays_together_and_is_whole():
    assert spelled('"my order" late') == [("my order", False), ("late", True)]
    assert spelled("late „meine Bestellung“") == [("late", False), ("meine bestellung", False)]


def test_a_quote_that_is_not_closed_yet_closes_at_the_end():
    assert spelled('late "my ord') == [("late", False), ("my ord", False)]


def test_a_single_letter_is_a_word_and_no_beginning():
    assert spelled("size m") == [("size", False), ("m", False)]


@pytest.mark.parametrize("typed", ["", "   ", '"', '""', "*", "-", "()", "💥", "\x00", "_", "' OR 1=1 --"[:1]])
def test_what_has_no_word_looks_for_nothing(typed: str):
    assert parse(typed).terms == ()


def test_a_dozen_words_count():
    assert len(parse(" ".join(f"w{n}" for n in range(100))).terms) == 12


@pytest.mark.parametrize(("typed", "said"), [("größe", "GROESSE"), ("groesse", "Größe"), ("grösse", "Größe")])
def test_umlauts_are_found_however_they_are_written(typed: str, said: str):
    assert marked(said, parse(typed)) == [Piece(said, hit=True), Piece("")]


@pytest.mark.parametrize("typed", ["blue", "neue", "quer"])
def test_two_vowels_that_are_no_umlaut_stay_two(typed: str):
    assert len(parse(typed).terms[0].spellings) == 1


def test_folding_takes_accents_and_capitals():
    assert [fold(one) for one in ("Café", "STRASSE", "Straße", "ŻÓŁĆ")] == ["cafe", "strasse", "strasse", "zołc"]


def test_each_hit_is_marked_and_a_word_only_where_it_is_one():
    pieces = marked("A cat in a catalogue of cats", parse("cat now"))

    assert pieces == [Piece("A "), Piece("cat", hit=True), Piece(" in a catalogue of cats")]


def test_a_long_text_is_cut_around_the_first_hit():
    pieces = marked("word " * 100 + "umbrella" + " word" * 100, parse("umbrella"))

    assert pieces[0].text == "… " and pieces[-1].text.endswith(" …")
    assert [piece.text for piece in pieces if piece.hit] == ["umbrella"]
    assert sum(len(piece.text) for piece in pieces) < 250
