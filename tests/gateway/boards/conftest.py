"""Maya at the dashboard, and a shop with something to show."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from bot.gateway.boards import exports
from bot.interactions import Interaction, Kind, VisitorId
from bot.store.audit import Act
from bot.store.interactions import append
from bot.store.staff import NewMember
from tests.cast import ALICE, BOB, MAYA, SHOP, Person, at
from tests.gateway.front_office import Browser, Office
from tests.gateway.test_audit import written

ADA = Person("Ada", "ada@shop.example", role="admin")


@pytest.fixture
async def maya(office: Office) -> NewMember:
    return await office.hire(MAYA)


@pytest.fixture
async def mayas(server: TestServer, office: Office, maya: NewMember) -> AsyncIterator[Browser]:
    """A browser in which Maya is signed in."""
    async with Browser(server) as browser:
        await browser.is_signed_in(office, maya)
        yield browser


@pytest.fixture
async def adas(server: TestServer, office: Office) -> AsyncIterator[Browser]:
    """A browser in which Ada, an admin, is signed in, who may read conversations too."""
    async with Browser(server) as browser:
        await browser.is_signed_in(office, await office.hire(ADA))
        yield browser


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A link waits for its file on a busy machine too. What is about waiting says how long for itself."""
    monkeypatch.setattr(exports, "WAIT_S", 120.0)


@pytest.fixture
async def a_week_of_trade(office: Office) -> None:
    """Alice looked around and bought without a word; Bob looked at two pages; somebody at one."""
    passer_by = VisitorId("c" * 32)
    views = [(ALICE.visitor, 0), (ALICE.visitor, 1), (BOB.visitor, 2), (BOB.visitor, 3), (passer_by, 4)]
    happened = [seen(visitor, minute) for visitor, minute in views]
    happened.append(
        Interaction(
            at=at(minutes=9), site=SHOP, kind=Kind.PURCHASE, source="purchase", source_id="demo:order-1",
            visitor=ALICE.visitor, value=123_490, currency="EUR", data={"id": "order-1"},
        )
    )  # fmt: skip
    await office.store.write(append, happened)


def seen(visitor: VisitorId, minute: int) -> Interaction:
    return Interaction(
        at=at(minutes=minute), site=SHOP, kind=Kind.PAGE_VIEW, source="events", source_id=f"{visitor}:{minute}",
        visitor=visitor, url="https://shop.example/",
    )  # fmt: skip


async def taken_away(office: Office) -> list[str]:
    """What was exported, earliest first, and how: `export:report demo pdf`; once what is under way is written too."""
    lines = await written(office.store)
    return [f"{line.subject} {line.detail}" for line in lines if line.act == Act.EXPORTED]
