"""The store that a command works on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import Settings
from bot.store.migrate import upgrade
from bot.store.store import Store


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The store, with its tables up to date."""
    store = Store(settings.store_url)
    try:
        await store.write(upgrade)
        yield store
    finally:
        await store.close()
