"""An engine that answers from memory: what the chat's tests need of one, without Rasa's start."""

import asyncio
from collections.abc import Callable

from bot.engine.client import BotMessage, TurnCall, TurnResult
from bot.errors import EngineUnavailable
from bot.interactions import Understanding


class FakeEngine:
    """Echoes what it hears until it is told what to say, or to be away."""

    def __init__(self) -> None:
        self.heard: list[TurnCall] = []
        self.away = False
        self.bot = ""
        self._says: Callable[[TurnCall], BotMessage] = lambda call: BotMessage(f"You said: {call.text}")
        self._may_answer = asyncio.Event()
        self._may_answer.set()

    def says(self, text: str, *buttons: tuple[str, str]) -> None:
        self._says = lambda _: BotMessage(text, buttons)

    def shows(self, text: str, **custom: object) -> None:
        self._says = lambda _: BotMessage(text, custom=custom)

    def hold(self) -> None:
        """Thinks until `go_on`."""
        self._may_answer.clear()

    def go_on(self) -> None:
        self._may_answer.set()

    async def take_turn(self, call: TurnCall) -> TurnResult:
        self.heard.append(call)
        await self._may_answer.wait()
        if self.away:
            raise EngineUnavailable("The engine is away.")
        understanding = Understanding("ask_page", 0.9, (("ask_page", 0.9), ("greet", 0.1)))
        if call.mode == "understand":
            return TurnResult((), understanding, call.state, ())
        state = {"turns": (call.state or {}).get("turns", 0) + 1}
        return TurnResult((self._says(call),), understanding, state, ("action_listen",), bot=self.bot)
