"""From the bot to a person: asked for outright, or by saying yes to the offer."""

from collections.abc import Iterator
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import words
from actions.base import HouseAction
from actions.memory import forget_all, offers_forgetting
from actions.words import language_of, last_words, say
from bot import desk
from bot.desk import Call, PersonSought
from bot.hours import in_words

LONG_S = 90 * 60
REASONS = {"abuse": "upset", "distress": "distress"}
"""Why staff are wanted when nobody asked for them; else they were asked for."""


class AskPerson(HouseAction):
    """Notes why a person is wanted (`asked`, `complaint` or `no_answer`), so that staff know before they say hello."""

    def name(self) -> str:
        return "action_ask_person"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        return await hand_over(call, dispatcher, tracker)


class TakeOffer(HouseAction):
    """Yes hands over when the bot has just offered a person, and erases when it has asked that; else it is just yes."""

    def name(self) -> str:
        return "action_take_offer"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        if offers_person(last_words(tracker)):
            return await hand_over(call, dispatcher, tracker)
        if offers_forgetting(last_words(tracker)):
            await forget_all(call, dispatcher, tracker)
            return []
        dispatcher.utter_message(text=say(words.GOOD, tracker))
        return []


async def hand_over(call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Asks for a person and says when one comes; where nobody is there, a mail address is asked for next."""
    reason = tracker.get_slot("reason") or REASONS.get(intent_of(tracker), "asked")
    sought = await desk.current().ask_person(call, reason=reason)
    if complaint := tracker.get_slot("complaint_words"):
        await desk.current().note(call, "Complains: " + " ".join(f"“{one}”" for one in complaint))
    dispatcher.utter_message(text=_when(sought, tracker))
    known = ("reason", "complaint_words")
    events: list[dict[str, Any]] = [SlotSet(name, None) for name in known if tracker.get_slot(name)]
    if _is_anybody_there(sought) or tracker.get_slot("contact"):
        return events
    return [*events, SlotSet("contact", "asked"), FollowupAction("contact_form")]


def intent_of(tracker: Tracker) -> str:
    return str(((tracker.latest_message or {}).get("intent") or {}).get("name") or "")


def _is_anybody_there(sought: PersonSought) -> bool:
    return sought.open is True or (sought.open is None and sought.wait_s is not None)


def offers_person(utterance: dict[str, Any] | None) -> bool:
    buttons = ((utterance or {}).get("data") or {}).get("buttons") or []
    return any(button.get("payload") == "/ask_person" for button in buttons)


def _when(sought: PersonSought, tracker: Tracker) -> str:
    """The truth of when somebody comes, as the house has it."""
    if sought.open is False:
        return " ".join(_closed(sought, tracker))
    if sought.wait_s is not None:
        return _waiting(sought.wait_s, tracker)
    return say(words.PASSED_ON if sought.open else words.NOBODY_THERE, tracker)


def _closed(sought: PersonSought, tracker: Tracker) -> Iterator[str]:
    yield say(words.CLOSED, tracker)
    if sought.opens is not None:
        yield say(words.ANSWERS_FROM, tracker, in_words(sought.opens, language_of(tracker)))
    yield say(words.PASSED_ON, tracker)


def _waiting(seconds: int, tracker: Tracker) -> str:
    if seconds < 60:
        return say(words.IN_A_MOMENT, tracker)
    if seconds > LONG_S:
        return f"{say(words.PASSED_ON, tracker)} {say(words.MAY_TAKE_HOURS, tracker, -(-seconds // 3600))}"
    minutes = -(-seconds // 60)
    return say(words.IN_A_MINUTE, tracker) if minutes == 1 else say(words.IN_MINUTES, tracker, minutes)
