"""Talks to the engine. The only module of the house that knows its JSON; what comes back is checked here."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

import aiohttp

from bot.engine.plain import as_plain_words
from bot.errors import EngineUnavailable
from bot.interactions import Decision, Entity, TurnId, Understanding

SECRET_HEADER = "X-Duologue-Secret"  # noqa: S105 - the name of a header
IN_FLIGHT = 8
"""More at once only makes everyone wait longer: an engine is one event loop on one core."""
TURN_LIMIT_S = 50.0
"""Above the engine's own limit of 45 s, so that its reason arrives."""
REPLY_LIMIT = 4 * 1024 * 1024

Mode = Literal["answer", "understand"]
State = dict[str, Any]


class Address(Protocol):
    """What the client needs of an EngineAddress, wherever it was read from."""

    @property
    def url(self) -> str: ...
    @property
    def secret(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def bot(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class TurnCall:
    """One message of a visitor with everything the engine needs to answer it.

    `trusted` is for payloads of buttons that this house issued; only then may `text` be a command. `state` is
    what the last turn's result gave, None at the first. `facts` are what is known of the visitor.
    """

    turn: TurnId
    text: str
    mode: Mode = "answer"
    trusted: bool = False
    state: State | None = None
    page: Mapping[str, str] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    language: str | None = None


@dataclass(frozen=True)
class BotMessage:
    """One utterance. `buttons` are (title, payload); `custom` is data beside the text, such as its sources."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    custom: dict[str, Any] | None = None


@dataclass(frozen=True)
class TurnResult:
    """What the turn caused. `state` is to be stored with it and given with the next; `actions` ran in this order."""

    messages: tuple[BotMessage, ...]
    understanding: Understanding
    state: State | None
    actions: tuple[str, ...]
    decided: tuple[Decision, ...] = ()
    """What chose the actions that were predicted, in order."""
    bot: str = ""
    """The version that answered; empty where it is not known."""


class EngineClient:
    """Takes turns to wherever the engine is now. `look` tells where, anew for every turn: engines are restarted."""

    def __init__(
        self, session: aiohttp.ClientSession, look: Callable[[], Address], *, limit_s: float = TURN_LIMIT_S
    ) -> None:
        self._session, self._look = session, look
        self._limit = aiohttp.ClientTimeout(total=limit_s)
        self._room = asyncio.Semaphore(IN_FLIGHT)

    async def take_turn(self, call: TurnCall) -> TurnResult:
        """The engine's answer. EngineUnavailable when there is none: the turn may be tried again."""
        async with self._room:
            address = self._look()
            if address.state != "ready":
                raise EngineUnavailable(f"The engine is {address.state} (turn {call.turn}).")
            return await ask(self._session, address, call, limit=self._limit)


async def ask(
    session: aiohttp.ClientSession, address: Address, call: TurnCall, *, limit: aiohttp.ClientTimeout
) -> TurnResult:
    """One call to the engine at `address`, whatever state it is said to be in."""
    where = f"The engine at {address.url}"
    try:
        async with session.post(
            f"{address.url}/webhooks/duologue/turn",
            json=_as_json(call),
            headers={SECRET_HEADER: address.secret},
            timeout=limit,
            allow_redirects=False,
        ) as reply:
            if reply.status != 200:
                raise EngineUnavailable(f"{where} answered {reply.status}: {await _reason(reply)} (turn {call.turn}).")
            if (reply.content_length or 0) > REPLY_LIMIT:
                raise EngineUnavailable(f"{where} gave {reply.content_length} bytes (turn {call.turn}).")
            return replace(_result(await reply.json(), call), bot=address.bot)
    except TimeoutError as error:
        raise EngineUnavailable(f"{where} gave no answer in {limit.total:g} s (turn {call.turn}).") from error
    except (aiohttp.ClientError, OSError) as error:
        raise EngineUnavailable(f"{where} is not reachable: {type(error).__name__} (turn {call.turn}).") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        # The content is not quoted: it holds what the visitor wrote.
        raise EngineUnavailable(f"{where} gave an answer that is not one (turn {call.turn}).") from error


def _as_json(call: TurnCall) -> dict[str, Any]:
    return {
        "turn": call.turn,
        "text": call.text if call.trusted else as_plain_words(call.text),
        "mode": call.mode,
        "trusted": call.trusted,
        "state": call.state,
        "page": dict(call.page) if call.page is not None else None,
        "facts": dict(call.facts),
        "language": call.language,
    }


async def _reason(reply: aiohttp.ClientResponse) -> str:
    try:
        return str((await reply.json())["error"])[:300]
    except (ValueError, TypeError, KeyError, aiohttp.ClientError):
        return "no reason given"


def _result(body: Any, call: TurnCall) -> TurnResult:
    if body["turn"] != call.turn or body["status"] != "ok":
        raise ValueError("an answer to another turn")
    state = body["state"]
    if state is not None and not isinstance(state, dict):
        raise TypeError("state is no object")
    return TurnResult(
        messages=tuple(_message(message) for message in body["messages"]),
        understanding=_understanding(body["understanding"]),
        state=state,
        actions=tuple(_text(name) for name in body["actions"]),
        decided=tuple(_decision(one) for one in body["decided"]),
    )


def _decision(told: Any) -> Decision:
    sure = told.get("confidence")
    words = {name: _text(told[name]) for name in ("policy", "rule", "form", "slot") if told.get(name) is not None}
    return Decision(_text(told["action"]), None if sure is None else float(sure), **words)


def _message(message: Any) -> BotMessage:
    custom = message["custom"]
    if custom is not None and not isinstance(custom, dict):
        raise TypeError("custom is no object")
    buttons = tuple((_text(button["title"]), _text(button["payload"])) for button in message["buttons"])
    return BotMessage(_text(message["text"]), buttons, custom)


def _understanding(said: Any) -> Understanding:
    return Understanding(
        intent=_text(said["intent"]) if said["intent"] is not None else None,
        confidence=float(said["confidence"]),
        ranking=tuple((_text(name), float(confidence)) for name, confidence in said["ranking"]),
        entities=tuple(
            Entity(_text(e["kind"]), _text(e["text"]), _text(e["value"]), int(e["start"]), int(e["end"]))
            for e in said["entities"]
        ),
    )


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
