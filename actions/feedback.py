"""How it was: stars, then words, then thanks. Asked once, when a conversation comes to its end by itself."""

import re
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import words
from actions.base import HouseAction
from actions.forms import Events, Form, Talk
from actions.words import Words
from bot import desk
from bot.desk import Call
from bot.interactions import Kind
from bot.orders import plain_digits

LONGEST = 1_000
STARS = [{"title": "★" * number, "payload": str(number)} for number in (5, 4, 3, 2, 1)]
_NAMED = {
    **dict(zip(("one", "two", "three", "four", "five"), range(1, 6), strict=True)),
    **dict(zip(("eins", "zwei", "drei", "vier", "fünf"), range(1, 6), strict=True)),
    **dict.fromkeys(("ein", "einen"), 1),
}
_STARS = re.compile(r"(?<![\d.,/-])([1-5])(?:\s*(?:/|of|out of|von)\s*5)?(?![\d/-]|[.,]\d)")
_RATED = re.compile("star|stern|★|⭐|🌟|/ ?5", re.IGNORECASE)
NOT_COMMENTS = ("leave_contact", "forget_me", "what_do_you_know", "what_can_you_do", "are_you_a_robot")


class FeedbackForm(Form):
    form = "feedback_form"
    begun_by = ("feedback",)
    slots = ("stars", "comment")
    questions: ClassVar[dict[str, Words]] = {"stars": words.HOW_MANY_STARS, "comment": words.WHAT_ELSE}

    def hear(self, talk: Talk) -> bool:
        if talk.waits_for == "comment":
            return self.hear_comment(talk)
        stars = stars_in(talk.text) if talk.waits_for == "stars" or _RATED.search(talk.text) else None
        talk.keep(**{} if stars is None else {"stars": stars})
        return stars is not None

    def hear_comment(self, talk: Talk) -> bool:
        if talk.intent in ("deny", "stop", "goodbye"):
            talk.keep(comment="")
            return True
        if not talk.text or talk.is_question or talk.intent in NOT_COMMENTS:
            return False
        talk.keep(comment=talk.text[:LONGEST])
        return True

    def is_clumsy(self, talk: Talk) -> bool:
        # "Great!" is praise, but no number: it is asked back.
        return super().is_clumsy(talk) or talk.intent in ("praise", "complaint")

    async def go_on(self, talk: Talk) -> Events:
        talk.keep(feedback="asked")
        stars, comment = talk.slot("stars"), talk.slot("comment")
        if stars is None and talk.begins and talk.is_heard:
            talk.say(words.GLADLY_RATED, buttons=STARS)
            return self.waits(talk, "stars", 1)
        if stars is None:
            return self.ask(talk, "stars", buttons=STARS)
        if comment is None:
            if "stars" in talk.kept:
                # At once, since many press a star and say no more.
                await self.record(talk, stars=stars, words="")
            return self.ask(talk, "comment")
        if comment:
            await self.record(talk, words=comment, of_stars=stars)
        talk.say(words.THANKS_FOR_FEEDBACK)
        return self.end(talk)

    async def record(self, talk: Talk, **data: Any) -> None:
        await desk.current().record(talk.call, kind=str(Kind.RATING), data=data)


class AskFeedback(HouseAction):
    """At a goodbye or a thank-you: asks how it was, when that fits."""

    failed = None

    def name(self) -> str:
        return "action_ask_feedback"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        busy = tracker.active_loop.get("name") if tracker.active_loop else None
        if busy or tracker.get_slot("feedback") or tracker.get_slot("reason") == "complaint":
            return []
        if not await desk.current().may_ask_feedback(call):
            return []
        return [SlotSet("feedback", "asked"), FollowupAction(FeedbackForm.form)]


def stars_in(text: str) -> int | None:
    """The stars of "4", "four", "5/5", "★★★" or "vier von 5"; None when no number from 1 to 5 is meant."""
    plain = plain_digits(text).casefold()
    drawn = sum(plain.count(star) for star in ("★", "⭐", "🌟"))
    if drawn:
        return drawn if drawn <= len(STARS) else None
    found = {int(one) for one in _STARS.findall(plain)} | {
        _NAMED[one] for one in re.findall(r"\w+", plain) if one in _NAMED
    }
    return found.pop() if len(found) == 1 else None
