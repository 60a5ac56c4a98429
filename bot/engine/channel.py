"""The one door of the engine: `POST /webhooks/duologue/turn` takes a turn with its state and answers explicitly.

Rasa's own REST channel answers `200 []` to every failure. Here each outcome has its status: 200 with the
messages, 400, 413 and 415 for a call that is wrong, 401 without the secret, and 503 when the turn failed
and may be tried again.
"""

import asyncio
import hmac
import logging
import os
from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.engine.dialogue import Turn, TurnsInFlight
from bot.engine.turn import (
    BadCall,
    TurnCall,
    bounded_message,
    decided,
    executed,
    lost_actions,
    read_call,
    understood,
    understood_by,
)

SECRET_VARIABLE = "DUOLOGUE_ENGINE_SECRET"  # noqa: S105 - the name of a variable
SECRET_HEADER = "X-Duologue-Secret"  # noqa: S105 - the name of a header
IN_FLIGHT_LIMIT = 8
TURN_LIMIT_S = 45.0
"""Above the slowest action (20 s) twice, below the 60 s after which the web server answers by itself."""

log = logging.getLogger(__name__)


class OneTurn(OutputChannel):
    """Collects what the bot says. Text and data of one utterance stay one message."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return DuologueChannel.name()

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        bounded = bounded_message(message)
        if bounded is not None:
            self.messages.append(bounded)


class DuologueChannel(InputChannel):
    """Refuses every call while the environment gives no secret."""

    def __init__(self) -> None:
        self._secret = os.environ.get(SECRET_VARIABLE, "")
        self._turns: set[asyncio.Task[dict[str, Any]]] = set()

    @classmethod
    def name(cls) -> str:
        return "duologue"

    def blueprint(self, on_new_message: Any) -> Blueprint:
        door = Blueprint("duologue", strict_slashes=False)

        @door.get("/status")
        async def status(request: Request) -> HTTPResponse:
            if not self._is_known(request):
                return _failed(401, "the secret is missing or wrong")
            store = _store(request)
            return response.json(
                {
                    "status": "ok" if store else "starting",
                    "turns": len(self._turns),
                    "held": store.held() if store else 0,
                }
            )

        @door.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not self._is_known(request):
                return _failed(401, "the secret is missing or wrong")
            try:
                call = read_call(request.headers.get("content-type", ""), request.body)
            except BadCall as refusal:
                return _failed(refusal.status, str(refusal))
            return await self._answer(request, call)

        return door

    def _is_known(self, request: Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "replace")
        return bool(self._secret) and hmac.compare_digest(given, self._secret.encode())

    async def _answer(self, request: Request, call: TurnCall) -> HTTPResponse:
        store = _store(request)
        if store is None:
            return _failed(503, "the model is not loaded yet", call.turn)
        if len(self._turns) >= IN_FLIGHT_LIMIT and not call.is_canary:
            return _failed(503, f"busy: {len(self._turns)} turns are in flight", call.turn)
        take = understand if call.mode == "understand" else answer
        task = asyncio.ensure_future(take(request.app.ctx.agent, store, call))
        self._turns.add(task)
        task.add_done_callback(self._turns.discard)
        try:
            # Shielded: a caller that hangs up must not cut a turn in the middle of its actions.
            return response.json(await asyncio.wait_for(asyncio.shield(task), TURN_LIMIT_S))
        except asyncio.TimeoutError:
            return _failed(503, f"no answer in {TURN_LIMIT_S:g} s", call.turn)
        except KeyError:
            return _failed(503, "busy: this turn is in flight already", call.turn)
        except TurnFailed as failure:
            return _failed(503, str(failure), call.turn)
        except Exception as error:
            log.exception("Turn %s failed.", call.turn)
            return _failed(503, f"{type(error).__name__} in the engine; its log says more", call.turn)


class TurnFailed(Exception):
    """Something of the turn was lost; it may be tried again."""


async def understand(agent: Any, store: TurnsInFlight, call: TurnCall) -> dict[str, Any]:
    """The understanding alone: no policy, no action, the state as it was."""
    parsed = await agent.processor.parse_message(UserMessage(call.text, sender_id=call.turn))
    return _reply(call, [], understood(parsed), [], call.state)


async def answer(agent: Any, store: TurnsInFlight, call: TurnCall) -> dict[str, Any]:
    """The whole turn: understood, decided, acted and answered."""
    turn = store.open(call.turn, call.events)
    lost: list[str] = []
    lost_actions.set(lost)
    output = OneTurn()
    message = UserMessage(
        call.text,
        output,
        sender_id=call.turn,
        input_channel=DuologueChannel.name(),
        message_id=call.turn,
        metadata=call.metadata,
    )
    try:
        await agent.handle_message(message)
    finally:
        store.close(call.turn)
    if lost:
        raise TurnFailed("; ".join(lost))
    return _closed(call, turn, output)


def _closed(call: TurnCall, turn: Turn, output: OneTurn) -> dict[str, Any]:
    happened = turn.happened()
    state, mended = turn.state()
    if mended:
        log.warning("Turn %s ended without listening after %s; it was mended.", call.turn, executed(happened))
    reply = _reply(call, output.messages, understood_by(happened), executed(happened), state)
    return {**reply, "decided": decided(turn.known(), turn.inherited), "mended": mended}


def _reply(
    call: TurnCall, messages: list[Any], understanding: dict[str, Any], actions: list[str], state: Any
) -> dict[str, Any]:
    return {
        "turn": call.turn,
        "status": "ok",
        "messages": messages,
        "understanding": understanding,
        "actions": actions,
        "decided": [],
        "state": state,
    }


def _store(request: Request) -> TurnsInFlight | None:
    """The store of a loaded model; None while there is none."""
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        return None
    # Rasa wraps the store in one that answers when saving failed; the visitor would be told something that
    # was never kept. Raising makes it a failed turn.
    agent.tracker_store._on_tracker_store_error = _raise
    store = getattr(agent.tracker_store, "_tracker_store", agent.tracker_store)
    if not isinstance(store, TurnsInFlight):
        raise TypeError("endpoints.yml must name bot.engine.dialogue.TurnsInFlight as tracker_store")
    return store


def _raise(error: Exception) -> None:
    raise error


def _failed(status: int, error: str, turn: str | None = None) -> HTTPResponse:
    body = {"status": "failed", "error": error}
    return response.json({"turn": turn, **body} if turn is not None else body, status=status)
