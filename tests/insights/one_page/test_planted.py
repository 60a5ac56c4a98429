"""What is true is found, each by its sentence with an interval that has the truth in it; what is not is not claimed."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.insights.demonstration.command import make_history
from bot.insights.demonstration.planted import CAMPAIGN, CAMPAIGN_SPENDS, MOBILE, WITH_EFFECT
from bot.insights.demonstration.year import SITE, begun
from bot.insights.one_page.findings import Finding, State
from bot.insights.one_page.report import findings_of, one_page
from bot.interactions import as_datetime
from bot.store.store import Store
from tests.insights.log.kept import Kept, kept
from tests.insights.one_page.populations import HATS, some_days

__all__ = ["kept"]

NO_EXPERIMENT: dict[str, Any] = {
    "verdict": "nobody_drawn", "label": "descriptive", "rows": [], "people": {"offered": 0, "held_out": 0},
    "since": "1970-01-01T00:00:00.000Z", "sentence": "Nobody was drawn in these days.", "guess": None,
}  # fmt: skip
COMPARED = ("group_", "mend", "change_")
SEEDS = range(20)
LAST = date(2026, 3, 1)


def claimed(now: Any, before: Any) -> list[Finding]:
    """What is said to differ from something else."""
    findings, _ = findings_of(now, before, NO_EXPERIMENT, is_hidden=False)
    return [one for one in findings if one.state is State.FOUND and one.name.startswith(COMPARED)]


@pytest.mark.parametrize("seed", SEEDS)
def test_three_planted_effects_are_found_with_the_truth_in_their_intervals(seed: int):
    talks = {"mobile": 0.3, "desktop": 0.16}
    now = some_days(seed, people=4_000, buys=0.16, talks=talks, stays_open={HATS: 0.5})
    before = some_days(seed + 100, people=4_000, buys=0.1, talks=talks)

    found = claimed(now, before)

    for sentence, truth in (
        ("People bought more often than before", 0.06),
        ("People of the device “mobile” conversed more often", 0.14),
        ("Mend /hats first", 0.4),
    ):
        (one,) = (one for one in found if one.sentence.startswith(sentence))
        assert one.value is not None and one.low is not None and one.high is not None
        # Of sixty intervals of 95 % three miss the truth by chance; none misses it by half as much again.
        assert abs(one.value - truth) < 1.6 * (one.high - one.low) / 2


def test_beside_the_share_of_a_group_stands_the_difference_that_the_interval_is_of():
    talks = {"mobile": 0.3, "desktop": 0.16}
    now = some_days(1, people=4_000, talks=talks)

    (told,) = (one for one in claimed(now, some_days(101, people=4_000, talks=talks)) if one.name == "group_conversed")

    numbers = (told.value, told.low, told.high)
    more, low, high = (f"{each * 100:.1f}" for each in numbers if each is not None)
    assert f" of them, {more} points more ({low} to {high} points)." in told.sentence


def test_where_nothing_is_true_one_report_of_twenty_claims_something_at_most():
    wrong = [seed for seed in SEEDS if claimed(some_days(seed), some_days(seed + 100))]

    assert len(wrong) <= 1


def test_without_the_correction_for_many_looks_it_would_be_more():
    findings, looked_at = findings_of(some_days(1), some_days(101), NO_EXPERIMENT, is_hidden=False)

    assert looked_at > 15
    assert any("stands out beyond chance" in one.sentence for one in findings)
    assert any("No page left more questions open" in one.sentence for one in findings)
    assert any("No change beyond chance in the share who bought" in one.sentence for one in findings)


async def test_what_was_planted_in_the_invented_year_is_found_and_its_nulls_are_not_claimed(store: Store, kept: Kept):
    await make_history(store, today=LAST + timedelta(days=1))
    kept.keep()
    days = [as_datetime(since).date() for since, _ in begun(LAST)]

    told = await one_page(store, SITE, days[2].isoformat(), LAST.isoformat(), log=kept.folder, today=LAST)
    until = (days[1] - timedelta(days=1)).isoformat()
    first = await one_page(store, SITE, days[0].isoformat(), until, log=kept.folder, today=LAST)

    found = [one for one in told["findings"] if one["state"] == "found"]
    (effect,) = (one for one in found if one["name"] == "effect")
    assert effect["label"] == "randomized" and effect["low"] < WITH_EFFECT.effect < effect["high"]
    (spent,) = (one for one in found if f"“{CAMPAIGN}” spent more" in one["sentence"])
    others = float(spent["sentence"].split("the others ")[1].split(" ")[0].replace(",", ""))
    assert spent["low"] < (CAMPAIGN_SPENDS - 1) * others < spent["high"]
    assert any(f"“{MOBILE}” conversed more often" in one["sentence"] for one in found)
    assert not any(null in one["sentence"] for one in found for null in ("language", "country", "weekday"))
    assert {one["name"]: one["state"] for one in first["findings"]}["effect"] == "nothing found"
