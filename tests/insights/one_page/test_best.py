"""The one-page report says who the best customers are: what is surely true of them, by hand, and nothing by chance."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pytest

from bot.insights.one_page.best import standing_out
from bot.insights.one_page.page import in_unit
from bot.insights.one_page.report import one_page, parts_of
from bot.insights.profiles.groups import SPENDING, Group
from bot.insights.profiles.over_represented import Counted, compared
from bot.insights.profiles.report import profiles
from bot.interactions import Interaction, VisitorId
from bot.store.forget import forget_visitor
from bot.store.interactions import append
from bot.store.profiles import rebuild_all
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP
from tests.insights.profiles.test_report import a_town

DAYS = ("2026-03-01", "2026-03-03")
TODAY = date(2026, 3, 3)
TWENTY = Group(SPENDING, 20, 200, 1_000_190, 1_250_000, 50_000)
SEEDS = range(20)
SPACE = "\N{NO-BREAK SPACE}"


async def told(store: Store, happened: Iterable[Interaction]) -> list[dict[str, Any]]:
    """What the report says of the best customers after this happened."""
    await store.write(append, list(happened))
    await store.write(rebuild_all, SHOP)
    report = await one_page(store, SHOP, *DAYS, today=TODAY)
    return dict(parts_of(report)).get("Who the best customers are", [])


def language(value: str, group: int, everybody: int, attribute: str = "language") -> Counted:
    return Counted(attribute, value, group, 20, everybody, 400)


async def test_what_was_planted_is_told_the_strongest_first_with_its_numbers(store: Store, shop: Site):
    gift, topic, german = await told(store, a_town())

    # 10 of 10 best look for a gift and of all 10 of 200; 10 of 10 and 29 of 200; 15 of 20 and 53 of 400.
    assert [one["value"] for one in (gift, topic, german)] == pytest.approx(
        [1.0 / 0.05, 1 / 0.145, 0.75 / 0.1325], abs=1e-9
    )
    assert [one["n"] for one in (gift, topic, german)] == [10, 10, 20]
    for one in (gift, topic, german):
        assert 1 < one["low"] < one["value"] <= one["high"]
        assert (one["state"], one["label"], one["unit"]) == ("found", "descriptive", "times")
        assert one["evidence"] == "/insights/profiles" and "tenth of the buyers" in one["definition"]
    assert gift["sentence"].startswith(
        f"Where it is known (10 of 20), 100{SPACE}% of the best customers look for “a gift”, 5{SPACE}% of everybody:"
    )
    assert german["sentence"].startswith(
        f"75{SPACE}% of the 20 best customers have a browser in “de”, 13{SPACE}% of everybody: 5.66 times as often ("
    )


async def test_they_are_those_of_the_page_about_profiles(store: Store, shop: Site):
    found = await told(store, a_town())

    report = await profiles(store, SHOP, *DAYS)
    values = [one for kind in report["groups"][0]["attributes"] for one in kind["values"] if one["found"]]
    known = {(one["ratio"], one["low"], one["high"]) for one in values}
    assert len(found) == 3 and {(one["value"], one["low"], one["high"]) for one in found} <= known


async def test_of_ninety_buyers_and_of_none_nothing_is_said(store: Store, shop: Site):
    assert await told(store, []) == []
    assert await told(store, a_town(buyers=90)) == []


async def test_who_is_forgotten_is_in_no_number(store: Store, shop: Site):
    await told(store, a_town())

    await store.write(forget_visitor, SHOP, VisitorId("v0001"))

    # v0001, of the best and German, is gone; 199 buyers have twenty in their tenth: v0199 for it, who is no German.
    german = (await told(store, []))[2]
    assert german["value"] == pytest.approx((14 / 20) / (52 / 399))


def test_of_one_attribute_the_surest_value_is_told():
    # Where 15 of 20 have a phone and of all 100, 5 of 20 have a computer and of all 300: both stand out.
    values = compared([language("mobile", 15, 100, "device"), language("desktop", 5, 300, "device")])

    assert all(one.is_over or one.is_under for one in values)
    assert [one.sentence.split(" customers ")[1].split(",")[0] for one in standing_out(TWENTY, values)] == [
        "came with a phone first"
    ]


def test_what_is_seldom_is_told_as_well_and_three_at_most():
    values = compared(
        [
            language("de", 15, 53), language("en", 0, 300, "country"), language("hats", 15, 45, "topic"),
            language("wool", 15, 40, "need"),
        ]
    )  # fmt: skip

    findings = standing_out(TWENTY, values)

    assert [one.name for one in findings] == ["best_1", "best_2", "best_3"]
    assert [one.sentence.split(" customers ")[1].split(",")[0] for one in findings] == [
        "look for “wool”", "talked about “hats”", "have a browser in “de”",
    ]  # fmt: skip
    (seldom,) = standing_out(TWENTY, compared([language("en", 0, 300, "country")]))
    assert f"0{SPACE}% of the 20 best customers come from “en”, 75{SPACE}% of everybody: 0.00 times" in seldom.sentence
    assert seldom.high is not None and seldom.high < 1


def test_where_they_are_like_everybody_it_is_said_and_where_nothing_can_be_compared_nothing():
    (alike,) = standing_out(TWENTY, compared([language("de", 2, 40), language("en", 18, 360)]))

    assert (alike.state.value, alike.value, alike.n) == ("nothing found", None, 20)
    assert alike.sentence.endswith("nothing stands out beyond chance (2 values compared).")
    assert standing_out(TWENTY, []) == standing_out(TWENTY, compared([language("de", 2, 9)])) == []


def test_words_of_visitors_are_cut_and_stay_in_their_line():
    (one,) = standing_out(
        TWENTY, compared([language("=cmd\n" + "x" * 200 + "\N{RIGHT-TO-LEFT OVERRIDE}", 15, 40, "need")])
    )

    assert "look for “=cmd xxx" in one.sentence and "…”" in one.sentence
    assert "\n" not in one.sentence and "\N{RIGHT-TO-LEFT OVERRIDE}" not in one.sentence and len(one.sentence) < 300


def a_population(seed: int, *, german: float) -> list[Counted]:
    """40 best of 1,000 people, of whom a fifth are German but `german` of the best; ten other values are by chance."""
    random = np.random.default_rng(seed)
    is_best = np.arange(1_000) < 40
    held = [random.random(1_000) < share for share in (np.where(is_best, german, 0.2), *np.linspace(0.1, 0.6, 10))]
    names = [("language", "de"), *(("topic", f"topic {number}") for number in range(10))]
    return [
        Counted(*name, int((one & is_best).sum()), 40, int(one.sum()), 1_000)
        for name, one in zip(names, held, strict=True)
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_true_is_found_with_the_truth_in_its_interval(seed: int):
    first = standing_out(Group(SPENDING, 40, 400, 1, 2, 1), compared(a_population(seed, german=0.6)))[0]

    truth = 0.6 / (0.04 * 0.6 + 0.96 * 0.2)
    assert "have a browser in “de”" in first.sentence
    assert first.low is not None and first.high is not None and first.low < truth < first.high


def test_where_nothing_is_true_one_report_of_twenty_claims_something_at_most():
    groups = [standing_out(Group(SPENDING, 40, 400, 1, 2, 1), compared(a_population(one, german=0.2))) for one in SEEDS]

    assert sum(told[0].state.value == "found" for told in groups) <= 1


def test_a_ratio_is_read_with_two_digits():
    assert in_unit(5.6604, "times", "EUR") == "5.66"
