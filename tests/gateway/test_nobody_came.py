"""Who asked for a person and got none: back to the bot with one apology, and a mail address is asked for."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.conversation import Owner, State
from bot.gateway.app import gateway_app
from bot.gateway.engine_address import EngineWhereabouts
from bot.gateway.house import HOUSE, House
from bot.gateway.nobody_came import give_back
from bot.gateway.rooms import ROOMS
from bot.interactions import Kind, Microseconds
from bot.pages.answering.librarian import Librarian
from bot.store import staff
from bot.store.consents import note
from bot.store.conversations import Conversation, find, transcript
from bot.store.sites import add_site
from bot.store.staff import NewMember
from bot.store.store import Store
from bot.understanding.listener import Listener
from tests.cast import DANA, SHOP, at
from tests.fake_engine import FakeEngine
from tests.gateway.visitor import Visitor

Client = TestClient[Any, Any]
ALWAYS = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
ADDRESS = "bob@visitors.example"


class Later:
    """The gateway's clock, some minutes ahead of the machine's once they have passed."""

    def __init__(self, house: House) -> None:
        self._clock, self.ahead = house.now, timedelta(0)
        house.now = self

    def __call__(self) -> Microseconds:
        return Microseconds(self._clock() + self.ahead // timedelta(microseconds=1))


@pytest.fixture
def later(client: Client) -> Later:
    return Later(client.app[HOUSE])


@pytest.fixture
async def waiting(visitor: Visitor) -> Visitor:
    """Has said something and asked for a person."""
    await visitor.connect()
    await visitor.ask("Hello, is anybody there?")
    await visitor.send("human", reason="A person, please")
    await visitor.until(lambda one: one["type"] == "owner" and one["owner"] == "nobody")
    return visitor


@pytest.fixture
async def dana(store: Store) -> NewMember:
    return await store.write(staff.add_member, DANA.name, DANA.role, at=at())


async def minutes_pass(client: Client, later: Later, minutes: float) -> int:
    later.ahead += timedelta(minutes=minutes)
    return await give_back(client.app[HOUSE], client.app[ROOMS])


async def led(store: Store, visitor: Visitor) -> Conversation:
    known = await store.read(find, visitor.frames[0]["conversation"])
    assert known is not None
    return known


async def apologies(store: Store, known: Conversation) -> list[str]:
    said, _ = await store.read(transcript, known.id, notes=True)
    return [one.text for one in said if "nobody could come" in one.text or "Niemand konnte" in one.text]


async def test_after_five_minutes_the_bot_says_sorry_once_and_asks_for_an_address(
    client: Client, store: Store, waiting: Visitor, later: Later
) -> None:
    await minutes_pass(client, later, 5)
    await minutes_pass(client, later, 5)

    sorry = await waiting.until(lambda one: one["type"] == "message" and "nobody could come" in one["text"])
    assert sorry["from"] == "bot" and "Which e-mail address" in sorry["text"]
    await waiting.until(lambda one: one["type"] == "owner" and one["owner"] == "bot")
    known = await led(store, waiting)
    assert (known.standing.owner, known.standing.state) == (Owner.BOT, State.OPEN)
    assert len(await apologies(store, known)) == 1


async def test_not_before(client: Client, store: Store, waiting: Visitor, later: Later) -> None:
    await minutes_pass(client, later, 4.9)

    known = await led(store, waiting)
    assert known.standing.owner is Owner.NOBODY
    assert await apologies(store, known) == []


async def test_staff_find_a_note_that_the_visitor_does_not_see(
    client: Client, store: Store, waiting: Visitor, later: Later
) -> None:
    await minutes_pass(client, later, 5)

    await waiting.until(lambda one: one.get("owner") == "bot")
    said, _ = await store.read(transcript, (await led(store, waiting)).id, notes=True)
    assert [one.text for one in said if one.sender == "note"] == [
        "Nobody came in 5 minutes, so the visitor went back to the bot."
    ]
    assert "Nobody came in" not in str(waiting.frames)


async def test_two_gateways_that_look_at_once_say_it_once(
    client: Client, store: Store, waiting: Visitor, later: Later, listener: Listener
) -> None:
    house = client.app[HOUSE]
    librarian = Librarian(store, house.settings)
    where = EngineWhereabouts(house.settings.home / "run")
    twin = gateway_app(house, engine=FakeEngine(), whereabouts=where, librarian=librarian, listener=listener)
    later.ahead = timedelta(minutes=5)

    await asyncio.gather(*(give_back(house, app[ROOMS]) for app in (client.app, twin) for _ in range(3)))

    assert len(await apologies(store, await led(store, waiting))) == 1
    await librarian.close()


async def test_of_an_agent_who_comes_in_the_same_moment_and_the_apology_the_agent_is_last(
    client: Client, store: Store, waiting: Visitor, later: Later, dana: NewMember
) -> None:
    known, house = await led(store, waiting), client.app[HOUSE]
    later.ahead = timedelta(minutes=5)

    _, done = await asyncio.gather(
        give_back(house, client.app[ROOMS]), store.write_in_order(known.id, staff.take, known.id, dana, at=house.now())
    )
    await give_back(house, client.app[ROOMS])

    after = await led(store, waiting)
    assert done.refused is None
    assert (after.standing.owner, after.standing.staff) == (Owner.STAFF, dana.id)
    assert len(await apologies(store, known)) <= 1


async def test_once_an_agent_has_it_nothing_is_said(
    client: Client, store: Store, waiting: Visitor, later: Later, dana: NewMember
) -> None:
    known = await led(store, waiting)
    await store.write(staff.take, known.id, dana, at=later())

    await minutes_pass(client, later, 30)

    assert await apologies(store, known) == []


async def test_who_went_back_can_still_be_taken_over_and_may_ask_again(
    client: Client, store: Store, waiting: Visitor, later: Later, dana: NewMember
) -> None:
    await minutes_pass(client, later, 5)
    known = await led(store, waiting)
    await store.write(staff.take, known.id, dana, at=later())
    await store.write(staff.give_back, known.id, dana, at=later())
    await waiting.send("human", reason="Once more")
    await waiting.until(lambda one: one.get("owner") == "nobody")

    await minutes_pass(client, later, 5)

    assert len(await apologies(store, known)) == 2


async def test_who_left_an_address_before_is_not_asked_for_one(
    client: Client, store: Store, waiting: Visitor, later: Later
) -> None:
    known = await led(store, waiting)
    await store.write(note, known.id, frame="left", kind=Kind.CONTACT, data={"email": ADDRESS}, at=later())

    await minutes_pass(client, later, 5)

    (sorry,) = await apologies(store, known)
    assert sorry.endswith(f"A person will write to {ADDRESS}.")


async def test_the_next_answer_is_heard_by_the_contact_form(
    client: Client, waiting: Visitor, later: Later, engine: FakeEngine
) -> None:
    await minutes_pass(client, later, 5)

    await waiting.ask(ADDRESS)

    state = engine.heard[-1].state
    assert state is not None
    loops = [one["name"] for one in state["events"] if one["event"] == "active_loop"]
    slots = {one["name"]: one["value"] for one in state["events"] if one["event"] == "slot"}
    assert loops == ["contact_form"]
    assert slots == {"asked": {"email": 1}, "contact": "asked", "requested_slot": "email"}


async def test_while_the_bot_thinks_nobody_is_given_back(
    client: Client, store: Store, waiting: Visitor, later: Later, engine: FakeEngine
) -> None:
    engine.hold()
    await waiting.say("And do you ship to Norway?")
    await waiting.until(lambda one: one["type"] == "typing")

    await minutes_pass(client, later, 5)
    while_thinking = await apologies(store, await led(store, waiting))
    engine.go_on()
    await waiting.until(lambda one: one.get("from") == "bot" and "Norway" in one.get("text", ""))
    await minutes_pass(client, later, 0)

    assert while_thinking == []
    assert len(await apologies(store, await led(store, waiting))) == 1


async def test_who_writes_german_is_told_in_german(
    client: Client, store: Store, visitor: Visitor, later: Later
) -> None:
    await visitor.connect(language="de-AT")
    await visitor.ask("Ist hier jemand? Ich möchte mit einem Menschen sprechen.")
    await visitor.send("human", reason="")
    await visitor.until(lambda one: one.get("owner") == "nobody")

    await minutes_pass(client, later, 5)

    (sorry,) = await apologies(store, await led(store, visitor))
    assert sorry.endswith("Unter welcher E-Mail-Adresse kann Ihnen ein Mensch antworten?")


@pytest.mark.parametrize(
    ("chat", "minutes", "goes_back"),
    [
        ({"nobody_after_min": 2}, 2, True),
        ({"nobody_after_min": 0}, 120, False),
        ({"hours": {"timezone": "UTC"} | ALWAYS}, 5, True),
        ({"hours": {"timezone": "UTC", "closings": [
            {"begins": "2000-01-01 00:00", "ends": "2100-01-01 00:00", "name": "Never open"}]} | ALWAYS}, 60, False),
    ],
)  # fmt: skip
async def test_it_goes_by_the_sites_minutes_and_hours(
    client: Client,
    store: Store,
    visitor: Visitor,
    later: Later,
    chat: dict[str, Any],
    minutes: int,
    goes_back: bool,
) -> None:
    await store.write(add_site, SHOP, settings=chat, at=at())
    await visitor.connect()
    await visitor.ask("Hello")
    await visitor.send("human", reason="")
    await visitor.until(lambda one: one.get("owner") == "nobody")

    await minutes_pass(client, later, minutes)

    assert ((await led(store, visitor)).standing.owner is Owner.BOT) is goes_back
