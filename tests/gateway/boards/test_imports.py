"""A shop's files handed in on the dashboard: looked at, imported whole or not at all, and undone."""

import asyncio
import gzip
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection, func, select

from bot.gateway import taking_in
from bot.gateway.boards import handing_in
from bot.gateway.house import HOUSE
from bot.insights.imports import tray as trays
from bot.insights.imports.tray import Tray
from bot.interactions import Microseconds
from bot.store.audit import Act
from bot.store.imports import latest
from bot.store.spend import spend
from bot.store.staff import NewMember
from bot.store.tables import purchases
from tests.cast import DANA, MAYA, SHOP, Person, at
from tests.gateway.front_office import Browser, Office, Page
from tests.gateway.test_audit import written
from tests.insights.imports.taking import bought

PAGE = "/insights/import"
OLGA = Person("Olga", "olga@shop.example", role="admin")
ORDERS = b"Order ID,Date,Total,Currency,E-Mail\n1001,2026-02-01,49.90,EUR,ann@shop.example\n1002,2026-02-02,5,EUR,\n"
PATIENCE_S = 60


@pytest.fixture
async def olga(office: Office) -> NewMember:
    """She decides who is staff, so she may bring in who the customers are."""
    return await office.hire(OLGA)


@pytest.fixture
async def olgas(server: TestServer, office: Office, olga: NewMember) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, olga)
        yield browser


@pytest.fixture
def tray(office: Office) -> Tray:
    return taking_in.tray_of(office.app[HOUSE])


type HandIn = Callable[..., Awaitable[Page]]


@pytest.fixture
def hand_in(olgas: Browser, office: Office) -> HandIn:
    """Hands a file in by the page's form, waits until it was looked at, and shows what was found."""

    async def send(content: bytes, kind: str = "orders", name: str = "orders.csv") -> Page:
        sent = await posted(olgas, content, kind, name)
        if sent.status != 303:
            return sent
        await taking_in.settled(office.app)
        page = await olgas.get(sent.location)
        page.headers["Location"] = sent.location
        return page

    return send


async def posted(browser: Browser, content: bytes, kind: str = "orders", name: str = "orders.csv") -> Page:
    """As browsers write a form."""
    parts = [
        *(f'Content-Disposition: form-data; name="{field}"\r\n\r\n{value}'.encode()
          for field, value in (("site", SHOP), ("kind", kind))),
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'.encode()
        + content,
    ]  # fmt: skip
    body = b"".join(b"--sewn\r\n" + part + b"\r\n" for part in parts) + b"--sewn--\r\n"
    return await browser.post(PAGE, body, Content_Type="multipart/form-data; boundary=sewn")


async def press(browser: Browser, office: Office, page: Page, what: str, **fields: str) -> Page:
    """Presses a button of a file's page, and shows the page once that is done."""
    sent = await browser.post(f"{page.location}/{what}", fields)
    assert sent.status == 303, sent.words
    await taking_in.settled(office.app)
    shown = await browser.get(sent.location)
    shown.headers["Location"] = sent.location
    return shown


def files_in(tray: Tray) -> list[str]:
    return sorted(one.name for one in tray.folder.rglob("*") if one.is_file()) if tray.folder.is_dir() else []


async def test_a_file_is_looked_at_first_and_nothing_of_it_is_imported_by_that(hand_in: HandIn, office: Office) -> None:
    page = await hand_in(ORDERS)

    assert "CSV (comma), UTF-8, 2 rows" in page.words
    assert "Order number is “Order ID”" in page.words and "2 purchases (54.90 EUR)" in page.words
    assert "2026-02-01 00:00 UTC" in page.words and "ann@shop.example" in page.words
    assert "Import all of it" in page.text
    assert await office.store.read(bought) == []


async def test_what_was_looked_at_is_imported_by_one_press_and_the_file_is_gone(
    hand_in: HandIn, olgas: Browser, office: Office, olga: NewMember, tray: Tray
) -> None:
    page = await hand_in(ORDERS)

    done = await press(olgas, office, page, "take")

    assert "Imported" in done.words and "2 purchases" in done.words
    assert [row[:3] for row in await office.store.read(bought)] == [
        ("1001", "purchase", 4_990), ("1002", "purchase", 500),
    ]  # fmt: skip
    assert "file" not in files_in(tray)
    lines = [line for line in await written(office.store) if line.act == Act.IMPORTED]
    assert [(line.staff, line.detail) for line in lines] == [(olga.id, "2 rows of orders")]


