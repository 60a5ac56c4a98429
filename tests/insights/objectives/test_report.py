"""The report about objectives on a store: how each stands, by lot where there is one, and what stands beside it."""

import io
import json
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.errors import ConfigurationError
from bot.experiment import Arm
from bot.insights.command import insights
from bot.insights.demonstration.command import make_history
from bot.insights.objectives.report import objectives
from bot.insights.objectives.setting import set_down
from bot.insights.objectives.towards import towards
from bot.insights.reports import Wish
from bot.interactions import Microseconds, microseconds
from bot.store.experiments import Guess, note_holdout, record_guess
from bot.store.interactions import append
from bot.store.objectives import Contract, Objective, add_objective, close_objective
from bot.store.pages import NewPage, NewPassage, add_pages, begin_crawl, finish_crawl
from bot.store.pages_of_rows import Span
from bot.store.sites import INVENTED, Site, find_site
from bot.store.staff import Member, add_member
from bot.store.store import Store
from tests.cast import MAYA, SHOP, at
from tests.insights.happened import bought
from tests.insights.lift.happenings import buy, drawn
from tests.insights.log.kept import Kept, kept
from tests.insights.objectives.planted import PEOPLE

__all__ = ["kept"]

DAYS = ("2026-03-02", "2026-03-15")
NOTHING = (None,) * 6


@pytest.fixture
async def maya(store: Store, shop: Site) -> str:
    return (await store.write(add_member, MAYA.name, MAYA.role, at=at())).id


async def aim(store: Store, owner: str, measure: str, baseline: float, target: float, **changes: Any) -> Objective:
    currency = "EUR" if measure == "sales" else None
    given = {"scope": "site", "within": "", "smallest": 0.01, "days": DAYS} | changes
    told = Contract(
        measure, measure, given["scope"], given["within"], owner, currency, baseline, *NOTHING, target,
        given["smallest"], *given["days"],
    )  # fmt: skip
    made = await store.write(add_objective, SHOP, told, staff=None, at=at())
    assert isinstance(made, Objective)
    return made


async def rows(store: Store, *, now: Microseconds, **more: Any) -> list[dict[str, Any]]:
    return list((await objectives(store, SHOP, now=now, **more))["rows"])


async def by_lot(store: Store, held_out_buyers: int = 110) -> None:
    """A third is held out: of 400 offered 300 bring 10 each, of 200 held out so many."""
    await store.write(note_holdout, SHOP, 1 / 3, at=at(seconds=1))
    offered, held_out = await drawn(store, Arm.OFFERED, 400), await drawn(store, Arm.HELD_OUT, 200)
    await buy(store, [*offered[:300], *held_out[:held_out_buyers]])


async def test_sales_of_the_whole_site_are_judged_by_lot_where_there_is_one(store: Store, maya: str):
    """7.50 a visitor offered, less 5.50 held out."""
    await by_lot(store)
    await aim(store, maya, "sales", 5, 5.5)

    (row,) = await rows(store, now=at(days=8))

    assert row["label"] == "randomized"
    assert row["gain"]["value"] == pytest.approx(2.0)
    # Seen every day, the gain is 1.16 at least, and half a euro is wanted.
    assert row["gain"]["low"] > 0.5 and row["status"] == "reached"
    assert row["value"]["value"] == pytest.approx(4_100 / 410)
    assert row["sentence"].startswith("Reached: by lot the chat made +2.00")
    assert row["by_lot"] == {"people": 600, "buyers": 410, "enough": True, "since": "2026-03-02"}


async def test_sales_by_lot_wait_for_a_guess_where_a_result_may_not_be_seen_before(store: Store, maya: str):
    await by_lot(store)
    await aim(store, maya, "sales", 5, 5.5)

    (hidden,) = await rows(store, now=at(days=8), shows_unguessed=False)
    await store.write(record_guess, SHOP, at(seconds=1), Guess(0.1, 1_000, 0, MAYA.name, at()), staff=maya)
    (shown,) = await rows(store, now=at(days=8), shows_unguessed=False)

    assert (hidden["status"], hidden["gain"], hidden["by_lot"]) == ("waits for a guess", None, None)
    assert "2.00" not in hidden["sentence"] and "Guess first" in hidden["sentence"]
    assert shown["status"] == "reached"


async def test_a_few_buyers_by_lot_are_too_few_to_judge(store: Store, maya: str):
    await by_lot(store, 99)
    await aim(store, maya, "sales", 5, 5.5)

    (row,) = await rows(store, now=at(days=8))

    assert row["status"] == "too few to judge"
    assert "fewer than 100 buyers in an arm of the lot" in row["sentence"]


async def test_what_is_of_a_campaign_is_described_and_says_so(store: Store, maya: str):
    await store.write(append, PEOPLE)
    await aim(store, maya, "sales", 10, 20, scope="campaign", within="spring")

    (row,) = await rows(store, now=at(days=8))

    assert (row["label"], row["value"]["value"], row["n"]) == ("descriptive", 30, 1)
    assert "Descriptive: it says what was, not what made it so." in row["notes"]


async def test_before_its_first_day_and_after_its_last_it_says_so(store: Store, maya: str):
    await store.write(append, PEOPLE)
    await aim(store, maya, "awareness", 1, 5)
    await aim(store, maya, "leads", 0, 9, days=("2026-03-02", "2026-03-07"))
    await aim(store, maya, "support", 0.1, 0.2, days=("2026-05-01", "2026-05-31"))

    told = {row["measure"]: row for row in await rows(store, now=at(days=8))}

    assert {name: row["status"] for name, row in told.items()} == {
        "awareness": "reached", "leads": "missed", "support": "not started",
    }  # fmt: skip
    assert told["leads"]["sentence"] == "Missed: 1, and the target is 9."
    assert told["support"]["sentence"] == "Not started: it begins on 2026-05-01."


