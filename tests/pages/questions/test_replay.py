"""`duologue questions replay`: what the pages of today say to the questions of yesterday."""

import asyncio
import io
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.errors import ConfigurationError, DuologueError
from bot.pages.answering.librarian import Librarian
from bot.pages.questions.listing import as_json_line, draw_replay
from bot.pages.questions.replay import Change, Replay, replay
from bot.store.interactions import span as ids_of
from bot.store.pages_of_rows import Span
from tests.asking import ALL, HATS, HOME, ask, of_staff, somebody
from tests.cast import at
from tests.pages.conftest import Crawler

HOW_MUCH, KAYAK, SIZES = "How much are hats?", "Do you sell kayaks?", "Which sizes do mittens have?"
MITTENS = "https://shop.example/mittens"
PAGES = (
    {"url": HATS, "title": "Hats", "text": "Hats cost 39 EUR."},
    {"url": MITTENS, "title": "Mittens", "text": "Mittens come in the sizes S, M and L. They cost 34 EUR."},
)


@pytest.fixture
async def again(crawler: Crawler, tmp_path: Path):
    """Asks again after PAGES were crawled."""
    file = tmp_path / "pages.jsonl"
    file.write_text("\n".join(json.dumps(page) for page in PAGES))
    await crawler.crawl(file)
    librarian = Librarian(crawler.store, crawler.settings)

    async def asked(**chosen: object) -> Replay:
        return await replay(crawler.store, librarian, ALL, **chosen)  # type: ignore[arg-type]

    yield asked
    await librarian.close()


def table(told: Replay, limit: int | None = None) -> str:
    out = io.StringIO()
    draw_replay(told, out, limit=limit)
    return out.getvalue()


async def test_each_question_is_one_of_five(crawler: Crawler, again):
    conversation = await somebody(crawler.store)
    for question, found in (
        (HOW_MUCH, None),
        (KAYAK, HATS),
        (SIZES, HATS),
        (HOW_MUCH, HATS),
        (KAYAK, None),
    ):
        await ask(crawler.store, conversation, question, found=found)
        conversation = await somebody(crawler.store)

    told = await again()

    assert told.counts == dict.fromkeys(Change, 1) and told.asked == 5
    assert [(one.change, one.question) for change in Change for one in told.list_of(change)] == [
        (Change.NOW_BROKEN, KAYAK),
        (Change.MOVED, SIZES),
        (Change.NOW_ANSWERED, HOW_MUCH),
    ]


async def test_a_change_is_told_with_what_was_said_and_what_would_be(crawler: Crawler, again):
    for minute in (0, 5):
        await ask(crawler.store, await somebody(crawler.store), SIZES, found=HATS, when=at(minutes=minute))

    told = (await again()).as_json(None)

    assert (told["asked"], told["moved"], told["now_broken"]) == (2, 2, 0)
    assert told["changes"] == [
        {
            "change": "moved",
            "question": SIZES,
            "page": HOME,
            "times": 2,
            "last": "2026-03-02T12:05:00.000Z",
            "before": {"answered": True, "page": HATS, "text": "Here it is."},
            "now": {"answered": True, "page": MITTENS, "text": told["changes"][0]["now"]["text"]},
        }
    ]
    assert "sizes S, M and L" in told["changes"][0]["now"]["text"]


async def test_a_follow_up_is_asked_with_what_was_said_before_it(crawler: Crawler, again):
    conversation = await somebody(crawler.store)
    await ask(crawler.store, conversation, "Tell me about your mittens", found=MITTENS)
    await ask(crawler.store, conversation, "and how much are they?")

    told = await again()

    (answered,) = told.list_of(Change.NOW_ANSWERED)
    assert answered.now.page == MITTENS


async def test_a_question_is_asked_on_its_page(crawler: Crawler, again):
    for page in (None, HATS):
        await ask(crawler.store, await somebody(crawler.store), "How much does it cost?", page=page)

    told = await again()

    assert told.counts[Change.STILL_UNANSWERED] == 1
    assert [(one.page, one.now.page) for one in told.list_of(Change.NOW_ANSWERED)] == [(HATS, HATS)]


