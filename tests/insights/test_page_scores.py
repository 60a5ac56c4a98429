"""The conversation score in the report about pages: of what was said on each, under the page's one address."""

import io
import json
from datetime import date
from typing import Any

from bot.insights.command import insights
from bot.insights.page_rows import DEFINITIONS
from bot.insights.pages import pages
from bot.insights.reports import Wish
from bot.insights.scores import judge_all
from bot.store.sites import Site
from bot.store.store import Store
from tests.asking import HATS, HOME, ask, of_staff, somebody
from tests.cast import SHOP, at


async def scores(store: Store, **window: Any) -> dict[str, Any]:
    report = await pages(store, SHOP, today=date(2026, 3, 2), **window)
    return {row["url"]: row["conversation_score"] for row in report["rows"]}


async def test_a_page_has_the_mean_of_what_was_said_on_it(store: Store, shop: Site):
    both, poor = await somebody(store), await somebody(store)
    await ask(store, both, "Do you ship to Norway?", found=HOME)
    await ask(store, both, "What do hats cost?", page=HATS, found=HATS)
    await ask(store, poor, "Are kayaks sold here?", page=HATS)
    await judge_all(store)

    found = await scores(store)

    assert (found[HOME]["score"], found[HOME]["conversations"]) == (90.0, 1)
    assert (found[HATS]["score"], found[HATS]["conversations"]) == ((80 + 42) / 2, 2)
    assert found[HATS]["counted"]["answered"] == 1


async def test_addresses_of_one_page_are_one_page(store: Store, shop: Site):
    await ask(store, await somebody(store), "One?", page=f"{HATS}?utm_source=mail", found=HATS)
    await ask(store, await somebody(store), "Two?", page=f"{HATS}#top", found=HATS)
    await judge_all(store)

    assert (await scores(store))[HATS]["conversations"] == 2


async def test_staff_and_another_window_are_left_out(store: Store, shop: Site):
    await ask(store, await of_staff(store), "Does it work?", page=HATS)
    await ask(store, await somebody(store), "Kayaks?", page=HATS, when=at(days=2))
    await judge_all(store)

    assert (await scores(store, until="2026-03-02")).get(HATS) is None
    assert (await scores(store))[HATS]["conversations"] == 1


async def test_a_page_where_nobody_talked_has_none_and_the_command_judges_first(store: Store, shop: Site):
    await ask(store, await somebody(store), "Kayaks?", page=HATS)
    for_programs, for_people = io.StringIO(), io.StringIO()

    await insights(store, "pages", Wish(SHOP), output="json", out=for_programs)
    await insights(store, "pages", Wish(SHOP), out=for_people)

    report = json.loads(for_programs.getvalue())
    assert [row["conversation_score"]["conversations"] for row in report["rows"]] == [1]
    assert "conversation_score" in DEFINITIONS
    assert "Talk" in for_people.getvalue()
