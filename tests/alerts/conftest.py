"""A shop in which people say things, a clock, and a rule that watches for them."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection

from bot.alert_rules import Rule, What
from bot.alerts.watch import watch
from bot.interactions import CustomerId, Interaction, Kind, Microseconds, VisitorId
from bot.settings import Settings
from bot.store import alerts, invented
from bot.store.alert_deliveries import Raised, raised_lately
from bot.store.interactions import append
from bot.store.invented import Person, Said, Talk
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import SHOP, at
from tests.mail.conftest import Clock, PostOffice, clock, mail_settings, post_office

__all__ = ["Clock", "PostOffice", "clock", "mail_settings", "post_office"]

type Row = dict[str, Any]
PAGE = "https://shop.example/shipping.html"


@dataclass
class Shop:
    """Where people are numbered, and each leads one conversation."""

    store: Store
    clock: Clock
    _known: set[int] = field(default_factory=set)
    _said: int = 0

    async def says(
        self, number: int, text: str = "It is late.", *, at: Microseconds | None = None, **data: Any
    ) -> None:
        """Person `number` says it; `data` is what was understood, as `complaint`: about delivery without more."""
        moment = self.clock() if at is None else at
        told = {"sentiment": -0.5, "topics": ["delivery"]} | data
        told.setdefault("statements", [{"kind": "complaint", "text": text, "start": 0, "end": len(text),
                                        "topics": told["topics"]}])  # fmt: skip
        await self.happens(number, Kind.UNDERSTANDING, told, text=text, at=moment)

    async def happens(
        self, number: int, kind: Kind, data: dict[str, Any], *, text: str = "Hello.", at: Microseconds | None = None
    ) -> None:
        self._said += 1
        moment = self.clock() if at is None else at
        await self.store.write(self._written, number, kind, data, text, moment, self._said)

    def _written(
        self,
        connection: Connection,
        number: int,
        kind: Kind,
        data: dict[str, Any],
        text: str,
        at: Microseconds,
        nth: int,
    ) -> None:
        who, where = visitor(number), f"talk-{number}"
        if number not in self._known:
            self._known.add(number)
            person = Person(who, at, "offered", False, CustomerId(""))
            said = Said("visitor", text, at, None, PAGE)
            invented.add(connection, SHOP, people=[person], talks=[Talk(where, who, PAGE, (said,))])
        append(connection, [Interaction(
            at=at, site=SHOP, kind=kind, source="turn", source_id=f"{where}:{nth}:{kind}", visitor=who,
            conversation=where, seq=1, url=PAGE, data=data,
        )])  # fmt: skip


def visitor(number: int) -> VisitorId:
    return VisitorId(f"{number:032x}")


@pytest.fixture
def talking(store: Store, shop: Site, clock: Clock) -> Shop:
    return Shop(store, clock)


type Add = Callable[..., Any]


@pytest.fixture
def rule(store: Store, shop: Site) -> Add:
    """Adds a rule; its id."""

    async def added(what: What = What.COMPLAINT, **more: Any) -> str:
        wanted = Rule(site=SHOP, what=what, **({"least": 3} | more))
        id = await store.write(alerts.add_rule, wanted, by=None, at=at())
        assert id is not None
        return id

    return added


def by_words(texts: Any) -> list[int]:
    """Questions are the same when they are written so: what the encoder is for has tests of its own."""
    return list(range(len(texts)))


async def looks(store: Store, clock: Clock) -> list[Raised]:
    """One look of a worker; the alerts that there are now, the latest first."""
    await watch(store, now=clock, alike=by_words)
    return await store.read(raised_lately, SHOP)


@dataclass
class Receiver:
    """A web address on this machine. It answers what is in `answers`, one for each call, then 200."""

    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[web.StreamResponse | Callable[[], Any]] = field(default_factory=list)
    address: str = ""
    server: TestServer | None = None

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.calls.append((dict(request.headers), await request.read()))
        answer = self.answers.pop(0) if self.answers else web.Response()
        if isinstance(answer, web.StreamResponse):
            return answer
        answered: web.StreamResponse = await answer()
        return answered


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    taking = Receiver()
    app = web.Application()
    app.router.add_post("/hook", taking.take)
    app.router.add_route("*", "/elsewhere", taking.take)
    taking.server = TestServer(app)
    await taking.server.start_server()
    taking.address = str(taking.server.make_url("/hook"))
    yield taking
    await taking.server.close()


@pytest.fixture
def hook_settings(receiver: Receiver, post_office: PostOffice, tmp_path: Path) -> Settings:
    assert receiver.server is not None
    return Settings.model_validate({
        "home": tmp_path, "smtp_url": post_office.url, "mail_from": "Teasel Mill <help@shop.example>",
        "webhook_hosts": f"127.0.0.1:{receiver.server.port}",
    })  # fmt: skip
