"""Contacts from a file: who customers are, and no consent that they did not give."""

import pytest
from sqlalchemy import Connection, select

from bot.insights.imports.command import undo_import
from bot.insights.segments import segments
from bot.store.ad_consents import Said, agreeing, note
from bot.store.forget import forget_customer
from bot.store.profiles import find_profile
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import interactions
from tests.cast import SHOP, at
from tests.insights.imports.taking import Taking, logged, take
from tests.insights.log.kept import Kept, kept

__all__ = ["kept", "take"]

FILE = """Customer ID,First Name,Last Name,Email,Company,City,Country Code,Language,Accepts Email Marketing
7,Anna,Berger,anna@shop.example,Haus Linde,Graz,AT,de,yes
8,Otto,Lind,otto@shop.example,,,,,
,Eva,Koch,Eva@shop.example,,,,,no
"""


def told(connection: Connection) -> dict[str, dict[str, object]]:
    rows = select(interactions.c.customer, interactions.c.data).order_by(interactions.c.id)
    return {row.customer: row.data for row in connection.execute(rows)}


async def facts(store: Store, customer: str) -> dict[str, str]:
    profile = await store.read(find_profile, f"customer:{SHOP}:{customer}")
    return {} if profile is None else {fact.kind: fact.value for fact in profile.facts}


async def test_contacts_become_customers_with_what_is_known_of_them(store: Store, take: Taking):
    done = await take(FILE, "contacts")

    assert done.plan.new == {"contact": 3}
    assert await facts(store, "7") == {
        "name": "Anna Berger", "email": "anna@shop.example", "company": "Haus Linde", "place": "Graz",
    }  # fmt: skip
    assert await facts(store, "eva@shop.example") == {"name": "Eva Koch", "email": "Eva@shop.example"}
    assert (await store.read(told))["7"]["country"] == "AT"


async def test_a_consent_is_kept_as_it_was_given_and_none_is_made_up(store: Store, take: Taking):
    await take(FILE, "contacts")

    kept = {customer: data.get("mail_consent") for customer, data in (await store.read(told)).items()}
    assert kept == {"7": True, "8": None, "eva@shop.example": False}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",No,Body,,,,,,", "there is neither a customer id nor a mail address; every row needs one of them"),
        ("9,A,B,not-an-address,,,,,", '"not-an-address" is no mail address; write e.g. anna@shop.example, or nothing'),
        ("9,A,B,a@b.example,,,,,perhaps", '"perhaps" is neither yes nor no; write yes, no, or nothing'),
        ("7,Anna,Other,anna@shop.example,,,,,", 'the contact "7" is in line 2 with other words; keep one of both'),
    ],
)
async def test_each_wrong_row_is_told_by_its_line(store: Store, take: Taking, row: str, problem: str):
    await take(f"{FILE}{row}\n", "contacts")

    assert [line for line, _ in take.faults] == [5] and problem in take.faults[0][1]
    assert await store.read(logged) == []


async def test_told_again_they_are_the_same_and_told_otherwise_the_latest_counts(store: Store, take: Taking):
    await take(FILE, "contacts")

    again = await take(FILE, "contacts")
    changed = await take(FILE.replace("Graz", "Linz"), "contacts")

    assert (again.plan.count, again.plan.known) == (0, 3)
    assert (changed.plan.count, (await facts(store, "7"))["place"]) == (1, "Linz")


async def test_undone_nobody_is_known_by_it_any_more(store: Store, take: Taking):
    done = await take(FILE, "contacts")
    assert done.import_id is not None

    await undo_import(store, done.import_id, staff=None, now=lambda: done.plan.ways.now)

    assert await store.read(logged) == [] and await facts(store, "7") == {}


async def test_who_is_forgotten_is_gone_from_what_was_imported(store: Store, take: Taking):
    await take(FILE, "contacts")

    for customer in ("7", "eva@shop.example"):
        await store.write(forget_customer, SHOP, customer)

    assert set(await store.read(told)) == {"8"}
    assert await facts(store, "7") == {}


async def test_being_in_a_list_is_no_visit(store: Store, shop: Site, take: Taking, kept: Kept):
    await take(FILE, "contacts")
    kept.keep()

    report = await segments(store, SHOP, log=kept.folder)

    assert sum(row["people"] for row in report["rows"]) == 0


ADS = """email,ads_consent,Consent ads date
a@shop.example,yes,2026-01-05
b@shop.example,no,
c@shop.example,yes,
d@shop.example,,
"""
FOUR = {f"v:{one}": f"{one}@shop.example" for one in "abcd"}


async def test_a_consent_to_advertising_is_kept_with_its_day(store: Store, take: Taking):
    await take(ADS, "contacts")

    assert await store.read(agreeing, SHOP, FOUR) == {"v:a", "v:c"}
    assert all("ads" not in data for data in (await store.read(told)).values())


async def test_a_yes_without_a_day_outweighs_nothing_that_is_known(store: Store, take: Taking):
    no = Said(address="c@shop.example", customer=None, agrees=False, at=at(days=-900), source="shop", source_id="1")
    await store.write(note, SHOP, [no], at=at())

    await take(ADS, "contacts")

    assert await store.read(agreeing, SHOP, FOUR) == {"v:a"}


async def test_a_consent_goes_with_its_import(store: Store, take: Taking):
    done = await take(ADS, "contacts")
    assert done.import_id is not None

    await undo_import(store, done.import_id, staff=None, now=at)

    assert await store.read(agreeing, SHOP, FOUR) == set()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("e@shop.example,perhaps,", '"perhaps" is neither yes nor no'),
        ("e@shop.example,,2026-01-05", "is the day of a consent to advertising, and there is no yes or no beside it"),
        ("e@shop.example,yes,2126-01-05", "is in the future; write when they said so to advertising, or nothing"),
    ],
)
async def test_a_wrong_consent_to_advertising_is_told_by_its_line(store: Store, take: Taking, row: str, problem: str):
    await take(f"{ADS}{row}\n", "contacts")

    assert [line for line, _ in take.faults] == [6] and problem in take.faults[0][1]
    assert await store.read(agreeing, SHOP, FOUR) == set()
