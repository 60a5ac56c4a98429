"""What a visitor who wants a person is told, over the wire and by the bot."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot import desk
from bot.desk import Call, PersonSought
from bot.engine.client import TurnCall, TurnResult
from bot.errors import StoreUnavailable
from bot.gateway.house import House
from bot.gateway.presence import Presence
from bot.gateway.rooms import ROOMS
from bot.gateway.waiting import Waiting
from bot.interactions import ConversationId, Microseconds, rfc3339
from bot.settings import Settings
from bot.site_changes import changed
from bot.store.consents import ask_person
from bot.store.conversations import begin
from bot.store.sites import Site, change_settings
from bot.store.staff import add_member, take
from bot.store.store import Store
from bot.waits import Outlook
from tests.cast import DANA, SHOP, at
from tests.fake_engine import FakeEngine
from tests.gateway.doors import Clock
from tests.gateway.visitor import Visitor


class AskingEngine(FakeEngine):
    """Asks the desk for a person in every turn, as an action does, and keeps what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.sought: list[PersonSought] = []

    async def take_turn(self, call: TurnCall) -> TurnResult:
        self.sought.append(await desk.current().ask_person(Call(call.turn, "m", call.text), reason="asked"))
        return await super().take_turn(call)


@pytest.fixture
def engine() -> AskingEngine:
    return AskingEngine()


ALWAYS = [f"hours.{day}=00:00-24:00" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")]


async def sets(store: Store, *told: str) -> None:
    await store.write(change_settings, SHOP, partial(changed, file=None, told=told))


async def waited(store: Store, *seconds: int, before: Microseconds) -> None:
    """So many visitors waited so long for Dana, an hour ago."""
    dana = await store.write(add_member, DANA.name, DANA.role, at=at())
    asked = Microseconds(before - 3_600_000_000)
    for length in seconds:
        conversation, _ = await store.write(begin, SHOP, at=asked, language=None, page=None)
        await store.write(ask_person, conversation.id, frame="f", reason="", by="visitor", at=asked)
        await store.write(take, ConversationId(conversation.id), dana, at=Microseconds(asked + length * 1_000_000))


@pytest.fixture
def clock() -> Clock:
    return Clock(at())


@pytest.fixture
def house(store: Store, shop: Site, settings: Settings, clock: Clock) -> House:
    return House(settings, store, clock)


async def test_waits_are_read_once_a_minute(store: Store, house: House, clock: Clock):
    presence = Presence()
    waiting = Waiting(house, presence)
    presence.seen("dana", at())
    assert await waiting.look(SHOP) == Outlook(120)
    await waited(store, 10, 20, 30, 40, 50, before=at())

    clock.now = at(seconds=59.9)
    assert (await waiting.look(SHOP)).wait_s == 120

    clock.now = at(seconds=60)
    assert (await waiting.look(SHOP)).wait_s == 30
    assert waiting.outlook(SHOP).wait_s == 30


async def test_a_site_that_was_not_looked_at_is_not_guessed_at(house: House):
    assert Waiting(house, Presence()).outlook(SHOP) == Outlook()


async def test_without_the_store_what_was_known_before_is_told(store: Store, house: House, clock: Clock):
    class Away(House):
        async def site(self, key: object) -> Site | None:
            raise StoreUnavailable("The store is away.")

    presence = Presence()
    presence.seen("dana", at())

    assert await Waiting(Away(house.settings, store, clock), presence).look(SHOP) == Outlook(120)


async def test_a_closed_site_says_so_and_when_it_opens(store: Store, shop: Site, visitor: Visitor):
    today = datetime.now(UTC).date()
    closed = [(today + timedelta(days=number)).isoformat() for number in range(3)]
    await sets(store, "hours.timezone=UTC", *ALWAYS, f"hours.closed={','.join(closed)}")

    welcome = await visitor.connect()
    await visitor.send("human", reason="")
    owner = await visitor.until(lambda frame: frame["type"] == "owner")

    for told in (welcome, owner):
        assert (told["wait_s"], told["open"]) == (None, False)
        assert told["opens_at"] == f"{today + timedelta(days=3)}T00:00:00.000Z"


async def test_the_bot_is_told_the_same_as_the_visitor(
    store: Store, shop: Site, visitor: Visitor, engine: AskingEngine
):
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    closed = [(tomorrow - timedelta(days=number)).isoformat() for number in range(3)]
    await sets(store, "hours.timezone=UTC", *ALWAYS, f"hours.closed={','.join(closed)}")
    await visitor.connect()

    await visitor.say("A person, please")
    owner = await visitor.until(lambda frame: frame["type"] == "owner")

    (sought,) = engine.sought
    assert (sought.wait_s, sought.open) == (None, False) and sought.opens is not None
    assert rfc3339(sought.opens.at) == owner["opens_at"] == f"{tomorrow + timedelta(days=1)}T00:00:00.000Z"


async def test_an_open_site_tells_the_median_to_who_waits(
    client: TestClient[Any, Any], store: Store, shop: Site, visitor: Visitor
):
    now = client.app[ROOMS]._house.now()
    await sets(store, "hours.timezone=UTC", *ALWAYS)
    await waited(store, 70, 80, 90, 100, 110, before=now)

    welcome = await visitor.connect()
    await visitor.send("human", reason="")
    owner = await visitor.until(lambda frame: frame["type"] == "owner")

    assert (welcome["wait_s"], welcome["open"], welcome["opens_at"]) == (None, True, None)
    assert (owner["wait_s"], owner["open"], owner["opens_at"]) == (90, True, None)


async def test_without_hours_nothing_is_said_of_them(shop: Site, visitor: Visitor):
    welcome = await visitor.connect()

    assert (welcome["open"], welcome["opens_at"]) == (None, None)


async def test_the_widget_is_told_the_settings_and_the_greeting_in_its_language(
    store: Store, shop: Site, visitor: Visitor
):
    await sets(store, "phone=+353 20", "greeting.de=Hallo!", "greeting.en=Hello!", "files=false", "hours.timezone=UTC",
               "hours.mon=09:00-17:00", 'invites=[{"id":"help","text":"Help?"}]')  # fmt: skip

    welcome = await visitor.connect(language="de-AT")

    assert welcome["settings"] == {
        "name": "Demo",
        "consent": "ask",
        "phone": "+353 20",
        "greeting": "Hallo!",
        "hours": {"timezone": "UTC", "mon": ["09:00-17:00"]},
        "files": False,
        "rating": True,
    }
