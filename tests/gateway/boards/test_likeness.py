"""The page about likeness: whether it lifts, who is alike, and lists for ads of those alone who agreed."""

import csv
import io

import numpy as np
import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection, insert

from bot.insights.likeness.audience import hashed
from bot.interactions import Kind
from bot.store.ad_consents import SHOP as TOLD
from bot.store.ad_consents import Said, note
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.tables import visitors
from bot.store.visitors import link
from tests.cast import CHARLIE, DANA, SHOP, at
from tests.gateway.boards.conftest import taken_away
from tests.gateway.front_office import Browser, Office
from tests.insights.happened import bought, did
from tests.insights.likeness.test_audience import order
from tests.insights.likeness.test_report import add, keen_and_idle

PAGE = "/insights/likeness"
BUYERS = f"{PAGE}?like=buyers"


@pytest.fixture
async def a_shop(office: Office) -> None:
    await add(office.store, keen_and_idle(130, 500))


def measured(connection: Connection, visitor: str, *, measure: bool) -> None:
    row = {"id": visitor, "site": SHOP, "created_at": at(), "consent_at": at(), "arm": "none"}
    row |= {"measure": measure, "memory": False, "robot": False, "staff": False}
    connection.execute(insert(visitors).values(row))


async def agree(office: Office) -> set[str]:
    """Everybody left an address, and who has an even number agreed; the hashes of these."""
    for number in range(630):
        await office.store.write(order, f"o{number}", f"v{number:05}@mail.example", visitor=f"v{number:05}")
    even = [f"v{number:05}@mail.example" for number in range(0, 630, 2)]
    words = [
        Said(address=one, customer=None, agrees=True, at=at(), source=TOLD, source_id=one) for one in even
    ]  # fmt: skip
    await office.store.write(note, SHOP, words, at=at())
    return set(map(hashed, even))


async def test_the_page_says_whether_it_lifts_why_and_who(mayas: Browser, a_shop: None) -> None:
    page = await mayas.get(BUYERS)

    assert page.status == 200
    assert (
        "The tenth most like the buyers had" in page.words
        and "times as many of them as a tenth by chance" in page.words
    )
    assert "Does it lift? Yes:" in page.words and "Past spend alone" in page.words
    assert "standard errors" in page.words and "±" in page.words
    assert "What tells the buyers from the others" in page.words and "most alike never talked with us" in page.words
    assert "Here are the first 50." in page.words and "Descriptive." in page.words
    assert page.text.count("/insights/person?") == 50


@pytest.mark.parametrize(
    "like", ["top-spenders", "silent-buyers", "conversing-buyers", "conversing-visitors", "aliens"]
)
async def test_every_segment_can_be_chosen_and_any_other_word_is_the_first(
    mayas: Browser, a_shop: None, like: str
) -> None:
    page = await mayas.get(f"{PAGE}?like={like}")

    chosen = "top-spenders" if like == "aliens" else like
    assert page.status == 200 and f'<option value="{chosen}" selected>' in page.text


async def test_too_little_is_told_and_nobody_listed(mayas: Browser, office: Office) -> None:
    await office.store.write(append, [bought("one", 500)])

    page = await mayas.get(PAGE)

    assert "Too few days are known to try what would have been foretold" in page.words
    assert "audience-" not in page.text and "Does it lift?" not in page.words


async def test_the_files_have_the_lift_and_who_is_alike(mayas: Browser, office: Office, a_shop: None) -> None:
    lift = await mayas.get(f"{PAGE}/lift.csv?like=buyers")
    alike = await mayas.get(f"{PAGE}/alike.csv?like=buyers")

    ranked = list(csv.DictReader(io.StringIO(lift.text)))
    assert {row["ranked_by"] for row in ranked} == {"logistic", "boosted", "past_spend"}
    assert sum(row["is_chosen"] == "true" for row in ranked) == 1 and float(ranked[0]["lift"]) > 2
    people = list(csv.DictReader(io.StringIO(alike.text)))
    assert len(people) == 50 and people[0]["visitor"].startswith("v0")
    assert await taken_away(office) == ["export:likeness-lift demo csv", "export:likeness-alike demo csv"]


@pytest.mark.parametrize(("platform", "header"), [("google", "Email"), ("meta", "email")])
async def test_a_list_for_ads_has_hashes_of_who_agreed_and_is_written_down(
    mayas: Browser, office: Office, a_shop: None, platform: str, header: str
) -> None:
    agreed = await agree(office)

    file = await mayas.get(f"{PAGE}/audience-{platform}.csv?like=buyers")

    first, *lines = file.text.split()
    assert (file.status, first) == (200, header) and len(lines) > 5 and set(lines) <= agreed
    assert await taken_away(office) == [f"export:audience-{platform} demo"]


