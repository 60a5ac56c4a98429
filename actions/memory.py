"""What the bot remembers of this visitor, and what it said last."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import HouseAction
from actions.words import AND_MORE, NOTHING_KEPT, NOTHING_SAID, TOLD_ME, WHERE_KEPT, last_words, say
from bot import desk
from bot.desk import Call

FACTS_SHOWN = 10


class Recall(HouseAction):
    def name(self) -> str:
        return "action_recall"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        facts = await desk.current().recall(call)
        where = say(WHERE_KEPT, tracker)
        if not facts:
            dispatcher.utter_message(text=say(NOTHING_KEPT, tracker, where))
            return
        lines = [f"• {fact.text}" for fact in facts[:FACTS_SHOWN]]
        more = len(facts) - FACTS_SHOWN
        if more > 0:
            lines.append(f"• {say(AND_MORE, tracker, more)}")
        dispatcher.utter_message(text=say(TOLD_ME, tracker, "\n".join(lines), where))


class Repeat(HouseAction):
    def name(self) -> str:
        return "action_repeat"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        said = last_words(tracker)
        data = (said or {}).get("data") or {}
        if not said or not said.get("text"):
            dispatcher.utter_message(text=say(NOTHING_SAID, tracker))
            return
        dispatcher.utter_message(
            text=said["text"], json_message=data.get("custom") or None, buttons=data.get("buttons") or []
        )
