"""An import that is killed: nothing of the file or, in the end, all of it, and each order once."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from bot.gateway.house import now
from bot.insights.imports.command import finish
from bot.interactions import CustomerId, Microseconds
from bot.store.forget import forget_customer
from bot.store.import_tables import import_rows, imports
from bot.store.imports import find, go_on
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import purchases
from bot.worker import finish_imports
from tests.cast import SHOP
from tests.insights.imports.taking import bought

ORDERS = 1_500
PATIENCE_S = 60


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    rows = "".join(f"{number},2026-03-01,4.90,customer-{number % 50}\n" for number in range(ORDERS))
    path.write_text("order id,date,total,customer id\n" + rows)
    return path


async def started(store: Store, file: Path) -> asyncio.subprocess.Process:
    """The command, in a process of its own."""
    url = store.url.render_as_string(hide_password=False)
    known = {"PATH": os.environ["PATH"], "DUOLOGUE_HOME": str(file.parent / "home"), "DUOLOGUE_DATABASE_URL": url}
    command = ("-m", "bot", "import", "orders", str(file), "--currency", "EUR", "--output", "json")
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(sys.executable, *command, env=known, stdout=quiet, stderr=quiet)


async def killed_when(store: Store, file: Path, reached: Callable[[Connection], bool]) -> None:
    """Begins to import the file and kills that as soon as the store has come so far."""
    running = await started(store, file)
    async with asyncio.timeout(PATIENCE_S):
        while not await store.read(reached):
            assert running.returncode is None
            await asyncio.sleep(0)
    running.send_signal(signal.SIGKILL)
    await running.wait()


def count(connection: Connection, table: Any) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


async def all_of_it(store: Store, file: Path) -> list[tuple[Any, ...]]:
    running = await started(store, file)
    assert await asyncio.wait_for(running.wait(), PATIENCE_S) == 0
    return await store.read(bought)


async def test_killed_while_it_is_put_aside_nothing_is_in_the_log(store: Store, shop: Site, file: Path):
    await killed_when(store, file, lambda connection: count(connection, import_rows) > 0)
    before = await store.read(bought)

    whole = await all_of_it(store, file)

    assert before == [] and len(whole) == ORDERS


async def test_killed_while_it_is_put_aside_the_worker_tidies_up_after_ten_minutes(
    store: Store, shop: Site, file: Path
) -> None:
    await killed_when(store, file, lambda connection: count(connection, import_rows) > 0)
    await finish_imports(store)
    at_once = await store.read(count, import_rows)

    await store.write(
        lambda connection: connection.execute(update(imports).values(seen_at=now() - 601_000_000)) and None
    )
    await finish_imports(store)

    assert at_once > 0 and await store.read(count, import_rows) == 0 and await store.read(count, imports) == 0
    assert await store.read(bought) == []


async def test_killed_in_the_middle_a_second_run_gives_the_whole_once(store: Store, shop: Site, file: Path):
    await killed_when(store, file, lambda connection: count(connection, purchases) > 0)
    assert 0 < await store.read(count, purchases) < ORDERS

    whole = await all_of_it(store, file)
    await finish(store, now=now, before=Microseconds(2**62))

    assert len(whole) == ORDERS and await store.read(bought) == whole
    assert await store.read(lambda connection: set(connection.execute(select(imports.c.state)).scalars())) == {"done"}


async def test_killed_in_the_middle_the_worker_goes_on_when_nobody_has_for_a_minute(
    store: Store, shop: Site, file: Path
):
    await killed_when(store, file, lambda connection: count(connection, purchases) > 0)
    await finish_imports(store)
    at_once = await store.read(count, purchases)

    await store.write(
        lambda connection: connection.execute(update(imports).values(seen_at=now() - 61_000_000)) and None
    )
    await finish_imports(store)

    assert at_once < ORDERS

    assert len(await store.read(bought)) == ORDERS
    found = await store.read(find, 1)
    assert found is not None and found.state == "done" and await store.write(go_on, shop, 1, at=now()) == 0


async def test_who_is_forgotten_meanwhile_does_not_come_back_by_it(store: Store, shop: Site, file: Path):
    await killed_when(store, file, lambda connection: count(connection, purchases) > 0)

    await store.write(forget_customer, SHOP, CustomerId("customer-7"))
    await finish(store, now=now, before=Microseconds(2**62))

    whole = await store.read(bought)
    assert len(whole) == ORDERS and sum(row[4] is None for row in whole) == ORDERS / 50
