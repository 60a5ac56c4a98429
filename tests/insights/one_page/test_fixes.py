"""The one-page report says what to fix first: those of the report about fixes, with people counted."""

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from bot.insights.command import insights
from bot.insights.one_page.findings import Finding
from bot.insights.one_page.fixes import to_fix
from bot.insights.one_page.html import html_of
from bot.insights.one_page.pdf import pdf_of
from bot.insights.one_page.reading import Days
from bot.insights.one_page.report import one_page, parts_of
from bot.insights.page_ranks import fixes, ranked
from bot.insights.page_tally import Figures
from bot.insights.reports import Wish
from bot.interactions import Kind
from bot.mail.reports import letter_of
from bot.store.conversations import find
from bot.store.forget import forget_visitor
from bot.store.purchases import Notice, record
from bot.store.score_figures import Scores
from bot.store.sites import Site
from bot.store.store import Store
from tests.asking import HATS, HOME, ask, of_staff, somebody
from tests.cast import SHOP, at
from tests.insights.one_page.populations import SPAN
from tests.insights.test_page_ranks import KAYAK, WARRANTY, asked_by, scores

DAYS = ("2026-03-01", "2026-03-03")
HOSTILE = '<script>alert(1)</script> =1+1 #read("/etc/passwd")'


async def report(store: Store) -> dict[str, Any]:
    return await one_page(store, SHOP, *DAYS, today=date(2026, 3, 3))


async def told(store: Store) -> list[dict[str, Any]]:
    found = dict(parts_of(await report(store)))["Which page to mend first"]
    return [one for one in found if one["name"].startswith("fix")]


async def a_buyer(store: Store, shop: Site, question: str, page: str) -> None:
    buyer = await somebody(store, agrees=True)
    await ask(store, buyer, question, page=page)
    known = await store.read(find, buyer)
    assert known is not None and known.visitor is not None
    paid = Notice(id="1001", kind=Kind.PURCHASE, at=at(), value=4_900, currency="EUR", visitor=known.visitor)
    await store.write(record, shop, paid, at=at())


async def test_the_first_two_pages_are_told_with_people_counted_and_what_to_do(store: Store, shop: Site):
    await asked_by(store, 3, KAYAK, HATS)
    await a_buyer(store, shop, KAYAK, HATS)
    await asked_by(store, 4, WARRANTY, HOME)
    await asked_by(store, 3, WARRANTY, "https://shop.example/socks")

    first, second = await told(store)

    assert first["sentence"] == (
        "Mend /hats (not crawled) first by what went wrong there: Answer what 4 people asked here in vain, 1 of them "
        "bought. Most asked: “Do you sell kayaks?” (4 people)."
    )
    assert second["sentence"].startswith("Then mend / (not crawled): Answer what 4 people asked here in vain. Most")
    assert (first["value"], first["n"], first["unit"], first["low"]) == (4.0, 4, "people", None)
    assert (first["state"], first["label"], first["evidence"]) == ("found", "descriptive", "/insights/pages/fix")
    assert "a buyer 3" in first["definition"]


async def test_they_are_the_first_of_the_report_about_fixes_and_refunds_count_once(store: Store, shop: Site):
    await a_buyer(store, shop, KAYAK, HATS)
    await asked_by(store, 2, KAYAK, HATS)
    back = Notice(id="1001r", kind=Kind.REFUND, at=at(), value=2_500, currency="EUR", of="1001")
    await store.write(record, shop, back, at=at())

    (row,) = (await fixes(store, SHOP, *DAYS))["rows"]
    (one,) = await told(store)

    # More than half of it came back: a buyer still, unless it is taken off twice.
    assert (row["buyers"], row["people"]) == (1, 3)
    assert one["value"] == 3.0 and "Answer what 3 people asked here in vain, 1 of them bought." in one["sentence"]


async def test_of_two_people_of_staff_and_of_nobody_nothing_is_said(store: Store, shop: Site):
    assert await told(store) == []
    await asked_by(store, 2, KAYAK, HATS)
    await ask(store, await of_staff(store), KAYAK, page=HATS)

    assert await told(store) == []


async def test_who_is_forgotten_is_not_counted(store: Store, shop: Site):
    await asked_by(store, 2, KAYAK, HATS)
    third = await somebody(store, agrees=True)
    await ask(store, third, KAYAK, page=HATS)
    known = await store.read(find, third)
    assert known is not None and known.visitor is not None and len(await told(store)) == 1

    await store.write(forget_visitor, SHOP, known.visitor)

    assert await told(store) == []


def a_page(figures: Figures, here: Scores | None = None) -> list[Finding]:
    """What is said of a page with these figures, beside forty conversations of 70 elsewhere."""
    row = ranked(HATS, figures, here or Scores(), scores(*[60, 80] * 20), set())
    named = {"url": HATS, "title": "Warm hats", "crawled": True}
    return to_fix(Days(SPAN, pages={"rows": [named]}, fixes={"rows": [row]}))


def test_conversations_that_went_badly_are_told_with_their_interval():
    (one,) = a_page(Figures(), scores(*[20, 30] * 10))

    # As in the report: 25 +- 1.96 x 5.13 / sqrt(20).
    assert one.sentence == (
        "Mend “Warm hats” (/hats) first by what went wrong there: Read the conversations that went badly here: a score "
        "of 25 (23 to 27), elsewhere 70."
    )
    assert (one.unit, one.value, one.low, one.high, one.n) == ("score", 25.0, 22.8, 27.2, 20)


def test_where_a_person_was_wanted_conversations_are_counted():
    (one,) = a_page(Figures(wanted={"a", "b", "c", "d"}))

    assert one.sentence.endswith("Say on the page what people wanted a person for: 4 conversations.")
    assert (one.unit, one.value, one.n) == ("conversations", 4.0, 4)


def test_what_is_of_too_few_is_left_out_beside_what_is_not():
    (one,) = a_page(Figures(wanted={"a", "b", "c"}, missed={"v:x", "v:y"}, unanswered=2))

    assert "asked here in vain" not in one.sentence and one.value == 3.0


@pytest.mark.parametrize("form", ["html", "pdf", "letter", "table", "json"])
async def test_it_is_in_the_report_in_every_form_and_words_stay_words(
    store: Store, shop: Site, tmp_path: Path, form: str
):
    await asked_by(store, 3, HOSTILE, HATS)
    found = await report(store)
    match form:
        case "html":
            shown = html_of(found)
        case "pdf":
            (page,) = PdfReader(io.BytesIO(pdf_of(found))).pages
            shown = " ".join(page.extract_text().split())
        case "letter":
            letter = letter_of(found, url="https://chat.example", secret="s")
            assert "<script>" not in letter.html
            shown = letter.text
        case _:
            out = io.StringIO()
            await insights(store, "report", Wish(SHOP, *DAYS, log=tmp_path), output=form, out=out)
            shown = json.loads(out.getvalue())["findings"] if form == "json" else out.getvalue()

    shown = shown if isinstance(shown, str) else " ".join(one["sentence"] for one in shown)
    assert "Mend /hats (not crawled) first by what went wrong there: Answer what 3 people asked here in vain." in shown
    assert ("<script>" in shown) == (form not in ("html",)) and "root:" not in shown
