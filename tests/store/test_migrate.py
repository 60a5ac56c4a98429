"""Migrations: up, down and up again on both databases, and the tables that the code knows."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.errors import ConfigurationError
from bot.store.conversations import begin, transcript
from bot.store.migrate import downgrade, upgrade
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import metadata
from bot.store.turns import receive
from tests.cast import SHOP, at


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version", "sqlite_sequence"}


def differences(connection: Connection) -> list[object]:
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)


async def test_up_down_and_up_again(store: Store):
    await store.write(downgrade, "base")
    assert await store.read(tables) == set()

    await store.write(upgrade)

    assert await store.read(tables) == set(metadata.tables)


async def test_the_migrated_tables_are_those_that_the_code_knows(store: Store):
    assert await store.read(differences) == []


async def test_migrating_what_is_migrated_changes_nothing(store: Store):
    await store.write(upgrade)

    assert await store.read(tables) == set(metadata.tables)


async def test_a_store_of_a_newer_version_is_refused_and_not_touched(store: Store):
    await store.write(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))

    with pytest.raises(ConfigurationError, match=r"9999.*newer"):
        await store.write(upgrade)

    assert await store.read(tables) == set(metadata.tables)


async def test_a_message_from_before_files_and_cards_has_none_and_survives_the_way_down(store: Store, shop: Site):
    conversation, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
    await store.write(receive, conversation.id, frame="m1", text="Hello", page=None, at=at())
    await store.write(downgrade, "0001")
    assert not {"files", "file_pieces"} & await store.read(tables)

    await store.write(upgrade)

    said, _ = await store.read(transcript, conversation.id)
    assert [(one.text, one.files, one.cards) for one in said] == [("Hello", (), ())]
