"""`POST /v1/chat`: a frame is answered as the socket would, and acted on once whichever way it comes."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from aiohttp.test_utils import TestClient

from bot.gateway import post, rooms
from bot.gateway.pace import Pace
from bot.gateway.rooms import ROOMS
from bot.interactions import Kind
from bot.store.interactions import of_conversation
from bot.store.store import Store
from tests.fake_engine import FakeEngine
from tests.gateway.poller import Poller, kinds, until
from tests.gateway.visitor import Visitor

Client = TestClient[Any, Any]


async def test_a_frame_is_acted_on_once_whichever_way_it_comes(poller: Poller, client: Client, engine: FakeEngine):
    await poller.hello()
    socket = Visitor(client)
    socket.token = poller.token
    await socket.connect()
    id = str(uuid4())

    acks = [await poller.say("Hello", id=id), await socket.say("Hello", id=id), await poller.say("Hello", id=id)]
    await socket.until(lambda frame: frame.get("reply_to") == 1)

    assert acks == [{"type": "ack", "id": id, "seq": 1}] * 3
    await poller.ask("Bye")
    assert [call.text for call in engine.heard] == ["Hello", "Bye"]


async def test_a_message_posted_twenty_times_at_once_is_said_once(poller: Poller, engine: FakeEngine):
    await poller.hello()
    id = str(uuid4())

    acks = await asyncio.gather(*(poller.say("Hello", id=id) for _ in range(20)))

    assert [ack["seq"] for ack in acks] == [1] * 20
    await poller.until(lambda frame: frame.get("reply_to") == 1)
    assert [call.text for call in engine.heard] == ["Hello"]


async def test_a_rating_posted_twice_is_logged_once(poller: Poller, store: Store):
    conversation = (await poller.hello())["conversation"]
    id = str(uuid4())

    acks = [await poller.send("rate", id=id, stars=5, words="") for _ in range(2)]

    assert acks == [[{"type": "ack", "id": id, "seq": None}]] * 2
    rows = [row.interaction.kind for row in await store.read(of_conversation, conversation, limit=9)]
    assert rows == [Kind.RATING]


async def test_hello_again_goes_on_with_the_same_conversation(poller: Poller):
    first = await poller.hello()
    await poller.ask("one")

    again = await poller.hello(last_seq=1)

    assert (again["conversation"], again["token"]) == (first["conversation"], first["token"])
    assert [line["seq"] for line in again["missed"]] == [2]
    other = await poller.hello(token=None)
    assert other["conversation"] != first["conversation"]


async def test_all_that_a_visitor_can_do_is_answered_in_the_post(poller: Poller):
    await poller.hello()

    agreed = await poller.send("consent", measure=True, memory=True)
    await poller.ask("My name is Alice")
    memory = await poller.send("memory")
    history = await poller.send("history", after=0)
    person = await poller.send("human", reason="My order is late")

    assert [frame["type"] for frame in agreed] == ["ack", "consent"] and agreed[1]["visitor"]
    assert [fact["text"] for fact in memory[0]["facts"]] == ["Your name is Alice."]
    assert [line["seq"] for line in history[0]["messages"]] == [1, 2]
    assert kinds(person) == [("ack", None), ("owner", "nobody")]
    assert await poller.send("seen", seq=2) == await poller.send("typing") == []


async def test_an_unknown_site_is_not_found(client: Client):
    stranger = Poller(client, site="nobody's")

    assert (await stranger.hello())["error"] == "unknown_site" and stranger.status == 404


@pytest.mark.parametrize(
    "body",
    [b"", b"rubbish", b"[]", b"{}", b'{"type":"dance"}', b'{"type":"hello"}', b"\xff\xfe", b'{"type":"message","id":1}',
     b'{"type":"hello","site":"a\\u0000b"}', b'{"type":"hello","site":"demo","last_seq":-1}', b"[" * 10_000],
)  # fmt: skip
async def test_a_bad_frame_is_a_bad_request(poller: Poller, body: bytes):
    told = await poller.post(body)

    assert (poller.status, told["error"]) == (400, "bad_frame") and told["detail"]


async def test_a_frame_has_at_most_64_kib(poller: Poller):
    await poller.hello()
    empty = '{"type":"typing","x":""}'
    largest = empty[:-2] + "y" * (65_536 - len(empty)) + '"}'

    assert (await poller.post(largest))["frames"] == []
    assert (await poller.post(largest + " "))["error"] == "too_large" and poller.status == 413


async def test_a_frame_that_does_not_come_in_time_is_not_waited_for(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(post, "BODY_WITHIN_S", 0.01)
    reader, writer = await asyncio.open_connection(client.host, client.port)

    writer.write(b"POST /v1/chat HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n{")

    assert (await reader.readline()).split()[1] == b"408"
    writer.close()


async def test_a_frame_that_is_refused_is_answered_as_the_socket_would(
    poller: Poller, client: Client, monkeypatch: pytest.MonkeyPatch
):
    conversation = (await poller.hello())["conversation"]
    id = str(uuid4())

    refused = [
        await poller.say("x" * 4_001, id=id),
        await poller.say("  ", id=id),
        (await poller.send("press", id=id, button="none"))[0],
        (await poller.send("identify", id=id, jwt="a.b.c"))[0],
    ]
    client.app[ROOMS]._paces[conversation] = Pace(burst=0, per_second=0)
    refused.append(await poller.say("Hello", id=id))

    codes = ["too_long", "empty", "not_allowed", "bad_signature", "rate_limited"]
    assert [(one["type"], one["code"], one["id"]) for one in refused] == [("error", code, id) for code in codes]
    assert poller.status == 200 and all(one["detail"] for one in refused)


async def test_a_poll_and_a_socket_share_one_pace(poller: Poller, client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rooms, "BURST", 2)
    monkeypatch.setattr(rooms, "PER_SECOND", 0.0)
    await poller.hello()
    socket = Visitor(client)
    socket.token = poller.token
    await socket.connect()

    told = [await poller.say("one"), await socket.say("two"), await poller.say("three"), await socket.say("four")]

    assert [one.get("code") for one in told] == [None, None, "rate_limited", "rate_limited"]


async def test_a_fault_of_ours_refuses_the_frame(poller: Poller, monkeypatch: pytest.MonkeyPatch):
    await poller.hello()

    def stumbles(*_: Any, **__: Any) -> None:
        monkeypatch.undo()
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("bot.store.turns.receive", stumbles)

    assert (await poller.say("Hello"))["code"] == "unavailable"
    assert (await poller.say("Hello"))["type"] == "ack"


async def test_what_is_posted_while_the_gateway_stops_is_answered_by_the_next_start(
    poller: Poller, client: Client, engine: FakeEngine
):
    await poller.hello()
    await client.app[ROOMS].close()

    ack = await poller.say("Are you there?")
    heard = len(engine.heard)
    await client.app[ROOMS].turns.resume()

    assert (ack["type"], heard) == ("ack", 0)
    await until(lambda: len(engine.heard) == 1)
