"""What a PDF says, and what a hostile one can't do."""

import os

import pytest

from bot.pages.reading.passages import split
from bot.pages.reading.pdf import Read, Unread, read_pdf
from bot.pages.reading.pdf_reader import PAGES
from bot.pages.reading.skip_reason import SkipReason
from tests.pages.reading.pdfs import a_pdf, encrypted

CARE = [
    "Care of woollen hats",
    "",
    "Wash hats by hand in cold water, with a soap that is made for wool, and never in a",
    "machine. Dry them flat.",
]


def read(given: bytes, **told: str) -> Read:
    found = read_pdf(given, **told)
    assert isinstance(found, Read), found
    return found


def unread(given: bytes) -> Unread:
    found = read_pdf(given)
    assert isinstance(found, Unread)
    return found


def test_each_page_is_a_heading_with_its_paragraphs():
    pdf = a_pdf(CARE, ["Returns are free for 30 days."], title="Hats and their care", language="en-IE")

    page = read(pdf).page

    assert (page.title, page.language) == ("Hats and their care", "en-ie")
    assert [(one.heading, one.text) for one in split(page)] == [
        (
            ("Page 1",),
            "Care of woollen hats\nWash hats by hand in cold water, with a soap that is made for wool, and never in a "
            "machine. Dry them flat.",
        ),
        (("Page 2",), "Returns are free for 30 days."),
    ]


def test_a_pdf_without_a_title_has_its_first_line_as_one():
    assert read(a_pdf(CARE)).page.title == "Care of woollen hats"
    assert read(a_pdf(CARE), title="As it was linked").page.title == "As it was linked"


def test_what_stands_on_each_page_is_said_by_none():
    pages = [
        ["ACME Ltd. 2026", f"Scarf number {name} costs 49 EUR.", f"page {number} of 4"]
        for number, name in enumerate("abcd", start=1)
    ]

    said = read(a_pdf(*pages)).page.text

    assert "ACME" not in said
    assert "of 4" not in said
    assert said.count("costs 49 EUR") == 4


def test_a_word_that_is_parted_at_the_end_of_a_line_is_one_word():
    lines = ["The shop takes everything back that was bought there and was not worn, with-", "out a question."]

    assert "without a question." in read(a_pdf(lines)).page.text


def test_pages_past_the_limit_are_counted():
    found = read(a_pdf(*([f"This is about hat {number}."] for number in range(PAGES + 3))))

    assert found.unread_pages == 3


@pytest.mark.parametrize(
    ("given", "reason", "told"),
    [
        (encrypted(a_pdf(CARE)), SkipReason.ENCRYPTED, "password"),
        (a_pdf([], []), SkipReason.NO_TEXT, "of 2 pages without text"),
        (b"%PDF-1.7\nnothing more", SkipReason.BAD_ENCODING, "can't be read|no PDF"),
        (b"", SkipReason.BAD_ENCODING, "no PDF"),
        (b"<p>a page of HTML</p>", SkipReason.BAD_ENCODING, "no PDF"),
        (b"%PDF-1.7\n" + os.urandom(100_000), SkipReason.BAD_ENCODING, "no PDF"),
        (a_pdf(CARE)[:700], SkipReason.BAD_ENCODING, "no PDF"),
    ],
    ids=["encrypted", "scanned", "headless", "empty", "html", "noise", "cut off"],
)
def test_a_pdf_that_can_not_be_read_says_why(given: bytes, reason: SkipReason, told: str):
    found = unread(given)

    assert found.reason is reason
    assert any(part in found.detail for part in told.split("|"))


def test_a_bomb_of_a_pdf_takes_bounded_time_and_memory():
    bomb = a_pdf(["Hats."], extra=b"q Q " * 30_000_000)
    assert len(bomb) < 1_000_000

    found = read_pdf(bomb)

    assert isinstance(found, Unread)
    assert found.reason in (SkipReason.TOO_LARGE, SkipReason.TOO_SLOW, SkipReason.BAD_ENCODING)
