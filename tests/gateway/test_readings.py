"""The visitor is told that they were read: by the bot when it takes up their message, by staff when they see it."""

from typing import Any
from uuid import uuid4

import pytest
from aiohttp.test_utils import TestClient

from bot.gateway import readings
from bot.gateway.hub import Hub
from bot.gateway.readings import Readings
from bot.gateway.rooms import ROOMS
from bot.interactions import ConversationId
from bot.store import staff
from bot.store.staff import NewMember
from bot.store.store import Store
from tests.cast import DANA, at
from tests.fake_engine import FakeEngine
from tests.gateway.poller import Poller
from tests.gateway.visitor import Visitor

Client = TestClient[Any, Any]


@pytest.fixture
async def dana(store: Store) -> NewMember:
    return await store.write(staff.add_member, DANA.name, DANA.role, at=at())


async def call(client: Client, member: NewMember, method: str, path: str, **body: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {member.token}"}
    async with client.request(method, f"/v1/staff/conversations/{path}", headers=headers, json=body or None) as answer:
        return answer.status, await answer.json()


def seen_by(visitor: Visitor) -> list[int]:
    return [frame["seq"] for frame in visitor.frames if frame["type"] == "seen"]


async def test_the_bot_has_read_a_message_when_it_takes_it_up(visitor: Visitor, engine: FakeEngine):
    await visitor.connect()
    engine.hold()
    await visitor.say("Hello")

    assert await visitor.until(lambda frame: frame["type"] == "seen") == {"type": "seen", "seq": 1}

    engine.go_on()
    await visitor.ask("Bye")
    assert seen_by(visitor) in ([1, 2], [1, 3])


async def test_a_message_that_is_tried_again_is_read_once(visitor: Visitor, engine: FakeEngine):
    await visitor.connect()
    engine.away = True
    await visitor.say("Hello")
    await visitor.until(lambda _: len(engine.heard) > 1)
    engine.away = False

    await visitor.until(lambda frame: frame.get("reply_to") == 1)

    assert seen_by(visitor) == [1]


async def test_staff_have_read_what_is_before_them_and_the_visitor_is_told_once(
    visitor: Visitor, client: Client, dana: NewMember
):
    conversation = (await visitor.connect())["conversation"]
    await call(client, dana, "POST", f"{conversation}/take")
    for text in ("Hello", "Are you there?"):
        await visitor.say(text)

    for _ in range(2):
        await call(client, dana, "GET", conversation)
    await visitor.say("Thank you")

    assert seen_by(visitor) == [2]
    await call(client, dana, "GET", f"{conversation}?after=3")
    assert client.app[ROOMS].readings.remember(ConversationId(conversation), 0) == 2


async def test_every_window_is_told(visitor: Visitor, client: Client, dana: NewMember):
    conversation = (await visitor.connect())["conversation"]
    poller = Poller(client)
    poller.token = visitor.token
    await poller.hello()
    await call(client, dana, "POST", f"{conversation}/take")
    await visitor.say("Hello")

    await call(client, dana, "GET", conversation)

    seen = {"type": "seen", "seq": 1}
    assert await visitor.until(lambda frame: frame["type"] == "seen") == seen
    assert seen in await poller.poll(wait=0)


async def test_a_welcome_says_how_far_was_read(visitor: Visitor, client: Client, dana: NewMember):
    first = await visitor.connect()
    await visitor.ask("Hello")
    await call(client, dana, "POST", f"{first['conversation']}/take")
    await visitor.say("Dana?")

    unread = await visitor.connect()
    await call(client, dana, "GET", first["conversation"])
    read = await visitor.connect()
    # After a restart only what follows from the store is known.
    client.app[ROOMS].readings._seqs.clear()
    forgotten = await visitor.connect()
    await call(client, dana, "POST", f"{first['conversation']}/messages", id=str(uuid4()), text="Here I am")
    answered = await visitor.connect()

    assert [one["seen"] for one in (first, unread, read, forgotten, answered)] == [0, 1, 3, 1, 3]


async def test_what_a_visitor_knows_is_no_news(visitor: Visitor, client: Client, dana: NewMember):
    conversation = (await visitor.connect())["conversation"]
    await visitor.ask("Hello")
    client.app[ROOMS].readings._seqs.clear()
    welcome = await visitor.connect()

    await call(client, dana, "GET", conversation)
    await visitor.ask("Bye")

    assert welcome["seen"] == 1
    assert seen_by(visitor) == [1, 3]


def test_of_as_many_conversations_as_can_be_remembered_the_oldest_goes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(readings, "REMEMBERED", 2)
    read = Readings(Hub())
    talks = [ConversationId(f"talk {number}") for number in range(3)]

    for talk in talks:
        read.read(talk, 7)

    assert [read.remember(talk, 0) for talk in reversed(talks)] == [7, 7, 0]


# -- Staff who write


async def test_the_visitor_sees_that_staff_write(visitor: Visitor, client: Client, dana: NewMember):
    conversation = (await visitor.connect())["conversation"]
    await call(client, dana, "POST", f"{conversation}/take")

    assert await call(client, dana, "POST", f"{conversation}/typing") == (200, {})

    assert await visitor.until(lambda frame: frame["type"] == "typing") == {"type": "typing", "from": "staff"}


async def test_only_who_owns_the_conversation_writes_in_it(
    visitor: Visitor, client: Client, dana: NewMember, store: Store
):
    conversation = (await visitor.connect())["conversation"]
    lena = await store.write(staff.add_member, "Lena", "agent", at=at())
    await visitor.ask("Hello")

    nobodys = await call(client, dana, "POST", f"{conversation}/typing")
    await call(client, lena, "POST", f"{conversation}/take")
    lenas = await call(client, dana, "POST", f"{conversation}/typing")
    unknown = await call(client, dana, "POST", "nobodys/typing")

    assert [(status, told["error"]) for status, told in (nobodys, lenas)] == [(409, "not_yours")] * 2
    assert unknown[0] == 404
    assert {frame.get("from") for frame in visitor.frames if frame["type"] == "typing"} == {"bot"}