async def test_a_baseline_of_nothing_is_one(store: Store, maya: str):
    await aim(store, maya, "leads", 0, 9)

    (row,) = await rows(store, now=at(days=8))

    assert (row["value"]["value"], row["status"]) == (0, "behind")


async def test_closed_it_stays_as_it_stood_then(store: Store, maya: str):
    await store.write(append, PEOPLE)
    one = await aim(store, maya, "awareness", 1, 50)
    await store.write(close_objective, one.id, "the fair is off", staff=None, at=at(days=1))

    (row,) = await rows(store, now=at(days=8))

    # Anna, and Ben on the next day; all others came later.
    assert (row["status"], row["value"]["value"], row["closed"]["why"]) == ("ended", 1, "the fair is off")


async def test_the_command_tells_people_and_programs_the_same(store: Store, maya: str):
    await store.write(append, PEOPLE)
    await aim(store, maya, "awareness", 1, 50)
    people, programs = io.StringIO(), io.StringIO()

    await insights(store, "objectives", Wish(SHOP), out=people)
    await insights(store, "objectives", Wish(SHOP), output="json", out=programs)

    (row,) = json.loads(programs.getvalue())["rows"]
    assert row["sentence"] in " ".join(people.getvalue().split())
    assert row["definition"] and row["label"] == "descriptive"


async def test_a_site_that_there_is_not_is_told_and_one_without_objectives_is_empty(store: Store, shop: Site):
    assert await rows(store, now=at()) == []
    with pytest.raises(ConfigurationError, match='There is no site "nobodys"'):
        await objectives(store, "nobodys", now=at())


async def test_who_counted_towards_what_is_told_for_people_and_conversations(store: Store, maya: str):
    await store.write(append, PEOPLE)
    leads, support = await aim(store, maya, "leads", 0, 9), await aim(store, maya, "support", 0.1, 0.2)
    await aim(store, maya, "awareness", 1, 5, days=("2026-05-01", "2026-05-09"))

    told = await towards(store, Span(SHOP, at(hours=-12), at(days=10)), log=None)

    assert told.people == {"v:ben": (leads.id,)}
    assert told.conversations == {"t1": (support.id,), "t3": (support.id,)}


async def test_on_the_invented_year_baselines_are_counted_and_the_planted_effect_is_seen_by_lot(
    store: Store, kept: Kept
):
    """The last experiment, which the chat makes more people buy in, began 175 days before: the lot shows it."""
    today = date(2026, 3, 2)
    await make_history(store, today=today)
    kept.keep()
    now = microseconds(datetime.combine(today, time(12), UTC))
    maya = await store.write(add_member, MAYA.name, MAYA.role, at=now)
    site = await store.read(find_site, INVENTED)
    assert site is not None

    async def wanted(measure: str, target: str, smallest: str, until: str = "2026-03-20") -> Objective | list[str]:
        fields = {"name": measure, "measure": measure, "target": target, "smallest": smallest, "since": "2025-09-10",
                  "until": until}  # fmt: skip
        owner = Member(maya.id, maya.name, "")
        return await set_down(store, site, fields, owner=owner, staff=None, now=now, log=kept.folder)

    made = [await wanted("sales", "40.00", "1"), await wanted("engagement", "60 %", "5 %")]
    late = await wanted("awareness", "9000", "100", until="2026-06-30")
    told = {row["measure"]: row for row in (await objectives(store, INVENTED, now=now, log=kept.folder))["rows"]}

    assert all(isinstance(one, Objective) for one in made), made
    assert isinstance(late, list) and "What was noted begins" in late[0]
    assert told["sales"]["label"] == "randomized" and told["sales"]["gain"]["value"] > 0
    assert told["engagement"]["label"] == "descriptive" and told["engagement"]["status"] == "behind"


async def test_a_page_that_vanished_and_another_main_currency_are_told(store: Store, maya: str):
    crawl = await store.write(begin_crawl, SHOP, origin="https://shop.example/", at=at())
    about = NewPage("https://shop.example/about/", "About", "", at(), (NewPassage(0, (), "Who we are.", ""),))
    await store.write(add_pages, crawl, [about])
    await store.write(finish_crawl, SHOP, crawl, at=at(), report={})
    await store.write(append, [*PEOPLE, *(bought(f"us{number}", 900, "USD", at=at(minutes=1)) for number in range(9))])
    pages = "https://shop.example/delivery\nhttps://shop.example/about"
    await aim(store, maya, "engagement", 0.1, 0.5, scope="pages", within=pages)
    await aim(store, maya, "sales", 1, 5)

    told = {row["measure"]: row["notes"] for row in await rows(store, now=at(days=8))}

    assert "/delivery: no page of the site any more, as the last crawl found." in told["engagement"]
    assert "Most orders of these days are in USD; only those in EUR count." in told["sales"]


async def test_wrong_days_and_wrong_amounts_are_told_at_once(store: Store, shop: Site, maya: str):
    site = await store.read(find_site, SHOP)
    assert site is not None
    fields = {"name": "More", "measure": "engagement", "until": "2020-01-01", "target": "many", "smallest": "1 %"}
    owner = Member(maya, MAYA.name, MAYA.role)

    async def faults(**changed: str) -> list[str]:
        found = await set_down(store, site, fields | changed, owner=owner, staff=None, now=at(), log=None)
        assert isinstance(found, list)
        return found

    assert [one.split(";")[0] for one in await faults()] == [
        "It ends on 2020-01-01, before it begins on 2026-03-02.",
        "The target is “many”",
    ]
    days, target = await faults(target="5 %", baseline="10 %")
    assert "before it begins" in days and "is not above the baseline" in target
