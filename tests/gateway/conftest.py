"""The gateway as it runs, on a real store, with an engine that answers from memory."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import gateway_app
from bot.gateway.engine_address import EngineWhereabouts
from bot.gateway.house import House
from bot.pages.answering.librarian import Librarian
from bot.settings import Settings
from bot.store.sites import Site
from bot.store.staff import NewMember
from bot.store.store import Store
from bot.understanding.listener import Listener
from tests.cast import DANA
from tests.fake_engine import FakeEngine
from tests.gateway.front_office import Browser, Office
from tests.gateway.poller import Poller
from tests.gateway.visitor import Visitor
from tests.homes import home_in


@pytest.fixture(scope="session")
def listener() -> Any:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return Settings(home=home_in(tmp_path), deadline_s=30)


@pytest.fixture
async def client(
    store: Store, shop: Site, engine: FakeEngine, listener: Listener, settings: Settings
) -> AsyncIterator[TestClient[Any, Any]]:
    house, librarian = House(settings, store), Librarian(store, settings)
    app = gateway_app(
        house,
        engine=engine,
        whereabouts=EngineWhereabouts(settings.home / "run"),
        librarian=librarian,
        listener=listener,
    )
    async with TestClient(TestServer(app)) as client:
        yield client
    await librarian.close()


@pytest.fixture
async def visitor(client: TestClient[Any, Any]) -> Visitor:
    return Visitor(client)


@pytest.fixture
async def poller(client: TestClient[Any, Any]) -> Poller:
    return Poller(client)


@pytest.fixture
def office(store: Store, shop: Site, tmp_path: Path) -> Office:
    return Office(store, tmp_path)


@pytest.fixture
async def server(office: Office) -> AsyncIterator[TestServer]:
    async with office.serve() as server:
        yield server


@pytest.fixture
async def dana(office: Office) -> NewMember:
    return await office.hire(DANA)


@pytest.fixture
async def danas(server: TestServer, office: Office, dana: NewMember) -> AsyncIterator[Browser]:
    async with Browser(server) as browser:
        await browser.is_signed_in(office, dana)
        yield browser
