"""Answers from the site's own pages: quoted, with their source, or an honest "I could not find that"."""

import re
from dataclasses import asdict
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import HouseAction
from actions.telling import thanks_for
from actions.words import (
    ANEW,
    ASK,
    FOUND,
    LOOK_UP,
    NEAREST,
    NOT_FOUND,
    ONE_BY_ONE,
    QUOTED,
    QUOTED_UNDER,
    SAME_AGAIN,
    TOO_MUCH,
    WHICH,
    offer,
    say,
)
from bot import desk
from bot.desk import OPTION, Call, Manner, PageAnswer, Source
from bot.foreign import foreign_language, spoken_here
from bot.spoken import TOO_MANY, questions_in

OFTEN = 2
"""Whoever has said the same words so often before, in a row, is not helped by the same answer."""
_ANEW = re.compile(
    r"\W*(?:restart|start (?:over|again|anew)|session_start|neu ?start(?:en)?|von vorne?)\W*(?:\{.*)?", re.IGNORECASE
)
"""Said to a machine; the engine has taken a leading slash away (bot/engine/plain.py)."""
COMPARED = 500
"""Characters; of earlier messages no more is kept."""


class AnswerFromPages(HouseAction):
    not_found = NOT_FOUND

    def name(self) -> str:
        return "action_answer_from_pages"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        if call.text and not any(one.isalnum() for one in call.text):
            # "?!" asks no page anything, and is no question that one should answer some day.
            dispatcher.utter_message(response="utter_default")
            return _reason(tracker, "no_answer")
        if _ANEW.fullmatch(call.text):
            # No page is asked for it, and so it is none of the questions that one should answer some day.
            dispatcher.utter_message(text=say(ANEW, tracker))
            return _reason(tracker, None)
        answer = await desk.current().answer(call)
        if times_said_before(tracker) >= OFTEN:
            text, buttons = say(SAME_AGAIN, tracker), offer(tracker)
            dispatcher.utter_message(text=text, json_message=_beside(answer), buttons=buttons)
            return _reason(tracker, "no_answer")
        if answer.options:
            buttons = [{"title": option, "payload": OPTION} for option in answer.options]
            dispatcher.utter_message(text=say(WHICH, tracker), buttons=buttons)
            return _reason(tracker, None)
        is_much = len(questions_in(call.text)) >= TOO_MANY
        if answer.answered:
            done = self.found(answer, dispatcher, tracker)
            if is_much:
                dispatcher.utter_message(text=say(ONE_BY_ONE, tracker))
            return done
        if (language := foreign_language(call.text)) is not None:
            dispatcher.utter_message(text=spoken_here(language), buttons=offer(tracker))
            return _reason(tracker, "no_answer")
        telling = await desk.current().told(call)
        if telling.is_of_self(call.text):
            # "Call me Bob": no question, so there is no answer to be sorry for.
            text = f"{thanks_for(dict(telling.facts), tracker)} {say(LOOK_UP, tracker)}"
            dispatcher.utter_message(text=text)
            return _reason(tracker, None)
        if is_much:
            dispatcher.utter_message(text=say(TOO_MUCH, tracker), buttons=offer(tracker))
            return _reason(tracker, "no_answer")
        return self.in_vain(answer, dispatcher, tracker)

    def in_vain(self, answer: PageAnswer, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Says that no page answers, names the nearest and offers a person."""
        sentences = (self.not_found, NEAREST, ASK) if answer.sources else (self.not_found, ASK)
        text = " ".join(say(one, tracker) for one in sentences)
        dispatcher.utter_message(text=text, json_message=_beside(answer), buttons=offer(tracker))
        return _reason(tracker, "no_answer")

    def found(self, answer: PageAnswer, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Says what a page tells; when that is unsure for the second time in a row, a person is offered beside it."""
        unsure = True if answer.manner is Manner.FOUND else None
        text, buttons = _said(answer, tracker), []
        if unsure and tracker.get_slot("unsure"):
            text, buttons = f"{text}\n{say(ASK, tracker)}", offer(tracker)
        dispatcher.utter_message(text=text, json_message=_beside(answer), buttons=buttons)
        changed = [] if tracker.get_slot("unsure") == unsure else [SlotSet("unsure", unsure)]
        return [*_reason(tracker, None), *changed]


class OutOfScope(AnswerFromPages):
    """What sounds like nothing of a company's may be just what its pages are about: they have the first word."""

    def name(self) -> str:
        return "action_out_of_scope"

    def in_vain(self, answer: PageAnswer, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        dispatcher.utter_message(response="utter_out_of_scope")
        return _reason(tracker, None)


def times_said_before(tracker: Tracker) -> int:
    """How often in a row, just before, the visitor has said what they say now; a press of a button is no saying."""
    said = [_plain(event.get("text")) for event in tracker.events if event.get("event") == "user"]
    if not said or said[-1].startswith("/"):
        return 0
    return next((number for number, text in enumerate(reversed(said[:-1])) if text != said[-1]), len(said) - 1)


def _plain(text: object) -> str:
    return " ".join(str(text or "")[:COMPARED].casefold().split())


def _said(answer: PageAnswer, tracker: Tracker) -> str:
    """The page's words, said to be the page's where a "yes" among them could be taken for ours."""
    if answer.manner is Manner.PLAIN or not answer.sources:
        return answer.text
    source = answer.sources[0]
    name = source.name or source.title
    if answer.manner is Manner.FOUND:
        lead = say(FOUND, tracker, name)
    elif source.heading.endswith("?"):
        # These words answer that question, which may be another than was asked.
        lead = say(QUOTED_UNDER, tracker, name, source.heading)
    else:
        lead = say(QUOTED, tracker, name)
    return f"{lead}\n{answer.text}"


def _beside(answer: PageAnswer) -> dict[str, Any] | None:
    shown: dict[str, Any] = {"sources": [_shown(source) for source in answer.sources]} if answer.sources else {}
    if answer.card is not None:
        shown["cards"] = [asdict(answer.card)]
    return shown or None


def _shown(source: Source) -> dict[str, str]:
    shown = {"url": source.url, "title": source.title, "quote": source.quote}
    return shown | ({"link": source.link} if source.link else {})


def _reason(tracker: Tracker, now: str | None) -> list[dict[str, Any]]:
    """Why a person may be wanted; a complaint stays one, whatever is asked after it."""
    before = tracker.get_slot("reason")
    return [] if before in ("complaint", now) else [SlotSet("reason", now)]
