"""Objectives in the one-page report: a sentence each with its number, of those that run in these days."""

from datetime import date

import pytest

from bot.insights.one_page.report import one_page, parts_of
from bot.store.interactions import append
from bot.store.objectives import Contract, Objective, add_objective, close_objective
from bot.store.sites import Site
from bot.store.staff import add_member
from bot.store.store import Store
from tests.cast import MAYA, SHOP, at
from tests.insights.happened import viewed

TODAY = date(2026, 3, 3)


@pytest.fixture
async def maya(store: Store, shop: Site) -> str:
    return (await store.write(add_member, MAYA.name, MAYA.role, at=at())).id


async def aim(store: Store, owner: str, name: str, *, target: float, days: tuple[str, str], measure: str = "awareness"):
    told = Contract(
        name, measure, "site", "", owner, None, 0.01, None, None, None, None, None, None, target, 0.01, *days
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
