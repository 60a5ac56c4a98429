"""Who is like the best customers, from a log: learned from what was known before, tried on what came after."""

import io

import numpy as np
import pytest

from bot.errors import ConfigurationError
from bot.insights.likeness.report import likeness, people_like
from bot.insights.likeness.table import draw_likeness
from bot.interactions import Interaction, Kind
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.insights.happened import bought, did

DAY = 24 * 60
BEFORE, AFTER = -100, -40
"""Days: the log goes from 110 days ago to today, so that what came in the last 55 is foretold."""


def keen_and_idle(keen: int, idle: int, *, after: bool = True) -> list[Interaction]:
    """Who is keen looks at much, comes by search, and buys later; of the idle few do. A quarter of all talk."""
    random, happened = np.random.default_rng(1), []
    for number in range(keen + idle):
        is_keen, who = number < keen, f"v{number:05}"
        referrer = "https://www.google.com/" if random.random() < (0.8 if is_keen else 0.3) else None
        for view in range(2 + random.poisson(5 if is_keen else 1)):
            told = {"url": "https://shop.example/", "data": {"referrer": referrer} if view == 0 and referrer else {}}
            happened.append(did(who, Kind.PAGE_VIEW, (BEFORE + number % 40) * DAY + 2 * view, **told))
        if number % 4 == 0:
            happened.append(did(who, Kind.MESSAGE, (BEFORE + number % 40) * DAY + 5, conversation=f"c{number}"))
        if after and random.random() < (0.6 if is_keen else 0.05):
            happened.append(bought(who, 1_000 + number, at=at(days=AFTER + number % 30)))
    first, last = (did("v00000", Kind.PAGE_VIEW, day * DAY, url="https://shop.example/") for day in (-110, 0))
    return [first, *happened, last]


@pytest.fixture
async def a_shop(store: Store, shop: Site) -> None:
    await add(store, keen_and_idle(130, 500))


async def add(store: Store, happened: list[Interaction]) -> None:
    for start in range(0, len(happened), 400):
        await store.write(append, happened[start : start + 400])


async def test_who_looks_at_much_is_like_those_who_bought(store: Store, a_shop: None):
    told = await likeness(store, SHOP, seed="buyers")

    assert told["lifts"] and told["ranked"][told["model"]]["lift"] > 2.5
    assert told["sentence"].startswith("The tenth most like the buyers had")
    assert told["suspects"] == []
    assert {one["name"] for one in told["reasons"][:3]} & {"views", "channel"}
    assert any("pages looked at" in one["sentence"].lower() for one in told["reasons"])
    # Nobody of them has bought, most never talked, and their numbers are low: they are keen.
    assert told["first_tenth"] == told["scored"] // 10 and told["never_talked"] > told["first_tenth"] / 2
    assert sum(one["visitor"] < "v00130" for one in told["alike"][:20]) >= 12


async def test_what_came_after_the_moment_changes_nothing_that_is_learned_from(store: Store, a_shop: None):
    before, _, _ = await people_like(store, SHOP, seed="buyers")
    trace = [
        did(f"v{number:05}", Kind.PAGE_VIEW, -10 * DAY, url="https://shop.example/thanks") for number in range(130)
    ]

    await store.write(append, trace)
    after, _, _ = await people_like(store, SHOP, seed="buyers")

    assert after.moment == before.moment
    assert after.judged == before.judged and after.reasons == before.reasons


async def test_past_spend_stands_beside_it(store: Store, shop: Site):
    happened = keen_and_idle(130, 500)
    spent = [bought(f"v{number:05}", 100 + number, at=at(days=-90)) for number in range(0, 600, 3)]
    await add(store, [*happened, *spent])

    told = await likeness(store, SHOP, seed="buyers")

    assert told["by_spend"]["lift"] < told["ranked"][told["model"]]["lift"]
    assert any("To rank by past spend alone: AUC" in note and "standard errors" in note for note in told["notes"])


async def test_where_nothing_foretells_it_no_one_is_told(store: Store, shop: Site):
    happened = keen_and_idle(0, 700, after=False)
    by_chance = np.random.default_rng(3).choice(700, 90, replace=False)
    await add(store, [*happened, *[bought(f"v{number:05}", 500, at=at(days=-20)) for number in by_chance]])

    told = await likeness(store, SHOP, seed="buyers")

    assert not told["lifts"] and told["alike"] == [] and told["reasons"] == []
    assert told["sentence"].startswith("Nothing that is known tells who becomes one of the buyers")


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [
        ([], "Too few days are known"),
        ([did("v", Kind.PAGE_VIEW, day * DAY) for day in range(-20, 0)], "Too few days are known"),
        (keen_and_idle(0, 30), "Too few to judge who is like the top spenders: 0 of"),
    ],
    ids=["nothing happened", "three weeks", "thirty people"],
)
async def test_too_little_is_not_judged(store: Store, shop: Site, happened: list[Interaction], sentence: str):
    await store.write(append, [one for one in happened if one.visitor])

    told = await likeness(store, SHOP)

    assert told["sentence"].startswith(sentence)
    assert (told["lifts"], told["alike"], told["model"]) == (False, [], None)
    assert "Ask for buyers" not in told["sentence"]


async def test_where_there_are_enough_buyers_to_ask_for_they_are_named(store: Store, a_shop: None):
    of_top_spenders, of_talkers = await likeness(store, SHOP), await likeness(store, SHOP, seed="conversing buyers")

    for told in (of_top_spenders, of_talkers):
        assert told["model"] is None and told["sentence"].endswith("Ask for buyers: of them there are enough.")


async def test_only_segments_can_be_sought(store: Store, shop: Site):
    with pytest.raises(ConfigurationError, match='Nobody can be like "aliens"; there are top spenders, buyers'):
        await likeness(store, SHOP, seed="aliens")


@pytest.mark.parametrize("seed", ["top spenders", "silent buyers", "conversing buyers", "conversing visitors"])
async def test_every_segment_can_be_sought(store: Store, a_shop: None, seed: str):
    told = await likeness(store, SHOP, seed=seed)

    assert told["seed"] == seed and told["people"] > 600
    assert (told["seeds"] > 50) == (seed == "silent buyers")


async def test_people_are_told_in_a_terminal_what_programs_are(store: Store, a_shop: None):
    told, out = await likeness(store, SHOP, seed="buyers"), io.StringIO()

    draw_likeness(told, out)

    shown = " ".join(out.getvalue().split())
    assert "The tenth most like the buyers" in shown and "Most alike" in shown and "browser v" in shown
