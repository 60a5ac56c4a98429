"""The report by mail: each period once, whoever comes to send it and whatever dies, and to nobody who said stop."""

import asyncio
import io
import signal
import sys

import pytest
from pypdf import PdfReader
from sqlalchemy import Connection

from bot.insights.one_page.plan import next_after
from bot.insights.one_page.schedules import plan_of
from bot.interactions import Microseconds
from bot.mail.reports import HOLD, ReportSender
from bot.settings import Settings
from bot.store import report_mails, report_schedules
from bot.store.mail_stops import stop
from bot.store.report_schedules import Schedule
from bot.store.sites import Site
from bot.store.staff import add_member, by_name
from bot.store.store import Store
from tests.cast import DANA, MAYA, SHOP, at
from tests.mail.conftest import Clock, PostOffice

OWNER, PARTNER = "owner@shop.example", "partner@elsewhere.example"
PATIENCE_S = 60


@pytest.fixture
async def weekly(store: Store, shop: Site) -> Schedule:
    """Made by Maya: Mondays at 13:00, to the owner, whom an admin confirmed, and a partner, whom nobody did."""
    maya = (await store.write(add_member, MAYA.name, MAYA.role, at=at())).id
    id = await store.write(
        report_schedules.add_schedule, SHOP, every="week", day=1, minute=13 * 60, timezone="UTC", staff=maya, at=at(),
        due_at=at(hours=1),
    )  # fmt: skip
    assert id is not None
    for address, is_admin in ((OWNER, True), (PARTNER, False)):
        await store.write(report_schedules.add_recipient, id, address, staff=maya, is_admin=is_admin, at=at())
    found = await store.read(report_schedules.find_schedule, id)
    assert found is not None
    return found


@pytest.fixture
def reports(store: Store, mail_settings: Settings, clock: Clock) -> ReportSender:
    return ReportSender(store, mail_settings, now=clock)


async def states(store: Store) -> list[tuple[str, str]]:
    return [(one.address, one.state) for one in await store.read(report_mails.reports_mailed, SHOP)]


async def test_the_report_goes_when_it_is_due_with_its_sentences_and_its_page(
    weekly: Schedule, reports: ReportSender, post_office: PostOffice, clock: Clock, store: Store
):
    await reports.work()
    assert post_office.mails == []
    clock.pass_(hours=1)

    await reports.work()

    (mail,) = post_office.mails
    assert post_office.given_to == [[OWNER]]
    assert mail["Subject"] == "Demo: report of 2026-02-23 to 2026-03-01"
    text, html, pdf = (part.get_content() for part in mail.walk() if not part.is_multipart())
    assert "Nobody came in these days." in text and "Nobody came in these days." in html
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert "/insights/report?site=demo&since=2026-02-23&until=2026-03-01" in text
    assert "/mail/stop/" in mail["List-Unsubscribe"]
    assert await states(store) == [(OWNER, "sent")]


async def test_a_period_is_sent_once_however_often_it_is_looked(
    weekly: Schedule, store: Store, mail_settings: Settings, post_office: PostOffice, clock: Clock
):
    clock.pass_(hours=1)
    two = [ReportSender(store, mail_settings, now=clock) for _ in range(2)]

    await asyncio.gather(*(one.work() for one in two))
    await asyncio.gather(*(one.work() for one in two))

    assert len(post_office.mails) == 1
    clock.pass_(days=7)
    await asyncio.gather(*(one.work() for one in two))
    assert [mail["Subject"][-10:] for mail in post_office.mails] == ["2026-03-01", "2026-03-08"]


async def test_after_ten_weeks_of_downtime_one_report_comes_and_the_next_is_on_its_day(
    weekly: Schedule, store: Store, reports: ReportSender, post_office: PostOffice, clock: Clock
):
    clock.pass_(days=70, hours=5)

    await reports.work()
    await reports.work()

    (mail,) = post_office.mails
    assert mail["Subject"].endswith("2026-05-04 to 2026-05-10")
    found = await store.read(report_schedules.find_schedule, weekly.id)
    assert found is not None and found.due_at == next_after(plan_of(weekly), clock()) > clock()


