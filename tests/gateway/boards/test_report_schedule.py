"""Who gets the report by mail, and when: forms, rights, and acts that come twice or too late."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from bot.store import report_mails, report_schedules
from bot.store.report_schedules import Schedule
from tests.cast import DANA, MAYA, SHOP, Person, at
from tests.gateway.front_office import Browser, Office

PAGE = "/insights/report/schedule"
ADA = Person("Ada", "ada@shop.example", role="admin")
OWNER = "owner@shop.example"
WEEKLY = {
    "site": SHOP, "every": "week", "weekday": "1", "day": "1", "at": "08:30", "timezone": "Europe/Vienna",
    "recipients": OWNER,
}  # fmt: skip


async def signed_in(server: TestServer, office: Office, who: Person) -> Browser:
    browser = Browser(server)
    await browser.is_signed_in(office, await office.hire(who))
    return browser


@pytest.fixture
async def mayas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    """A browser in which Maya is signed in."""
    async with await signed_in(server, office, MAYA) as browser:
        yield browser


async def the_schedule(office: Office) -> Schedule:
    (found,) = await office.store.read(report_schedules.schedules_of, SHOP)
    return found


async def test_a_schedule_is_added_by_a_form_and_shown_with_its_next_day(mayas: Browser, office: Office) -> None:
    added = await mayas.post(PAGE, WEEKLY)
    page = await mayas.get(added.location)

    assert (added.status, page.status) == (303, 200)
    assert "Every Monday at 08:30 (Europe/Vienna)" in page.words
    assert "Next on Monday 9 March 2026, 08:30: 2026-03-02 to 2026-03-08" in page.words
    assert f"{OWNER} waits for an admin" in page.words
    assert (await the_schedule(office)).due_at == at(days=7, hours=-4.5)


async def test_a_form_that_is_sent_twice_adds_one(mayas: Browser, office: Office) -> None:
    await mayas.post(PAGE, WEEKLY)

    again = await mayas.post(PAGE, WEEKLY)

    assert again.status == 409 and "has this schedule already" in again.words
    assert (await the_schedule(office)).by == MAYA.name


@pytest.mark.parametrize(
    "wrong, said",
    [
        ({"every": "hour"}, "Choose each week"), ({"weekday": "8"}, "Give the day"), ({"at": "25:00"}, "Give the time"),
        ({"timezone": "Mars"}, "Europe/Vienna"), ({"recipients": "no address"}, "No mail can go to “no”"),
        ({"recipients": " ".join(f"a{number}@shop.example" for number in range(30))}, "20 addresses at most"),
    ],
)  # fmt: skip
async def test_what_is_no_schedule_is_refused_and_nothing_is_kept(
    mayas: Browser, office: Office, wrong: dict[str, str], said: str
) -> None:
    page = await mayas.post(PAGE, WEEKLY | wrong)

    assert page.status == 400 and said in page.words
    assert await office.store.read(report_schedules.schedules_of, SHOP) == []


async def test_only_an_admin_confirms_whom_it_goes_to(mayas: Browser, server: TestServer, office: Office) -> None:
    await mayas.post(PAGE, WEEKLY)
    address = f"{PAGE}/{(await the_schedule(office)).id}/confirm"

    refused = await mayas.post(address, {"address": OWNER})
    assert refused.status == 409 and "Only an admin" in refused.words
    assert not (await the_schedule(office)).recipients[0].is_confirmed
    async with await signed_in(server, office, ADA) as adas:
        assert f"Confirm {OWNER}" in (await adas.get(PAGE)).text
        await adas.post(address, {"address": OWNER})

    assert (await the_schedule(office)).recipients[0].is_confirmed


async def test_addresses_come_and_go(mayas: Browser, office: Office) -> None:
    await mayas.post(PAGE, WEEKLY)
    at_it = f"{PAGE}/{(await the_schedule(office)).id}"

    await mayas.post(f"{at_it}/add", {"address": "second@shop.example"})
    await mayas.post(f"{at_it}/remove", {"address": OWNER})
    wrong = await mayas.post(f"{at_it}/add", {"address": "<script>"})

    assert [one.address for one in (await the_schedule(office)).recipients] == ["second@shop.example"]
    assert wrong.status == 409 and "&lt;script&gt;" in wrong.text


async def test_sending_now_without_mail_or_recipients_says_so(mayas: Browser, office: Office) -> None:
    await mayas.post(PAGE, WEEKLY)

    refused = await mayas.post(f"{PAGE}/{(await the_schedule(office)).id}/send", {"press": "1"})

    assert refused.status == 409 and "Mail is not set up" in refused.words
    assert await office.store.read(report_mails.reports_mailed, SHOP) == []


async def test_a_schedule_that_is_gone_has_a_sentence(mayas: Browser, office: Office) -> None:
    await mayas.post(PAGE, WEEKLY)
    at_it = f"{PAGE}/{(await the_schedule(office)).id}"

    ended = await mayas.post(f"{at_it}/end", {})
    again = await mayas.post(f"{at_it}/end", {})

    assert (ended.status, again.status) == (303, 404)
    assert "has ended this schedule meanwhile" in again.words
    assert await office.store.read(report_schedules.schedules_of, SHOP) == []


async def test_an_agent_is_not_let_in_and_nobodys_site_is_not_found(
    mayas: Browser, server: TestServer, office: Office
) -> None:
    assert (await mayas.get(f"{PAGE}?site=nobodys")).status == 404
    assert (await mayas.post(PAGE, WEEKLY | {"site": "nobodys"})).status == 404
    async with await signed_in(server, office, DANA) as danas:
        assert [(await danas.get(PAGE)).status, (await danas.post(PAGE, WEEKLY)).status] == [403, 403]
