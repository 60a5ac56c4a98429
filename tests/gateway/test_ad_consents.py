"""The shop's back end tells who agreed that an ad platform learns of them: signed, each told once."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.store.ad_consents import agreeing
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import ALICE, SHOP
from tests.gateway.doors import Client, doors
from tests.gateway.test_purchases import NOW_S, sign

YES: dict[str, Any] = {
    "site": SHOP, "id": "consent-1", "type": "advertising", "agrees": True, "email": ALICE.email,
    "customer": ALICE.customer, "at": "2026-03-01T10:00:00Z",
}  # fmt: skip
ALICES = {f"c:{ALICE.customer}": ALICE.email}


@pytest.fixture
async def client(store: Store, shop: Site) -> AsyncIterator[Client]:
    async with doors(store) as client:
        yield client


async def tell(client: Client, shop: Site, told: Any, *, header: str | None = None) -> tuple[int, Any]:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    signature = f"t={NOW_S},v1={sign(body, shop.secrets[0])}" if header is None else header
    async with client.post("/v1/consents", data=body, headers={"Duologue-Signature": signature}) as response:
        return response.status, await response.json()


async def test_a_yes_is_recorded_once_and_a_later_no_takes_it_back(client: Client, store: Store, shop: Site):
    assert await tell(client, shop, YES) == (201, {"status": "recorded"})
    assert await tell(client, shop, YES) == (200, {"status": "duplicate"})
    assert await store.read(agreeing, SHOP, ALICES) == set(ALICES)

    no = YES | {"id": "consent-2", "agrees": False, "at": "2026-03-02T10:00:00Z"}

    assert await tell(client, shop, no) == (201, {"status": "recorded"})
    assert await store.read(agreeing, SHOP, ALICES) == set()


async def test_the_same_id_with_other_content_is_refused(client: Client, shop: Site):
    await tell(client, shop, YES)

    status, told = await tell(client, shop, YES | {"agrees": False})

    assert (status, told["error"]) == (409, "conflict")


@pytest.mark.parametrize(("change", "why"), [
    ({"agrees": "yes"}, "agrees"),
    ({"agrees": None}, "agrees"),
    ({"type": "measuring"}, "type"),
    ({"id": ""}, "id"),
    ({"email": "not an address"}, "email: Value error, give a mail address, e.g. anna@shop.example"),
    ({"email": None, "customer": None}, "say whose consent it is: give an email, a customer, or both."),
    ({"at": "2026-03-01"}, "give the time with its offset"),
    ({"at": "2026-03-04T10:00:00Z"}, "at is in the future; give when they said so."),
])  # fmt: skip
async def test_what_is_malformed_is_refused_in_a_sentence(client: Client, shop: Site, change: dict[str, Any], why: str):
    status, told = await tell(client, shop, YES | change)

    assert (status, told["error"]) == (400, "malformed") and why in told["detail"]


@pytest.mark.parametrize("body", [b"", b"[]", b"yes"])
async def test_what_is_no_object_is_malformed(client: Client, shop: Site, body: bytes):
    assert (await tell(client, shop, body))[0] == 400


async def test_what_is_not_signed_or_of_no_site_is_refused(client: Client, store: Store, shop: Site):
    assert (await tell(client, shop, YES, header=f"t={NOW_S},v1={'0' * 64}"))[0] == 401
    assert (await tell(client, shop, YES | {"site": "nobody"}))[0] == 401
    assert await store.read(agreeing, SHOP, ALICES) == set()


async def test_a_body_has_a_limit(client: Client, shop: Site):
    assert (await tell(client, shop, YES | {"more": "x" * 17_000}))[0] == 413
