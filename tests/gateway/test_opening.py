"""The page on which an admin says when people answer, and what visitors read of it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from bot.gateway.console.opening import WIDGET
from bot.hours import DAYS
from bot.project import ROOT
from bot.store.audit import Act
from bot.store.audit_lines import Wanted, lines
from bot.store.sites import Site, add_site, find_site
from tests.cast import SHOP, Person, at
from tests.gateway.front_office import Browser, Office

ADA = Person("Ada", "ada@shop.example", role="admin")
AT = "/console/opening"
WEEK = {"site": SHOP, "timezone": "Europe/Dublin", "minutes": "5"} | dict.fromkeys(DAYS, "") | {
    "mon": "09:00-12:30, 13:30-17:00", "tue": "09:00-17:00",
}  # fmt: skip
HOLIDAY = {"site": SHOP, "day": "2026-03-03", "holiday": "Founders' <Day>"}
CLOSING = {"site": SHOP, "begins": "2026-03-02T14:00", "ends": "2026-03-02T16:00", "closing": "Stocktaking"}


@pytest.fixture
async def adas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(ADA))
        yield browser


@pytest.fixture
async def open_shop(adas: Browser) -> Browser:
    """The page of a shop whose week is set."""
    assert (await adas.post(f"{AT}/week", WEEK | {"was": await mark_of(adas)})).status == 303
    return adas


async def mark_of(browser: Browser) -> str:
    return (await browser.get(AT)).field("was")


async def shop_of(office: Office) -> Site:
    site = await office.store.read(find_site, SHOP)
    assert site is not None
    return site


class TestTheWeek:
    async def test_it_is_saved_and_shown_with_what_visitors_are_told(self, open_shop: Browser, office: Office) -> None:
        page = await open_shop.get(f"{AT}?site=demo&done=week")

        assert (await shop_of(office)).settings["hours"] == {
            "timezone": "Europe/Dublin", "mon": ["09:00-12:30", "13:30-17:00"], "tue": ["09:00-17:00"],
        }  # fmt: skip
        assert "Saved." in page.words and "Open now, until Monday 12:30." in page.words
        assert "We are closed now. A person answers again today at 13:30 (Dublin time)." in page.words
        assert "Wir haben gerade geschlossen. Ein Mensch antwortet wieder heute um 13:30 Uhr" in page.words

    async def test_who_asks_in_the_evening_is_told_tomorrow(self, open_shop: Browser, office: Office) -> None:
        office.clock.at = at(hours=8)

        page = await open_shop.get(AT)

        assert "Closed now. Open again tomorrow at 9:00 (Dublin time)." in page.words
        assert "A person answers again tomorrow at 9:00 (Dublin time)." in page.words
        assert "A person is back tomorrow at 9:00." in page.words
        assert "Ein Mensch antwortet wieder morgen um 9:00 Uhr (Zeit in Dublin)." in page.words

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("tue", "9-17", "is no time from and to"),
            ("tue", "09:00-12:00, 11:00-13:00", "overlap"),
            ("tue", "17:00-09:00", "past midnight takes two days"),
            ("timezone", "Europe/Dublim", "did you mean &#34;Europe/Dublin&#34;?"),
            ("minutes", "-1", "whole minutes from 0 to 120"),
            ("minutes", "121", "whole minutes from 0 to 120"),
        ],
    )
    async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_changed(
        self, adas: Browser, office: Office, field: str, value: str, sentence: str
    ) -> None:
        page = await adas.post(f"{AT}/week", WEEK | {"was": await mark_of(adas), field: value})

        assert page.status == 400
        assert f'id="fault-{field}"' in page.text and sentence in page.text
        assert f'value="{value}"' in page.text
        assert "hours" not in (await shop_of(office)).settings

    async def test_a_form_from_before_a_colleagues_change_changes_nothing_and_says_so(
        self, open_shop: Browser, office: Office
    ) -> None:
        stale = await mark_of(open_shop)
        await open_shop.post(f"{AT}/week", WEEK | {"was": stale, "wed": "10:00-12:00"})

        page = await open_shop.post(f"{AT}/week", WEEK | {"was": stale, "wed": "14:00-16:00"})

        assert page.status == 409 and "A colleague has changed the hours meanwhile" in page.words
        assert (await shop_of(office)).settings["hours"]["wed"] == ["10:00-12:00"]

    async def test_an_empty_week_is_a_site_without_hours(self, open_shop: Browser, office: Office) -> None:
        empty = {"site": SHOP, "was": await mark_of(open_shop), "timezone": "", "minutes": "7"}

        await open_shop.post(f"{AT}/week", empty)

        assert (await shop_of(office)).settings == {"nobody_after_min": 7}
        assert "No hours are set" in (await open_shop.get(AT)).words

    async def test_it_keeps_the_holidays_and_all_else_that_is_set(self, open_shop: Browser, office: Office) -> None:
        await office.store.write(
            add_site, SHOP, settings=(await shop_of(office)).settings | {"phone": "+353 20"}, at=at()
        )
        await open_shop.post(f"{AT}/holiday", HOLIDAY)

        await open_shop.post(f"{AT}/week", WEEK | {"was": await mark_of(open_shop), "fri": "09:00-10:00"})

        settings = (await shop_of(office)).settings
        assert settings["phone"] == "+353 20" and "2026-03-03" in settings["hours"]["holidays"]


class TestDaysThatAreClosed:
    async def test_a_holiday_has_its_name_and_shuts_the_day(self, open_shop: Browser, office: Office) -> None:
        await open_shop.post(f"{AT}/holiday", HOLIDAY)
        await open_shop.post(f"{AT}/holiday", HOLIDAY)
        office.clock.at = at(hours=8)

        page = await open_shop.get(AT)

        assert page.text.count("Founders&#39; &lt;Day&gt;") == 1
        assert "A person answers again on Monday 9 March at 9:00" in page.words

    async def test_it_can_be_removed_and_who_removes_it_second_is_told(self, open_shop: Browser) -> None:
        await open_shop.post(f"{AT}/holiday", HOLIDAY)

        first = await open_shop.post(f"{AT}/open-day", HOLIDAY)
        second = await open_shop.post(f"{AT}/open-day", HOLIDAY)

        assert (first.status, second.status) == (303, 409)
        assert "so nothing was done" in second.words and "Founders" not in second.text

    async def test_a_closing_once_shuts_the_afternoon_and_can_be_removed(
        self, open_shop: Browser, office: Office
    ) -> None:
        await open_shop.post(f"{AT}/closing", CLOSING)
        office.clock.at = at(hours=2, minutes=30)
        shut = await open_shop.get(AT)
        await open_shop.post(
            f"{AT}/open-closing", {"site": SHOP, "begins": "2026-03-02 14:00", "ends": "2026-03-02 16:00"}
        )

        assert "Closed now. Open again today at 16:00" in shut.words and "Stocktaking" in shut.text
        assert "Open now, until Monday 17:00." in (await open_shop.get(AT)).words

    @pytest.mark.parametrize(
        ("what", "fields", "fault"),
        [
            ("holiday", HOLIDAY | {"day": "2026-02-30"}, "day"),
            ("holiday", HOLIDAY | {"holiday": " "}, "holiday"),
            ("closing", CLOSING | {"ends": "2026-03-02T14:00"}, "ends"),
            ("closing", CLOSING | {"begins": "yesterday"}, "begins"),
        ],
    )
    async def test_what_is_wrong_is_said_at_its_field(
        self, open_shop: Browser, what: str, fields: dict[str, str], fault: str
    ) -> None:
        page = await open_shop.post(f"{AT}/{what}", fields)

        assert page.status == 400 and f'id="fault-{fault}"' in page.text

    async def test_without_a_week_there_is_nothing_to_close(self, adas: Browser) -> None:
        page = await adas.post(f"{AT}/holiday", HOLIDAY)

        assert page.status == 400 and "Say first in the week when people answer." in page.words


async def test_each_site_has_its_own(open_shop: Browser, office: Office) -> None:
    await office.store.write(add_site, "other", name="The other", at=at())

    page = await open_shop.get(f"{AT}?site=other")

    assert "The other" in page.words and "No hours are set" in page.words
    assert (await open_shop.get(f"{AT}?site=nobody")).status == 404
    assert (await open_shop.get(f"{AT}?site=%00")).status == 404
    assert (await open_shop.post(f"{AT}/week", WEEK | {"site": "nobody"})).status == 404


async def test_a_change_is_in_the_audit_log_and_a_refused_one_is_not(open_shop: Browser, office: Office) -> None:
    await open_shop.post(f"{AT}/holiday", HOLIDAY | {"day": "never"})

    found = await office.store.read(lines, Wanted())
    assert [(one.act, one.subject, one.detail) for one in found if one.act == Act.CHANGED_HOURS] == [
        ("changed_hours", "site:demo", "week")
    ]


async def test_an_agent_does_not_get_there(danas: Browser) -> None:
    assert (await danas.get(AT)).status == 403
    assert (await danas.post(f"{AT}/week", WEEK)).status == 403


@pytest.mark.parametrize("language", WIDGET)
def test_the_widget_says_what_the_page_shows(language: str):
    words = (ROOT / f"bot/gateway/static/widget/words/{language}.js").read_text(encoding="utf-8")

    assert all(f"'{sentence}'" in words for sentence in WIDGET[language])
