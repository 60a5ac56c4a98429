"""The panel in a visitor's language: chosen by the tag, else by the page, and in English where we have no words."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from playwright.async_api import expect

from bot.hours import DAYS
from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser
from tests.running import Duologue
from tests.widget.sources import words_of

KEY = "languages"
BUTTONS = ("send", "close", "more", "attach")
QUESTION = "Do you ship to Norway?"
ANSWER = "We ship to Norway within eight working days"
CRAWLED_WITHIN_S = 120
PAGE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8"><title>Shipping</title>
<link rel="icon" href="data:,"></head><body><main><h1>Shipping</h1><h2>Do you ship to Norway?</h2>
<p>{answer}, and a parcel costs 12 euro.</p></main>{tag}</body></html>"""

DAY_NAMES = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
}
DATE = {"en": r"{day},? {number} \w+", "de": r"{day}, {number}\. \w+", "ar": r"{day}، {number} \w+"}
"""The day above the messages that were said on it."""
HOURS_AHEAD = 14 - datetime.now(UTC).hour
AFTERNOON = timezone(timedelta(hours=HOURS_AHEAD))
AFTERNOON_NAME = f"Etc/GMT{-HOURS_AHEAD:+d}"
"""Where it is past two, so that twelve hours can be told from 24. In the zone's name the sign is turned round."""
TIME = {"en": r"1[4-6]:\d\d", "de": r"1[4-6]:\d\d", "ar": r"[2-4]:\d\d م"}
IN_THREE_DAYS = DAYS[(datetime.now(AFTERNOON) + timedelta(days=3)).weekday()]


class Choice(NamedTuple):
    """A page's own language, what its tag asks for, and what the visitor then reads."""

    page: str
    tag: str
    shown: str


def each_of(*choices: Choice) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("choice", choices, ids="-".join)


GERMAN, ARABIC, FRENCH = Choice("en", "de", "de"), Choice("ar-EG", "", "ar"), Choice("fr", "", "en")
EVERY_LANGUAGE = each_of(GERMAN, ARABIC, FRENCH)
EVERY_CHOICE = each_of(
    GERMAN, ARABIC, FRENCH, Choice("en", "ar", "ar"), Choice("de-AT", "", "de"), Choice("de", "fr", "en")
)


@pytest.fixture(scope="session")
async def site(duologue: Duologue) -> AsyncIterator[str]:
    """A website whose pages are in any language, `/PAGE?tag=TAG`; its staff are back in three days."""
    source = f'<script type="module" src="{duologue.gateway_url}/widget.js" data-site="{KEY}"'

    async def page(request: web.Request) -> web.Response:
        lang, tag = request.match_info["lang"] or "en", request.query.get("tag")
        script = source + (f' data-language="{tag}"' if tag else "") + "></script>"
        html = PAGE.format(lang=lang, dir="rtl" if lang.startswith("ar") else "ltr", answer=ANSWER, tag=script)
        return web.Response(text=html, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{lang:[A-Za-z-]*}", page)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await _carry_out(duologue, "site", "add", KEY, "--origin", origin)
    opens = f"hours.{IN_THREE_DAYS}=15:00-17:00"
    await _carry_out(duologue, "site", "set", KEY, f"hours.timezone={AFTERNOON_NAME}", opens)
    await _carry_out(duologue, "crawl", f"{origin}/", "--site", KEY, "--allow-host", urlsplit(origin).netloc, "--quiet")
    yield origin
    await runner.cleanup()


@pytest.fixture
async def chat(site: str, new_browser: NewBrowser, choice: Choice) -> Chat:
    browser = await new_browser(timezone_id=AFTERNOON_NAME)
    chat = await visit(browser, f"{site}/{choice.page}" + (f"?tag={choice.tag}" if choice.tag else ""))
    await chat.open()
    return chat


@EVERY_CHOICE
async def test_the_panel_opens_in_that_language_and_loads_no_other(chat: Chat, choice: Choice) -> None:
    words = words_of(choice.shown)

    loaded = [url.rpartition("/")[2] for url in chat.seen.requests if "/words/" in url]
    shown = {key: await _shown(chat, key) for key in ("subtitle", "hello", "human")}
    named = {key: await chat.widget.locator(f"#{key}").get_attribute("aria-label") for key in BUTTONS}

    assert loaded == [f"{choice.shown}.js"]
    assert await chat.panel.get_attribute("lang") == choice.shown
    assert shown == {key: words[key] for key in shown}
    assert named == {key: words[key] for key in BUTTONS}
    assert await chat.field.get_attribute("placeholder") == words["placeholder"]
    assert chat.seen.complaints == []


@EVERY_LANGUAGE
async def test_the_panel_is_laid_out_in_the_direction_of_its_language(chat: Chat, choice: Choice) -> None:
    close, human = chat.widget.locator("#close"), chat.widget.locator("#human")

    direction = await chat.panel.evaluate("panel => getComputedStyle(panel).direction")
    left_of_close, left_of_title = await _left(close), await _left(chat.panel.locator("h2"))

    assert direction == words_of(choice.shown)["dir"]
    assert (left_of_close < left_of_title) == (direction == "rtl")
    assert await human.evaluate("button => getComputedStyle(button).direction") == direction


@EVERY_LANGUAGE
async def test_a_question_is_answered_and_marked_in_that_language(chat: Chat, choice: Choice) -> None:
    answer = await chat.ask(QUESTION)

    assert ANSWER in await chat.text_of(answer)
    own = chat.messages.first.locator(".state")
    await expect(own).to_have_text(re.compile(rf"^{TIME[choice.shown]} · {words_of(choice.shown)['seen']}$"))
    await expect(answer.locator(".state")).to_have_text(re.compile(rf"^{TIME[choice.shown]}$"))


@EVERY_LANGUAGE
async def test_what_was_said_on_another_day_has_its_date_in_that_language(chat: Chat, choice: Choice) -> None:
    answer = await chat.ask(QUESTION)
    said_on = datetime.fromisoformat(await answer.evaluate("li => li.at")).astimezone(AFTERNOON)

    await chat.page.clock.set_fixed_time(said_on + timedelta(days=1))
    await chat.page.reload()
    await expect(chat.messages.first).to_have_attribute("data-day", re.compile("."))

    date = DATE[choice.shown].format(day=DAY_NAMES[choice.shown][said_on.weekday()], number=said_on.day)
    assert re.fullmatch(date, str(await chat.messages.first.get_attribute("data-day")))


@EVERY_LANGUAGE
async def test_when_people_are_back_is_said_in_that_language(chat: Chat, choice: Choice) -> None:
    await chat.widget.locator("#human").click()

    day, time = DAY_NAMES[choice.shown][DAYS.index(IN_THREE_DAYS)], TIME[choice.shown]
    before, after = map(re.escape, str(words_of(choice.shown)["opens"]).split("{}"))
    await expect(chat.widget.locator("#banner")).to_have_text(re.compile(rf"^{before}{day}\W.*{time}{after}$"))


async def _shown(chat: Chat, key: str) -> str:
    place = {"subtitle": ".head h2 + p"}.get(key, f"#{key}")
    return await chat.panel.locator(place).inner_text()


async def _left(place: Any) -> float:
    box = await place.bounding_box()
    assert box is not None
    return float(box["x"])


async def _carry_out(duologue: Duologue, *command: str) -> None:
    told = await duologue.cli(*command, within_s=CRAWLED_WITHIN_S)
    assert told.code == 0, told.stderr
