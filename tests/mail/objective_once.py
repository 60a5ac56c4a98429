"""A process that looks at the objectives that are due. Given are the store, the server, the moment; it is killed."""

import asyncio
import sys
from pathlib import Path

from bot.interactions import Microseconds
from bot.mail.objectives import ObjectiveSender
from bot.settings import Settings
from bot.store.store import Store


async def objective_once(store_url: str, smtp_url: str, at: int) -> None:
    settings = Settings.model_validate({"home": Path(), "smtp_url": smtp_url, "mail_from": "help@shop.example"})
    store = Store(store_url)
    await ObjectiveSender(store, settings, now=lambda: Microseconds(at)).work()
    await store.close()


if __name__ == "__main__":
    asyncio.run(objective_once(sys.argv[1], sys.argv[2], int(sys.argv[3])))
