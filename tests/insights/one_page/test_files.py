"""The report as HTML and PDF: one page whatever is in it, the same bytes for the same report, words as words."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from bot.insights.one_page.html import html_of
from bot.insights.one_page.letters import BOX
from bot.insights.one_page.made import NotMade, made
from bot.insights.one_page.page import page_of
from bot.insights.one_page.pdf import pdf_of

HOSTILE = (
    '#import "@preview/evil:1.0.0": *', '#read("/etc/passwd")', "$ x^2 $", "*bold* _it_ `raw` <label> @ref",
    "= Heading", "\\u{41} // comment /* more */", "<script>alert(1)</script>", "&amp;", "]]#[", '"quoted" \\"',
)  # fmt: skip
FOREIGN = (
    "مرحبا",
    "שלום",
    "羊毛毯",
    "🧶",
    "Ωμέγα",
    "Шерсть",
    "\N{RIGHT-TO-LEFT OVERRIDE}abc",
    "e\N{COMBINING ACUTE ACCENT}",
)


def a_finding(sentence: str, **changes: Any) -> dict[str, Any]:
    return {
        "name": "bought", "part": "Who came and who bought", "state": "found", "sentence": sentence,
        "definition": "People who bought.", "label": "descriptive", "n": 40, "evidence": "/insights", "unit": "share",
        "value": 0.25, "low": 0.14, "high": 0.4, "p": None,
    } | changes  # fmt: skip


def a_report(*sentences: str, **changes: Any) -> dict[str, Any]:
    return {
        "site": "demo", "name": "Teasel Mill", "is_invented": False, "first_day": "2026-03-02",
        "last_day": "2026-03-08",
        "before": {"first_day": "2026-02-23", "last_day": "2026-03-01"}, "as_of": None, "currency": "EUR",
        "looked_at": 3, "findings": [a_finding(one) for one in sentences or ("10 people bought.",)], "notes": [],
        "shares": [
            {"name": "Conversed", "value": 0.2, "low": 0.1, "high": 0.3, "of": 20},
            {"name": "Silent", "value": 0.1, "low": 0.05, "high": 0.2, "of": 80},
        ],
        "lift": {"rows": [], "guess": None, "since": "2026-03-02T00:00:00.000Z", "last_day": "2026-03-08"},
    } | changes  # fmt: skip


def read(file: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(file))


def words_of(file: bytes) -> str:
    return re.sub(r"\s+", " ", read(file).pages[0].extract_text())


def test_the_pdf_is_one_tagged_page_with_title_and_language():
    file = read(pdf_of(a_report()))

    root = file.trailer["/Root"]
    assert len(file.pages) == 1
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "en"
    assert file.metadata is not None and file.metadata.title == "Teasel Mill: who converses, who buys"
    assert "10 people bought." in file.pages[0].extract_text()


def test_the_same_report_is_the_same_bytes():
    told = a_report(*HOSTILE)

    assert pdf_of(told) == pdf_of(told)
    assert html_of(told) == html_of(told)


@pytest.mark.parametrize("words", HOSTILE)
def test_what_visitors_type_is_words_on_the_page_and_no_markup(words: str):
    told = a_report(f"Asked most: “{words}” (3 times).", name=words)

    file = words_of(pdf_of(told))

    assert re.sub(r"\s+", "", words) in re.sub(r"\s+", "", file)
    assert "root:" not in file and "<script" not in html_of(told)


@pytest.mark.parametrize("words", FOREIGN)
def test_letters_that_the_fonts_do_not_have_are_boxes_and_said_to_be(words: str):
    file = read(pdf_of(a_report(f"Asked most: “{words}” (3 times).")))

    said = words_of_all(file)
    assert len(file.pages) == 1 and "Asked most" in said
    assert (BOX in said) == ("stands for a letter" in said)


def words_of_all(file: PdfReader) -> str:
    return " ".join(page.extract_text() for page in file.pages)


def test_chinese_is_not_left_out_in_silence():
    assert f"“{BOX * 3}”" in words_of(pdf_of(a_report("Asked most: “羊毛毯” (3 times).")))


def test_a_report_of_a_thousand_sentences_is_one_page_that_says_how_many_are_missing():
    many = a_report(*(f"Sentence {number} is about as long as a sentence of a report." for number in range(1_000)))

    file = read(pdf_of(many))

    said = re.search(r"([\d,]+) more findings do not fit", words_of_all(file))
    shown = len(re.findall(r"Sentence \d+ is", words_of_all(file)))
    assert len(file.pages) == 1 and said is not None
    assert int(said[1].replace(",", "")) + shown == 1_000 and shown > 10


def test_a_sentence_longer_than_the_page_is_left_out_and_counted():
    file = read(pdf_of(a_report("long " * 5_000)))

    assert len(file.pages) == 1 and "1 more findings do not fit" in words_of_all(file)


def test_what_a_number_of_two_parts_means_is_told_once_under_the_first():
    told = a_report("10 people bought.")
    told["findings"] += [
        a_finding("They talked.", part="Who converses, and what they bring"),
        a_finding("They scored.", part="How the conversations went", definition="Mean score."),
    ]

    assert page_of(told).definitions == (
        ("Who came and who bought", "People who bought."),
        ("How the conversations went", "Mean score."),
    )


def test_a_report_of_nothing_is_a_page():
    empty = a_report(findings=[], shares=[])

    assert len(read(pdf_of(empty)).pages) == 1
    assert "Teasel Mill" in html_of(empty)


def test_the_html_file_fetches_nothing_and_runs_nothing():
    file = html_of(a_report(*HOSTILE, *FOREIGN))

    assert "<script" not in file and "javascript:" not in file
    assert not re.findall(r'(?:src|href|xlink:href)="(?!#)[^"]', file)
    assert "default-src 'none'" in file and "prefers-color-scheme: dark" in file
    assert file.count("<svg") == 1 and "var(--c0)" in file


async def test_a_file_is_made_by_a_process_of_its_own_and_given_up_in_time():
    assert (await made(a_report(), "pdf")).startswith(b"%PDF-")
    with pytest.raises(NotMade, match="longer than 0 s"):
        await made(a_report(), "pdf", within=0.01)
