"""What each page of a site brings: who saw it, what was asked on it, who answered, and how one-way it is."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.errors import ConfigurationError
from bot.insights.page_names import PageNames
from bot.insights.page_rows import UNJUDGED, report
from bot.insights.page_tally import Money, Tally, is_question, wants_person
from bot.insights.window import ROWS_AT_ONCE, happened, span_of
from bot.interactions import Interaction, Kind
from bot.store.noise import robots_and_staff, talks_of_noise
from bot.store.page_figures import CrawledPage, asked_in, daily_views_after, last_pages, money_after, pages_after
from bot.store.pages import StoredPassage, passages_of
from bot.store.pages_of_rows import Span
from bot.store.score_figures import Scores, page_scores_after
from bot.store.sites import Site, find_site
from bot.store.store import Store
from bot.store.visitors import ledger

type Critic = Callable[[Sequence[StoredPassage], str, int, date, tuple[str, ...] | None], dict[str, Any]]
"""Judges a page by its passages, the company's name, how often the chat was used on it, today's date, and how its
links and forms let a person be reached, if that is known: `{"one_way", "grade", "flags"}`
(bot/pages/critique/critique.py)."""

PASSAGES_AT_ONCE = 500


@dataclass(frozen=True)
class Tallied:
    """What happened on each page of the site in the window, not yet told."""

    site: Site
    whole: Span
    tally: Tally
    crawled: list[CrawledPage]


def unjudged(
    passages: Sequence[StoredPassage], company: str, used: int, today: date, ways: tuple[str, ...] | None
) -> dict[str, Any]:
    """The critic of whoever wants the figures alone."""
    return UNJUDGED


async def pages(
    store: Store,
    site: str,
    since: str | None = None,
    until: str | None = None,
    *,
    critic: Critic = unjudged,
    today: date,
) -> dict[str, Any]:
    """Every page of the current crawl and every other page that was seen in the window, most viewed first.

    An order is told under each page of its visit; `purchases` and `unlinked` have all orders once.
    """
    return await pages_told(store, await tallied(store, site, since, until), critic=critic, today=today)


async def pages_told(store: Store, found: Tallied, *, critic: Critic = unjudged, today: date) -> dict[str, Any]:
    """The report of what was tallied."""
    tally, crawled = found.tally, found.crawled
    judge = _Judge(found.site.name, tally, crawled, critic, today)
    async for group in _groups(store, found.site.crawl):
        await asyncio.to_thread(judge.hear, group)
    return await asyncio.to_thread(report, found.whole, tally, crawled, judge.said)


async def tallied(store: Store, site: str, since: str | None, until: str | None) -> Tallied:
    """ConfigurationError for an unknown site and for days that make no window."""
    whole = span_of(site, since, until)
    known = await store.read(find_site, whole.site)
    if known is None:
        raise ConfigurationError(f'There is no site "{site[:40]}"; `duologue site list` shows those there are.')
    crawled = [page async for page in _crawled(store, known.crawl)]
    names = PageNames(page.url for page in crawled)
    money = await _money(store, whole)
    noise = await store.read(robots_and_staff, whole.site), await store.read(talks_of_noise, whole.site)
    tally = Tally(names, money, *noise)
    async for rows in happened(store, whole):
        await _add(store, tally, [one for row in rows if tally.wanted(one := row.interaction)])
    async for url, views in _daily(store, whole):
        if (number := names.number_of(url)) is not None:
            tally.pages[number].views_daily += views
    async for url, scores in _scores(store, whole):
        if (number := names.number_of(url)) is not None:
            tally.scores[number] += scores
    return Tallied(known, whole, tally, crawled)


async def _crawled(store: Store, crawl: int | None) -> AsyncIterator[CrawledPage]:
    """The pages of the crawl in its order, which is that of their numbers."""
    after = 0
    while crawl is not None and (found := await store.read(pages_after, crawl, after, ROWS_AT_ONCE)):
        for page in found:
            yield page
        after = found[-1].id


async def _money(store: Store, whole: Span) -> Money:
    money, after = Money(await store.read(ledger, whole.site)), 0
    while rows := await store.read(money_after, whole, after, ROWS_AT_ONCE):
        for row in rows:
            money.add(row.interaction)
        after = rows[-1].id
    return money


async def _daily(store: Store, whole: Span) -> AsyncIterator[tuple[str, int]]:
    after = ""
    while rows := await store.read(daily_views_after, whole, after, ROWS_AT_ONCE):
        for row in rows:
            yield row
        after = rows[-1][0]


async def _scores(store: Store, whole: Span) -> AsyncIterator[tuple[str, Scores]]:
    after = ""
    while rows := await store.read(page_scores_after, whole, after, ROWS_AT_ONCE):
        for row in rows:
            yield row
        after = rows[-1][0]


async def _add(store: Store, tally: Tally, batch: list[Interaction]) -> None:
    turns = {
        str(one.turn): str(one.conversation) for one in batch if is_question(one) and one.turn and one.conversation
    }
    asked = await store.read(asked_in, turns)
    lost = [one for one in batch if one.url is None and one.conversation is not None and _needs_page(one)]
    found = dict(zip(map(id, lost), await store.read(last_pages, lost), strict=True))

    def add() -> None:
        for one in batch:
            question = asked.get(one.turn or "") if is_question(one) else None
            tally.add(one, one.url or found.get(id(one)), question)

    # The dashboard shares its thread with everybody's chat.
    await asyncio.to_thread(add)


def _needs_page(one: Interaction) -> bool:
    return one.kind is Kind.MESSAGE or is_question(one) or wants_person(one)


@dataclass
class _Judge:
    """Asks the critic of each crawled page; `said` is by the page's number."""

    company: str
    tally: Tally
    crawled: Sequence[CrawledPage]
    critic: Critic
    today: date
    said: dict[int, dict[str, Any]] = field(default_factory=dict)

    def hear(self, group: Iterable[Sequence[StoredPassage]]) -> None:
        for passages in group:
            number = self.tally.names.number_of(passages[0].url)
            if number is not None and number < len(self.crawled):
                used = self.tally.pages[number].opened + self.tally.pages[number].messages
                ways = self.crawled[number].ways
                self.said[number] = self.critic(passages, self.company, used, self.today, ways)


async def _groups(store: Store, crawl: int | None) -> AsyncIterator[list[list[StoredPassage]]]:
    """The passages of the crawl by page, some pages at a time; a page's passages follow each other."""
    after, page = 0, list[StoredPassage]()
    while crawl is not None and (found := await store.read(passages_of, crawl, after=after, limit=PASSAGES_AT_ONCE)):
        after, group = found[-1].id, list[list[StoredPassage]]()
        for passage in found:
            if page and page[0].url != passage.url:
                group.append(page)
                page = []
            page.append(passage)
        yield group
    if page:
        yield [page]
