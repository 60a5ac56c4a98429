"""The list for an ad platform: hashed, of who agreed alone, and none where the model lifts nothing."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection, insert, select

from bot.errors import ConfigurationError, DuologueError
from bot.insights.likeness.audience import NobodyAgreed, NoLift, agreed_in, audience_list, hashed, write_audience
from bot.interactions import Kind
from bot.store.ad_consents import SHOP as SOURCE
from bot.store.ad_consents import Said, note
from bot.store.audit import Act
from bot.store.console_tables import audit
from bot.store.interactions import append
from bot.store.mail_stops import stop
from bot.store.order_addresses import addresses_of
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import purchases
from bot.store.visitors import create, link
from tests.cast import ALICE, SHOP, at
from tests.insights.happened import bought, did
from tests.insights.likeness.test_report import add, keen_and_idle

ASKED = {"until": None, "seed": "buyers", "now": at()}


def order(connection: Connection, id: str, email: str | None, day: int = 0, **whose: str) -> None:
    told = {"site": SHOP, "id": id, "type": Kind.PURCHASE.value, "email": email, "items": [], "digest": id}
    connection.execute(insert(purchases).values(**told, at=at(days=day), **whose))


def exported(connection: Connection) -> list[str]:
    return list(connection.execute(select(audit.c.subject).where(audit.c.act == Act.EXPORTED)).scalars())


@pytest.fixture
def agreed(tmp_path: Path) -> Path:
    """The shop's file: half of all, by their numbers."""
    path = tmp_path / "agreed.csv"
    path.write_text("email,since\n" + "".join(f" V{number:05}@Mail.example ,2026\n" for number in range(0, 630, 2)))
    return path


def test_an_address_is_hashed_without_blanks_and_capitals():
    assert hashed(" Anna@Shop.Example\n") == hashlib.sha256(b"anna@shop.example").hexdigest()


@pytest.mark.parametrize(("platform", "header"), [("google", "Email"), ("meta", "email")])
def test_each_platform_gets_its_own_header_and_each_address_once(platform: str, header: str):
    lines = audience_list(platform, ["b@x.example", "B@x.example ", "a@x.example"]).split("\r\n")

    assert lines[0] == header and lines[-1] == ""
    assert lines[1:-1] == sorted([hashed("a@x.example"), hashed("b@x.example")])


def test_a_file_without_an_address_is_nobodys_consent(tmp_path: Path):
    empty = tmp_path / "agreed.txt"
    empty.write_text("email\n\n")

    with pytest.raises(ConfigurationError, match="has no e-mail address in it, so nobody agreed"):
        agreed_in(empty)
    with pytest.raises(ConfigurationError, match="can't be read"):
        agreed_in(tmp_path / "not there")