async def test_one_page_is_asked_again_alone_and_a_mistyped_one_refused(crawler: Crawler, again):
    await ask(crawler.store, await somebody(crawler.store), HOW_MUCH, page=HATS)
    await ask(crawler.store, await somebody(crawler.store), HOW_MUCH, page=HOME)

    assert (await again(page="/hats")).asked == 1
    with pytest.raises(ConfigurationError, match="no page"):
        await again(page="/hast")


async def test_what_staff_asked_to_try_the_chat_is_not_asked_again(crawler: Crawler, again):
    await ask(crawler.store, await of_staff(crawler.store), KAYAK, found=HATS)
    await ask(crawler.store, await somebody(crawler.store), HOW_MUCH)

    told = await again()

    assert (told.asked, told.counts[Change.NOW_BROKEN], told.counts[Change.NOW_ANSWERED]) == (1, 0, 1)


async def test_changed_questions_beyond_the_most_are_counted_and_that_is_said(crawler: Crawler, again):
    for question in (KAYAK, "Do you sell boats?", KAYAK, HOW_MUCH):
        await ask(crawler.store, await somebody(crawler.store), question, found=None if question == HOW_MUCH else HATS)

    told = await again(most_listed=1)

    assert [(one.question, one.times) for one in told.list_of(Change.NOW_BROKEN)] == [(KAYAK, 2)]
    assert [one.question for one in told.list_of(Change.NOW_ANSWERED)] == [HOW_MUCH]
    assert (told.counts[Change.NOW_BROKEN], told.as_json(None)["unlisted"]) == (3, 1)
    assert "1 further question only counted" in " ".join(table(told).split())


async def test_asking_again_writes_nothing(crawler: Crawler, again):
    await ask(crawler.store, await somebody(crawler.store), KAYAK)
    before = await crawler.store.read(ids_of, ALL.site, ALL.since, ALL.until)

    await again()

    assert await crawler.store.read(ids_of, ALL.site, ALL.since, ALL.until) == before


async def test_people_see_what_broke_first(crawler: Crawler, again):
    await ask(crawler.store, await somebody(crawler.store), f"{KAYAK} \x1b[2J", found=HATS)
    await ask(crawler.store, await somebody(crawler.store), HOW_MUCH)

    told = await again()
    words = " ".join(table(told).split())

    assert "2 questions asked again" in words and f"before: {HATS}" in words and "Hats cost 39 EUR." in words
    assert words.index("Was answered, is not any more │") < words.index("Was not answered, is now │")
    assert "\x1b" not in table(told) + as_json_line(told.as_json(None))
    assert len(told.as_json(1)["changes"]) == 2


async def test_a_lost_answer_fails_only_who_is_strict(
    crawler: Crawler, again, store_url: str, monkeypatch: pytest.MonkeyPatch
):
    await ask(crawler.store, await somebody(crawler.store), KAYAK, found=HATS)
    monkeypatch.setenv("DUOLOGUE_HOME", str(crawler.settings.home))
    monkeypatch.setenv("DUOLOGUE_DATABASE_URL", store_url)

    codes = [await asyncio.to_thread(main, ["questions", "replay", *strict]) for strict in ((), ("--strict",))]

    assert codes == [0, 1]


async def test_nothing_asked_is_said(again):
    assert "No question was put to the pages." in table(await again())


async def test_without_pages_nothing_is_asked(crawler: Crawler):
    librarian = Librarian(crawler.store, crawler.settings)

    with pytest.raises(DuologueError, match="duologue crawl URL --site demo"):
        await replay(crawler.store, librarian, ALL)
    with pytest.raises(ConfigurationError, match='no site "shpo"'):
        await replay(crawler.store, librarian, Span("shpo", at(), at(days=1)))  # type: ignore[arg-type]

    await librarian.close()
