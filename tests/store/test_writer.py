import asyncio

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from bot.errors import StoreUnavailable
from bot.store.store import Store
from bot.store.tables import drops
from tests.conftest import Postgres


def note(connection: Connection, reason: str) -> str:
    connection.execute(insert(drops).values(site="demo", day="2026-03-02", door="test", reason=reason, count=1))
    return reason


def noted(connection: Connection) -> list[str]:
    return list(connection.execute(select(drops.c.reason).order_by(drops.c.reason)).scalars())


def bad(connection: Connection) -> str:
    note(connection, "half of a bad unit")
    return note(connection, "half of a bad unit")


async def test_units_asked_for_at_once_are_all_written(store: Store):
    told = await asyncio.gather(*(store.write(note, f"{number:03}") for number in range(700)))

    assert told == await store.read(noted)


async def test_units_of_one_key_keep_their_order(store: Store):
    done: list[str] = []

    def act(_: Connection, key: str, number: int) -> None:
        done.append(f"{key}{number}")

    await asyncio.gather(
        *(store.write_in_order(key, act, key, number) for number in range(50) for key in ("one", "two"))
    )

    for key in ("one", "two"):
        assert [one for one in done if one.startswith(key)] == [f"{key}{number}" for number in range(50)]


async def test_a_bad_unit_fails_alone_and_leaves_nothing(store: Store):
    told = await asyncio.gather(
        store.write(note, "before"), store.write(bad), store.write(note, "after"), return_exceptions=True
    )

    assert (told[0], told[2]) == ("before", "after")
    assert isinstance(told[1], IntegrityError)
    assert await store.read(noted) == ["after", "before"]


async def test_who_stopped_waiting_stops_nobody_else(store: Store):
    impatient = asyncio.create_task(store.write(note, "impatient"))
    patient = asyncio.create_task(store.write(note, "patient"))
    await asyncio.sleep(0)
    impatient.cancel()

    assert await patient == "patient"
    assert await store.write(note, "later") == "later"


async def test_what_was_asked_for_is_written_before_the_store_closes(store_url: str):
    store = Store(store_url)
    waiting = [asyncio.create_task(store.write(note, f"{number:02}")) for number in range(20)]
    await asyncio.sleep(0)
    await store.close()

    assert len(await asyncio.gather(*waiting)) == 20
    again = Store(store_url)
    assert len(await again.read(noted)) == 20
    await again.close()


async def test_a_database_that_is_away_is_told_as_such_and_found_again(postgres: Postgres, postgres_url: str):
    store = Store(postgres_url)
    name = postgres_url.partition("@/")[2].partition("?")[0]
    await store.write(note, "before")
    await postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await postgres.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    with pytest.raises(StoreUnavailable, match="Try again"):
        await store.write(note, "meanwhile")
    with pytest.raises(StoreUnavailable):
        await store.read(noted)

    await postgres.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    await store.write(note, "after")
    assert await store.read(noted) == ["after", "before"]
    await store.close()


async def test_a_full_disk_is_told_as_such(sqlite_url: str):
    store = Store(sqlite_url)
    await store.write(note, "before")

    def note_too_much(connection: Connection) -> None:
        # The file may then not grow, as on a disk that is full.
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        for number in range(1_000):
            note(connection, f"{number:0500}")

    with pytest.raises(StoreUnavailable, match=r"disk is full; nothing was stored\. Make room"):
        await store.write(note_too_much)

    assert await store.read(noted) == ["before"]
    await store.close()


async def test_a_file_that_is_locked_too_long_is_told_as_such(sqlite_url: str):
    store = Store(sqlite_url)
    holder = Store(sqlite_url)

    def hold(connection: Connection) -> None:
        with pytest.raises(StoreUnavailable, match="Try again"):
            asyncio.run(_write_elsewhere(sqlite_url))

    await holder.write(hold)
    assert await store.write(note, "after") == "after"
    await store.close()
    await holder.close()


async def _write_elsewhere(url: str) -> None:
    store = Store(url)
    try:
        await store.write(note, "meanwhile")
    finally:
        await store.close()
