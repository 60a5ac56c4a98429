"""A gateway with some of its doors, for tests: a real server on a free port, and a clock that we set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway import ad_consents, consent, events, purchases
from bot.gateway.house import HOUSE, House
from bot.gateway.senders import Senders
from bot.interactions import Microseconds
from bot.settings import Settings
from bot.store.store import Store
from tests.cast import ORIGIN, SHOP, at

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
Client = TestClient[web.Request, web.Application]


@dataclass
class Clock:
    """Stands still until a test sets it."""

    now: Microseconds

    def __call__(self) -> Microseconds:
        return self.now


@asynccontextmanager
async def doors(
    store: Store, clock: Clock | None = None, *, senders: Senders | None = None, **chosen: str
) -> AsyncIterator[Client]:
    """A client of a gateway that has the doors for events, purchases and consent; it calls itself a Firefox.

    `chosen` are settings.
    """
    app = web.Application()
    app[HOUSE] = House(Settings.model_validate(chosen), store, clock or Clock(at()), senders or Senders())
    for door in (events, purchases, consent, ad_consents):
        app.add_routes(door.routes)
    async with TestClient(TestServer(app), headers={"User-Agent": BROWSER}) as client:
        yield client


def an_event(number: int, **changes: Any) -> dict[str, Any]:
    """A page view; `number` makes its id."""
    view = {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "type": "page_view",
        "url": f"{ORIGIN}/page-{number}",
        "title": f"Page {number}",
        "referrer": "",
        "at": "2026-03-02T12:00:00Z",
    }
    return view | changes


def a_batch(*events: Any, agreed: bool | None = True, visitor: str | None = None, **changes: Any) -> dict[str, Any]:
    consent = {} if agreed is None else {"consent": {"measure": agreed}}
    return {"site": SHOP, "visitor": visitor, "events": list(events)} | consent | changes
