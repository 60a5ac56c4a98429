"""Answers from the site's own pages: quoted, with their source, or an honest "I could not find that"."""

from dataclasses import asdict
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import OFFER, HouseAction
from bot import desk
from bot.desk import Call, Source

NOT_FOUND = "I could not find that on our pages."
NEAREST = "These come closest."
ASK = "Would you like to talk to a person?"


class AnswerFromPages(HouseAction):
    def name(self) -> str:
        return "action_answer_from_pages"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        answer = await desk.current().answer(call)
        shown: dict[str, Any] = {"sources": [_shown(source) for source in answer.sources]} if answer.sources else {}
        if answer.card is not None:
            shown["cards"] = [asdict(answer.card)]
        if answer.answered:
            dispatcher.utter_message(text=answer.text, json_message=shown or None)
            return _reason(tracker, None)
        sentences = [NOT_FOUND, NEAREST, ASK] if answer.sources else [NOT_FOUND, ASK]
        dispatcher.utter_message(text=" ".join(sentences), json_message=shown or None, buttons=OFFER)
        return _reason(tracker, "no_answer")


def _shown(source: Source) -> dict[str, str]:
    shown = {"url": source.url, "title": source.title, "quote": source.quote}
    return shown | ({"link": source.link} if source.link else {})


def _reason(tracker: Tracker, now: str | None) -> list[dict[str, Any]]:
    """Why a person may be wanted; a complaint stays one, whatever is asked after it."""
    before = tracker.get_slot("reason")
    return [] if before in ("complaint", now) else [SlotSet("reason", now)]
