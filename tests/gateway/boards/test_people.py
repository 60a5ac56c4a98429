"""From a number to the people behind it, and on to their conversations, for whom that may concern."""

import csv
import io

import pytest

from bot.interactions import Interaction, Kind
from bot.store.forget import forget_customer
from bot.store.interactions import append
from tests.cast import ALICE, CHARLIE, SHOP
from tests.gateway.front_office import Browser, Office
from tests.insights.happened import bought, did, talked, viewed

DAY = "since=2026-03-02&until=2026-03-02"


@pytest.fixture
async def trade(office: Office) -> None:
    """Alice, a customer, looked, talked and bought; 60 visitors looked twice and left."""
    lookers = [f"{number:032x}" for number in range(60)]
    happened: list[Interaction] = [
        *(one for who in lookers for one in viewed(who, 0, 1)),
        *talked(None, conversation="hers"),
        bought(None, 4_990, customer=ALICE.customer, data={"id": "1"}),
    ]
    await office.store.write(append, [_hers(one) if one.conversation == "hers" else one for one in happened])


def _hers(one: Interaction) -> Interaction:
    return did(None, one.kind, 5, customer=ALICE.customer, conversation="hers", data={"text": "secret words"})


async def test_every_number_of_the_segments_leads_to_its_people(mayas: Browser, trade: None) -> None:
    text = (await mayas.get(f"/insights?{DAY}&by=channel")).text
    page = await mayas.get(f"/insights/people?{DAY}&who=conversing-buyer")

    assert f"/insights/people?site={SHOP}&amp;{DAY.replace('&', '&amp;')}&amp;who=passive-visitor" in text
    assert "who=everybody&amp;channel=direct" in text
    assert "1 person" in page.words and f"Customer {ALICE.customer}" in page.words
    assert "49.90 EUR" in page.words.replace("\N{NO-BREAK SPACE}", " ")


async def test_people_come_fifty_at_a_time_and_each_once(mayas: Browser, trade: None) -> None:
    pages = [await mayas.get(f"/insights/people?{DAY}&who=silent&sort=visits&part={one}") for one in range(3)]

    told = [page.text.count("/insights/person?") for page in pages]
    assert told == [50, 10, 0]
    assert "51 to 60" in pages[1].words and "part=0" in pages[1].text
    assert "Nobody." in pages[2].words


@pytest.mark.parametrize("sort", ["spent", "margin", "orders", "visits", "views", "answered", "last"])
async def test_they_can_be_sorted_by_every_column(mayas: Browser, trade: None, sort: str) -> None:
    page = await mayas.get(f"/insights/people?{DAY}&sort={sort}")

    assert page.status == 200
    assert page.text.count("aria-sort") == 1


@pytest.mark.parametrize("query", ["who=nobodys", "sort=luck", "part=-1", "part=x", "part=99999999", "site=nobodys"])
async def test_what_there_is_not_is_not_found(mayas: Browser, query: str) -> None:
    assert (await mayas.get(f"/insights/people?{query}")).status == 404
    assert (await mayas.get(f"/insights/people.csv?{query}")).status == 404


async def test_the_list_is_a_file_in_which_no_id_is_a_formula(mayas: Browser, office: Office) -> None:
    await office.store.write(append, [bought(None, 100, customer='=HYPERLINK("x")'), bought(None, 100, customer="+1")])

    file = await mayas.get(f"/insights/people.csv?{DAY}&who=bought")

    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert [(row["person"], row["revenue"], row["last_seen"]) for row in rows] == [
        ("c:+1", "1.00", "2026-03-02T12:00:00.000Z"), ('c:=HYPERLINK("x")', "1.00", "2026-03-02T12:00:00.000Z"),
    ]  # fmt: skip
    assert file.headers["Content-Disposition"].endswith('demo-bought-2026-03-02-2026-03-02.csv"')


async def test_a_marketer_sees_that_they_talked_and_not_a_word_of_it(mayas: Browser, trade: None) -> None:
    page = await mayas.get(f"/insights/person?{DAY}&person=c:{ALICE.customer}")

    assert "Your role counts conversations and does not read them." in page.words
    assert "/console/conversations" not in page.text
    assert "secret" not in page.text


async def test_who_may_read_conversations_gets_there_from_the_person(adas: Browser, trade: None) -> None:
    page = await adas.get(f"/insights/person?{DAY}&person=c:{ALICE.customer}")

    assert 'href="/console/conversations/hers"' in page.text
    assert "Conversing buyer" in page.words and "Messages answered 1" in page.words


async def test_a_name_that_somebody_gave_is_text(mayas: Browser, office: Office) -> None:
    name = "<script>alert(1)</script>"
    await office.store.write(
        append, [did(None, Kind.IDENTIFIED, customer=CHARLIE.customer, data={"name": name}),
                 bought(None, 100, customer=CHARLIE.customer)],
    )  # fmt: skip

    page = await mayas.get(f"/insights/people?{DAY}&who=bought")

    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text


async def test_who_told_a_mail_address_and_no_name_goes_by_the_address(mayas: Browser, office: Office) -> None:
    happened = [
        did(None, Kind.IDENTIFIED, customer=CHARLIE.customer, data={"email": CHARLIE.email}),
        bought(None, 100, customer=CHARLIE.customer),
    ]
    await office.store.write(append, happened)

    page = await mayas.get(f"/insights/people?{DAY}&who=bought")

    assert CHARLIE.email in page.words and f"Customer {CHARLIE.customer}" not in page.words


async def test_who_was_erased_is_in_no_list(mayas: Browser, office: Office, trade: None) -> None:
    await mayas.get(f"/insights/people?{DAY}&who=bought")

    await office.store.write(forget_customer, SHOP, ALICE.customer)

    assert "Nobody." in (await mayas.get(f"/insights/people?{DAY}&who=bought")).words
    assert (await mayas.get(f"/insights/person?{DAY}&person=c:{ALICE.customer}")).status == 404


@pytest.mark.parametrize("person", ["", "alice", "c:", "v:nobody", "c:%00", "x:1", "c:" + "a" * 400])
async def test_nobody_has_no_page(mayas: Browser, trade: None, person: str) -> None:
    assert (await mayas.get(f"/insights/person?{DAY}&person={person}")).status == 404
