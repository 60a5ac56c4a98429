"""The dashboard: who talked and who bought, in words that promise no more than the figures say."""

from itertools import product
from pathlib import Path

from aiohttp.test_utils import TestServer

from bot.gateway.boards.customer_rows import as_of, beside_of, figures_of, rows_of
from bot.store.store import Store
from tests.cast import DANA, MAYA, at
from tests.gateway.front_office import Browser, Office

ROWS = [
    {"segment": "conversing buyer", "people": 30, "visits": 90, "revenue": "1500.00", "currency": "EUR"},
    {"segment": "conversing visitor", "people": 70, "visits": 100, "revenue": "0.00", "currency": "EUR"},
    {"segment": "silent buyer", "people": 20, "visits": 25, "revenue": "500.00", "currency": "EUR"},
    {"segment": "passive visitor", "people": 80, "visits": 90, "revenue": "-12.50", "currency": "EUR"},
    {"segment": "noise", "people": 1_000, "visits": 1_000, "revenue": "0.00", "currency": "EUR"},
]
ROWS = [row | {"margin": "0.00", "margin_known": 0, "margin_orders": 0} for row in ROWS]


async def test_each_segment_has_its_people_visits_and_revenue(mayas: Browser, a_week_of_trade: None) -> None:
    words = (await mayas.get("/insights")).words

    assert "Silent buyers They bought without a word to us. 1 50 % 1 1,234.90 EUR" in words
    assert "said nothing and bought nothing, or gave it all back. 1 50 % 1 0.00" in words
    assert "left out of all shares. 1 left out 1 0.00" in words


async def test_it_says_that_the_figures_describe_and_prove_nothing(mayas: Browser) -> None:
    words = (await mayas.get("/insights")).words

    assert "Descriptive. These figures say who talked and who bought." in words
    assert "They do not say that talking made anybody buy." in words


async def test_without_a_window_it_shows_the_last_thirty_days(mayas: Browser, a_week_of_trade: None) -> None:
    text = (await mayas.get("/insights")).text

    assert 'name="since" value="2026-02-01"' in text
    assert 'name="until" value="2026-03-02"' in text


async def test_the_address_is_the_window(mayas: Browser, a_week_of_trade: None) -> None:
    page = await mayas.get("/insights?since=2026-01-01&until=2026-03-01")

    assert "2026-01-01 to 2026-03-01" in page.words
    assert "1,234.90" not in page.words
    assert "since=2026-01-01&amp;until=2026-03-01&amp;format=csv" in page.text


async def test_a_window_that_can_not_be_is_refused_with_a_reason(mayas: Browser) -> None:
    queries = [
        "since=yesterday",
        "since=2026-02-30",
        "since=2026-03-02&until=2026-03-01",
        "since=0001-01-01",
        "until=9999-12-31",
        "until=0001-01-05",
        "since=%00",
        "until=%3Cscript%3E",
    ]

    for path, query in product(("/insights", "/insights/export/segments"), queries):
        page = await mayas.get(f"{path}?{query}")

        assert page.status == 400, query
        assert "No such window" in page.words
        assert "<script" not in page.text


async def test_a_window_may_move_with_today(mayas: Browser, a_week_of_trade: None) -> None:
    page = await mayas.get("/insights?window=7d")

    assert "2026-02-24 to 2026-03-02" in page.words
    assert "window=7d&amp;format=csv" in page.text
    assert (await mayas.get("/insights?window=fortnight")).status == 400


async def test_other_days_stand_beside_with_the_change_or_that_it_is_too_few(
    mayas: Browser, a_week_of_trade: None
) -> None:
    page = await mayas.get("/insights?since=2026-03-02&until=2026-03-02&against=previous")

    assert "Compared with 2026-03-01 to 2026-03-01" in page.words
    assert "1 0: nobody then" in page.words
    assert "1,234.90 EUR 0.00 EUR: too few to judge" in page.words.replace("\N{NO-BREAK SPACE}", " ")
    assert (await mayas.get("/insights?against=tomorrow")).status == 400
    assert (await mayas.get("/insights?since=2000-02-01&until=2000-03-01&against=year")).status == 400


async def test_it_says_when_the_other_days_are_from_before_anything_was_known(
    mayas: Browser, a_week_of_trade: None
) -> None:
    before, partly, known = [
        (await mayas.get(f"/insights?{days}")).words
        for days in (
            "since=2026-03-02&until=2026-03-02&against=previous",
            "since=2026-03-03&until=2026-03-06&against=previous",
            "since=2026-03-03&until=2026-03-03&against=previous",
        )
    ]

    assert "The first visit known is of 2026-03-02: of the days compared with nothing is known." in before
    assert "of the days compared with a part only is known, so the changes say little." in partly
    assert "first visit known" not in known


async def test_figures_can_be_those_of_some_people_only(mayas: Browser, a_week_of_trade: None) -> None:
    direct, search = [(await mayas.get(f"/insights?channel={one}")).words for one in ("direct", "search")]

    assert "They bought without a word to us. 1 50 % 1 1,234.90 EUR" in direct.replace("\N{NO-BREAK SPACE}", " ")
    assert "They bought without a word to us. 0 0 % 0 0.00 EUR" in search.replace("\N{NO-BREAK SPACE}", " ")
    assert (await mayas.get(f"/insights?page={'x' * 501}")).status == 400


