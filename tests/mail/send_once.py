"""A process that sends what is due: given are the store, the server, the moment. It is killed in the middle."""

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from bot.interactions import Microseconds
from bot.mail.sender import Sender
from bot.settings import Settings
from bot.store.store import Store


async def send_once(store_url: str, smtp_url: str, at: int) -> None:
    settings = Settings.model_validate({"home": Path(), "smtp_url": smtp_url, "mail_from": "help@shop.example"})
    store = Store(store_url)
    sender = Sender(store, settings, now=lambda: Microseconds(at), away_for=lambda _: timedelta(hours=1))
    await sender.look()
    await store.close()


if __name__ == "__main__":
    asyncio.run(send_once(sys.argv[1], sys.argv[2], int(sys.argv[3])))
