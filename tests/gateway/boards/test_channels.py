"""The page about channels: spend is told here or by a program, all rows or none, and set against whom it brought."""

import csv
import io
import re

import pytest

from bot.gateway.boards.channels import TITLES
from bot.insights.channels.words import DEFINITIONS
from bot.interactions import Kind
from bot.store.interactions import append
from bot.store.spend import spent_between
from tests.cast import SHOP
from tests.gateway.front_office import Browser, Office
from tests.insights.happened import bought, did, viewed

PAGE = "/insights/channels"
ROWS = "day,channel,campaign,amount,currency\n2026-03-01,paid,spring,100.00,EUR\n2026-03-02,mail,,5,EUR\n"
FIRST = 20513


@pytest.fixture
async def a_click(office: Office) -> None:
    """Somebody came by a paid click to a campaign whose name is a formula, and bought for 250."""
    url = "https://shop.example/?utm_medium=cpc&utm_campaign=%3D1%2B1"
    happened = [did("anna", Kind.PAGE_VIEW, -5, url=url), *viewed("anna", -4), bought("anna", 25_000)]
    await office.store.write(append, happened)


async def told(mayas: Browser, rows: str, **fields: str) -> tuple[int, str]:
    page = await mayas.post(f"{PAGE}/spend", {"site": SHOP, "rows": rows, **fields})
    if page.status == 303:
        page = await mayas.get(page.location)
    return page.status, page.words


async def test_what_is_pasted_is_shown_beside_whom_it_brought(mayas: Browser, office: Office, a_click: None):
    status, words = await told(mayas, ROWS)

    assert status == 200
    assert "Sums by day, channel and campaign: 2 new." in words
    assert "105.00 EUR were spent, and no channel with spend has 10 orders: too few to judge." in words
    assert "Paid 100.00 EUR 95" in words

    assert "2 as they were" in (await told(mayas, ROWS))[1]
    assert "1 corrected, 1 as they were" in (await told(mayas, ROWS.replace("100.00", "90.00")))[1]


async def test_every_figure_is_defined_by_the_name_of_its_column(mayas: Browser, office: Office, a_click: None):
    page = await mayas.get(f"{PAGE}?site={SHOP}")

    columns = {one.replace("&shy;", "") for one in re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page.text)}
    assert columns - set(re.findall(r"<dt>([^<]+)</dt>", page.text)) == {"Channel"}
    assert set(TITLES) == set(DEFINITIONS)


async def test_a_wrong_row_is_told_and_nothing_is_taken(mayas: Browser, office: Office):
    status, words = await told(mayas, ROWS + "2026-03-02,pigeons,<script>,1,EUR\n")

    assert status == 400
    assert "Nothing was taken. Line 4:" in words and "is no channel; write one of paid, mail" in words
    assert "2026-03-02,mail,,5,EUR" in words
    assert await office.store.read(spent_between, SHOP, FIRST, FIRST + 1) == []


async def test_what_can_be_read_in_two_ways_is_asked_for_on_the_page(mayas: Browser, office: Office):
    either = "day,channel,campaign,amount,currency\n02/01/2026,paid,spring,1.234,EUR\n"

    status, words = await told(mayas, either)
    chosen = await mayas.post(f"{PAGE}/spend", {"site": SHOP, "rows": either, "dates": "mdy", "decimals": "comma"})

    assert status == 400 and "choose “Dates” below" in words and "--" not in words
    assert chosen.status == 303
    assert [row.amount for row in await office.store.read(spent_between, SHOP, FIRST - 28, FIRST - 27)] == [123_400]


@pytest.mark.parametrize("rows", ["", "day", "\x00", "day,channel,amount\n", "{", '{"day": 1}\n' * 3, "a;b\n1;2\n"])
async def test_what_is_no_list_is_refused_with_a_sentence(mayas: Browser, office: Office, rows: str):
    status, words = await told(mayas, rows)

    assert status == 400
    assert "Nothing was taken." in words


async def test_the_file_has_what_the_page_has_and_no_formula(mayas: Browser, a_click: None):
    await told(mayas, ROWS)

    file = await mayas.get(f"{PAGE}.csv?since=2026-03-01&until=2026-03-02&rule=last")
    rows = list(csv.DictReader(io.StringIO(file.text)))

    assert [(row["channel"], row["campaign"], row["revenue"]) for row in rows] == [
        ("paid", "", "250.00"), ("paid", "spring", "0.00"), ("paid", "'=1+1", "250.00"), ("mail", "", "0.00"),
        ("unattributed: no arrival known", "", "0.00"), ("unattributed: nobody known", "", "0.00"), ("all", "", ""),
    ]  # fmt: skip
    assert float(rows[-1]["spend"]) == sum(float(row["spend"]) for row in rows[:4] if row["campaign"] == "")
    assert {row["rule"] for row in rows} == {"last"}
