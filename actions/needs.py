"""What visitors need and wish for: looked up where a page may help, heard where none can."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import HouseAction
from actions.pages import AnswerFromPages
from actions.words import NEED_HEARD, WISH_HEARD, say
from bot.desk import Call


class HearNeed(AnswerFromPages):
    """A page that may help is shown, and nothing else is offered but a person: what to buy is theirs to say."""

    not_found = NEED_HEARD

    def name(self) -> str:
        return "action_hear_need"


class HearWish(HouseAction):
    """The journal keeps the wish for the team; only what is also a question is looked up."""

    def name(self) -> str:
        return "action_hear_wish"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        if call.text.rstrip().endswith("?"):
            return await AnswerFromPages().act(call, dispatcher, tracker)
        dispatcher.utter_message(text=say(WISH_HEARD, tracker))
        return []