async def test_a_value_leads_to_the_same_page_of_its_people(mayas: Browser, a_week_of_trade: None) -> None:
    text = (await mayas.get("/insights?by=page")).text

    assert "by=page&amp;page=https%3A%2F%2Fshop.example" in text


async def test_people_are_told_apart_by_what_led_them_here(mayas: Browser, a_week_of_trade: None) -> None:
    page = await mayas.get("/insights?by=channel")

    assert "By channel Noise left out. Each person counts once" in page.words
    assert "direct 2 0 1 0 1,234.90" in page.words
    assert "<option selected>channel</option>" in page.text
    assert "By luck" not in (await mayas.get("/insights?by=luck")).words


async def test_it_says_how_fresh_the_figures_are(mayas: Browser, a_week_of_trade: None) -> None:
    assert "Up to now." in (await mayas.get("/insights")).words
    assert as_of({"as_of": "2026-03-02T14:05:09.000Z"}) == "As of 2026-03-02 14:05 UTC."


async def test_an_unknown_site_is_not_found(mayas: Browser) -> None:
    assert (await mayas.get("/insights?site=nobodys")).status == 404
    assert (await mayas.get("/insights/export/segments?site=nobodys")).status == 404


async def test_without_any_site_it_says_how_to_add_one(store: Store, tmp_path: Path) -> None:
    office = Office(store, tmp_path)
    maya = await office.hire(MAYA)
    async with office.serve() as server, Browser(server) as browser:
        await browser.is_signed_in(office, maya)
        page = await browser.get("/insights")
        export = await browser.get("/insights/export/segments")

    assert "duologue site add" in page.words
    assert export.status == 404


async def test_an_agent_may_not_see_it(server: TestServer, office: Office) -> None:
    dana = await office.hire(DANA)
    async with Browser(server) as browser:
        await browser.is_signed_in(office, dana)
        page = await browser.get("/insights")
        export = await browser.get("/insights/export/interactions?format=csv")

    assert page.status == export.status == 403
    assert "Not for your role" in page.words


async def test_who_is_not_signed_in_gets_nothing(server: TestServer) -> None:
    async with Browser(server) as browser:
        page = await browser.get("/insights/export/interactions?format=csv")

    assert page.status == 303
    assert page.text == ""


async def test_reading_figures_is_not_being_there_for_visitors(mayas: Browser, office: Office) -> None:
    await mayas.get("/insights")

    assert not office.rooms.presence.is_anybody_here(at())


async def test_an_export_is_a_guarded_file(mayas: Browser, a_week_of_trade: None) -> None:
    csv = await mayas.get("/insights/export/segments?format=csv&since=2026-03-01&until=2026-03-02")
    jsonl = await mayas.get("/insights/export/interactions?format=jsonl&since=2026-03-01&until=2026-03-02")

    assert csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert csv.headers["Content-Disposition"] == 'attachment; filename="demo-segments-2026-03-01-2026-03-02.csv"'
    assert csv.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert csv.headers["Cache-Control"] == "no-store"
    assert "silent buyer" in csv.text
    assert len(jsonl.text.splitlines()) == 6


async def test_what_can_not_be_exported_is_not_found(mayas: Browser) -> None:
    for path in ("segments?format=exe", "passwords", "..%2fsegments"):
        assert (await mayas.get(f"/insights/export/{path}")).status == 404, path


def test_noise_is_in_no_share() -> None:
    shares = [row.share for row in rows_of(ROWS)]

    assert shares == [0.15, 0.35, 0.10, 0.40, None]
    assert [(one.name, one.share) for one in figures_of(ROWS)] == [
        ("of the people talked with us", 0.5),
        ("of those who talked bought", 0.3),
        ("of those who did not talk bought", 0.2),
        ("of the revenue came from those who talked", 0.75),
    ]


def test_a_share_of_nobody_is_unknown_and_not_zero() -> None:
    nobody = [row | {"people": 0, "revenue": "0.00"} for row in ROWS]

    assert [one.share for one in figures_of(nobody)] == [None] * 4


def test_nothing_is_left_out_in_silence() -> None:
    told = {
        "dialogues": {"conversing buyer": 1, "conversing visitor": 0},
        "other_currencies": [{"segment": "silent buyer", "revenue": "80.00", "currency": "GBP"}],
        "unlinked": [{"purchases": 12, "revenue": "1040.50", "currency": "EUR"}],
        "dropped": {"robot": 9_001, "staff": 0},
        "before_purchase": {"people": 2, "revenue": "1500.00", "currency": "EUR"},
    }

    assert beside_of(told) == [
        "2 conversing buyers had an answer before they first bought in these days, and brought "
        "1,500.00\N{NO-BREAK SPACE}EUR.",
        "1 person had a dialogue: two or more of their messages were answered.",
        "Silent buyers also brought 80.00\N{NO-BREAK SPACE}GBP.",
        "1,040.50\N{NO-BREAK SPACE}EUR came from 12 purchases of nobody known to us.",
        "9,001 page views and events of robots were dropped at the door.",
    ]
