"""A process that does a run of the worker's for alerts: given are the store, the mail server, the hosts, the moment."""

import asyncio
import sys
from pathlib import Path

from bot.alerts.sender import AlertSender
from bot.alerts.watch import watch
from bot.interactions import Microseconds
from bot.settings import Settings
from bot.store.store import Store
from tests.alerts.conftest import by_words


async def run_once(store_url: str, smtp_url: str, hosts: str, at: int) -> None:
    given = {"home": Path(), "smtp_url": smtp_url, "mail_from": "help@shop.example", "webhook_hosts": hosts}
    store = Store(store_url)
    await watch(store, now=lambda: Microseconds(at), alike=by_words)
    await AlertSender(store, Settings.model_validate(given), now=lambda: Microseconds(at)).work()
    await store.close()


if __name__ == "__main__":
    asyncio.run(run_once(*sys.argv[1:4], int(sys.argv[4])))
