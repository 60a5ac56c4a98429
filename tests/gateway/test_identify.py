"""`POST /v1/identify`: only what the site has signed, only for who holds the token, and all windows are told."""

from typing import Any

import jwt
import pytest
from aiohttp.test_utils import TestClient

from bot.gateway.house import now
from bot.interactions import Kind
from bot.store.conversations import find
from bot.store.interactions import of_conversation
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import ALICE, CHARLIE, ORIGIN
from tests.gateway.poller import Poller
from tests.gateway.visitor import Visitor

Client = TestClient[Any, Any]


@pytest.fixture
async def poller(client: Client) -> Poller:
    poller = Poller(client)
    await poller.hello()
    return poller


def a_proof(site: Site, **claims: Any) -> str:
    seconds = now() // 1_000_000
    told = {"sub": ALICE.customer, "iat": seconds, "exp": seconds + 600, "email": ALICE.email} | claims
    return jwt.encode(told, site.secrets[0], "HS256")


async def prove(client: Client, token: str | None, body: Any, **headers: str) -> tuple[int, Any]:
    bearer = {} if token is None else {"Authorization": f"Bearer {token}"}
    sent = {"data": body} if isinstance(body, bytes | str) else {"json": body}
    async with client.post("/v1/identify", headers=bearer | headers, **sent) as answer:
        return answer.status, await answer.json()


async def test_a_proof_identifies_the_visitor_and_every_window_is_told(
    client: Client, poller: Poller, shop: Site, store: Store
):
    socket = Visitor(client)
    socket.token = poller.token
    conversation = (await socket.connect())["conversation"]

    told = await prove(client, poller.token, {"jwt": a_proof(shop)})

    assert told == (200, {"customer": ALICE.customer})
    identified = {"type": "identified", "customer": ALICE.customer}
    assert await socket.next() == identified
    assert await poller.poll(wait=0) == [identified]
    found = await store.read(find, conversation)
    assert found is not None and found.customer == ALICE.customer


async def test_the_same_proof_again_does_nothing_twice(client: Client, shop: Site, store: Store):
    poller = Poller(client)
    conversation = (await poller.hello())["conversation"]
    proof = {"jwt": a_proof(shop)}

    told = [await prove(client, poller.token, proof) for _ in range(2)]

    assert told == [(200, {"customer": ALICE.customer})] * 2
    rows = [row.interaction.kind for row in await store.read(of_conversation, conversation, limit=9)]
    assert rows == [Kind.IDENTIFIED]


async def test_nobody_becomes_another_customer(client: Client, poller: Poller, shop: Site):
    await prove(client, poller.token, {"jwt": a_proof(shop)})

    status, told = await prove(client, poller.token, {"jwt": a_proof(shop, sub=CHARLIE.customer)})

    assert (status, told["error"]) == (409, "other_customer")
    assert (await prove(client, poller.token, {"jwt": a_proof(shop)}))[0] == 200


async def test_a_proof_that_is_not_good_is_refused(client: Client, poller: Poller, shop: Site):
    unsigned = jwt.encode({"sub": ALICE.customer}, "", "none")
    foreign = jwt.encode({"sub": ALICE.customer}, "another secret of 32 characters..", "HS256")

    for proof, code in (
        (unsigned, "bad_signature"),
        (foreign, "bad_signature"),
        ("rubbish", "bad_signature"),
        (a_proof(shop, exp=1), "expired"),
    ):
        status, told = await prove(client, poller.token, {"jwt": proof})
        assert (status, told["error"]) == (401, code) and told["detail"]


@pytest.mark.parametrize("token", [None, "guessed", "\u00e9"])
async def test_a_proof_needs_the_chats_token(client: Client, poller: Poller, shop: Site, token: str | None):
    status, told = await prove(client, token, {"jwt": a_proof(shop)})

    assert (status, told["error"]) == (401, "unknown_token")


async def test_only_the_sites_own_pages_may_hand_over_a_proof(client: Client, poller: Poller, shop: Site):
    proof = {"jwt": a_proof(shop)}

    assert (await prove(client, poller.token, proof, Origin="https://evil.example"))[0] == 403
    assert (await prove(client, poller.token, proof, Origin=ORIGIN))[0] == 200
    async with client.options("/v1/identify", headers={"Origin": ORIGIN}) as first:
        assert first.status == 204 and "Authorization" in first.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"[]", 400), (b"{}", 400), (b'{"jwt":1}', 400), (b'{"jwt":null}', 400), (b"\xff", 400),
     (b'{"jwt":"\\ud83d"}', 400), (b'{"jwt":"' + b"x" * 8_193 + b'"}', 400), (b" " * 16_385, 413)],
)  # fmt: skip
async def test_what_is_no_proof_is_refused(client: Client, poller: Poller, body: bytes, status: int):
    answered, told = await prove(client, poller.token, body)

    assert answered == status and told["detail"]
