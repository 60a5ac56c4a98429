"""Which wording of a response is said: one that does not repeat what the bot has just said.

Rasa draws it by lot, so that every third time the same sentence comes twice in a row. Named in the endpoints as
`nlg: {type: bot.engine.wording.FreshWording}`.
"""

import copy
import random
import re
from collections.abc import Iterable
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

_SENTENCE = re.compile(r"(?<=[.?!:])\s+")


class FreshWording(TemplatedNaturalLanguageGenerator):
    def __init__(self, endpoint_config: Any = None, domain: Domain | None = None) -> None:
        super().__init__(domain.responses if domain is not None else {})

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        if utter_action not in self.responses:
            return None
        slots = tracker.current_slot_values()
        wordings = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, slots
        )
        if not wordings:
            return None
        chosen = freshest(wordings, just_said(tracker))
        return self._fill_response(copy.deepcopy(chosen), slots, **kwargs)


def freshest(wordings: list[dict[str, Any]], before: frozenset[str]) -> dict[str, Any]:
    """One of those that have the fewest sentences in common with `before`."""
    repeated = [len(before & sentences([str(one.get("text") or "")])) for one in wordings]
    fresh = [one for one, times in zip(wordings, repeated, strict=True) if times == min(repeated)]
    return random.choice(fresh)  # noqa: S311 - a wording is no secret


def just_said(tracker: DialogueStateTracker) -> frozenset[str]:
    """The bot's sentences since the visitor's last message but one."""
    said: list[str] = []
    messages = 0
    for event in reversed(tracker.events):
        messages += isinstance(event, UserUttered)
        if messages == 2:
            break
        if isinstance(event, BotUttered):
            said.append(event.text or "")
    return sentences(said)


def sentences(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(one.strip().lower() for text in texts for one in _SENTENCE.split(text) if one.strip())
