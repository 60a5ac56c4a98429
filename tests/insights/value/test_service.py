"""What valued service changes: by its own lot, with intervals, and too few are not judged."""

import io
from typing import Any

import numpy as np
import pytest

from bot.insights.value.report import value
from bot.insights.value.service import FIGURES, service_of
from bot.insights.value.table import draw_value
from bot.interactions import Microseconds
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.valued_lot import AS_EVERYBODY, VALUED, Drawn
from tests.cast import SHOP, at

MINUTE = 60_000_000


def people(
    arm: str, number: int, *, wait: float = 30, again: float = 0.3, seed: int = 1, mood: float | None = 0.0
) -> list[Drawn]:
    random = np.random.default_rng(seed)
    waits, luck = random.exponential(wait, number), random.random((number, 2))
    moods = random.normal(0, 0.3, number)
    return [
        Drawn(arm, at(), int(min(240, waits[one]) * MINUTE), bool(luck[one, 0] < 0.5),
              None if mood is None else float(mood + moods[one]), bool(luck[one, 1] < again))
        for one in range(number)
    ]  # fmt: skip


def rows_of(drawn: list[Drawn]) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in service_of(drawn, 0.1)["rows"]}


def test_a_shorter_wait_is_found_and_nothing_else_is():
    drawn = people(VALUED, 900, wait=10) + people(AS_EVERYBODY, 300, wait=40, seed=2)

    told, rows = service_of(drawn, 0.25), rows_of(drawn)

    assert rows["wait"]["verdict"] == "better" and rows["wait"]["low"] < -20 < rows["wait"]["high"] < 0
    assert {rows[name]["verdict"] for name in ("resolved", "again", "mood")} == {"no_difference"}
    assert told["sentence"] == "Serving the best customers first changed something: wait for a person better."
    assert (told["label"], told["valued"], told["as_everybody"]) == ("randomized", 900, 300)


def test_what_is_worse_is_said_as_plainly():
    drawn = people(VALUED, 900, again=0.1) + people(AS_EVERYBODY, 900, again=0.4, seed=2)

    assert rows_of(drawn)["again"]["verdict"] == "worse"


def test_where_nothing_is_true_hardly_anything_is_found():
    found = 0
    for seed in range(200):
        drawn = people(VALUED, 180, seed=2 * seed) + people(AS_EVERYBODY, 20, seed=2 * seed + 1)
        found += any(row["verdict"] in ("better", "worse") for row in rows_of(drawn).values())

    # Of 20 such reports one may find something; these have no second look.
    assert found <= 10


@pytest.mark.parametrize(("number", "few"), [(9, True), (10, False)])
def test_fewer_than_ten_on_a_side_are_not_judged(number: int, few: bool):
    rows = rows_of(people(VALUED, 300) + people(AS_EVERYBODY, number, seed=2))

    assert (rows["wait"]["verdict"] == "too_few") is few and (rows["wait"]["low"] is None) is few
    assert rows["again"]["verdict"] == "too_few"


def test_of_a_share_ten_have_to_have_done_it_and_ten_not():
    drawn = people(VALUED, 400, again=0) + people(AS_EVERYBODY, 400, again=0.3, seed=2)

    assert rows_of(drawn)["again"]["verdict"] == "too_few"


def test_who_may_be_waiting_still_is_in_no_wait():
    waiting = Drawn(VALUED, Microseconds(at()), None, False, None, False)

    rows = rows_of([waiting, *people(VALUED, 20, mood=None), *people(AS_EVERYBODY, 20, seed=2)])

    assert (rows["wait"]["valued_people"], rows["again"]["valued_people"]) == (20, 21)
    assert (rows["mood"]["valued"], rows["mood"]["verdict"]) == (None, "too_few")


def test_nobody_drawn_is_said_and_why():
    assert service_of([], 0.1)["sentence"].startswith("None of the best customers has waited")
    assert "valued_lot is 0" in service_of([], 0)["sentence"]
    assert [row["verdict"] for row in service_of([], 0.1)["rows"]] == ["too_few"] * len(FIGURES)


async def test_it_stands_in_the_report_about_value(store: Store, shop: Site):
    told, out = await value(store, SHOP), io.StringIO()

    draw_value(told, out)

    assert told["service"]["share"] == 0.1
    assert "None of the best customers has waited for a person" in " ".join(out.getvalue().split())
