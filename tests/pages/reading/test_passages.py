"""Pieces of a page that stay under their headings."""

from hypothesis import given
from hypothesis import strategies as st

from bot.pages.reading.blocks import Block, Extracted
from bot.pages.reading.passages import MAX_WORDS, sentences, split


def a_page(*blocks: Block) -> Extracted:
    return Extracted("Shipping", "en", blocks)


def words(count: int, word: str = "wool") -> str:
    return " ".join([word] * count)


def told(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_each_heading_starts_a_passage_that_knows_its_path():
    found = split(
        a_page(
            Block("Shipping", 1), Block("We ship."), Block("Europe", 2), Block("Days", 3), Block("Three."),
            Block("World", 2), Block("Ten."), Block("Empty", 2),
        )
    )  # fmt: skip

    assert [(one.heading, one.text, one.position) for one in found] == [
        (("Shipping",), "We ship.", 0),
        (("Shipping", "Europe", "Days"), "Three.", 1),
        (("Shipping", "World"), "Ten.", 2),
    ]


def test_a_tables_rows_stay_under_their_caption_and_the_text_after_it_does_not():
    found = split(
        a_page(Block("Shipping", 1), Block("Norway: 3 days", is_row=True, caption="Times"), Block("That is all."))
    )

    assert [(one.heading, one.text) for one in found] == [
        (("Shipping", "Times"), "Norway: 3 days"),
        (("Shipping",), "That is all."),
    ]


def test_400_words_are_one_passage_and_401_are_two_of_one_size():
    whole = split(a_page(Block(words(200)), Block(words(200))))
    halves = split(a_page(Block(words(200)), Block(words(1)), Block(words(200))))

    assert [len(one.text.split()) for one in whole] == [400]
    assert sorted(len(one.text.split()) for one in halves) == [200, 201]


def test_a_long_paragraph_is_cut_after_a_sentence():
    text = " ".join(f"The {words(30)}." for _ in range(10))

    found = split(a_page(Block(text)))

    assert all(one.text.endswith(".") for one in found)
    assert " ".join(one.text for one in found) == text


def test_the_same_words_under_the_same_headings_have_the_same_digest():
    first, second = (split(a_page(Block("Shipping", 1), Block(text)))[0] for text in ("Three days.", "Four days."))
    again = split(a_page(Block("x"), Block("Shipping", 1), Block("Three days.")))[1]

    assert first.digest == again.digest != second.digest


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 500)), max_size=12))
def test_no_word_is_lost_and_no_passage_too_long(shape: list[tuple[int, int]]):
    blocks = [Block(words(count, f"w{number}"), level) for number, (level, count) in enumerate(shape)]

    found = split(a_page(*blocks))

    assert " ".join(one.text for one in found).split() == " ".join(b.text for b in blocks if not b.level).split()
    assert all(0 < len(one.text.split()) <= MAX_WORDS for one in found)


def test_sentences_end_where_a_reader_ends_them():
    text = "We open at 9 a.m. on Monday. St. Patrick's Day is free! It costs €5.00, e.g. for Mr. Smith. Why?"
    text += " Ask.\nNorway: 3 days"

    assert told(text) == [
        "We open at 9 a.m. on Monday.",
        "St. Patrick's Day is free!",
        "It costs €5.00, e.g. for Mr. Smith.",
        "Why?",
        "Ask.",
        "Norway: 3 days",
    ]


def test_a_german_date_or_count_ends_no_sentence():
    text = (
        "Wir öffnen am 15. Mai im 2. Stock, Hauptstr. 3, für ca. 40 Gäste. Anmeldung bis 31. Januar oder 1. Feb. 2027."
    )
    text += " Jeden 1. Samstag gibt es 12. Dann ist zu."

    assert told(text) == [
        "Wir öffnen am 15. Mai im 2. Stock, Hauptstr. 3, für ca. 40 Gäste.",
        "Anmeldung bis 31. Januar oder 1. Feb. 2027.",
        "Jeden 1. Samstag gibt es 12.",
        "Dann ist zu.",
    ]


@given(st.text(alphabet="aB.!? \n1€", max_size=80))
def test_sentences_cover_everything_but_blanks(text: str):
    spans = sentences(text)

    assert "".join("".join(told(text)).split()) == "".join(text.split())
    assert all(start < end for start, end in spans)
    assert spans == sorted(spans)
