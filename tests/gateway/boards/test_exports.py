"""Exports in a browser: made apart, listed, fetched in parts, gone with whom they tell of."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from html import unescape

import psutil
import pytest
from aiohttp.test_utils import TestServer

from bot.gateway import exporting
from bot.gateway.boards import exports
from bot.gateway.house import HOUSE
from bot.store import made_exports
from bot.store.audit import Act
from bot.store.forget import forget_customer
from bot.store.interactions import append
from bot.store.made_exports import Asked
from tests.cast import ALICE, MAYA, SHOP, at
from tests.gateway.front_office import Browser, Office
from tests.gateway.test_audit import written
from tests.insights.happened import viewed

LINK = "/insights/export/interactions?format=csv&since=2026-03-01&until=2026-03-02"
LIST = "/insights/exports"


@pytest.fixture
async def mayas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    """A browser in which Maya is signed in, and Alice looked at two pages."""
    await office.store.write(append, viewed(ALICE.visitor, 0, 1))
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(MAYA))
        yield browser


def files(office: Office) -> list[str]:
    folder = exporting.folder_of(office.app[HOUSE])
    return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []


@pytest.mark.parametrize(
    ("format", "type", "begins"),
    [
        ("csv", "text/csv; charset=utf-8", b"id,at,site,"),
        ("csv&bom=1", "text/csv; charset=utf-8", b"\xef\xbb\xbfid,at,"),
        ("jsonl", "application/jsonl; charset=utf-8", b'{"id":'),
        ("parquet", "application/vnd.apache.parquet", b"PAR1"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
async def test_a_link_gives_a_file_of_each_format(mayas: Browser, format: str, type: str, begins: bytes) -> None:
    file = await mayas.get(LINK.replace("csv", format))

    assert (file.status, file.headers["Content-Type"]) == (200, type)
    assert file.headers["Cache-Control"] == "no-store"
    assert file.content.startswith(begins)


async def test_the_experiments_bundle_is_a_zip(mayas: Browser) -> None:
    file = await mayas.get("/insights/export/bundle?since=2026-03-01&until=2026-03-02")

    assert (file.status, file.headers["Content-Type"], file.content[:2]) == (200, "application/zip", b"PK")
    assert file.headers["Content-Disposition"].endswith('demo-bundle-2026-03-01-2026-03-02.zip"')


async def test_a_broken_download_goes_on_where_it_was(mayas: Browser, office: Office) -> None:
    whole = await mayas.get(LINK)

    rest = await mayas.get(LINK, Range="bytes=10-", If_Range=whole.headers["ETag"])

    assert (rest.status, rest.content) == (206, whole.content[10:])
    assert len(files(office)) == 1


async def test_a_part_of_another_file_is_not_given(mayas: Browser) -> None:
    whole = await mayas.get(LINK)

    again = await mayas.get(LINK, Range="bytes=10-", If_Range='"of-another"')

    assert (again.status, again.content) == (200, whole.content)


async def test_the_list_has_each_file_with_its_size_and_checksum(mayas: Browser, office: Office) -> None:
    whole = (await mayas.get(LINK)).content

    page = await mayas.get(LIST)
    (made,) = await office.store.read(made_exports.listed, SHOP, at=at())
    again = (await mayas.get(f"{LIST}/{made.id}")).content

    assert "demo-interactions-2026-03-01-2026-03-02.csv" in page.words
    assert hashlib.sha256(whole).hexdigest() in page.words
    assert (made.rows, made.bytes, again) == (2, len(whole), whole)


async def test_what_takes_long_is_found_in_the_list(
    mayas: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "WAIT_S", 0.0)

    sent = await mayas.get(LINK)
    waiting = await mayas.get(LIST)
    await exporting.settled(office.app)

    assert (sent.status, sent.location.partition("?")[0]) == (303, LIST)
    assert "being made" in waiting.words
    assert "ready" in (await mayas.get(LIST)).words


async def test_what_a_stopped_gateway_was_making_is_told_as_that(mayas: Browser, office: Office) -> None:
    asked = Asked(SHOP, "messages", "csv")
    made = await office.store.write(made_exports.begin, asked, staff="maya", at=at())

    page = await mayas.get(LIST)

    assert "stopped; ask for it again" in page.words
    assert (await mayas.get(f"{LIST}/{made.id}")).status == 404


async def test_what_waits_for_its_turn_says_so_and_can_be_cancelled(
    mayas: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "WAIT_S", 0.0)
    makers = exporting.makers_of(office.app)
    async with makers.one_at_a_time:
        await mayas.get(LINK)
        (made,) = await office.store.read(made_exports.listed, SHOP, at=at())
        waiting = await mayas.get(LIST)

        await mayas.post(f"{LIST}/{made.id}/remove", {"site": SHOP})

    assert "being made, waits for its turn" in waiting.words and "Cancel" in waiting.words
    assert makers.tasks == {} and files(office) == []
    assert "No file is kept now" in (await mayas.get(LIST)).words


async def begun(mayas: Browser, office: Office) -> psutil.Process:
    """The process that makes an export which was just asked for."""
    await mayas.get(LINK)
    while True:
        await asyncio.sleep(0)
        for child in psutil.Process().children():
            if "bot.insights.exports" in child.cmdline():
                return child


async def test_a_cancelled_export_ends_its_process_and_leaves_nothing(
    mayas: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "WAIT_S", 0.0)
    making = await begun(mayas, office)
    (made,) = await office.store.read(made_exports.listed, SHOP, at=at())

    await mayas.post(f"{LIST}/{made.id}/remove", {"site": SHOP})

    assert not making.is_running()
    assert files(office) == []


async def test_an_export_whose_process_is_killed_says_so_and_is_asked_for_again(
    mayas: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr(exports, "WAIT_S", 0.0)
        (await begun(mayas, office)).kill()
        await exporting.settled(office.app)

    told = await mayas.get(LIST)
    again = re.search(r'href="([^"]*)"[^>]*>Ask again', told.text)

    assert "failed: It was stopped by the machine before it was whole; ask for it again." in told.words
    assert again is not None
    assert (await mayas.get(unescape(again[1]))).content.startswith(b"id,at,site,")


class AlwaysSoFar(dict[str, float]):
    """How far exports have come: as far as this, whatever their processes tell."""

    def __init__(self) -> None:
        super().__init__()
        self.is_heard = asyncio.Event()

    def __setitem__(self, id: str, share: float) -> None:
        super().__setitem__(id, 0.429)
        self.is_heard.set()


async def test_the_list_says_which_share_of_an_export_is_done(
    mayas: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "WAIT_S", 0.0)
    makers = exporting.makers_of(office.app)
    makers.shares = shares = AlwaysSoFar()
    making = await begun(mayas, office)
    making.suspend()
    await shares.is_heard.wait()  # A process is listed before the gateway listens to it.

    told = await mayas.get(LIST)
    making.resume()
    await exporting.settled(office.app)

    assert "being made: 42&nbsp;%" in told.words
    assert shares == {}


async def test_what_can_not_be_made_says_why(mayas: Browser, office: Office) -> None:
    exporting.folder_of(office.app[HOUSE]).touch()

    sent = await mayas.get(LINK)

    assert sent.status == 303
    assert "failed" in (await mayas.get(LIST)).words


async def test_with_somebody_who_is_erased_all_files_of_the_site_go(mayas: Browser, office: Office) -> None:
    await mayas.get(LINK)
    (made,) = await office.store.read(made_exports.listed, SHOP, at=at())

    await office.store.write(forget_customer, SHOP, "anybody")

    assert (await mayas.get(f"{LIST}/{made.id}")).status == 404
    assert "No file is kept now" in (await mayas.get(LIST)).words
    await exporting.sweep(office.app[HOUSE])
    assert files(office) == []


async def test_who_is_erased_while_a_file_is_made_is_in_none(
    mayas: Browser, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "WAIT_S", 0.0)
    making = await begun(mayas, office)
    making.suspend()
    (made,) = await office.store.read(made_exports.listed, SHOP, at=at())

    await office.store.write(forget_customer, SHOP, "anybody")
    making.resume()
    await exporting.settled(office.app)

    assert (await mayas.get(f"{LIST}/{made.id}")).status == 404
    assert "No file is kept now" in (await mayas.get(LIST)).words
    assert files(office) == []


async def test_two_that_are_asked_for_at_once_are_both_made_and_alike(mayas: Browser, office: Office) -> None:
    await asyncio.gather(mayas.get(LINK), mayas.get(LINK))
    await exporting.settled(office.app)
    one, other = await office.store.read(made_exports.listed, SHOP, at=at())

    assert [(made.state, made.rows) for made in (one, other)] == [("made", 2), ("made", 2)]
    assert one.sha256 == other.sha256 and files(office) == sorted([one.file, other.file])


async def test_a_file_goes_after_a_day(mayas: Browser, office: Office) -> None:
    await mayas.get(LINK)
    (made,) = await office.store.read(made_exports.listed, SHOP, at=at())
    # What a killed process left, in the middle of it.
    (exporting.folder_of(office.app[HOUSE]) / f"{made.file}.1.part.xyz").mkdir()

    office.clock.at = at(days=1, minutes=1)
    await exporting.sweep(office.app[HOUSE])

    assert files(office) == []


async def test_a_file_can_be_removed_and_removing_it_again_changes_nothing(mayas: Browser, office: Office) -> None:
    await mayas.get(LINK)
    (made,) = await office.store.read(made_exports.listed, SHOP, at=at())

    for _ in range(2):
        assert (await mayas.post(f"{LIST}/{made.id}/remove", {"site": SHOP})).status == 303

    assert files(office) == []


async def test_fetching_and_making_are_in_the_audit_log(mayas: Browser, office: Office) -> None:
    await mayas.get(LINK)

    assert [(line.act, line.subject) for line in await written(office.store)] == [(Act.EXPORTED, "export:interactions")]


async def test_another_days_part_of_a_list_and_nonsense_are_answered(mayas: Browser) -> None:
    assert (await mayas.get(f"{LIST}?page=99999999999")).status == 200
    assert (await mayas.get(f"{LIST}?page=-1")).status == 200
    assert (await mayas.get(f"{LIST}?since=tomorrow")).status == 400
    assert (await mayas.get(f"{LIST}?site=nobodys")).status == 404
