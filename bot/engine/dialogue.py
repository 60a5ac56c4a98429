"""The engine without memory: a tracker store that holds turns in flight, and forgets each when it is done.

The house gives the state of a conversation with every call and takes the new one back with the reply, so
any engine can serve any conversation and a killed one loses nothing. The sender that Rasa sees is the turn.
"""

import logging
from collections import OrderedDict
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.state import next_state

SHELL_CONVERSATIONS = 1_000
log = logging.getLogger(__name__)


class Turn:
    """One turn in flight: the events it was given, and the tracker once Rasa has one."""

    def __init__(self, given: list[dict[str, Any]]) -> None:
        self.given = given
        self.inherited = 0
        self.tracker: DialogueStateTracker | None = None

    def happened(self) -> list[Any]:
        """The events that this turn added."""
        return self.known()[self.inherited :]

    def known(self) -> list[Any]:
        """Those that it was given, then those that it added."""
        return [] if self.tracker is None else list(self.tracker.events)

    def state(self) -> tuple[dict[str, Any], bool]:
        """What to give with the next turn, and whether this one had to be made to listen."""
        return next_state(self.given, [event.as_dict() for event in self.happened()])


class TurnsInFlight(InMemoryTrackerStore):
    """Without our channel (`rasa shell`, `rasa test`) an ordinary store in memory, of the last 1,000 conversations."""

    def __init__(self, domain: Domain | None = None, event_broker: Any = None, **_: Any) -> None:
        super().__init__(domain, event_broker)
        self.store: OrderedDict[str, str] = OrderedDict()
        self._turns: dict[str, Turn] = {}

    def open(self, turn_id: str, given: list[dict[str, Any]]) -> Turn:
        """Begins a turn. KeyError when it is in flight already: two would share one tracker."""
        if turn_id in self._turns:
            raise KeyError(turn_id)
        turn = self._turns[turn_id] = Turn(given)
        return turn

    def close(self, turn_id: str) -> None:
        self._turns.pop(turn_id, None)

    def held(self) -> int:
        """How many conversations are in memory; none between turns."""
        return len(self._turns) + len(self.store)

    async def save(self, tracker: DialogueStateTracker) -> None:
        turn = self._turns.get(tracker.sender_id)
        if turn is not None:
            turn.tracker = tracker
            return
        await super().save(tracker)
        self.store.move_to_end(tracker.sender_id)
        while len(self.store) > SHELL_CONVERSATIONS:
            self.store.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        turn = self._turns.get(sender_id)
        if turn is None:
            return await super().retrieve(sender_id)
        if turn.tracker is None and turn.given:
            turn.tracker = self._rebuilt(sender_id, turn)
            turn.inherited = len(turn.tracker.events) if turn.tracker else 0
        return turn.tracker

    def _rebuilt(self, sender_id: str, turn: Turn) -> DialogueStateTracker | None:
        try:
            return DialogueStateTracker.from_dict(sender_id, turn.given, self.domain.slots)
        except Exception:
            # An upgrade may know other events. The visitor is better served by a bot that has forgotten the
            # last five turns than by one that refuses this conversation for ever.
            log.exception("The state of turn %s can not be rebuilt; it begins anew.", sender_id)
            turn.given = []
            return None
