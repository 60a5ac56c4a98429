"""What a page's own words say of it: how one-way it is, how hard to read, and its flags."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from bot.pages.critique.one_way import one_way
from bot.pages.critique.page_flags import page_flags
from bot.pages.critique.reading_level import grade_of_page, is_english
from bot.pages.reading.passages import sentences
from bot.store.pages import StoredPassage

NOTHING: dict[str, Any] = {"one_way": None, "grade": None, "flags": []}


def critique(
    passages: Sequence[StoredPassage], company: str, used: int, today: date, ways: Sequence[str] | None = None
) -> dict[str, Any]:
    """`{"one_way", "grade", "flags"}` of the page with these passages, as plain JSON values.

    `ways`: how its links and forms let a visitor reach a person; None where the crawl did not look.
    All of it is English's: a page in another language has neither score nor grade nor flags.
    """
    said = list(dict.fromkeys(_said(passages)))
    if not is_english("\n".join(said)):
        return NOTHING
    headings = list(dict.fromkeys(passage.heading[-1] for passage in passages if passage.heading))
    return {
        "one_way": one_way(said, headings, company=company, used=used, ways=ways).as_json(),
        "grade": grade_of_page(said),
        "flags": [
            {"flag": one.flag.value, "sentence": one.sentence, "times": None}
            for one in page_flags(said, today=today, ways=ways or ())
        ],
    }


def _said(passages: Sequence[StoredPassage]) -> Iterator[str]:
    """Sentences and rows in the order of the page; what it says twice (an answer, and the data of it) comes once."""
    for passage in passages:
        for start, end in sentences(passage.text):
            yield passage.text[start:end]
