"""From the bot to a person: asked for outright, or by saying yes to the offer."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import HouseAction, last_words
from bot import desk
from bot.desk import Call, PersonSought
from bot.hours import in_words

NOBODY_THERE = (
    "I have passed this on. Nobody is here right now; write what it is about, and a person will answer you here."
)
PASSED_ON = "I have passed this on. Write what it is about, and a person will answer you here."
LONG_S = 90 * 60
GOOD = "Good! What else would you like to know?"


class AskPerson(HouseAction):
    """Notes why a person is wanted (`asked`, `complaint` or `no_answer`), so that staff know before they say hello."""

    def name(self) -> str:
        return "action_ask_person"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        return await hand_over(call, dispatcher, tracker)


class TakeOffer(HouseAction):
    """Yes hands over when the bot has just offered a person; else there is nothing to say yes to."""

    def name(self) -> str:
        return "action_take_offer"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        if offers_person(last_words(tracker)):
            return await hand_over(call, dispatcher, tracker)
        dispatcher.utter_message(text=GOOD)
        return []


async def hand_over(call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    reason = tracker.get_slot("reason")
    sought = await desk.current().ask_person(call, reason=reason or "asked")
    dispatcher.utter_message(text=_when(sought))
    return [SlotSet("reason", None)] if reason else []


def offers_person(utterance: dict[str, Any] | None) -> bool:
    buttons = ((utterance or {}).get("data") or {}).get("buttons") or []
    return any(button.get("payload") == "/ask_person" for button in buttons)


def _when(sought: PersonSought) -> str:
    """The truth of when somebody comes, as the house has it."""
    if sought.open is False:
        back = "" if sought.opens is None else f" A person answers from {in_words(sought.opens)}."
        return f"We are closed now.{back} {PASSED_ON}"
    if sought.wait_s is not None:
        return _waiting(sought.wait_s)
    return PASSED_ON if sought.open else NOBODY_THERE


def _waiting(seconds: int) -> str:
    if seconds < 60:
        return "I am getting a person for you. They will be with you in a moment."
    if seconds > LONG_S:
        return f"{PASSED_ON} It may take about {-(-seconds // 3600)} hours."
    minutes = -(-seconds // 60)
    unit = "minute" if minutes == 1 else "minutes"
    return f"I am getting a person for you. They will be with you in about {minutes} {unit}."
