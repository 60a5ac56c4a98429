"""Leaving an e-mail address: staff then answer there. Begun by the visitor, or when nobody is there to answer here."""

import re
from typing import ClassVar

from actions import words
from actions.forms import Events, Form, Talk
from actions.words import Words
from bot import desk
from bot.interactions import Kind
from bot.mail_addresses import address_in

LONGEST = 500
_NO_ADDRESS = re.compile(
    r"\b(?:no|without(?: an?)?|don['’]?t (?:have|use|do)(?: an?| any)?|haven['’]?t (?:got )?(?:an?|any)?)"
    r" *(?:e-?)?mails?\b|\bkeine? +(?:e-?)?mail",
    re.IGNORECASE,
)
ABOUT = ("complaint", "share_need")
MAYBE_ABOUT = ("nlu_fallback", "ask_page", "order_status", "out_of_scope")
"""What tells what it is about when it tells of the visitor's own things, and asks nothing."""
TELLING_WORDS = 4
_OWN = re.compile(r"\b(?:my|mine|our|mein(?:e[mnrs]?)?|unser(?:e[mnrs]?)?)\b", re.IGNORECASE)
NOT_ABOUT = ("greet", "how_are_you", "are_you_a_robot", "forget_me", "what_do_you_know", "what_can_you_do")


class ContactForm(Form):
    form = "contact_form"
    begun_by = ("leave_contact",)
    slots = ("email", "about")
    questions: ClassVar[dict[str, Words]] = {"email": words.WHICH_ADDRESS, "about": words.ABOUT_WHAT}

    def hear(self, talk: Talk) -> bool:
        email = address_in(talk.text)
        if email is not None:
            talk.keep(email=email)
            return True
        if talk.waits_for != "about" and self._number(talk):
            return True
        if talk.waits_for == "email" and _tells(talk):
            told = "; ".join(filter(None, (talk.slot("about"), talk.text)))
            talk.keep(about=told[:LONGEST])
            return True
        if talk.waits_for != "about" or not talk.text or talk.is_question or talk.is_mere or talk.intent in NOT_ABOUT:
            return False
        # "No" to what it is about is no wish to leave the form: the address is there.
        talk.keep(about="" if talk.intent in ("deny", "stop", "goodbye") else talk.text[:LONGEST])
        return True

    def is_left(self, talk: Talk) -> bool:
        has_none = _NO_ADDRESS.search(talk.text) is not None and not talk.is_question
        return has_none or super().is_left(talk)

    async def go_on(self, talk: Talk) -> Events:
        email, about = talk.slot("email"), talk.slot("about")
        if email is None:
            if (number := self._number(talk)) is not None:
                await desk.current().note(talk.call, f"Left a telephone number: {number}.")
                talk.say(words.NUMBER_NOTED, number)
            elif talk.kept.get("about"):
                talk.say(words.TOLD_NOTED)
            return self.ask(talk, "email")
        if address_in(talk.text) is not None:
            # At once: who goes away before they say what it is about is written to as well.
            await desk.current().record(talk.call, kind=str(Kind.CONTACT), data={"email": email})
        if about is None:
            return self.ask(talk, "about")
        told = f"About: “{about}”" if about else "They did not say what it is about."
        await desk.current().note(talk.call, f"Wants to be answered by mail, at {email}. {told}")
        talk.say(words.ADDRESS_NOTED, email)
        return self.end(talk)

    def _number(self, talk: Talk) -> str | None:
        """The telephone number of the message; one that a rule has seen before is told once."""
        return talk.named("phone") if talk.is_heard else None


def _tells(talk: Talk) -> bool:
    """Whether it is told what it is about, before the address: who was just asked to write that does so."""
    if talk.is_question or talk.is_lacking or len(talk.text.split()) < TELLING_WORDS:
        return False
    return talk.intent in ABOUT or (talk.intent in MAYBE_ABOUT and _OWN.search(talk.text) is not None)
