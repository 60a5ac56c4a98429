"""A complaint: listened to, said back in the visitor's own words, and offered to a person, who gets those words."""

import re
from typing import Any, ClassVar

from actions import words
from actions.forms import LEAVING, Events, Form, Talk
from actions.words import Words, language_of, offer

LONGEST = 300
"""Of what was said, this much is quoted; the transcript has all of it."""
MOST = 3
"""After so many messages it is said back; more can be told to the person."""
FEWEST_WORDS = 5
"""What has fewer only says that there is a complaint, not what it is."""
_ALL = re.compile(
    r"\W*(?:no|nope|nein)?\W*(?:that'?s|that is|thats|das war'?s|das ist)?\W*"
    r"(?:all|it|alles|everything|nothing(?: else| more)?|nichts(?: mehr| weiter)?|fertig|done)?\W*",
    re.IGNORECASE,
)
"""The end of the telling: "that's all", "nothing else", "das war's"."""
NOT_A_COMPLAINT = ("leave_contact", "forget_me", "what_do_you_know", "what_can_you_do", "are_you_a_robot")


class ComplaintForm(Form):
    form = "complaint_form"
    begun_by = ("complaint",)
    slots = ()
    questions: ClassVar[dict[str, Words]] = {"complaint_words": words.WHAT_HAPPENED, "more": words.ANYTHING_ELSE}

    def hear(self, talk: Talk) -> bool:
        said = self.said(talk)
        if talk.begins:
            if len(talk.text.split()) >= FEWEST_WORDS:
                talk.keep(complaint_words=[*said, _quoted(talk.text)][-MOST:])
            return True
        if not talk.text or talk.is_mere or talk.intent in (*NOT_A_COMPLAINT, *LEAVING):
            return False
        if talk.is_question and talk.intent != "complaint":
            return False
        if said and is_all(talk.text):
            talk.keep(asked={"more": MOST})
            return True
        talk.keep(complaint_words=[*said, _quoted(talk.text)])
        return True

    async def go_on(self, talk: Talk) -> Events:
        said = self.said(talk)
        if not said:
            return self.ask(talk, "complaint_words")
        if len(said) < MOST and talk.intent not in (*LEAVING, "thank"):
            return self.ask(talk, "complaint_words")
        return self.say_back(talk, said)

    def ask(self, talk: Talk, slot: str, **beside: Any) -> Events:
        if self.said(talk):
            times = dict(talk.slot("asked") or {})
            if times.get("more", 0) >= MOST - 1:
                return self.say_back(talk, self.said(talk))
            return super().ask(talk, "more", **beside)
        return super().ask(talk, slot, **beside)

    def leave(self, talk: Talk) -> Events:
        """ "No" when there is no more to tell, is the end of the telling."""
        said = self.said(talk)
        return self.say_back(talk, said) if said else super().leave(talk)

    def say_back(self, talk: Talk, said: list[str]) -> Events:
        quoted = "„{}“" if language_of(talk.tracker) == "de" else "“{}”"
        talk.say(words.COMPLAINT_HEARD, " ".join(quoted.format(one) for one in said), buttons=offer(talk.tracker))
        return self.end(talk, reason="complaint")

    def said(self, talk: Talk) -> list[str]:
        known = talk.slot("complaint_words")
        return list(known) if isinstance(known, list) else []


def is_all(text: str) -> bool:
    return _ALL.fullmatch(text.replace("’", "'")) is not None


def _quoted(text: str) -> str:
    """What was said, in one line, and not so long that it is no quotation any more."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
