"""The conversation score over time, by page and by version of the bot."""

from datetime import date

from bot.insights.scores import judge_all
from bot.insights.scores_over_time import ScoresOverTime, scores_over_time
from bot.insights.window import span_of
from bot.store.sites import Site
from bot.store.store import Store
from tests.asking import HATS, HOME, ask, of_staff, somebody
from tests.cast import SHOP, at

MARCH = date(2026, 3, 1), date(2026, 3, 31)


async def told(store: Store, *window: date, **of: tuple[str, ...]) -> ScoresOverTime:
    await judge_all(store)
    since, until = (day.isoformat() for day in window or MARCH)
    return await scores_over_time(store, span_of(SHOP, since, until), **of)


async def test_each_week_has_the_mean_of_its_conversations_and_a_week_without_any_is_empty(store: Store, shop: Site):
    await ask(store, await somebody(store), "Do you ship to Norway?", found=HATS)
    await ask(store, await somebody(store), "Are kayaks sold here?")
    await ask(store, await somebody(store), "What do hats cost?", found=HATS, when=at(days=14))
    await ask(store, await of_staff(store), "Does it work?", found=HATS)

    found = await told(store)

    assert [(one.first.isoformat(), one.last.isoformat(), one.scores.mean) for one in found.steps] == [
        ("2026-03-02", "2026-03-08", (80 + 42) / 2),
        ("2026-03-09", "2026-03-15", None),
        ("2026-03-16", "2026-03-22", 80.0),
    ]
    assert found.whole.conversations == 3
    assert found.as_json()["steps"][0]["parts"]["answered"] == 0.5
    assert found.as_json()["steps"][1]["parts"] == dict.fromkeys(
        ("voice", "answered", "replied", "followed", "pitches")
    )


async def test_a_long_window_is_told_by_months_cut_to_its_days(store: Store, shop: Site):
    await ask(store, await somebody(store), "Do you ship to Norway?", found=HATS)
    await ask(store, await somebody(store), "What do hats cost?", found=HATS, when=at(days=40))

    found = await told(store, date(2026, 3, 2), date(2026, 12, 31))

    assert [(one.first.isoformat(), one.last.isoformat()) for one in found.steps] == [
        ("2026-03-02", "2026-03-31"),
        ("2026-04-01", "2026-04-30"),
    ]


async def test_a_page_has_what_was_said_on_it(store: Store, shop: Site):
    both = await somebody(store)
    await ask(store, both, "Do you ship to Norway?", found=HOME)
    await ask(store, both, "Are kayaks sold here?", page=HATS)

    found = await told(store, pages=(HATS,))

    assert [(one.scores.mean, one.scores.conversations) for one in found.steps] == [(42.0, 1)]


async def test_each_version_of_the_bot_has_its_own_and_a_conversation_is_of_the_one_that_answered_last(
    store: Store, shop: Site
):
    changed = await somebody(store)
    await ask(store, await somebody(store), "Before versions were noted?", found=HATS)
    await ask(store, changed, "Are kayaks sold here?", bot="0ld", when=at(days=1))
    await ask(store, changed, "And canoes?", bot="new", when=at(days=2))
    await ask(store, await somebody(store), "Kayaks?", bot="0ld", when=at(days=1))

    found = await told(store)

    assert [(one.bot, one.first.isoformat(), one.scores.conversations) for one in found.versions] == [
        ("new", "2026-03-04", 1),
        ("0ld", "2026-03-03", 1),
        (None, "2026-03-02", 1),
    ]


async def test_without_conversations_there_is_nothing_to_tell(store: Store, shop: Site):
    found = await told(store)

    assert found.as_json() == {"step": "week", "steps": [], "bots": []}
