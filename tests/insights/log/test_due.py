"""When the log is brought up to date, and that the worker does it."""

import subprocess
import sys

import pytest

from bot.errors import DuologueError
from bot.insights.log.due import EVERY, bring_up_to_date, is_due
from bot.insights.log.manifest import load
from bot.insights.log.reading import FOLDER
from bot.interactions import Microseconds
from bot.settings import Settings
from bot.store.forget import forget_visitor
from bot.store.interactions import append
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.visitors import create
from bot.worker import keep_the_log
from tests.cast import SHOP, at
from tests.insights.happened import viewed
from tests.insights.log.kept import Kept, kept

__all__ = ["kept"]
LATER = Microseconds(at() + EVERY.seconds * 1_000_000)


async def test_what_is_new_waits_some_minutes(store: Store, shop: Site, kept: Kept):
    assert not await is_due(store, kept.folder, LATER)
    await store.write(append, viewed("v", 0))
    assert await is_due(store, kept.folder, LATER)
    kept.keep(now=at())
    await store.write(append, viewed("v", 1))

    assert not await is_due(store, kept.folder, Microseconds(LATER - 1))
    assert await is_due(store, kept.folder, LATER)


async def test_what_was_erased_does_not_wait(store: Store, shop: Site, kept: Kept):
    visitor = (await store.write(create, shop, at=at(), measure=True, memory=False)).id
    kept.keep(now=at())

    await store.write(forget_visitor, SHOP, visitor)

    assert await is_due(store, kept.folder, at())
    kept.keep(now=at())
    assert not await is_due(store, kept.folder, at())


async def test_the_worker_keeps_the_log_in_a_process_of_its_own(store: Store, shop: Site, kept: Kept):
    await store.write(append, viewed("v", 0, 1))
    settings = Settings(home=kept.folder.parent, database_url=store.url.render_as_string(hide_password=False))

    assert await keep_the_log(store, settings)

    manifest = load(settings.home / FOLDER)
    assert manifest is not None and sum(file.rows for file in manifest.files) == 2
    assert await kept.rows("visitor") == [("v",), ("v",)]


async def test_a_log_that_can_not_be_written_is_told_and_stops_nothing_else(store: Store, shop: Site, kept: Kept):
    await store.write(append, viewed("v", 0))
    kept.folder.write_text("in the way")
    settings = Settings(home=kept.folder.parent, database_url=store.url.render_as_string(hide_password=False))

    with pytest.raises(DuologueError, match="could not be brought up to date"):
        await bring_up_to_date(settings)


def test_the_gateway_and_the_worker_start_without_what_only_reports_need():
    loads = (
        "import sys, bot.gateway.serve, bot.worker; print(*{'duckdb', 'ibis', 'pyarrow', 'pandas'} & set(sys.modules))"
    )

    told = subprocess.run([sys.executable, "-c", loads], stdout=subprocess.PIPE, text=True, check=True)

    assert told.stdout.strip() == ""
