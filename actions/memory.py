"""What the bot remembers of this visitor, and what it said last."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import HouseAction, last_words
from bot import desk
from bot.desk import Call

WHERE = "Press 'More' (the three dots at the top), then 'What is kept', to see and erase it."
NOTHING = f"I remember nothing about you beyond this chat. {WHERE}"
NOT_YET = "I have not said anything yet. What would you like to know?"
FACTS_SHOWN = 10


class Recall(HouseAction):
    def name(self) -> str:
        return "action_recall"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        facts = await desk.current().recall(call)
        if not facts:
            dispatcher.utter_message(text=NOTHING)
            return
        lines = [f"• {fact.text}" for fact in facts[:FACTS_SHOWN]]
        more = len(facts) - FACTS_SHOWN
        if more > 0:
            lines.append(f"• and {more} more")
        listed = "\n".join(lines)
        dispatcher.utter_message(text=f"You told me this:\n{listed}\n{WHERE}")


class Repeat(HouseAction):
    def name(self) -> str:
        return "action_repeat"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        said = last_words(tracker)
        data = (said or {}).get("data") or {}
        if not said or not said.get("text"):
            dispatcher.utter_message(text=NOT_YET)
            return
        dispatcher.utter_message(
            text=said["text"], json_message=data.get("custom") or None, buttons=data.get("buttons") or []
        )
