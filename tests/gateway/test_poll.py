"""`GET /v1/chat`: it shows what a socket shows, to every tab, and waits for nobody who has gone."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient

from bot.errors import StoreUnavailable
from bot.gateway import poll
from bot.gateway.house import HOUSE
from bot.gateway.rooms import ROOMS
from bot.store import staff
from bot.store.staff import NewMember
from bot.store.store import Store
from tests.cast import DANA, at
from tests.fake_engine import FakeEngine
from tests.gateway.poller import Frame, Poller, kinds, readers, until
from tests.gateway.visitor import Visitor

Client = TestClient[Any, Any]


@pytest.fixture
async def dana(store: Store) -> NewMember:
    return await store.write(staff.add_member, DANA.name, DANA.role, at=at())


async def takes(client: Client, member: NewMember, conversation: str, act: str = "take") -> None:
    headers = {"Authorization": f"Bearer {member.token}"}
    async with client.post(f"/v1/staff/conversations/{conversation}/{act}", headers=headers) as answer:
        assert answer.status == 200


async def test_a_conversation_goes_on_over_plain_requests(poller: Poller):
    welcome = await poller.hello()

    sent = await poller.send("message", text="Do you ship to Norway?")
    answer = await poller.until(lambda frame: frame.get("from") == "bot" and frame["type"] == "message")

    assert (welcome["type"], welcome["seq"], welcome["owner"], welcome["missed"]) == ("welcome", 0, "bot", [])
    assert kinds(sent) == [("ack", 1), ("message", 1)]
    assert (answer["text"], answer["seq"], answer["reply_to"]) == ("You said: Do you ship to Norway?", 2, 1)
    assert await poller.poll(wait=0) == []


async def test_a_waiting_poll_is_answered_as_soon_as_there_is_something(
    poller: Poller, client: Client, engine: FakeEngine
):
    await poller.hello()
    engine.hold()
    await poller.say("Hello")
    await poller.until(lambda frame: frame["type"] == "typing")

    waiting = asyncio.create_task(poller.poll())
    await until(lambda: readers(client) == 1)
    engine.go_on()

    assert [frame["text"] for frame in await waiting] == ["You said: Hello"]


async def test_what_happens_between_two_polls_is_told_by_the_next(poller: Poller, client: Client, dana: NewMember):
    conversation = (await poller.hello())["conversation"]

    await takes(client, dana, conversation)
    await takes(client, dana, conversation, "give-back")
    told = await poller.poll(wait=0)

    assert [(frame["owner"], frame["name"]) for frame in told] == [("staff", "Dana"), ("bot", None)]
    assert await poller.poll(wait=0) == []


async def test_frames_come_in_the_order_in_which_they_happened(poller: Poller, client: Client, dana: NewMember):
    conversation = (await poller.hello())["conversation"]
    await poller.ask("Hello")
    headers = {"Authorization": f"Bearer {dana.token}"}
    await takes(client, dana, conversation)
    message = {"id": str(uuid4()), "text": "Dana here"}
    await client.post(f"/v1/staff/conversations/{conversation}/messages", headers=headers, json=message)
    await takes(client, dana, conversation, "give-back")

    told = await poller.poll(wait=0)

    assert kinds(told) == [("owner", "staff"), ("message", 3), ("owner", "bot")]


async def test_a_browser_that_says_no_mark_is_told_what_happened_too(client: Client, dana: NewMember):
    plain = Poller(client, says_mark=False)
    conversation = (await plain.hello())["conversation"]

    await takes(client, dana, conversation)

    assert kinds(await plain.poll(wait=0)) == [("owner", "staff")]
    assert await plain.poll(wait=0) == []


async def test_an_answer_that_never_arrived_is_told_again(poller: Poller, client: Client, dana: NewMember):
    conversation = (await poller.hello())["conversation"]
    await poller.ask("Hello")
    await takes(client, dana, conversation)
    mark = poller.mark

    lost = await poller.ask_for(wait=0)

    assert (await poller.ask_for(wait=0))["frames"] == lost["frames"] and poller.mark == mark
    assert kinds(await poller.poll(wait=0)) == [("owner", "staff")]


@pytest.mark.parametrize("says_mark", [True, False])
async def test_ten_polls_of_one_conversation_each_see_everything(client: Client, dana: NewMember, says_mark: bool):
    tabs = [Poller(client, says_mark=says_mark) for _ in range(10)]
    conversation = (await tabs[0].hello())["conversation"]
    for tab in tabs[1:]:
        tab.token = tabs[0].token
        await tab.hello()
    seen: list[list[Frame]] = [[] for _ in tabs]

    async def reads(number: int) -> None:
        while not any(frame["type"] == "owner" for frame in seen[number]):
            seen[number] += await tabs[number].poll()

    reading = [asyncio.create_task(reads(number)) for number in range(10)]
    await until(lambda: readers(client) == 10)
    async with client.post(
        "/v1/chat",
        headers={"Authorization": f"Bearer {tabs[0].token}"},
        json={"type": "message", "id": str(uuid4()), "text": "Hello"},
    ) as answer:
        assert answer.status == 200
    # Two things at once: who is on the way with the first misses none of the second.
    await takes(client, dana, conversation)
    await asyncio.gather(*reading)

    for told in seen:
        assert [frame["owner"] for frame in told if frame["type"] == "owner"] == ["staff"]
        assert {frame["seq"] for frame in told if frame["type"] == "message"} >= {1}


async def test_a_socket_and_a_poll_show_the_same(poller: Poller, client: Client):
    await poller.hello()
    socket = Visitor(client)
    socket.token = poller.token
    await socket.connect()

    await socket.say("From the socket")
    await poller.until(lambda frame: frame.get("reply_to") == 1)
    await poller.ask("From the poll")
    await socket.until(lambda frame: frame.get("reply_to") == 3)

    shown = [{f["seq"]: f["text"] for f in one.frames if f["type"] == "message"} for one in (poller, socket)]
    assert shown[0] == shown[1] and list(shown[1]) == [1, 2, 3, 4]


async def test_more_messages_than_one_answer_holds_come_with_the_next(poller: Poller, client: Client):
    await poller.hello()
    for number in range(75):
        await poller.say(f"message {number}")
    last = await poller.ask("the last")
    poller.last_seq, poller.frames = 0, []

    first, second = await poller.poll(wait=0), await poller.poll(wait=0)

    seqs = [frame["seq"] for frame in first + second if frame["type"] == "message"]
    assert seqs == list(range(1, last["seq"] + 1)) and len(first) == 100


async def test_what_is_not_there_any_more_is_made_up_for(
    poller: Poller, client: Client, dana: NewMember, engine: FakeEngine
):
    client.app[ROOMS].mailboxes.linger_s = 0
    conversation = (await poller.hello())["conversation"]
    await poller.say("Hello")
    # What a member takes before the bot has read it was seen by nobody.
    await until(lambda: len(engine.heard) == 1)
    await takes(client, dana, conversation)
    await until(lambda: len(client.app[ROOMS].mailboxes) == 0)

    told = await poller.poll()

    assert kinds(told)[0] == ("message", 1)
    assert next(frame["name"] for frame in told if frame["type"] == "owner") == "Dana"
    assert told[-1] == {"type": "seen", "seq": 1}


async def test_a_restart_between_two_polls_is_a_loss_that_is_made_up_for(poller: Poller):
    await poller.hello()
    await poller.ask("Hello")

    assert kinds(await poller.poll(wait=0, **{"from": "an-earlier-start.7"})) == [("owner", "bot")]


async def test_a_forgotten_conversation_sends_its_polls_away(poller: Poller, client: Client):
    await poller.hello()
    other = Poller(client)
    other.token = poller.token
    await other.hello()
    waiting = asyncio.create_task(other.ask_for())
    await until(lambda: readers(client) == 1)

    gone = await poller.send("forget", what="all")

    assert kinds(gone) == [("ack", None)]
    assert (await waiting)["error"] == "unknown_token" and other.status == 401
    assert (await poller.ask_for(wait=0))["error"] == "unknown_token"
    assert (await poller.post({"type": "memory"}))["error"] == "unknown_token"
    assert (await poller.hello())["error"] == "unknown_token"


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "after=1.5",
        "after=2147483648",
        "after=\u0661",
        "wait=x",
        "wait=",
        "wait=1e3",
        "wait=nan",
        "wait=2.5",
        "after=" + "9" * 5_000,
    ],
)
async def test_a_query_that_means_nothing_is_refused(poller: Poller, client: Client, query: str):
    await poller.hello()

    async with client.get(f"/v1/chat?{query}", headers={"Authorization": f"Bearer {poller.token}"}) as answer:
        assert answer.status == 400 and (await answer.json())["error"] == "bad_query"


@pytest.mark.parametrize("wait", ["-1", "0", "99999999999", "26"])
async def test_a_poll_waits_for_no_longer_than_it_may(poller: Poller, wait: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(poll, "LONGEST_WAIT_S", 0)
    await poller.hello()

    assert await poller.poll(wait=wait) == []


async def test_a_poll_of_what_will_be_said_waits_and_finds_nothing(poller: Poller):
    await poller.hello()
    await poller.ask("Hello")

    assert (await poller.ask_for(after=2_147_483_647, wait=0))["frames"] == []


async def test_without_the_store_nothing_is_pretended(poller: Poller, client: Client, monkeypatch: pytest.MonkeyPatch):
    await poller.hello()

    async def is_away(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("The store is away.")

    for method in ("write_in_order", "read"):
        monkeypatch.setattr(client.app[HOUSE].store, method, is_away)
        refused = await poller.post({"type": "message", "id": str(uuid4()), "text": "Hello"})
        assert (poller.status, refused["error"]) == (503, "unavailable")
    assert (await poller.ask_for(wait=0))["error"] == "unavailable" and poller.status == 503


async def test_polls_end_with_nothing_when_the_gateway_stops(poller: Poller, client: Client):
    await poller.hello()
    waiting = [asyncio.create_task(poller.ask_for()) for _ in range(10)]
    await until(lambda: readers(client) == 10)

    await client.server.close()

    assert [(await one)["frames"] for one in waiting] == [[]] * 10
    assert readers(client) == 0


async def test_who_polls_while_the_gateway_stops_is_told_when_to_come_again(poller: Poller, client: Client):
    await poller.hello()
    await client.app[ROOMS].close()

    async with client.get("/v1/chat", headers={"Authorization": f"Bearer {poller.token}"}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (503, "2")


async def test_who_goes_away_while_waiting_frees_their_place(poller: Poller, client: Client):
    await poller.hello()
    waiting = asyncio.create_task(poller.ask_for())
    await until(lambda: readers(client) == 1)

    waiting.cancel()

    await until(lambda: readers(client) == 0)


@asynccontextmanager
async def as_it_runs(app: web.Application) -> AsyncIterator[str]:
    """The application behind a server that cancels no handler: how `duologue up` runs it, unlike aiohttp's own."""
    served = web.Application()

    async def passes(request: web.Request) -> web.StreamResponse:
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]] = poll.poll
        return await handler(request)

    served[HOUSE], served[ROOMS] = app[HOUSE], app[ROOMS]
    served.router.add_get("/v1/chat", passes)
    runner = web.AppRunner(served)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1/chat"
    finally:
        await runner.cleanup()


async def test_their_place_is_freed_also_where_nobody_cancels_the_poll(
    poller: Poller, client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(poll, "LOOKS_EVERY_S", 0.01)
    await poller.hello()
    async with as_it_runs(client.app) as address, ClientSession() as session:
        headers = {"Authorization": f"Bearer {poller.token}"}
        waiting = asyncio.create_task(session.get(address, headers=headers))
        await until(lambda: readers(client) == 1)

        waiting.cancel()

        await until(lambda: readers(client) == 0)


async def test_nothing_of_an_answer_is_kept_by_a_cache(poller: Poller, client: Client):
    await poller.hello()

    async with client.get("/v1/chat?wait=0", headers={"Authorization": f"Bearer {poller.token}"}) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert json.loads(await answer.text())["frames"] == []
