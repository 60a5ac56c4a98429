"""A process that sends the reports that are due: given are the store, the server, the moment. It is killed in it."""

import asyncio
import sys
from pathlib import Path

from bot.interactions import Microseconds
from bot.mail.reports import ReportSender
from bot.settings import Settings
from bot.store.store import Store


async def report_once(store_url: str, smtp_url: str, at: int) -> None:
    settings = Settings.model_validate({"home": Path(), "smtp_url": smtp_url, "mail_from": "help@shop.example"})
    store = Store(store_url)
    await ReportSender(store, settings, now=lambda: Microseconds(at)).work()
    await store.close()


if __name__ == "__main__":
    asyncio.run(report_once(sys.argv[1], sys.argv[2], int(sys.argv[3])))
