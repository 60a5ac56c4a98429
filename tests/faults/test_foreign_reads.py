"""Twenty visitors, each of whom tries to read what the nineteen others said, at every door there is."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

import aiohttp
import pytest

from tests.faults.conftest import everything_runs
from tests.running import Duologue

NAMES = (
    *("Beatrix", "Casimir", "Dorothea", "Evander", "Florentina", "Gideon", "Henrietta", "Ignatius", "Josephine"),
    *("Konstantin", "Leopoldina", "Montague", "Nathaniel", "Ottoline", "Percival", "Quentin", "Rosalind"),
    *("Sebastian", "Theodora", "Ulysses"),
)


@dataclass
class Person:
    """Somebody with a conversation in which they said a name and a secret."""

    name: str
    secret: str = field(default_factory=lambda: f"secret{uuid4().hex}")
    token: str = ""
    conversation: str = ""
    visitor: str = ""
    fact: str = ""
    button: str = ""

    def is_told_in(self, text: str) -> bool:
        return self.secret in text or self.name in text


class Try(NamedTuple):
    """An attempt at a door, and everything that came back."""

    door: str
    of: Person
    by: Person
    status: int
    told: str


@pytest.fixture(scope="module")
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        yield session


@pytest.fixture(scope="module")
async def people(duologue: Duologue, session: aiohttp.ClientSession) -> list[Person]:
    await everything_runs(duologue)
    people = [Person(name) for name in NAMES]
    await asyncio.gather(*(_converse(duologue, session, one) for one in people))
    return people


async def _converse(duologue: Duologue, session: aiohttp.ClientSession, one: Person) -> None:
    """Agrees to everything, says the name and the secret, and is offered a person."""
    async with session.ws_connect(f"{duologue.gateway_url}/v1/chat") as socket:
        await socket.send_json({"type": "hello", "site": "demo", "token": None, "last_seq": 0})
        welcome = await socket.receive_json(timeout=30)
        one.token, one.conversation = welcome["token"], welcome["conversation"]
        await socket.send_json({"type": "consent", "id": str(uuid4()), "measure": True, "memory": True})
        for text in (f"My name is {one.name}. My secret is {one.secret}.", "are you a robot?"):
            await socket.send_json({"type": "message", "id": str(uuid4()), "text": text})
        while not one.fact:
            frame = await socket.receive_json(timeout=30)
            if frame["type"] == "consent":
                one.visitor = frame["visitor"]
            if frame["type"] == "message" and frame["from"] == "bot" and frame["seq"] == 4:
                one.button = frame["buttons"][0]["id"]
                await socket.send_json({"type": "memory"})
            if frame["type"] == "memory":
                one.fact = frame["facts"][0]["id"]


async def test_who_asks_for_their_own_is_told(
    duologue: Duologue, session: aiohttp.ClientSession, people: list[Person]
) -> None:
    for one in people:
        told = await _listen(duologue, session, {"token": one.token}, {"type": "memory"})

        assert one.secret in told and one.name in told
        assert not any(other.is_told_in(told) for other in people if other is not one)


async def test_nobody_reads_a_foreign_word_through_the_chat(
    duologue: Duologue, session: aiohttp.ClientSession, people: list[Person]
) -> None:
    tries = await _everybody(people, lambda by, of: _chat_tries(duologue, session, by, of))

    assert _leaks(tries) == []
    assert {one.door for one in tries if one.status >= 500} == set()


async def test_nobody_reads_a_foreign_word_over_http(
    duologue: Duologue, session: aiohttp.ClientSession, people: list[Person]
) -> None:
    tries = await _everybody(people, lambda by, of: _http_tries(duologue, session, by, of))

    assert _leaks(tries) == []
    assert {one.door for one in tries if one.status >= 500} == set()


async def test_whoever_tries_does_not_change_what_is_theirs_who_are_tried(
    duologue: Duologue, session: aiohttp.ClientSession, people: list[Person]
) -> None:
    by, of = people[0], people[1]
    before = await _listen(duologue, session, {"token": of.token}, {"type": "memory"})
    await _chat_tries(duologue, session, by, of)
    await _http_tries(duologue, session, by, of)

    after = await _listen(duologue, session, {"token": of.token}, {"type": "memory"})

    assert _messages(after) == _messages(before)
    assert of.name in _remembered(after) == _remembered(before)


async def _everybody(people: list[Person], attempt: Any) -> list[Try]:
    """Everybody tries everybody else, twenty at once."""

    async def one(by: Person) -> list[Try]:
        return [found for of in people if of is not by for found in await attempt(by, of)]

    each = await asyncio.gather(*(one(by) for by in people))
    return [found for tries in each for found in tries]


def _leaks(tries: list[Try]) -> list[tuple[str, str, str]]:
    assert len(tries) > 20 * 19
    return [(one.door, one.by.name, one.of.name) for one in tries if one.of.is_told_in(one.told)]


async def _chat_tries(duologue: Duologue, session: aiohttp.ClientSession, by: Person, of: Person) -> list[Try]:
    hellos: dict[str, dict[str, Any]] = {
        "the conversation as token": {"token": of.conversation},
        "the visitor as token": {"token": of.visitor},
        "half the token": {"token": of.token[:-1]},
        "the visitor of another": {"token": None, "visitor": of.visitor},
    }
    asked = (
        {"type": "memory"},
        {"type": "history", "before": 2**31 - 1},
        {"type": "press", "id": str(uuid4()), "button": of.button},
        {"type": "forget", "id": str(uuid4()), "what": of.fact},
    )
    told = {name: await _listen(duologue, session, hello, *asked) for name, hello in hellos.items()}
    # A fact goes by its kind: to forget a "name" in one's own conversation is to forget one's own.
    told["one's own conversation"] = await _listen(duologue, session, {"token": by.token}, asked[2])
    return [Try(door, of, by, 200, text) for door, text in told.items()]


async def _listen(
    duologue: Duologue, session: aiohttp.ClientSession, hello: dict[str, Any], *frames: dict[str, Any]
) -> str:
    """Everything that the socket tells to this hello and these frames, until it has answered or is closed."""
    told: list[str] = []
    async with session.ws_connect(f"{duologue.gateway_url}/v1/chat") as socket:
        await socket.send_json({"type": "hello", "site": "demo", "last_seq": 0} | hello)
        for frame in frames:
            await socket.send_json(frame)
        # Frames are answered in order: the answer to this last one is the end of what was asked for.
        end = str(uuid4())
        await socket.send_json({"type": "rate", "id": end, "stars": 9})
        with suppress(TimeoutError, ConnectionError):
            async for message in socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    break
                told.append(message.data)
                if end in message.data:
                    break
    return "\n".join(told)


async def _http_tries(duologue: Duologue, session: aiohttp.ClientSession, by: Person, of: Person) -> list[Try]:
    agreed = {"measure": True, "memory": True}
    page = {"id": str(uuid4()), "type": "page_view", "url": f"{duologue.shop_url}/index.html"}
    posts: dict[str, dict[str, Any]] = {
        "/v1/chat": {"type": "hello", "site": "demo", "token": of.conversation, "last_seq": 0},
        "/v1/consent": {"visitor": of.visitor} | agreed,
        "/v1/events": {"site": "demo", "visitor": of.visitor, "consent": {"measure": True}, "events": [page]},
        f"/v1/staff/conversations/{of.conversation}/take": {},
        f"/v1/staff/conversations/{of.conversation}/messages": {"id": str(uuid4()), "text": "hello"},
        f"/console/conversations/{of.conversation}/take": {},
    }
    gets = (
        "/v1/chat?after=0",
        f"/v1/chat?after=0&conversation={of.conversation}",
        "/v1/staff/conversations",
        f"/v1/staff/conversations/{of.conversation}",
        f"/v1/staff/profiles/{of.visitor}",
        f"/v1/staff/profiles/visitor:{of.visitor}",
        "/v1/staff/exports/messages",
        "/v1/staff/exports/interactions?format=jsonl",
        f"/console/conversations/{of.conversation}",
        "/console",
        "/insights/export/messages",
        "/metrics",
    )
    headers = {"Authorization": f"Bearer {by.token}"}
    calls = [("GET", path, None) for path in gets] + [("POST", path, body) for path, body in posts.items()]
    tries = []
    for method, path, body in calls:
        async with session.request(
            method, duologue.gateway_url + path, json=body, headers=headers, allow_redirects=False
        ) as reply:
            tries.append(Try(f"{method} {path.split('?')[0]}", of, by, reply.status, await reply.text()))
    return tries


def _remembered(told: str) -> str:
    (frame,) = (one for one in map(json.loads, told.splitlines()) if one["type"] == "memory")
    return json.dumps(frame["facts"])


def _messages(told: str) -> list[tuple[int, str]]:
    welcome = json.loads(told.splitlines()[0])
    return [(one["seq"], one["text"]) for one in welcome["missed"]]
