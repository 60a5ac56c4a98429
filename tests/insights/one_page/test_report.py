"""The one-page report on a store: no sentence without evidence, and a sentence wherever there is nothing to tell."""

from datetime import date
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.experiment import Arm
from bot.insights.one_page.report import one_page, parts_of
from bot.store.interactions import append
from bot.store.sites import Site, add_site
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.insights.happened import bought, talked, viewed
from tests.insights.lift.happenings import buy, drawn, happen, talk

TODAY = date(2026, 3, 2)
DAY = ("2026-03-02", "2026-03-02")


async def report(store: Store, *window: str, **more: Any) -> dict[str, Any]:
    return await one_page(store, SHOP, *(window or DAY), today=TODAY, **more)


def sentences(told: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["sentence"] for one in told["findings"]}


async def a_day_of_trade(store: Store) -> None:
    """900 offered of whom 270 bought and 20 talked, 100 held out of whom 9 bought."""
    offered, held_out = await drawn(store, Arm.OFFERED, 900), await drawn(store, Arm.HELD_OUT, 100)
    await happen(store, *(one for who in (*offered, *held_out) for one in viewed(who, 2, 3)))
    await talk(store, offered[:20])
    await buy(store, [*offered[:270], *held_out[:9]])


async def test_every_sentence_that_is_found_has_its_number_definition_label_and_evidence(store: Store, shop: Site):
    await a_day_of_trade(store)

    told = await report(store)

    found = [one for one in told["findings"] if one["state"] == "found"]
    assert {"came", "bought", "conversed", "brought", "effect"} <= {one["name"] for one in found}
    for one in found:
        assert one["value"] is not None and one["n"] > 0 and one["unit"] and one["definition"], one["name"]
        assert one["label"] in ("randomized", "adjusted", "descriptive") and one["evidence"].startswith("/insights")
        assert one["name"] == "came" or one["low"] <= one["value"] <= one["high"]
    assert all(
        one["value"] is None for one in told["findings"] if one["state"] in ("too few to judge", "nothing there")
    )


async def test_the_sentences_say_what_was_counted(store: Store, shop: Site):
    await a_day_of_trade(store)

    told = sentences(await report(store))

    assert told["came"].startswith("1,000 people came, nobody in the days before")
    assert "279 people bought, 27.9\N{NO-BREAK SPACE}% (25.2 to 30.8" in told["bought"]
    assert "2,790.00\N{NO-BREAK SPACE}EUR" in told["bought"]
    assert "Because of the chat more people buy: 30.0" in told["effect"]
    assert told["changes"] == "Nobody came in the days before, so there is nothing to compare with."


async def test_the_effect_waits_for_a_guess_where_it_may_still_be_made(store: Store, shop: Site):
    await a_day_of_trade(store)

    told = await report(store, shows_unguessed=False)

    (effect,) = (one for one in told["findings"] if one["name"] == "effect")
    assert (effect["state"], effect["value"], effect["low"]) == ("waits for a guess", None, None)
    assert effect["sentence"].startswith("1,000 people are in the experiment. Guess first")


async def test_an_empty_store_is_a_page_that_says_so(store: Store, shop: Site):
    told = await report(store)

    assert [one["state"] for one in told["findings"] if one["state"] == "found"] == []
    assert sentences(told)["came"] == "Nobody came in these days."
    assert next(part for part, _ in parts_of(told)) == "Who came and who bought"


async def test_one_buyer_is_too_few_to_judge(store: Store, shop: Site):
    await store.write(append, [*viewed("v", 0, 1), *viewed("w", 0, 1), bought("v", 900)])

    told = sentences(await report(store))

    assert told["bought"] == "Too few to judge: 1 buyer among 2 people, and it takes 10."
    assert told["conversed"] == "Too few to judge: 0 people conversed, and it takes 10."
    assert told["effect"].startswith("Nobody was drawn in these days")


async def test_without_anybody_held_out_it_says_that_nothing_is_proven(store: Store, shop: Site):
    await buy(store, (await drawn(store, Arm.OFFERED, 40))[:12])

    (effect,) = (one for one in (await report(store))["findings"] if one["name"] == "effect")

    assert effect["state"] == "too few to judge" and effect["value"] is None
    assert "Nobody was held out, so nothing is proven" in effect["sentence"]


async def test_money_of_other_currencies_is_left_out_and_named(store: Store, shop: Site):
    people = [f"v{number}" for number in range(12)]
    await store.write(append, [one for who in people for one in (*viewed(who, 0, 1), bought(who, 1_000))])
    await store.write(append, [bought("v1", 500, "USD"), bought(None, 700), *talked("v3")])

    told = await report(store)

    assert "120.00\N{NO-BREAK SPACE}EUR" in sentences(told)["bought"]
    assert told["notes"] == [
        "Money is in EUR alone: 1 order in USD not added up.", "1 order of nobody known to us, in no figure here.",
    ]  # fmt: skip


async def test_days_to_come_are_empty_and_days_that_are_none_are_refused(store: Store, shop: Site):
    await a_day_of_trade(store)

    assert sentences(await report(store, "2030-01-01", "2030-01-31"))["came"] == "Nobody came in these days."
    for window in (("2026-03-02", "2026-03-01"), ("never", "2026-03-01"), ("2026-03-02", "31.3.2026")):
        with pytest.raises(ConfigurationError):
            await report(store, *window)


async def test_a_site_that_is_not_there_is_refused_with_what_to_do(store: Store):
    with pytest.raises(ConfigurationError, match="duologue site list"):
        await report(store)


async def test_of_two_sites_each_has_its_own_report(store: Store, shop: Site):
    await a_day_of_trade(store)
    await store.write(add_site, "other", name="Other", origins=(), at=at())  # type: ignore[arg-type]

    told = await one_page(store, "other", *DAY, today=TODAY)

    assert (told["name"], sentences(told)["came"]) == ("Other", "Nobody came in these days.")


@pytest.mark.parametrize(
    "window", [("0001-01-01", "9999-12-31"), ("1969-01-01", "1969-12-31"), ("1970-01-01", "1970-02-01")]
)
async def test_days_that_have_none_before_them_are_told_as_they_were_asked_for(
    store: Store, shop: Site, window: tuple[str, str]
):
    with pytest.raises(
        ConfigurationError, match=f"of those before 1970 nothing is known: since is {window[0]}; give a"
    ):
        await report(store, *window)
