"""What `duologue ask` does: puts questions to a site's pages. `crawl` brings them in."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TextIO

from bot.errors import ConfigurationError
from bot.pages.answering.answer import NOTHING, Answer
from bot.pages.answering.librarian import Librarian, State
from bot.pages.answering.question import Turn
from bot.pages.crawling.crawl import crawl
from bot.pages.crawling.taking import Progress
from bot.settings import Settings
from bot.store.sites import find_site
from bot.store.store import Store

MAX_LINE = 1_000_000


def answer_as_json(id_: object, answer: Answer) -> dict[str, Any]:
    """One line of `duologue ask --output json`."""
    return {
        "id": id_,
        "answered": answer.said.answered,
        "confidence": answer.said.confidence,
        "text": answer.said.text,
        "sources": [
            {"url": one.url, "title": one.title, "quote": one.quote, "link": one.link or one.url}
            for one in answer.said.sources
        ],
        "options": list(answer.said.options),
        "passages": [
            {"page": one.passage.url, "title": one.passage.title, "text": one.passage.text, "score": one.score}
            for one in answer.found
        ],
    }


async def ask(
    store: Store,
    settings: Settings,
    site_key: str,
    question: str,
    *,
    history: Iterable[Turn] = (),
    page: str | None = None,
) -> Answer:
    """The answer to one question, as a visitor on `page` would get it."""
    librarian = await _open(store, settings, site_key)
    try:
        return await librarian.answer(site_key, question, tuple(history), page)
    finally:
        await librarian.close()


async def ask_batch(
    store: Store,
    settings: Settings,
    site_key: str,
    lines: Iterable[bytes],
    *,
    out: TextIO = sys.stdout,
    err: TextIO = sys.stderr,
) -> int:
    """Answers each line of questions with a line on `out`, in order; the exit code: 1 when any line was bad.

    A bad line is told on `err` with its number, and the others are answered all the same.
    """
    librarian = await _open(store, settings, site_key)
    bad = 0
    try:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            asked = _asked(line)
            if isinstance(asked, str):
                bad += 1
                print(f"line {number}: {asked}", file=err)
                continue
            found = await librarian.answer(site_key, asked.question, asked.history, asked.page)
            print(json.dumps(answer_as_json(asked.id, found), ensure_ascii=False), file=out)
    finally:
        await librarian.close()
    return 1 if bad else 0


async def _open(store: Store, settings: Settings, site_key: str) -> Librarian:
    if await store.read(find_site, site_key) is None:
        raise ConfigurationError(f'There is no site "{site_key}"; add it: duologue site add {site_key} --origin URL.')
    librarian = Librarian(store, settings, fresh_s=float("inf"))
    await librarian.refresh(site_key)
    if librarian.state(site_key) is State.EMPTY:
        await librarian.close()
        raise ConfigurationError(f'"{site_key}" has no pages yet; bring them in: duologue crawl {site_key} URL.')
    return librarian


@dataclass(frozen=True)
class _Asked:
    id: str | int
    question: str
    history: tuple[Turn, ...]
    page: str | None


def _asked(line: bytes) -> _Asked | str:
    """The question of a line, or what is wrong with it."""
    if len(line) > MAX_LINE:
        return f"longer than {MAX_LINE:,} bytes"
    try:
        given: Any = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return f"not JSON in UTF-8: {error}"
    if not isinstance(given, dict):
        return 'not an object; give {"id", "question"}'
    id_, question, page = given.get("id"), given.get("question"), given.get("page")
    history = given.get("history") or []
    if isinstance(id_, bool) or not isinstance(id_, str | int):
        return '"id" has to be text or a whole number'
    if not isinstance(question, str) or not question.strip():
        return '"question" has to be text and not empty'
    if page is not None and not isinstance(page, str):
        return '"page" has to be a URL or null'
    turns = [_turn(one) for one in history] if isinstance(history, list) else [None]
    if None in turns:
        return '"history" has to be a list of {"from": "visitor" or "bot", "text"}'
    return _Asked(id_, question, tuple(turn for turn in turns if turn is not None), page)


def _turn(given: Any) -> Turn | None:
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        return None
    return Turn(given["from"] == "visitor", given["text"]) if given.get("from") in ("visitor", "bot", "staff") else None


__all__ = ["NOTHING", "Progress", "answer_as_json", "ask", "ask_batch", "crawl"]
