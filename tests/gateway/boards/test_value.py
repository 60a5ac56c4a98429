"""The page about value: the finding, the cells, the backtest beside the forecast, and who is first."""

import csv
import io

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import insert, update

from bot.interactions import Kind
from bot.store.forget import forget_customer
from bot.store.interactions import append
from bot.store.tables import conversations
from bot.store.valued_lot import AS_EVERYBODY, VALUED, valued_lot
from tests.cast import ALICE, CHARLIE, DANA, SHOP, at
from tests.gateway.boards.conftest import taken_away
from tests.gateway.front_office import Browser, Office
from tests.insights.happened import bought, did
from tests.insights.value.test_report import customers

PAGE = "/insights/value"


@pytest.fixture
async def a_year(office: Office) -> None:
    happened = customers(400)
    for start in range(0, len(happened), 400):
        await office.store.write(append, happened[start : start + 400])


async def test_the_page_has_the_finding_the_cells_and_the_backtest(mayas: Browser, a_year: None) -> None:
    page = await mayas.get(PAGE)

    assert page.status == 200
    assert "customers may still order, and are expected to bring" in page.words
    assert "How right it would have been In the last" in page.words and "past spend" in page.words
    assert "Champions" in page.words and "At risk" in page.words
    assert "Who is expected to bring most The first 20; the file below has 50." in page.words
    assert "Descriptive." in page.words and "No order tells its margin, so this is revenue, not profit." in page.words


async def test_a_shop_without_orders_is_told_so(mayas: Browser, office: Office) -> None:
    page = await mayas.get(PAGE)

    assert page.status == 200
    assert "Nobody has ordered yet, so there is no value to tell." in page.words


async def test_a_few_buyers_are_too_few_to_judge(mayas: Browser, office: Office) -> None:
    await office.store.write(append, [bought("one", 500)])

    page = await mayas.get(PAGE)

    assert "Too few to judge what is to come: 1 customer" in page.words
    assert "Fewer than 25 buyers: too few to sort into fifths." in page.words
    assert "expected to bring most" not in page.words


async def test_the_files_have_the_cells_and_the_customers_and_are_written_down(
    mayas: Browser, office: Office, a_year: None
) -> None:
    cells = await mayas.get(f"{PAGE}/cells.csv")
    top = await mayas.get(f"{PAGE}/customers.csv?until=2026-03-02")

    assert len(list(csv.DictReader(io.StringIO(cells.text)))) == 25
    rows = list(csv.DictReader(io.StringIO(top.text)))
    assert len(rows) == 100 and {row["days"] for row in rows} == {"90", "365"}
    # A look is written while the answer is on its way.
    await office.store.write(lambda connection: None)
    assert await taken_away(office) == ["export:value-cells demo csv", "export:value-customers demo csv"]


async def test_what_valued_service_changes_is_told_with_its_lot(mayas: Browser, office: Office) -> None:
    values = {"site": SHOP, "at": at(), "share": 0.1}
    for number in range(30):
        talk = await office.conversation("hello")
        arm = AS_EVERYBODY if number < 12 else VALUED
        row = values | {"person": f"c:{number}", "conversation": talk.id, "arm": arm}
        await office.store.write(lambda c, row=row: c.execute(insert(valued_lot).values(**row)))
    await office.store.write(lambda c: c.execute(update(conversations).values(measure=True)))

    page, file = await mayas.get(PAGE), await mayas.get(f"{PAGE}/service.csv")

    assert "Drawn so far: 18 served as the best, 12 as everybody" in page.words
    assert "Randomized." in page.words and "too few to judge" in page.words
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(file.text))}
    assert rows.keys() == {"wait", "resolved", "again", "mood"}
    assert rows["again"]["as_everybody_people"] == "12" and rows["again"]["label"] == "randomized"
    assert rows["again"]["verdict"] == "too_few" and rows["again"]["difference"] == ""


async def test_customers_go_by_name_else_by_address_else_by_a_short_name(
    mayas: Browser, office: Office, a_year: None
) -> None:
    for one, told in ((ALICE, {"name": "Alice <Ashdown>"}), (CHARLIE, {"email": CHARLIE.email})):
        whose = {"customer": one.customer, "data": {}}
        orders = [bought(None, 90_000, at=at(days=-day), **whose) for day in range(90)]
        await office.store.write(append, [*orders, did(None, Kind.IDENTIFIED, customer=one.customer, data=told)])

    page, file = await mayas.get(PAGE), await mayas.get(f"{PAGE}/customers.csv")

    assert "Alice &lt;Ashdown&gt;" in page.text and CHARLIE.email in page.words and "Visitor v00" in page.words
    assert str(ALICE.customer) not in page.words
    names = {row["customer"] or row["visitor"]: row["name"] for row in csv.DictReader(io.StringIO(file.text))}
    assert (names[str(ALICE.customer)], names[str(CHARLIE.customer)]) == ("Alice <Ashdown>", CHARLIE.email)
    assert {name for id, name in names.items() if id.startswith("v")} <= {f"Visitor v{n:05}" for n in range(400)}


async def test_who_was_erased_is_named_no_more(mayas: Browser, office: Office, a_year: None) -> None:
    orders = [bought(None, 90_000, at=at(days=-day), customer=ALICE.customer, data={}) for day in range(90)]
    told = did(None, Kind.IDENTIFIED, customer=ALICE.customer, data={"name": "Alice Ashdown"})
    await office.store.write(append, [*orders, told])
    before = await mayas.get(PAGE)

    await office.store.write(forget_customer, SHOP, ALICE.customer)
    after, file = await mayas.get(PAGE), await mayas.get(f"{PAGE}/customers.csv")

    assert "Alice Ashdown" in before.words
    assert "Alice Ashdown" not in after.words + file.text and str(ALICE.customer) not in after.words + file.text


async def test_what_a_customer_calls_themselves_is_text(mayas: Browser, office: Office, a_year: None) -> None:
    name = "=<script>alert(1)</script>"
    told = {"customer": name, "data": {}}
    await office.store.write(append, [bought(None, 90_000, at=at(days=-day), **told) for day in range(90)])

    page, file = await mayas.get(PAGE), await mayas.get(f"{PAGE}/customers.csv")

    assert "=&lt;script&gt;alert(1)&lt;/script&gt;" in page.text and "<script>alert" not in page.text
    assert f"'{name}" in file.text


@pytest.mark.parametrize("query", ["?until=never", "?since=2026-03-02&until=2026-03-01"])
async def test_days_that_are_none_are_told(mayas: Browser, query: str) -> None:
    for path in (PAGE, f"{PAGE}/cells.csv", f"{PAGE}/customers.csv"):
        assert (await mayas.get(path + query)).status == 400


@pytest.mark.parametrize("path", [f"{PAGE}?site=nobody", f"{PAGE}/cells.csv?site=nobody", f"{PAGE}/luck.csv"])
async def test_what_there_is_not_is_not_found(mayas: Browser, path: str) -> None:
    assert (await mayas.get(path)).status == 404


async def test_who_only_answers_has_no_figures(server: TestServer, office: Office) -> None:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(DANA))

        for path in (PAGE, f"{PAGE}/cells.csv", f"{PAGE}/customers.csv?site={SHOP}"):
            assert (await browser.get(path)).status in (403, 404)
