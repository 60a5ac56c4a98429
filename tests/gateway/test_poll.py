"""The chat without WebSockets: it shows what a socket shows, and lets in nobody whom a socket would not."""

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
from bot.gateway import poll, rooms
from bot.gateway.house import HOUSE
from bot.gateway.pace import Pace
from bot.gateway.rooms import ROOMS
from bot.interactions import Kind
from bot.store import staff
from bot.store.conversations import hash_of
from bot.store.interactions import of_conversation
from bot.store.staff import NewMember
from bot.store.store import Store
from bot.store.tables import conversations
from tests.cast import DANA, ORIGIN, at
from tests.fake_engine import FakeEngine
from tests.gateway.poller import PATIENCE_S, Frame, Poller
from tests.gateway.visitor import Visitor

Client = TestClient[Any, Any]


@pytest.fixture
async def poller(client: Client) -> Poller:
    return Poller(client)


@pytest.fixture
async def dana(store: Store) -> NewMember:
    return await store.write(staff.add_member, DANA.name, DANA.role, at=at())


async def takes(client: Client, member: NewMember, conversation: str, act: str = "take") -> None:
    headers = {"Authorization": f"Bearer {member.token}"}
    async with client.post(f"/v1/staff/conversations/{conversation}/{act}", headers=headers) as answer:
        assert answer.status == 200


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110 - there is nothing that would tell us
            await asyncio.sleep(0.005)


def readers(client: Client) -> int:
    """How many polls wait now."""
    return sum(box.readers for box, _ in client.app[ROOMS].mailboxes._boxes.values())


def kinds(frames: list[Frame]) -> list[tuple[str, Any]]:
    told = [frame for frame in frames if frame["type"] not in ("typing", "seen")]
    return [(frame["type"], frame.get("seq", frame.get("owner"))) for frame in told]


# -- What is shown


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


async def test_more_messages_than_one_answer_holds_come_with_the_next(poller: Poller, client: Client):
    await poller.hello()
    for number in range(75):
        await poller.say(f"message {number}")
    last = await poller.ask("the last")
    poller.last_seq, poller.frames = 0, []

    first, second = await poller.poll(wait=0), await poller.poll(wait=0)

    seqs = [frame["seq"] for frame in first + second if frame["type"] == "message"]
    assert seqs == list(range(1, last["seq"] + 1)) and len(first) == 100


async def test_what_is_not_there_any_more_is_made_up_for(poller: Poller, client: Client, dana: NewMember):
    client.app[ROOMS].mailboxes.linger_s = 0
    conversation = (await poller.hello())["conversation"]
    await poller.say("Hello")
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


# -- Who is let in, and what is refused


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer guessed", "Basic abc", "Bearer \u00e9", "Bearer " + "x" * 7_000]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_nobody_reads_or_speaks_without_a_token(client: Client, poller: Poller, header: str | None, method: str):
    await poller.hello()
    headers = {} if header is None else {"Authorization": header}

    async with client.request(method, "/v1/chat", headers=headers, data='{"type":"memory"}') as answer:
        told = await answer.json()

    assert (answer.status, told["error"]) == (401, "unknown_token") and told["detail"]


async def test_a_token_that_is_no_text_is_nobodys(client: Client):
    reader, writer = await asyncio.open_connection(client.host, client.port)
    writer.write(b"GET /v1/chat?wait=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n")

    assert (await reader.readline()).split()[1] == b"401"
    writer.close()


async def test_a_token_opens_its_own_conversation_and_no_other(poller: Poller, client: Client):
    await poller.hello()
    await poller.ask("My name is Alice")
    charlie = Poller(client)
    await charlie.hello()

    assert await charlie.poll(wait=0) == []
    assert (await charlie.send("history", after=0))[0]["messages"] == []
    assert (await charlie.poll(wait=0, **{"from": poller.mark}))[0]["type"] == "owner"


async def test_a_revoked_or_an_ended_token_is_refused(poller: Poller, store: Store):
    await poller.hello()
    assert poller.token is not None
    this = conversations.c.token_hash == hash_of(poller.token)

    await store.write(lambda c: c.execute(conversations.update().where(this).values(token_used_at=0)))
    ended = await poller.ask_for(wait=0)
    await store.write(lambda c: c.execute(conversations.update().where(this).values(token_hash=None)))
    revoked = await poller.post({"type": "memory"})

    assert ended["error"] == revoked["error"] == "unknown_token" and poller.status == 401


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


@pytest.mark.parametrize("foreign", ["https://evil.example", ORIGIN + ".evil.example", ORIGIN + "/", "null"])
async def test_a_foreign_page_is_refused(poller: Poller, client: Client, foreign: str):
    hello = {"type": "hello", "site": "demo"}
    assert (await poller.post(hello, Origin=foreign))["error"] == "foreign_origin" and poller.status == 403
    await poller.hello()

    assert (await poller.post({"type": "memory"}, Origin=foreign))["error"] == "foreign_origin"
    headers = {"Authorization": f"Bearer {poller.token}", "Origin": foreign}
    async with client.get("/v1/chat?wait=0", headers=headers) as answer:
        assert answer.status == 403 and "Access-Control-Allow-Origin" not in answer.headers
    async with client.options("/v1/chat", headers={"Origin": foreign}) as answer:
        assert answer.status == 403


async def test_the_sites_own_page_may_ask_and_read(poller: Poller, client: Client):
    await poller.hello()
    headers = {"Origin": ORIGIN, "Access-Control-Request-Headers": "authorization"}

    async with client.options("/v1/chat", headers=headers) as first:
        assert first.status == 204
        assert "Authorization" in first.headers["Access-Control-Allow-Headers"]
    for token, status in ((poller.token, 200), ("guessed", 401)):
        asked = {"Origin": ORIGIN, "Authorization": f"Bearer {token}"}
        async with client.get("/v1/chat?wait=0", headers=asked) as answer:
            assert answer.status == status
            assert (answer.headers["Access-Control-Allow-Origin"], answer.headers["Vary"]) == (ORIGIN, "Origin")


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
    monkeypatch.setattr(poll, "BODY_WITHIN_S", 0.01)
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


# -- Faults, leaving, and the end


async def test_without_the_store_nothing_is_pretended(poller: Poller, client: Client, monkeypatch: pytest.MonkeyPatch):
    await poller.hello()

    async def is_away(*_: Any, **__: Any) -> None:
        raise StoreUnavailable("The store is away.")

    for method in ("write_in_order", "read"):
        monkeypatch.setattr(client.app[HOUSE].store, method, is_away)
        refused = await poller.post({"type": "message", "id": str(uuid4()), "text": "Hello"})
        assert (poller.status, refused["error"]) == (503, "unavailable")
    assert (await poller.ask_for(wait=0))["error"] == "unavailable" and poller.status == 503


async def test_a_fault_of_ours_refuses_the_frame(poller: Poller, monkeypatch: pytest.MonkeyPatch):
    await poller.hello()

    def stumbles(*_: Any, **__: Any) -> None:
        monkeypatch.undo()
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("bot.store.turns.receive", stumbles)

    assert (await poller.say("Hello"))["code"] == "unavailable"
    assert (await poller.say("Hello"))["type"] == "ack"


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
