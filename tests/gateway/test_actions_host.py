"""Rasa's calls to our actions: with the secret they speak for a turn, without it for nobody."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot import desk
from bot.desk import Call, Fact, PageAnswer, PersonSought
from bot.gateway.actions_host import SECRET_HEADER, actions_app
from bot.interactions import Understanding

SECRET = "the secret of this start"


class ListeningDesk:
    """Remembers which calls came to it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    async def heard(self, call: Call, understanding: Understanding) -> None:
        self.calls.append(call)

    async def answer(self, call: Call) -> PageAnswer:
        self.calls.append(call)
        return PageAnswer(False, 0.0)

    async def ask_person(self, call: Call, *, reason: str) -> PersonSought:
        self.calls.append(call)
        return PersonSought(None)

    async def recall(self, call: Call) -> tuple[Fact, ...]:
        self.calls.append(call)
        return (Fact("name", "Your name is Alice."),) if call.turn else ()

    async def record(self, call: Call, *, kind: str, data: dict[str, Any]) -> None:
        self.calls.append(call)


@pytest.fixture
def listening() -> ListeningDesk:
    listening = ListeningDesk()
    desk.fill(listening)
    return listening


@pytest.fixture
async def host(listening: ListeningDesk) -> AsyncIterator[TestClient[Any, Any]]:
    async with TestClient(TestServer(actions_app(SECRET))) as client:
        yield client


def a_call(action: str, **changes: Any) -> dict[str, Any]:
    latest = {"text": "Hello", "message_id": "m1", "metadata": {"turn": "turn-1"}, "intent": {"name": "greet"}}
    tracker = {
        "sender_id": "turn-1",
        "slots": {},
        "latest_message": latest,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    return {"next_action": action, "sender_id": "turn-1", "tracker": tracker, "version": "3.6.21"} | changes


async def test_with_the_secret_an_action_speaks_for_its_turn(host: TestClient[Any, Any], listening: ListeningDesk):
    async with host.post("/webhook", json=a_call("action_recall"), headers={SECRET_HEADER: SECRET}) as answer:
        told = await answer.json()

    assert answer.status == 200 and "Alice" in told["responses"][0]["text"]
    assert [call.turn for call in listening.calls] == ["turn-1"]


@pytest.mark.parametrize("secret", [None, "", "guessed"])
async def test_without_the_secret_it_reads_no_profile(
    host: TestClient[Any, Any], listening: ListeningDesk, secret: str | None
):
    headers = {} if secret is None else {SECRET_HEADER: secret}

    async with host.post("/webhook", json=a_call("action_recall"), headers=headers) as answer:
        told = await answer.json()

    assert answer.status == 200 and "Alice" not in str(told)
    assert [call.turn for call in listening.calls] == [None]


@pytest.mark.parametrize("body", ["", "no json", "[]", "{}", '{"next_action":"x","tracker":7}', "[" * 100_000])
async def test_what_is_no_call_is_refused_in_words(host: TestClient[Any, Any], body: str):
    async with host.post("/webhook", data=body) as answer:
        assert answer.status == 422 and "no action call" in (await answer.json())["detail"]


async def test_an_action_that_nobody_wrote_is_not_found(host: TestClient[Any, Any]):
    async with host.post("/webhook", json=a_call("action_nonsense")) as answer:
        assert answer.status == 404 and (await answer.json())["action_name"] == "action_nonsense"


async def test_the_actions_of_the_domain_are_all_there(host: TestClient[Any, Any]):
    for action in ("action_validate_slot_mappings", "action_answer_from_pages", "action_ask_person", "action_recall"):
        async with host.post("/webhook", json=a_call(action), headers={SECRET_HEADER: SECRET}) as answer:
            assert answer.status == 200, action
