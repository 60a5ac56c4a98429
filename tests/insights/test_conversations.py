"""The report about conversations: the site's score, how it spreads, and which conversations to look at first."""

import io
import json
from typing import Any

import pytest
from sqlalchemy import delete

from bot.errors import ConfigurationError
from bot.insights.command import insights
from bot.insights.conversations import conversations
from bot.insights.reports import Wish
from bot.insights.scores import judge_all
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import conversation_scores, page_scores
from tests.asking import HATS, ask, of_staff, somebody
from tests.cast import SHOP


async def told(store: Store, **changes: Any) -> str:
    out, wish = io.StringIO(), Wish(SHOP, since="2026-03-01", until="2026-03-03")
    assert await insights(store, "conversations", wish, out=out, **changes) == 0
    return out.getvalue()


async def two_talks(store: Store) -> tuple[str, str]:
    """One question that was answered (80), and one that was not (41)."""
    good, poor = await somebody(store), await somebody(store)
    await ask(store, good, "Do you ship to Norway?", found=HATS)
    await ask(store, poor, "Are kayaks sold here?")
    await ask(store, await of_staff(store), "Does it work?")
    return good, poor


async def test_the_sites_score_is_the_mean_of_its_conversations(store: Store, shop: Site):
    good, poor = await two_talks(store)
    await judge_all(store)

    report = await conversations(store, SHOP)

    assert [(one["conversation"], one["score"]) for one in report["lowest"]] == [(poor, 42), (good, 80)]
    assert (report["score"], report["conversations"]) == ((80 + 42) / 2, 2)
    assert (report["counted"]["questions"], report["counted"]["answered"]) == (2, 1)
    assert [band["conversations"] for band in report["bands"]] == [0, 0, 1, 0, 1]
    assert report["label"] == "descriptive"


async def test_the_command_judges_what_has_not_been_judged_yet(store: Store, shop: Site):
    await two_talks(store)

    report = json.loads(await told(store, output="json"))

    assert report["conversations"] == 2


async def test_with_again_it_judges_all_anew_and_comes_to_the_same(store: Store, shop: Site):
    await two_talks(store)
    before = await told(store, output="json")
    # As if somebody had meddled with them: as new as they are, nothing would be judged.
    await store.write(lambda connection: connection.execute(delete(page_scores)))
    await store.write(lambda connection: connection.execute(conversation_scores.update().values(score=1)))
    assert json.loads(await told(store, output="json"))["score"] == 1

    assert await told(store, output="json", again=True) == before


async def test_people_get_the_parts_in_words(store: Store, shop: Site):
    good, poor = await two_talks(store)

    drawn = await told(store)

    assert "Score 61 of 100, the mean of 2; 0 is a monologue." in drawn
    assert "Visitor said" in drawn and "Answered     1 of 2 questions" in drawn
    assert drawn.index(f"/console/conversations/{poor}") < drawn.index(f"/console/conversations/{good}")


async def test_where_nobody_said_anything_it_says_so(store: Store, shop: Site):
    assert "No conversation to judge" in await told(store)
    assert json.loads(await told(store, output="json"))["score"] is None


async def test_a_site_that_there_is_not_is_told(store: Store, shop: Site):
    with pytest.raises(ConfigurationError, match="There is no site"):
        await insights(store, "conversations", Wish("nobodys"))


async def test_what_visitors_choose_does_nothing_in_a_terminal(store: Store, shop: Site):
    await ask(store, await somebody(store), "Kayaks?", page="https://shop.example/\x1b[31m")

    assert "\x1b" not in await told(store)
