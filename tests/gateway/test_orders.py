"""An order is told in the chat to who may know it, and its tries are counted."""

from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from bot.desk import Call, current
from bot.engine.client import BotMessage, TurnCall, TurnResult
from bot.interactions import Kind
from bot.store.interactions import of_conversation
from bot.store.orders import TRIES_IN_A_CONVERSATION
from bot.store.purchases import Notice, record
from bot.store.sites import Site
from bot.store.store import Store
from tests.cast import ALICE, at
from tests.fake_engine import FakeEngine
from tests.gateway.test_identify import a_proof
from tests.gateway.visitor import Visitor

TRACKING = "https://parcel.example/1001"
BOUGHT = Notice(
    id="order-1001", kind=Kind.PURCHASE, at=at(days=-3), value=4990, currency="EUR", customer=ALICE.customer,
    email=ALICE.email,
)  # fmt: skip
SENT = Notice(id="status-1", kind=Kind.STATUS, of="order-1001", status="sent", tracking=TRACKING, at=at(days=-1))


class LooksForOrders(FakeEngine):
    """Takes each message for an order's number and an e-mail address, and says what the desk knows of it."""

    async def take_turn(self, call: TurnCall) -> TurnResult:
        number, _, email = call.text.partition(" ")
        sought = await current().order(Call(call.turn, "m", call.text), number=number or None, email=email or None)
        await current().note(Call(call.turn, "m", call.text), "Looked for an order.")
        told = "refused" if sought.is_refused else f"{sought.found.number} {sought.found.status} {sought.found.on}" if (
            sought.found
        ) else "unknown"  # fmt: skip
        return replace(await super().take_turn(call), messages=(BotMessage(told),))


@pytest.fixture
def engine() -> FakeEngine:
    return LooksForOrders()


@pytest.fixture
async def orders(store: Store, shop: Site) -> Store:
    for notice in (BOUGHT, SENT):
        await store.write(record, shop, notice, at=at())
    return store


async def test_number_and_address_together_tell_the_order(visitor: Visitor, orders: Store):
    conversation = (await visitor.connect())["conversation"]

    assert (await visitor.ask(f"1001 {ALICE.email.upper()}"))["text"] == "1001 sent 2026-03-01"
    assert (await visitor.ask("1001 somebody@visitors.example"))["text"] == "unknown"
    assert (await visitor.ask("1001"))["text"] == "unknown"

    rows = [row.interaction for row in await orders.read(of_conversation, conversation, limit=100)]
    assert [row.data for row in rows if row.kind is Kind.ORDER] == [{"found": True}, {"found": False}]


async def test_a_customer_whom_the_site_vouches_for_needs_no_address(visitor: Visitor, orders: Store, shop: Site):
    await visitor.connect()
    await visitor.send("identify", jwt=a_proof(shop))
    await visitor.until(lambda frame: frame["type"] == "identified")

    assert (await visitor.ask("1001"))["text"] == "1001 sent 2026-03-01"


async def test_who_guesses_is_refused_even_with_the_right_answer(visitor: Visitor, orders: Store):
    await visitor.connect()
    for number in range(TRIES_IN_A_CONVERSATION):
        assert (await visitor.ask(f"{number} {ALICE.email}"))["text"] == "unknown"

    assert (await visitor.ask(f"1001 {ALICE.email}"))["text"] == "refused"


async def test_an_address_is_guessed_at_ten_times_an_hour_over_all_conversations(
    client: TestClient[Any, Any], orders: Store
):
    told = []
    for _ in range(3):
        visitor = Visitor(client)
        await visitor.connect()
        told += [(await visitor.ask(f"{number} {ALICE.email}"))["text"] for number in range(4)]
        await visitor.leave()

    assert told == ["unknown"] * 10 + ["refused"] * 2


async def test_what_staff_are_told_is_not_shown_to_the_visitor(visitor: Visitor, orders: Store):
    await visitor.connect()

    answer = await visitor.ask("1001")

    assert answer["seq"] == 3
    assert [frame["seq"] for frame in visitor.frames if frame["type"] == "message"] == [1, 3]