async def test_the_list_tells_who_imported_what_and_takes_it_back(
    hand_in: HandIn, olgas: Browser, office: Office
) -> None:
    page = await hand_in(ORDERS)
    await press(olgas, office, page, "take")
    (one,) = await office.store.read(latest, SHOP)

    listed = await olgas.get(f"{PAGE}?site=demo")
    undone = await olgas.post(f"{PAGE}/undo/{one.id}")
    await taking_in.settled(office.app)
    after = await olgas.get(f"{PAGE}?site=demo")

    assert "orders.csv" in listed.words and "Olga" in listed.words and "Take all 2 out again" in listed.words
    assert undone.status == 303 and await office.store.read(bought) == []
    assert "undone" in after.words and "Take all" not in after.words
    acts = [line.act for line in await written(office.store)]
    assert Act.UNDID_IMPORT in acts
    assert (await olgas.post(f"{PAGE}/undo/{one.id}")).status == 409


async def test_pressed_twice_it_is_imported_once(hand_in: HandIn, olgas: Browser, office: Office) -> None:
    page = await hand_in(ORDERS)

    pressed = await asyncio.gather(*(olgas.post(f"{page.location}/take", {}) for _ in range(3)))
    await taking_in.settled(office.app)
    await press(olgas, office, page, "take")

    assert [one.status for one in pressed] == [303] * 3
    assert len(await office.store.read(latest, SHOP)) == 1 and len(await office.store.read(bought)) == 2


async def test_wrong_rows_are_told_by_their_lines_and_all_of_them_are_in_a_file(
    hand_in: HandIn, olgas: Browser, office: Office
) -> None:
    wrong = b"".join(b"%d,2026-02-01,abc,EUR,\n" % number for number in range(2_000, 2_150))

    page = await hand_in(ORDERS + wrong)
    file = await olgas.get(f"{page.location}/errors.csv")

    assert "150 rows are wrong" in page.words and "And 50 more" in page.words
    assert page.text.count("is no number") == 100
    assert file.content.count(b"is no number") == 150 and file.content.startswith(b"line,problem\r\n4,")
    assert (file.headers["Content-Type"], file.headers["Cache-Control"]) == ("text/csv; charset=utf-8", "no-store")
    assert await office.store.read(bought) == []


async def test_what_is_right_is_imported_when_somebody_says_so(hand_in: HandIn, olgas: Browser, office: Office) -> None:
    page = await hand_in(ORDERS + b"1003,2026-02-01,abc,EUR,\n")

    untouched = await press(olgas, office, page, "take")
    done = await press(olgas, office, page, "take", skip_errors="yes")

    assert "1 row is wrong" in untouched.words
    assert "1 wrong row was left out" in done.words
    assert [row[0] for row in await office.store.read(bought)] == ["1001", "1002"]


async def test_a_column_that_nobody_knows_is_said_on_the_page(hand_in: HandIn, olgas: Browser, office: Office) -> None:
    page = await hand_in(b"Vorgang,Wann,Wieviel\n1001,03/04/2025,5.00\n")
    assert "No column is the order's id" in page.words.replace("&#39;", "'") and "--map" not in page.words

    named = {"column-0": "id", "column-1": "at", "column-2": "value"}
    asked = await press(olgas, office, page, "check", **named)
    assert "No column is the currency" in asked.words and "--currency" not in asked.words
    unsure = await press(olgas, office, asked, "check", currency="eur", **named)
    assert "choose “Dates” below" in unsure.words
    known = await press(olgas, office, unsure, "check", currency="eur", dates="dmy", **named)

    assert "1 purchase (5.00 EUR)" in known.words and "2025-04-03" in known.words


@pytest.mark.parametrize(
    ("kind", "file", "found"),
    [
        ("orders", b"id,date,total,currency\n1,2026-02-01,1.234,EUR\n", "1 purchase (1234.00 EUR)"),
        ("spend", b"day,channel,amount,currency\n2026-02-01,paid,1.234,EUR\n", "1234.00"),
    ],
)
async def test_what_decimals_stand_after_is_said_on_the_page(
    hand_in: HandIn, olgas: Browser, office: Office, kind: str, file: bytes, found: str
) -> None:
    page = await hand_in(file, kind)

    known = await press(olgas, office, page, "check", decimals="comma")

    assert "choose “Decimals” below" in page.words and "--decimals" not in page.words
    assert found in known.words and '<option value="comma" selected>' in known.text


