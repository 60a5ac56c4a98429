"""Objectives in the one-page report: a sentence each with its number, of those that run in these days."""

from datetime import date

import pytest

from bot.experiment import Arm
from bot.insights.one_page.report import one_page, parts_of
from bot.store.experiments import note_holdout
from bot.store.interactions import append
from bot.store.objectives import Contract, Objective, add_objective, close_objective
from bot.store.sites import Site
from bot.store.staff import add_member
from bot.store.store import Store
from tests.cast import MAYA, SHOP, at
from tests.insights.happened import viewed
from tests.insights.lift.happenings import drawn

TODAY = date(2026, 3, 3)


@pytest.fixture
async def maya(store: Store, shop: Site) -> str:
    return (await store.write(add_member, MAYA.name, MAYA.role, at=at())).id


async def aim(store: Store, owner: str, name: str, *, target: float, days: tuple[str, str], measure: str = "awareness"):
    currency = "EUR" if measure == "sales" else None
    told = Contract(
        name, measure, "site", "", owner, currency, 0.01, None, None, None, None, None, None, target, 0.01, *days
    )
    made = await store.write(add_objective, SHOP, told, staff=None, at=at())
    assert isinstance(made, Objective)
    return made


async def test_objectives_of_these_days_are_told_with_number_definition_and_evidence(store: Store, maya: str):
    await store.write(append, [one for who in "abc" for one in viewed(who, 0)])
    reached = await aim(store, maya, "Three come", target=3, days=("2026-03-02", "2026-03-09"))
    await aim(store, maya, "They talk", target=0.5, days=("2026-03-02", "2026-03-20"), measure="engagement")
    await aim(store, maya, "Much later", target=9, days=("2026-05-01", "2026-05-09"))
    gone = await aim(store, maya, "Closed", target=0.5, days=("2026-03-02", "2026-03-04"), measure="support")
    await store.write(close_objective, gone.id, "", staff=None, at=at(days=-1))

    told = await one_page(store, SHOP, "2026-03-02", "2026-03-03", today=TODAY)

    first, second = dict(parts_of(told))["What is wanted, and how it stands"]
    assert first["sentence"] == "“Three come”: Reached: 3, and the target is 3."
    assert (first["state"], first["value"], first["unit"], first["n"]) == ("found", 3, "people", 3)
    assert first["evidence"] == f"/insights/objectives/{reached.id}" and first["label"] == "descriptive"
    assert second["sentence"].startswith("“They talk”: Too few to judge: 0 people, and it takes 30.")
    assert (second["state"], second["value"]) == ("too few to judge", None)


async def test_without_objectives_nothing_is_said_of_them(store: Store, shop: Site):
    told = await one_page(store, SHOP, "2026-03-02", "2026-03-03", today=TODAY)

    assert "What is wanted, and how it stands" not in dict(parts_of(told))


async def test_sales_by_lot_that_begin_today_are_told_as_today_began(store: Store, maya: str):
    await store.write(note_holdout, SHOP, 1 / 3, at=at(days=-3))
    await drawn(store, Arm.OFFERED, 40)
    await drawn(store, Arm.HELD_OUT, 20)
    await aim(store, maya, "More is bought", target=5, days=("2026-03-03", "2026-03-20"), measure="sales")

    told = await one_page(store, SHOP, "2026-03-02", "2026-03-03", today=TODAY)

    (only,) = dict(parts_of(told))["What is wanted, and how it stands"]
    assert only["sentence"] == "“More is bought”: Too few to judge: 0 buyers, and it takes 100."
    assert (only["state"], only["value"], only["n"]) == ("too few to judge", None, 0)