async def test_the_list_has_who_is_alike_and_agreed_and_is_written_down(
    store: Store, shop: Site, agreed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    await add(store, keen_and_idle(130, 500))
    for number in range(630):
        await store.write(order, f"o{number}", f"v{number:05}@mail.example", visitor=f"v{number:05}")

    assert await write_audience(store, SHOP, "meta", agreed, log=tmp_path, **ASKED) == 0

    header, *lines = capsys.readouterr().out.split()
    of_even = {hashed(f"v{number:05}@mail.example") for number in range(0, 630, 2)}
    assert header == "email" and len(lines) > 5 and set(lines) <= of_even
    assert await store.read(exported) == ["export:audience-meta"]


@pytest.mark.parametrize(
    ("idle", "why"),
    [
        (30, "Too few to judge who is like the buyers: 0 of 30 people"),
        (700, "Nothing that is known tells who becomes one of the buyers"),
    ],
)
async def test_without_a_lift_there_is_no_list_and_the_reason_is_told(
    store: Store, shop: Site, agreed: Path, tmp_path: Path, idle: int, why: str, capsys: pytest.CaptureFixture[str]
):
    by_chance = np.random.default_rng(3).choice(700, 90, replace=False)
    buyers = [bought(f"v{number:05}", 500, at=at(days=-20)) for number in by_chance if idle == 700]
    await add(store, [*keen_and_idle(0, idle, after=False), *buyers])

    with pytest.raises(NoLift, match=f"No list was written. {why}.* See duologue insights likeness --site {SHOP}"):
        await write_audience(store, SHOP, "google", agreed, log=tmp_path, **ASKED)

    assert capsys.readouterr().out == ""
    assert await store.read(exported) == []


async def test_for_another_platform_there_is_no_list(
    store: Store, shop: Site, agreed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(ConfigurationError, match='no list for "carrier pigeons"; there are google, meta'):
        await write_audience(store, SHOP, "carrier pigeons", agreed, log=tmp_path, **ASKED)

    assert capsys.readouterr().out == ""
    assert await store.read(exported) == []


async def test_who_is_alike_and_left_no_address_is_in_no_list(
    store: Store, shop: Site, agreed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    await add(store, keen_and_idle(130, 500))

    with pytest.raises(DuologueError, match="nobody of the most alike left an address"):
        await write_audience(store, SHOP, "google", agreed, log=tmp_path, **ASKED)

    assert capsys.readouterr().out == ""


@pytest.fixture
async def keen(store: Store, shop: Site) -> None:
    """630 people, each with an address, a likeness that lifts, and no consent."""
    await add(store, keen_and_idle(130, 500))
    for number in range(630):
        await store.write(order, f"o{number}", f"v{number:05}@mail.example", visitor=f"v{number:05}")


def yes(number: int, *, agrees: bool = True, day: int = 0) -> Said:
    address = f" V{number:05}@mail.example"
    return Said(
        address=address, customer=None, agrees=agrees, at=at(days=day), source=SOURCE, source_id=f"{number}:{day}"
    )


async def test_who_agreed_is_in_the_list_without_a_file_and_who_took_it_back_is_not(
    store: Store, keen: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    await store.write(note, SHOP, [yes(number) for number in range(0, 630, 2)], at=at())
    await store.write(note, SHOP, [yes(number, agrees=False, day=1) for number in range(0, 630, 4)], at=at())

    assert await write_audience(store, SHOP, "google", None, log=tmp_path, **ASKED) == 0

    header, *lines = capsys.readouterr().out.split()
    still = {hashed(f"v{number:05}@mail.example") for number in range(2, 630, 4)}
    assert header == "Email" and len(lines) > 5 and set(lines) <= still


async def test_without_a_word_of_consent_there_is_no_list_and_the_way_to_one_is_told(
    store: Store, keen: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    with pytest.raises(NobodyAgreed, match=r"nobody .* agreed .*a column ads_consent\) or POST /v1/consents, or name"):
        await write_audience(store, SHOP, "meta", None, log=tmp_path, **ASKED)

    assert capsys.readouterr().out == ""
    assert await store.read(exported) == []


async def test_an_address_is_that_of_the_latest_order_of_any_browser(store: Store, shop: Site):
    browser = (await store.write(create, shop, at=at(), measure=True, memory=False)).id
    await store.write(link, SHOP, browser, ALICE.customer, evidence="identify", at=at())
    await store.write(order, "1", "old@mail.example", day=-9, visitor="v")
    await store.write(order, "2", "new@mail.example", day=-1, visitor="v")
    await store.write(order, "3", "alice@mail.example", visitor=browser)
    await store.write(order, "4", None, visitor="erased")
    await store.write(order, "5", "stopped@mail.example", visitor="stopped")
    await store.write(stop, SHOP, "Stopped@mail.example", at=at())

    found = await store.read(addresses_of, SHOP, [f"c:{ALICE.customer}", "v:v", "v:erased", "v:stopped", "v:nobody"])

    assert found == {f"c:{ALICE.customer}": "alice@mail.example", "v:v": "new@mail.example"}


async def test_without_an_order_that_has_one_it_is_the_address_that_the_shop_told(store: Store, shop: Site):
    for customer, source, of_a_contact in (
        ("told", "import", "told@mail.example"),
        ("both", "import", "contact@mail.example"),
        ("stopped", "import", "stopped@mail.example"),
        ("nameless", "import", None),
    ):
        happened = did(None, Kind.IDENTIFIED, customer=customer, source=source, data={"email": of_a_contact})
        await store.write(append, [happened])
    await store.write(order, "1", "order@mail.example", customer="both")
    await store.write(order, "2", None, customer="told")
    await store.write(stop, SHOP, "stopped@mail.example", at=at())

    found = await store.read(addresses_of, SHOP, [f"c:{one}" for one in ("told", "both", "stopped", "nameless", "no")])

    assert found == {"c:told": "told@mail.example", "c:both": "order@mail.example"}
