"""What all actions share: whom they speak for, and an honest sentence when something fails."""

import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.words import FAILED, Words, offer, say
from bot.desk import Call
from bot.interactions import TurnId

CANARY = "canary-"
"""Turns that only ask whether the engine is alive. They are nobody's, and leave no trace."""

log = logging.getLogger(__name__)


class HouseAction(Action, ABC):
    """A few lines that ask the desk and answer. An exception becomes an honest sentence, never silence."""

    failed: Words | None = FAILED
    """Said when the action raises; None says nothing."""

    @abstractmethod
    def name(self) -> str:
        """As in domain.yml."""

    @abstractmethod
    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]] | None:
        """What the action does, on behalf of `call`; gives the events to add, if any."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        call = whom(tracker)
        if call.turn is not None and call.turn.startswith(CANARY):
            return []
        try:
            return await self.act(call, dispatcher, tracker) or []
        except Exception as error:
            # The type and the place, never the text of the error: it may quote what the visitor wrote.
            log.error("%s failed in turn %s: %s at %s", self.name(), call.turn, type(error).__name__, _place(error))
            dispatcher.messages.clear()
            if self.failed is not None:
                dispatcher.utter_message(text=say(self.failed, tracker), buttons=offer(tracker))
            return self.after_failure()

    def after_failure(self) -> list[dict[str, Any]]:
        """The events to add when the action raised."""
        return []


def whom(tracker: Tracker) -> Call:
    """The open turn the message belongs to; no turn when Rasa runs by itself (`rasa shell`)."""
    message = tracker.latest_message or {}
    turn = (message.get("metadata") or {}).get("turn")
    return Call(
        turn=TurnId(turn) if isinstance(turn, str) else None,
        message=str(message.get("message_id") or ""),
        text=str(message.get("text") or ""),
    )


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else "unknown"