async def test_a_worker_that_is_killed_while_it_sends_loses_no_report_and_the_second_is_known_for_the_same(
    weekly: Schedule, store: Store, store_url: str, reports: ReportSender, post_office: PostOffice, clock: Clock
):
    clock.pass_(hours=1)
    killed: list[asyncio.subprocess.Process] = []
    post_office.at_data = lambda: killed[0].send_signal(signal.SIGKILL)
    command = (sys.executable, "-m", "tests.mail.report_once", store_url, post_office.url, str(clock()))
    killed.append(await asyncio.create_subprocess_exec(*command))

    code = await asyncio.wait_for(killed[0].wait(), PATIENCE_S)
    post_office.at_data = None
    await reports.work()
    at_once = len(post_office.mails)
    clock.pass_(seconds=HOLD.total_seconds())
    await reports.work()

    assert code == -signal.SIGKILL and at_once == 1
    first, second = post_office.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert await states(store) == [(OWNER, "sent")]


async def test_a_server_that_is_away_gets_it_later(
    weekly: Schedule, store: Store, reports: ReportSender, post_office: PostOffice, clock: Clock
):
    clock.pass_(hours=1)
    post_office.answers = ["451 later"]
    await reports.work()
    assert await states(store) == [(OWNER, "waiting")]
    await reports.work()
    assert post_office.mails == []

    clock.pass_(minutes=1)
    await reports.work()

    assert len(post_office.mails) == 1 and await states(store) == [(OWNER, "sent")]


async def test_without_a_server_it_is_refused_and_says_why(weekly: Schedule, store: Store, clock: Clock):
    clock.pass_(hours=1)

    await ReportSender(store, Settings(), now=clock).work()

    (mail,) = await store.read(report_mails.reports_mailed, SHOP)
    assert (mail.state, mail.trouble) == ("refused", "Mail is not set up (DUOLOGUE_SMTP_URL).")


async def test_who_says_stop_gets_no_report_more_and_asking_again_does_not_change_that(
    weekly: Schedule, store: Store, reports: ReportSender, post_office: PostOffice, clock: Clock
):
    clock.pass_(hours=1)
    await reports.work()
    secret = post_office.mails[0]["List-Unsubscribe"].strip("<>").rpartition("/")[2]

    assert await store.write(report_mails.reports_stopped_by, secret, at=clock())
    clock.pass_(days=7)
    await reports.work()

    assert len(post_office.mails) == 1
    found = await store.read(report_schedules.find_schedule, weekly.id)
    assert found is not None and [one.is_stopped for one in found.recipients] == [True, False]
    assert not await store.write(report_mails.reports_stopped_by, "never-given", at=clock())


async def test_who_said_stop_after_it_was_put_into_the_outbox_is_not_mailed(
    weekly: Schedule, store: Store, reports: ReportSender, post_office: PostOffice, clock: Clock
):
    clock.pass_(hours=1)
    post_office.answers = ["451 later"]
    await reports.work()
    await store.write(_says_stop, OWNER, clock())
    clock.pass_(hours=1)

    await reports.work()

    assert post_office.mails == [] and await states(store) == [(OWNER, "needless")]


def _says_stop(connection: Connection, address: str, moment: Microseconds) -> None:
    stop(connection, SHOP, report_schedules.as_stopped(address), at=moment)


async def test_whom_nobody_confirmed_gets_it_once_an_admin_has(
    weekly: Schedule, store: Store, reports: ReportSender, post_office: PostOffice, clock: Clock
):
    admin = (await store.write(add_member, "Ada", "admin", at=at())).id
    assert await store.write(report_schedules.confirm_recipient, weekly.id, PARTNER, staff=admin)
    assert not await store.write(report_schedules.confirm_recipient, weekly.id, PARTNER, staff=admin)
    clock.pass_(hours=1)

    await reports.work()

    assert sorted(post_office.given_to) == [[OWNER], [PARTNER]]


async def test_a_member_whose_name_is_the_address_needs_no_admin(weekly: Schedule, store: Store):
    dana = (await store.write(add_member, DANA.email, DANA.role, at=at())).id

    await store.write(
        report_schedules.add_recipient, weekly.id, DANA.email.upper(), staff=dana, is_admin=False, at=at()
    )

    found = await store.read(report_schedules.find_schedule, weekly.id)
    assert found is not None
    assert {one.address: one.is_confirmed for one in found.recipients}[DANA.email.upper()]


async def test_a_schedule_that_is_ended_takes_what_waits_along(
    weekly: Schedule, store: Store, reports: ReportSender, post_office: PostOffice, clock: Clock
):
    clock.pass_(hours=1)
    post_office.answers = ["451 later"]
    await reports.work()

    maya = await store.read(by_name, MAYA.name)
    assert maya is not None
    assert await store.write(report_schedules.drop_schedule, weekly.id, staff=maya[0].id, at=clock())
    clock.pass_(days=8)
    await reports.work()

    assert post_office.mails == [] and await store.read(report_schedules.schedules_of, SHOP) == []
    assert not await store.read(report_mails.reports_due, clock())