async def test_a_column_can_be_left_out(hand_in: HandIn, olgas: Browser, office: Office) -> None:
    page = await hand_in(ORDERS)

    names = {"column-0": "id", "column-1": "at", "column-2": "value", "column-3": "currency", "column-4": ""}
    other = await press(olgas, office, page, "check", **names)

    assert "Not used: E-Mail" in other.words and "0 of them are of a customer" in other.words


async def test_two_columns_can_not_be_the_same(hand_in: HandIn, olgas: Browser) -> None:
    page = await hand_in(ORDERS)

    refused = await olgas.post(f"{page.location}/check", {"column-0": "id", "column-1": "id"})

    assert refused.status == 400 and "Two columns are said to be" in refused.words


async def test_contacts_and_spend_come_in_by_the_same_page(hand_in: HandIn, olgas: Browser, office: Office) -> None:
    contacts = await hand_in(b"id,email,name\n7,ann@shop.example,Ann\n", "contacts", "contacts.csv")
    costs = await hand_in(b"day,channel,amount,currency\n2026-02-01,paid,12.50,EUR\n", "spend", "spend.csv")
    sums = await office.store.read(lambda connection: connection.execute(select(func.count()).select_from(spend)))

    taken = [await press(olgas, office, page, "take") for page in (contacts, costs)]

    assert "1 contact" in contacts.words and "12.50" in costs.words and sums.scalar_one() == 0
    assert all("Imported" in page.words for page in taken)
    kept = await office.store.read(
        lambda connection: [tuple(row) for row in connection.execute(select(spend.c.amount))]
    )
    assert kept == [(1_250,)]


async def test_windows_letters_semicolons_and_gzip_are_understood(hand_in: HandIn) -> None:
    text = "Bestellnummer;Datum;Summe;Währung;Kunde\n1001;1.2.2026;49,90;EUR;Jürgen\n"

    page = await hand_in(gzip.compress(text.encode("cp1252")), name="orders.csv.gz")

    assert "CSV (semicolon), Windows-1252" in page.words and "1 purchase (49.90 EUR)" in page.words
    assert "Jürgen" in page.words


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"\n \n", "The file is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "No column is the order"),
        (gzip.compress(b"id,date\n" * 9_000)[:-20], "packed by gzip and broken"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 300, "packed by gzip and broken"),
        (b"id,id,date\n1,2,2026-01-01\n", "Two columns are named"),
    ],
)
async def test_what_is_no_list_is_told_in_a_sentence(hand_in: HandIn, content: bytes, said: str) -> None:
    page = await hand_in(content)

    assert page.status == 200 and "Nothing was imported." in page.words and said in page.words, page.words


async def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    server: TestServer, olgas: Browser, tray: Tray
) -> None:  # fmt: skip
    """Two gigabytes are announced, as a browser does, and not a byte of them is waited for."""
    jar = olgas._client.session.cookie_jar.filter_cookies(server.make_url("/"))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = (
        f"POST {PAGE} HTTP/1.1\r\nHost: {server.host}:{server.port}\r\nOrigin: {olgas.address}\r\n"
        f"Cookie: duologue={jar['duologue'].value}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        "Content-Length: 2000000000\r\n\r\n--x\r\n"
    )
    writer.write(head.encode())
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
    writer.close()

    assert answer.startswith(b"HTTP/1.1 413 ") and files_in(tray) == []


async def test_a_file_that_grows_too_large_on_its_way_leaves_nothing(
    hand_in: HandIn, tray: Tray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_in, "LARGEST", 1_500_000)

    page = await hand_in(ORDERS + b"x" * 2_000_000)

    assert page.status == 413 and "at most 1 MB here" in page.words and files_in(tray) == []


async def test_who_chose_no_file_is_told(olgas: Browser, tray: Tray) -> None:
    page = await posted(olgas, b"", name="")

    assert page.status == 400 and "No file was chosen" in page.words and files_in(tray) == []


