"""The token over plain requests: it opens its own conversation, for a page of its own site, and nothing else."""

import asyncio
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.store.conversations import hash_of
from bot.store.store import Store
from bot.store.tables import conversations
from tests.cast import ORIGIN
from tests.gateway.poller import Poller

Client = TestClient[Any, Any]


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
