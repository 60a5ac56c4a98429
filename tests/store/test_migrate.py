"""Migrations: up, down and up again on both databases, and the tables that the code knows."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.errors import ConfigurationError
from bot.searching import parse
from bot.store.conversations import begin, transcript
from bot.store.every_table import metadata
from bot.store.migrate import downgrade, upgrade
from bot.store.search import search
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.turns import receive
from tests.cast import SHOP, at

INDEX_OF_WORDS = "sayings_words"
"""Each database has its own."""


def tables(connection: Connection) -> set[str]:
    found = set(inspect(connection).get_table_names()) - {"alembic_version", "sqlite_sequence"}
    return {name for name in found if not name.startswith(INDEX_OF_WORDS)}


def differences(connection: Connection) -> list[object]:
    opts = {"compare_type": True, "include_object": is_a_table_of_ours}
    return compare_metadata(MigrationContext.configure(connection, opts=opts), metadata)


def is_a_table_of_ours(_: object, name: str | None, *told: object) -> bool:
    return not (name or "").startswith(INDEX_OF_WORDS) and name not in ("words", "ix_sayings_words")


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


async def test_what_was_said_before_there_was_a_search_is_found_and_the_way_down_leaves_nothing(
    store: Store, shop: Site
):
    conversation, _ = await store.write(begin, SHOP, at=at(), language="en", page=None)
    await store.write(receive, conversation.id, frame="m1", text="Where is my umbrella?", page=None, at=at())
    await store.write(downgrade, "0010")
    assert "sayings" not in await store.read(tables)

    await store.write(upgrade)

    hits, _ = await store.read(search, parse("umbrella"))
    assert [hit.text for hit in hits] == ["Where is my umbrella?"]
