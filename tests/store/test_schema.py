from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.store.migrate import downgrade
from bot.store.schema import MIGRATIONS, is_current, newest
from bot.store.store import Store


def set_version(connection: Connection, version: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_the_newest_version_is_the_one_that_alembic_would_go_to():
    assert newest() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


async def test_a_store_that_was_brought_up_to_date_is_current(store: Store):
    assert await store.read(is_current)


async def test_an_older_store_and_a_newer_one_are_not(store: Store):
    for version in ("0001", "9999"):
        await store.write(set_version, version)

        assert not await store.read(is_current)


async def test_a_store_without_tables_is_not(store: Store):
    await store.write(downgrade, "base")
    await store.write(lambda connection: connection.execute(text("DROP TABLE alembic_version")))

    assert not await store.read(is_current)
