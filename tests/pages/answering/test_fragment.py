"""Links that make a browser mark the quote, by their spelling; tests/browser shows that a browser finds them."""

import pytest

from bot.pages.answering.fragment import LONGEST, lines_of, with_text
from bot.pages.reading.pdf import page_heading
from bot.store.pages import StoredPassage

PAGE = "https://shop.example/shipping"


def marked(quote: str, *lines: str, url: str = PAGE) -> str:
    return with_text(url, quote, lines or (quote,)).removeprefix(f"{PAGE}#:~:text=")


def test_a_short_quote_is_named_whole() -> None:
    assert marked("We ship to Norway.") == "We%20ship%20to%20Norway."


def test_of_a_long_quote_the_beginning_and_the_end_are_named() -> None:
    quote = "We ship to Norway with the post, and a parcel takes five working days."

    assert marked(quote) == "We%20ship%20to%20Norway,five%20working%20days."


def test_the_end_that_is_named_stands_nowhere_else_in_the_quote() -> None:
    quote = "We ship all day, and we pack by night if there is more to pack by night."

    assert marked(quote) == "We%20ship%20all%20day%2C,to%20pack%20by%20night."


@pytest.mark.parametrize(("sign", "written"), [("-", "%2D"), (",", "%2C"), ("&", "%26"), ("#", "%23"), ("é", "%C3%A9")])
def test_what_means_something_in_a_link_is_encoded(sign: str, written: str) -> None:
    assert marked(f"a{sign}b costs 5") == f"a{written}b%20costs%205"


def test_an_anchor_of_the_page_is_kept() -> None:
    assert with_text(f"{PAGE}#norway", "We ship.") == f"{PAGE}#norway:~:text=We%20ship."


def test_a_mark_that_was_there_is_replaced() -> None:
    assert with_text(f"{PAGE}#norway:~:text=Sweden", "We ship.") == f"{PAGE}#norway:~:text=We%20ship."


@pytest.mark.parametrize("url", ["doc-17", "https://shop.example/prices.PDF", "mailto:a@shop.example"])
def test_what_no_browser_marks_is_linked_as_it_is(url: str) -> None:
    assert with_text(url, "We ship.") == url


def pdf(*pages: str, url: str = f"{PAGE}.pdf") -> list[StoredPassage]:
    found = enumerate(pages)
    return [StoredPassage(at, url, "Care", at, (page_heading(at + 1),), text, str(at)) for at, text in found]


@pytest.mark.parametrize(("quote", "page"), [("Wash hats.", 1), ("Dry them.", 2), ("Line two.", 2), ("Wear them.", 3)])
def test_a_quote_of_a_pdf_leads_to_its_page(quote: str, page: int) -> None:
    lines = lines_of(pdf("Wash hats.", "Dry them.\nLine two.", "Wear them."))

    assert with_text(f"{PAGE}.pdf", quote, lines) == f"{PAGE}.pdf#page={page}"


def test_what_a_page_of_a_pdf_prints_as_its_number_is_not_the_number_that_it_has() -> None:
    lines = lines_of(pdf("Contents\nPage 7\nWash hats.", "Page 1\nDry them."))

    assert with_text(f"{PAGE}.pdf", "Wash hats.", lines) == f"{PAGE}.pdf#page=1"
    assert with_text(f"{PAGE}.pdf", "Dry them.", lines) == f"{PAGE}.pdf#page=2"


def test_a_quote_of_several_lines_leads_to_the_page_of_its_passage() -> None:
    passages = pdf("Dry them.", "Wash hats.\nDry them.")

    link = with_text(f"{PAGE}.pdf", "Wash hats. Dry them.", lines_of(passages), first=len(lines_of(passages[:1])))

    assert link == f"{PAGE}.pdf#page=2"


def test_a_pdf_by_another_name_gets_page_and_text() -> None:
    lines = lines_of(pdf("Wash hats.", "Dry them.", url=PAGE))

    assert with_text(PAGE, "Dry them.", lines) == f"{PAGE}#page=2:~:text=Dry%20them."


def test_a_page_of_a_pdf_that_somebody_named_is_kept() -> None:
    assert with_text(f"{PAGE}.pdf#page=9", "Dry them.", lines_of(pdf("Dry them."))) == f"{PAGE}.pdf#page=9"


def test_without_a_quote_or_with_an_endless_one_the_page_is_linked() -> None:
    assert with_text(PAGE, " ") == PAGE
    assert with_text(PAGE, "漢" * LONGEST) == PAGE


def test_a_quote_that_begins_like_an_earlier_place_is_named_further() -> None:
    earlier = "We ship to Norway by post only, which is slow."
    quote = "We ship to Norway by plane as well, which costs more."

    assert marked(quote, earlier, quote) == "We%20ship%20to%20Norway%20by%20plane,which%20costs%20more."


def test_a_short_quote_that_stands_elsewhere_too_is_told_by_what_is_before_it() -> None:
    lines = ("Do you mend?", "Yes, we do.", "Do you ship to Norway?", "Yes, we do. It is free.")

    link = with_text(PAGE, "Yes, we do.", lines, first=2)

    assert link.endswith("=you%20ship%20to%20Norway%3F-,Yes%2C%20we%20do.")


def test_a_row_is_named_as_text_and_as_its_cells_without_the_heads_of_the_columns() -> None:
    rows = [
        f"{land}: Time {days} days, Cost {cost} EUR" for land, days, cost in (("Norway", 6, 18), ("Iceland", 3, 10))
    ]

    as_text, as_cells = marked(rows[0], *rows).split("&text=")

    assert as_text == "Norway%3A%20Time%206%20days%2C%20Cost%2018%20EUR"
    assert as_cells == "Norway-,6%20days,EUR"


def test_a_row_of_two_columns_has_no_heads_to_leave_out() -> None:
    rows = ("Monday: Open from 10:00 to 17:30", "Sunday: Open from 12:00 to 16:00")

    assert marked(rows[0], *rows).endswith("&text=Monday-,Open%20from%2010%3A00%20to%2017%3A30")


def test_a_page_is_its_headings_and_lines_in_order() -> None:
    passages = [
        StoredPassage(1, PAGE, "Shipping", 0, ("Shipping", "Europe"), "Norway.\nIceland.", "a"),
        StoredPassage(2, PAGE, "Shipping", 1, ("Shipping", "Asia"), "Japan.", "b"),
    ]

    assert lines_of(passages) == ["Shipping", "Europe", "Norway.", "Iceland.", "Asia", "Japan."]
