"""How a person is reached from a page: seen by the crawl, kept with the page, and told by the report."""

from typing import Any

from sqlalchemy import select, update

from bot.insights.pages import pages
from bot.pages.critique.critique import critique
from bot.store.migrate import downgrade, upgrade
from bot.store.page_figures import pages_after
from bot.store.pages import current_crawl
from bot.store.tables import pages as stored
from bot.visits import page_of
from tests.cast import NOON, SHOP
from tests.pages.conftest import Crawler, Website

STORY = "<p>The loom stands upstairs near a big window, and the wool that it is fed with comes from the hills.</p>" * 4
FOOTER = "<footer><a href='mailto:hello@shop.example'>Write</a><form><textarea name=message></textarea></form></footer>"


def served(website: Website, path: str, outside: str = "") -> None:
    website.pages[path] = f"<!doctype html><title>{path}</title><main><h1>{path}</h1>{STORY}{path}</main>{outside}"


async def report(crawler: Crawler) -> dict[str, Any]:
    return await pages(crawler.store, SHOP, critic=critique, today=NOON.date())


async def ways(crawler: Crawler) -> dict[str, tuple[str, ...] | None]:
    """By path, as they are stored."""
    crawl = await crawler.store.read(current_crawl, SHOP)
    assert crawl is not None
    found = await crawler.store.read(pages_after, crawl, 0, 100)
    return {page_of(page.url).split("/", 3)[3]: page.ways for page in found}


def is_unreachable(row: dict[str, Any]) -> bool:
    return any(flag["flag"] == "no_way_to_reach" for flag in row["flags"])


async def test_a_page_whose_footer_has_a_mail_link_and_a_form_is_not_flagged(crawler: Crawler, website: Website):
    served(website, "/", "<a href='/loom'>Loom</a>" + FOOTER)
    served(website, "/loom", "<script type='module' src='/widget.js' data-site='demo'></script>")

    await crawler.crawl(website)

    rows = {row["title"]: row for row in (await report(crawler))["rows"]}
    assert {title: is_unreachable(row) for title, row in rows.items()} == {"/": False, "/loom": True}
    assert rows["/"]["one_way"]["parts"][2]["counted"] == {"ways": ["mail", "form"], "links_seen": True}
    assert (await report(crawler))["links_unseen"] == 0


async def test_what_is_plain_text_was_looked_at_and_has_no_links(crawler: Crawler, website: Website):
    served(website, "/", "<a href='/notes.txt'>Notes</a>")
    website.text("/notes.txt", "The loom stands upstairs near a big window.")

    await crawler.crawl(website)

    assert await ways(crawler) == {"": (), "notes.txt": ()}


async def test_a_page_that_is_taken_over_unread_keeps_its_ways(crawler: Crawler, website: Website):
    served(website, "/", FOOTER)
    website.headers["/"] = {"ETag": '"1"'}
    await crawler.crawl(website)

    again = await crawler.crawl(website)

    assert again.against["unchanged"] == 1
    assert await ways(crawler) == {"": ("mail", "form")}


async def test_a_page_crawled_before_is_judged_by_its_words_until_it_is_read_again(crawler: Crawler, website: Website):
    served(website, "/", FOOTER)
    await crawler.crawl(website)
    await crawler.store.write(downgrade, "0005")
    await crawler.store.write(upgrade)

    before = await report(crawler)
    await crawler.crawl(website, fresh=True)
    after = await report(crawler)

    assert [(told["links_unseen"], is_unreachable(told["rows"][0])) for told in (before, after)] == [
        (1, True),
        (0, False),
    ]


async def test_nobody_looked_and_nothing_found_are_told_apart_in_the_store(crawler: Crawler, website: Website):
    served(website, "/")
    await crawler.crawl(website)
    found = await ways(crawler)

    await crawler.store.write(lambda connection: connection.execute(update(stored).values(ways=None)))
    unknown = await crawler.store.read(
        lambda connection: connection.execute(select(stored.c.id).where(stored.c.ways.is_(None))).all()
    )

    assert (found, len(unknown), await ways(crawler)) == ({"": ()}, 1, {"": None})
