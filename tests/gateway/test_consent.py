from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.store.sites import Site
from bot.store.store import Store
from bot.store.visitors import find
from tests.cast import ALICE, ORIGIN, SHOP
from tests.gateway.doors import Client, a_batch, an_event, doors


@pytest.fixture
async def client(store: Store, shop: Site) -> AsyncIterator[Client]:
    async with doors(store) as client:
        yield client


async def wish(client: Client, told: Any, **headers: str) -> tuple[int, Any]:
    async with client.post("/v1/consent", json=told, headers=headers) as response:
        return response.status, await response.json()


async def a_visitor(client: Client) -> str:
    async with client.post("/v1/events", json=a_batch(an_event(1))) as response:
        return str((await response.json())["visitor"])


async def test_a_wish_is_in_force_before_the_answer(client: Client, store: Store):
    told = {"visitor": await a_visitor(client), "measure": False, "memory": True}

    assert await wish(client, told) == (200, told)

    visitor = await store.read(find, told["visitor"])
    assert visitor is not None and (visitor.measure, visitor.memory) == (False, True)


async def test_who_agrees_first_gets_a_reference(client: Client, store: Store):
    status, told = await wish(client, {"visitor": None, "site": SHOP, "measure": True, "memory": True})

    assert status == 200
    assert await store.read(find, told["visitor"]) is not None


async def test_who_agrees_to_nothing_gets_none(client: Client):
    told = {"visitor": None, "measure": False, "memory": False}

    assert await wish(client, told | {"site": SHOP}) == (200, told)


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"visitor": ALICE.visitor, "measure": True, "memory": True}, 404),
        ({"visitor": "\x00", "measure": True, "memory": True}, 404),
        ({"visitor": None, "site": "nowhere", "measure": True, "memory": True}, 404),
        ({"visitor": None, "measure": True, "memory": True}, 400),
        ({"visitor": ALICE.visitor, "measure": "yes", "memory": True}, 400),
        ({"visitor": ALICE.visitor, "memory": True}, 400),
        ({"visitor": "", "measure": True, "memory": True}, 400),
        ({"visitor": ALICE.visitor, "measure": True, "memory": True, "words": "w" * 20_000}, 413),
        ([], 400),
    ],
)
async def test_what_can_not_be_done_is_told(client: Client, told: Any, status: int):
    got, answer = await wish(client, told, Origin=ORIGIN)

    assert got == status
    assert answer["detail"]


async def test_a_foreign_page_decides_nothing(client: Client, store: Store):
    visitor = await a_visitor(client)

    status, _ = await wish(
        client, {"visitor": visitor, "measure": False, "memory": False}, Origin="https://evil.example"
    )
    made, _ = await wish(
        client, {"visitor": None, "site": SHOP, "measure": True, "memory": False}, Origin="https://evil.example"
    )

    assert (status, made) == (403, 403)
    found = await store.read(find, visitor)
    assert found is not None and found.measure