async def test_without_consent_there_is_no_list_and_that_is_said(mayas: Browser, office: Office, a_shop: None) -> None:
    page = await mayas.get(f"{PAGE}/audience-meta.csv?like=buyers")

    assert page.status == 409
    assert "nobody of the most alike left an address and agreed that an ad platform learns of it" in page.words
    assert await taken_away(office) == []


async def test_without_a_lift_there_is_no_list_and_nobody_is_told(mayas: Browser, office: Office) -> None:
    await add(office.store, keen_and_idle(0, 700, after=False))
    by_chance = np.random.default_rng(3).choice(700, 90, replace=False)
    await add(office.store, [bought(f"v{number:05}", 500, at=at(days=-20)) for number in by_chance])
    await agree(office)

    page, file = await mayas.get(BUYERS), await mayas.get(f"{PAGE}/audience-meta.csv?like=buyers")

    assert "Does it lift? No:" in page.words and "There is no list for ads" in page.words
    assert "/insights/person?" not in page.text
    assert file.status == 409 and "No list was written. Nothing that is known tells who becomes" in file.words


async def test_who_agrees_no_longer_to_be_measured_is_not_told(
    mayas: Browser, office: Office, shop: Site, a_shop: None
) -> None:
    before = await mayas.get(f"{PAGE}/alike.csv?like=buyers")
    first = next(csv.DictReader(io.StringIO(before.text)))["visitor"]

    await office.store.write(measured, first, measure=False)
    # What a withdrawal logs makes the log another one, which is asked anew.
    await add(office.store, [bought("somebody", 1)])
    after = await mayas.get(f"{PAGE}/alike.csv?like=buyers")

    assert first in before.text and first not in after.text


async def test_people_go_by_name_else_by_address_else_by_a_short_name(
    mayas: Browser, office: Office, a_shop: None
) -> None:
    before = await mayas.get(f"{PAGE}/alike.csv?like=buyers")
    first, second, third = [one["visitor"] for one in csv.DictReader(io.StringIO(before.text))][:3]
    for visitor, told in ((first, {"name": "Alice <Ashdown>"}), (second, {"email": CHARLIE.email})):
        await office.store.write(append, [did(visitor, Kind.IDENTIFIED, data=told)])

    page, file = await mayas.get(BUYERS), await mayas.get(f"{PAGE}/alike.csv?like=buyers")

    names = {row["visitor"]: row["name"] for row in csv.DictReader(io.StringIO(file.text))}
    assert (names[first], names[second]) == ("Alice <Ashdown>", CHARLIE.email)
    assert names[third] == f"Visitor {third[:6]}" and names[third] in page.words
    assert "Alice &lt;Ashdown&gt;" in page.text and CHARLIE.email in page.words


async def test_what_a_person_calls_themselves_is_text(mayas: Browser, office: Office, a_shop: None) -> None:
    name = "=<script>alert(1)</script>"
    before = await mayas.get(f"{PAGE}/alike.csv?like=buyers")
    first = next(csv.DictReader(io.StringIO(before.text)))["visitor"]
    await office.store.write(measured, first, measure=True)
    await office.store.write(link, SHOP, first, name, evidence="identify", at=at())
    await add(office.store, [bought("somebody", 1)])

    page, file = await mayas.get(BUYERS), await mayas.get(f"{PAGE}/alike.csv?like=buyers")

    assert "=&lt;script&gt;alert(1)&lt;/script&gt;" in page.text and "<script>alert" not in page.text
    assert f",'{name}," in file.text


@pytest.mark.parametrize("path", [f"{PAGE}?site=nobody", f"{PAGE}/audience-tiktok.csv", f"{PAGE}/luck.csv"])
async def test_what_there_is_not_is_not_found(mayas: Browser, path: str) -> None:
    assert (await mayas.get(path)).status == 404


async def test_days_that_are_none_are_told(mayas: Browser) -> None:
    for path in (PAGE, f"{PAGE}/lift.csv", f"{PAGE}/audience-meta.csv"):
        assert (await mayas.get(f"{path}?until=never")).status == 400


async def test_who_only_answers_has_no_figures_and_no_list(server: TestServer, office: Office) -> None:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(DANA))

        for path in (PAGE, f"{PAGE}/alike.csv", f"{PAGE}/audience-google.csv"):
            assert (await browser.get(path)).status in (403, 404)
