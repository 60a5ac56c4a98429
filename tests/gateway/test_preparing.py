"""What is done before the gateway serves, and what it tells who started it."""

from pathlib import Path

import pytest

from bot.gateway.preparing import FIRST_MEMBER, SIGN_IN, prepare
from bot.settings import Settings
from bot.store import people, staff
from bot.store.store import Store
from tests.cast import at


@pytest.fixture
def settings(tmp_path: Path, store: Store) -> Settings:
    return Settings(home=tmp_path, database_url=store.url.render_as_string(hide_password=False))


def told(settings: Settings) -> str:
    return (settings.home / SIGN_IN).read_text(encoding="utf-8")


async def test_the_first_password_is_told_at_every_start_while_it_holds(settings: Settings, store: Store):
    for _ in range(3):
        await prepare(settings)

        found = await store.read(staff.by_name, FIRST_MEMBER)
        assert staff.is_password_of(found, told(settings))


async def test_a_password_that_was_changed_is_not_told(settings: Settings, store: Store):
    await prepare(settings)
    await prepare(settings)

    found = await store.read(staff.by_name, FIRST_MEMBER)
    assert found is not None
    await store.write(people.give_password, found[0].id, staff.hash_password("another one"), at=at(), by=None)
    await prepare(settings)

    assert told(settings) == ""


async def test_what_is_secret_is_for_nobody_else(settings: Settings):
    await prepare(settings)
    await prepare(settings)

    assert {file.stat().st_mode & 0o077 for file in settings.home.rglob("*.txt")} == {0}
