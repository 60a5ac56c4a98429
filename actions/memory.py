"""What the bot remembers of this visitor: told, listed, put right, forgotten; and what it said last."""

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import HouseAction
from actions.pages import AnswerFromPages
from actions.telling import thanks_for
from actions.words import (
    AND_MORE,
    CORRECTED,
    ERASE,
    ERASE_ALL,
    ERASE_CHAT,
    ERASE_THIS,
    ERASED,
    ERASED_CHAT,
    FORGET_WHICH,
    FORGOT,
    KEEP,
    LOOK_UP,
    NOTHING_KEPT,
    NOTHING_OF_THAT,
    NOTHING_SAID,
    NOTHING_TO_CORRECT,
    TOLD_ME,
    WHAT_IS_RIGHT,
    WHERE_ALLOWED,
    WHERE_KEPT,
    YOURS,
    last_words,
    say,
)
from bot import desk
from bot.desk import Call, Fact

FACTS_SHOWN = 10
FORGET_ALL = "/forget_me"
"""What pressing yes to "Shall I erase everything?" tells the engine."""
# How visitors name what shall be forgotten, in English and German.
_NAMED = {
    "name": r"\bnames?\b|\bnamen\b|\bcalled\b|\bhei(?:ß|ss)e\b",
    "email": r"\be-?mails?\b|\bmail\b|e-?mail-?adresse",
    "company": r"\bcompany\b|\bwork\b|\bemployer\b|\bjob\b|\bfirma\b|\barbeite\b|\barbeitgeber\b",
    "place": r"\bliv(?:e|ing)\b|\baddress\b|\bcity\b|\btown\b|\bcountry\b|\bfrom\b|\bwohne\b|\bwohnort\b|\badresse\b",
    "need": r"\blook(?:ing|ed)? for\b|\bneed(?:ed)?\b|\bwant(?:ed)?\b|\bsuche\b|\bbrauche\b|\bgesucht\b",
    "interest": r"\binterest\w*|\bhobb\w+|\bi like\b|\binteress\w+",
}


class Recall(HouseAction):
    def name(self) -> str:
        return "action_recall"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        facts = await desk.current().recall(call)
        where = say(WHERE_KEPT, tracker)
        if not facts:
            kept = (await desk.current().told(call)).kept
            dispatcher.utter_message(text=say(NOTHING_KEPT, tracker, where if kept else say(WHERE_ALLOWED, tracker)))
            return
        lines = [f"• {fact.text}" for fact in facts[:FACTS_SHOWN]]
        more = len(facts) - FACTS_SHOWN
        if more > 0:
            lines.append(f"• {say(AND_MORE, tracker, more)}")
        dispatcher.utter_message(text=say(TOLD_ME, tracker, "\n".join(lines), where))


class TellOfSelf(HouseAction):
    """Answers like a person would, whether or not it is remembered; a question beside it is answered too."""

    def name(self) -> str:
        return "action_tell_of_self"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]] | None:
        facts = dict((await desk.current().told(call)).facts)
        thanks = thanks_for(facts, tracker)
        if "need" in facts or "?" in call.text:
            if facts:
                dispatcher.utter_message(text=thanks)
            return await AnswerFromPages().act(call, dispatcher, tracker)
        dispatcher.utter_message(text=f"{thanks} {say(LOOK_UP, tracker)}")
        return None


class CorrectFact(HouseAction):
    def name(self) -> str:
        return "action_correct_fact"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        telling = await desk.current().told(call)
        right = ", ".join(value for _, value in telling.facts)
        if right and telling.kept:
            dispatcher.utter_message(text=say(CORRECTED, tracker, right))
        elif right:
            dispatcher.utter_message(text=say(NOTHING_TO_CORRECT, tracker, right, say(WHERE_ALLOWED, tracker)))
        elif telling.outdated:
            await _forget(call, dispatcher, tracker, telling.outdated)
        else:
            dispatcher.utter_message(text=say(WHAT_IS_RIGHT, tracker))


class ForgetFact(HouseAction):
    """Forgets what the visitor names, by its kind or by its words; asks when it is not clear what is meant."""

    def name(self) -> str:
        return "action_forget_fact"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        known = await desk.current().recall(call)
        meant = _meant(call.text, known)
        found = [fact.id for fact in known if fact.id in meant]
        if found:
            await _forget(call, dispatcher, tracker, found)
        elif meant or not known:
            # What is not remembered may stand in this chat all the same.
            for kind in meant:
                await desk.current().forget(call, fact=kind)
            kept = (await desk.current().told(call)).kept
            nothing = say(NOTHING_OF_THAT, tracker) if kept else say(NOTHING_KEPT, tracker, say(WHERE_ALLOWED, tracker))
            dispatcher.utter_message(text=nothing)
        else:
            listed = "\n".join(f"• {fact.text}" for fact in known)
            dispatcher.utter_message(text=say(FORGET_WHICH, tracker, listed))


class ForgetMe(HouseAction):
    """One question first, since nothing brings it back; the same wish again is a yes."""

    def name(self) -> str:
        return "action_forget_me"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        if offers_forgetting(last_words(tracker)):
            await forget_all(call, dispatcher, tracker)
            return
        asked, yes = (ERASE_ALL, ERASE) if await desk.current().erases_all(call) else (ERASE_CHAT, ERASE_THIS)
        buttons = [
            {"title": say(yes, tracker), "payload": FORGET_ALL},
            {"title": say(KEEP, tracker), "payload": "/deny"},
        ]
        dispatcher.utter_message(text=say(asked, tracker), buttons=buttons)


def offers_forgetting(utterance: dict[str, Any] | None) -> bool:
    """Whether the bot has just asked if everything shall be forgotten."""
    buttons = ((utterance or {}).get("data") or {}).get("buttons") or []
    return any(button.get("payload") == FORGET_ALL for button in buttons)


async def forget_all(call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    erased = ERASED if await desk.current().erases_all(call) else ERASED_CHAT
    await desk.current().forget(call, fact=None)
    dispatcher.utter_message(text=say(erased, tracker))


async def _forget(
    call: Call, dispatcher: CollectingDispatcher, tracker: Tracker, kinds: tuple[str, ...] | list[str]
) -> None:
    for kind in kinds:
        await desk.current().forget(call, fact=kind)
    dispatcher.utter_message(text=say(FORGOT, tracker, ", ".join(say(YOURS[kind], tracker) for kind in kinds)))


def _meant(text: str, known: tuple[Fact, ...]) -> set[str]:
    """The kinds that the message names: "where I live", or the place itself."""
    by_kind = {kind for kind, named in _NAMED.items() if re.search(named, text, re.IGNORECASE)}
    return by_kind | {fact.id for fact in known if fact.value and fact.value.casefold() in text.casefold()}


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