async def test_a_packed_file_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.errors import ConfigurationError
    from bot.insights.imports import handed

    monkeypatch.setattr(handed, "UNPACKED", 1_000_000)
    packed = tmp_path / "file"
    packed.write_bytes(gzip.compress(b"a" * 3_000_000))

    with pytest.raises(ConfigurationError, match="Give it in parts"):
        handed.refuse_bombs(packed)


async def test_names_and_cells_are_shown_and_never_run(hand_in: HandIn, olgas: Browser) -> None:
    name = "<img src=x onerror=alert(1)>.csv"
    rows = b'id,date,total,currency,name,<b>extra</b>\n1,2026-02-01,<i>5,EUR,"<script>alert(1)</script>",x\n'

    page = await hand_in(rows, name=f"../../{name}")
    good = await hand_in(rows.replace(b"<i>", b""), name="..\\..\\=cmd.csv")
    listed = await olgas.get(f"{PAGE}?site=demo")

    for shown in (page, good, listed):
        assert not any(part in shown.text for part in ("<img", "<script>alert", "<b>extra", "<i>5"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in good.text
    assert ".." not in good.words


async def test_agents_and_marketers_may_not_import(server: TestServer, office: Office, tray: Tray) -> None:
    for person in (DANA, MAYA):
        async with Browser(server) as browser:
            await browser.is_signed_in(office, await office.hire(person))

            assert (await browser.get(PAGE)).status == 403
            assert (await posted(browser, ORDERS)).status == 403

    assert files_in(tray) == []


async def test_a_foreign_page_can_not_hand_in(olgas: Browser, tray: Tray) -> None:
    page = await olgas.post(
        PAGE, b"--x--\r\n", Origin="https://evil.example", Content_Type="multipart/form-data; boundary=x"
    )

    assert page.status == 403 and files_in(tray) == []


async def test_a_file_that_nobody_imports_goes_after_an_hour(hand_in: HandIn, tray: Tray, olgas: Browser) -> None:
    page = await hand_in(ORDERS)

    tray.sweep(at(minutes=59))
    kept = files_in(tray)
    tray.sweep(at(minutes=60))

    assert "file" in kept and files_in(tray) == []
    assert (await olgas.get(page.location)).status == 404


async def test_a_file_is_thrown_away_by_a_press(hand_in: HandIn, tray: Tray, olgas: Browser, office: Office) -> None:
    page = await hand_in(ORDERS)

    sent = await olgas.post(f"{page.location}/drop")

    assert sent.status == 303 and files_in(tray) == []


async def test_only_so_many_files_wait_at_once(hand_in: HandIn, tray: Tray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trays, "MOST", 1)
    await hand_in(ORDERS)

    page = await hand_in(ORDERS)

    assert page.status == 409 and "wait to be imported already" in page.words
    assert files_in(tray).count("file") == 1


async def test_killed_while_it_imports_nothing_is_half_there_and_the_file_can_be_imported_again(
    hand_in: HandIn, olgas: Browser, office: Office, tray: Tray
) -> None:
    many = b"".join(b"%d,2026-02-01,4.90,EUR,\n" % number for number in range(5_000, 6_500))
    page = await hand_in(ORDERS + many)
    await olgas.post(f"{page.location}/take", {})
    await killed_when(office, lambda connection: 0 < count(connection) < 1_502)
    await taking_in.settled(office.app)

    stopped = await olgas.get(page.location)
    half = await office.store.read(count)
    (one,) = await office.store.read(latest, SHOP)
    again = await press(olgas, office, page, "take")

    assert 0 < half < 1_502 and one.state == "accepted" and one.rows == 1_502
    assert "Import all of it" in stopped.text and again.status == 200
    from bot.insights.imports.command import finish

    await finish(office.store, now=office.clock, before=Microseconds(2**62))
    assert await office.store.read(count) == 1_502


def count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(purchases)).scalar_one()


async def killed_when(office: Office, reached: Callable[[Connection], Any]) -> None:
    """Kills the process that imports as soon as the store has come so far."""
    async with asyncio.timeout(PATIENCE_S):
        while not await office.store.read(reached):  # noqa: ASYNC110
            await asyncio.sleep(0.002)
    _kill_who_imports()


def _kill_who_imports() -> None:
    for child in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        for id in child.read_text().split():
            if b"bot.insights.imports" in Path(f"/proc/{id}/cmdline").read_bytes():
                os.kill(int(id), signal.SIGKILL)
