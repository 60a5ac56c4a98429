"""The bundle of an experiment: its rows give the report's number again, and tell nobody who anybody was."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.errors import ConfigurationError
from bot.experiment import Arm
from bot.insights.exports.bundle import Bundle, bundle, write_out
from bot.insights.lift.report import lift
from bot.store.forget import forget_visitor
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP
from tests.insights.lift.happenings import buy, drawn, talk

DAYS = {"since": "2026-03-02", "until": "2026-03-31"}


async def an_experiment(store: Store) -> list[str]:
    """90 offered of whom 31 bought and 20 talked, 13 held out of whom 2 bought."""
    offered, held_out = await drawn(store, Arm.OFFERED, 90), await drawn(store, Arm.HELD_OUT, 13)
    await talk(store, offered[:20])
    await buy(store, [*offered[:31], *held_out[:2]])
    return [*offered, *held_out]


async def made(store: Store) -> Bundle:
    return await bundle(store, SHOP, **DAYS, log=None)


def counted_again(folder: Path) -> str:
    """What the bundle's own ten lines print, by a Python that knows nothing of us."""
    return subprocess.check_output([sys.executable, "-I", "recompute.py"], cwd=folder, text=True)


async def test_the_reports_number_is_counted_again_from_the_bundle_alone(store: Store, shop: Site, tmp_path: Path):
    await an_experiment(store)
    told = await lift(store, SHOP, *DAYS.values())

    write_out(await made(store), tmp_path / "bundle")
    again = counted_again(tmp_path / "bundle")

    number = next(row["value"] for row in told["rows"] if row["name"] == "conversion_difference")
    assert number == 31 / 90 - 2 / 13
    assert again == f"{number!r}\n"


async def test_the_rows_add_up_to_all_that_the_report_counts(store: Store, shop: Site):
    await an_experiment(store)

    files = (await made(store)).files

    report = json.loads(files["report.json"])
    rows = list(csv.DictReader(io.StringIO(files["outcomes.csv"].decode())))
    arms = {row["person"]: row["arm"] for row in csv.DictReader(io.StringIO(files["assignment.csv"].decode()))}
    for arm in ("offered", "held_out"):
        mine = [row for row in rows if arms[row["person"]] == arm]
        assert len(mine) == report["people"][arm]
        assert sum(int(row["bought"]) for row in mine) == report["buyers"][arm]
        assert sum(int(row["talked"]) for row in mine) == report["talked"][arm]


async def test_the_same_experiment_gives_the_same_bytes(store: Store, shop: Site, tmp_path: Path):
    await an_experiment(store)

    for name in ("one.zip", "other.zip"):
        write_out(await made(store), tmp_path / name)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()
    with ZipFile(tmp_path / "one.zip") as zip:
        sums = dict(line.split("  ")[::-1] for line in zip.read("SHA256SUMS").decode().splitlines())
        assert {
            name: hashlib.sha256(zip.read(name)).hexdigest() for name in zip.namelist() if name != "SHA256SUMS"
        } == sums


async def test_neither_the_salt_nor_anybodys_id_is_in_it(store: Store, shop: Site):
    browsers = await an_experiment(store)

    everything = b"".join((await made(store)).files.values()).decode()

    assert shop.salt not in everything
    assert not any(browser in everything for browser in browsers)
    assert hashlib.sha256(shop.salt.encode()).hexdigest()[:16] in everything


async def test_who_was_erased_is_not_in_it(store: Store, shop: Site):
    browsers = await an_experiment(store)

    await store.write(forget_visitor, SHOP, browsers[0])

    assert (await made(store)).rows == len(browsers) - 1


async def test_nobody_drawn_is_told_and_not_counted(store: Store, shop: Site, tmp_path: Path):
    write_out(await made(store), tmp_path / "bundle")

    again = counted_again(tmp_path / "bundle")

    assert again == "one arm is empty\n"


async def test_what_is_there_already_is_not_written_over(store: Store, shop: Site, tmp_path: Path):
    with pytest.raises(ConfigurationError, match="is there already"):
        write_out(await made(store), tmp_path)


async def test_a_site_that_is_not_there_has_none(store: Store, shop: Site):
    with pytest.raises(ConfigurationError, match="There is no site"):
        await bundle(store, "nobodys", **DAYS, log=None)
