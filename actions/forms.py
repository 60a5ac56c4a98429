"""What all forms share: answers are heard, nothing is asked more than three times, and anybody can leave.

Rasa keeps which form is active and which slot it waits for. Everything else is the form's one action, `validate_FORM`,
which hears the answer and asks the next question: one call of a turn instead of two. A message that is none of the
form's business is rejected; then the rules answer it, and the action is called again to ask once more.
"""

import re
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import words
from actions.base import HouseAction
from actions.people import hand_over, intent_of
from actions.words import Words, language_of, offer, say
from bot.desk import Call

REQUESTED = "requested_slot"
ASKED = "asked"
TIMES = 3
"""How often the same thing is asked; then a person is offered."""
FEW_WORDS = 8
AT_ONCE = ("ask_person", "abuse", "distress")
"""What somebody in a form may say so that a person is got without another question."""
LEAVING = ("stop", "deny", "goodbye")
ENDED_BY = ("forget_me",)
"""What a rule asks back about: a form's question below it would hide that, and take the yes for its own answer."""
NO_INTENT = ("nlu_fallback", "unclear", "affirm", "repeat", "share_card")
"""What a clumsy answer is taken for: it is asked again, unless it is a question."""
MERE_WORDS = 2
_ASKING = re.compile(
    r"(?:what|when|where|which|who|whose|why|how|do|does|did|is|are|was|were|can|could|may|might|will|would|shall|should"
    r"|have|has|wann|wo|wohin|woher|welche[rs]?|wer|wem|wen|warum|wieso|weshalb|wie|kann|kannst|können|könnten?|darf"
    r"|dürfen|ist|sind|hat|haben|habt|gibt|muss|müssen|wird|werden)\b",
    re.IGNORECASE,
)
_LACKING = re.compile(
    r"\b(?:do|did|does|could|can)(?:n?['’]?t|[ ]?not)[ ](?:have|know|find|remember|recall|get|see)\b"
    r"|\b(?:have|has)(?:n['’]?t|[ ]not)[ ](?:got|any|an?|it|the)\b|\bhave[ ]no\b"
    r"|\b(?:no[ ]idea|no[ ]clue|lost|forgot(?:ten)?|not[ ]sure)\b"
    r"|\b(?:hab|habe|weiß|weiss|finde?|kenne?)\b.{0,40}\b(?:nicht|keine?n?)\b"
    r"|\bkeine?n?[ ](?:ahnung|nummer|adresse|mail)\b|\b(?:verloren|vergessen|gelöscht)\b",
    re.IGNORECASE,
)
"""How people say that they have not got, or do not know, what they are asked for."""
_SKIPPING = re.compile(
    r"(?:please |bitte )?(?:skip|pass|skip (?:it|this|that)|überspringen|weglassen)\W*", re.IGNORECASE
)
Events = list[dict[str, Any]]


class Talk:
    """One call of a form's action: what was said, what is known, and what is to be kept."""

    def __init__(self, form: str, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.form, self.call, self.dispatcher, self.tracker = form, call, dispatcher, tracker
        self.kept: dict[str, Any] = {}
        now = _since_message(tracker)
        self.begins = any(one.get("event") in ("active_loop", "form") and one.get("name") == form for one in now)
        self.is_heard = not any(_answered_by_others(one, form) for one in now)
        """Whether nobody else had the message: no rule answered it, no form left it, nobody else began this form."""
        self.waits_for = None if self.begins else tracker.get_slot(REQUESTED)

    @property
    def intent(self) -> str:
        return intent_of(self.tracker) or "nlu_fallback"

    @property
    def text(self) -> str:
        """The visitor's words; empty when they pressed a button that names an intent."""
        return "" if self.call.text.startswith("/") else self.call.text.strip()

    @property
    def is_question(self) -> bool:
        """By its mark, or its first word: "do you ship to Norway" is asked of the pages, "the scarf" is not."""
        return "?" in self.text or _ASKING.match(self.text) is not None

    @property
    def is_mere(self) -> bool:
        """Whether it is a yes, a thank-you or the like and hardly more: such a message tells a form nothing."""
        return self.intent in ("affirm", "thank", "repeat", "unclear") and len(self.text.split()) <= MERE_WORDS

    @property
    def is_lacking(self) -> bool:
        """Whether the visitor says that they have not got what was asked for: no question, though it may begin as one
        does ("can't find it")."""
        return "?" not in self.text and _LACKING.search(self.text) is not None

    @property
    def is_short(self) -> bool:
        return len(self.text.split()) <= FEW_WORDS

    def named(self, kind: str) -> str | None:
        """The first entity of the kind in the message, as the engine found it."""
        found = self.tracker.latest_message.get("entities") or []
        return next((str(one["value"]) for one in found if one.get("entity") == kind), None)

    def slot(self, name: str) -> Any:
        return self.kept[name] if name in self.kept else self.tracker.get_slot(name)

    def keep(self, **slots: Any) -> None:
        self.kept.update(slots)

    def say(self, what: Words, *values: object, **beside: Any) -> None:
        self.dispatcher.utter_message(text=say(what, self.tracker, *values), **beside)

    def events(self) -> Events:
        return [SlotSet(name, value) for name, value in self.kept.items()]


class Form(HouseAction, ABC):
    """A form of domain.yml. `slots` are cleared when it ends."""

    form: ClassVar[str]
    begun_by: ClassVar[tuple[str, ...]] = ()
    slots: ClassVar[tuple[str, ...]]
    questions: ClassVar[dict[str, Words]]
    without: ClassVar[dict[str, Words]] = {}
    """What is said to who has not got what the form asks for."""

    def name(self) -> str:
        return f"validate_{self.form}"

    async def act(self, call: Call, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        talk = Talk(self.form, call, dispatcher, tracker)
        if talk.begins:
            talk.keep(**dict.fromkeys(self.slots), asked={})
        # What one form leaves to another begins that one, and may be half of its answer: "it's order 1001".
        is_its_own = talk.begins and talk.intent in self.begun_by
        if not talk.is_heard and not is_its_own:
            return self.end(talk) if talk.intent in ENDED_BY else await self.go_on(talk)
        if talk.intent in AT_ONCE and not talk.begins:
            return await self.to_a_person(talk)
        if not self.hear(talk) and not talk.begins:
            if self.is_left(talk):
                return self.leave(talk)
            if not self.is_clumsy(talk):
                return []
        return await self.go_on(talk)

    @abstractmethod
    def hear(self, talk: Talk) -> bool:
        """Keeps what the message tells of what the form wants; False when it tells nothing."""

    @abstractmethod
    async def go_on(self, talk: Talk) -> Events:
        """Asks for what is missing, or does what the form is for and ends it."""

    def is_left(self, talk: Talk) -> bool:
        """Whether the visitor wants to leave the form."""
        return _SKIPPING.fullmatch(talk.text) is not None or (talk.intent in LEAVING and not self._is_without(talk))

    def is_clumsy(self, talk: Talk) -> bool:
        """Whether what told nothing was meant for the form: then it asks again, and no rule answers."""
        meant = talk.intent in (*NO_INTENT, *self.begun_by) and not talk.is_question
        return (meant or self._is_without(talk)) and talk.is_short

    def _is_without(self, talk: Talk) -> bool:
        return talk.waits_for in self.without and talk.is_lacking

    def ask(self, talk: Talk, slot: str, **beside: Any) -> Events:
        """Asks for `slot`, each time in other words; after the third time offers a person instead."""
        times = dict(talk.slot(ASKED) or {})
        before = int(times.get(slot, 0))
        if before >= TIMES:
            talk.say(words.ASKED_ENOUGH, buttons=offer(talk.tracker))
            return self.end(talk)
        question = self.without[slot] if self._is_without(talk) else self.questions[slot]
        talk.dispatcher.utter_message(text=_wording(question, talk.tracker, before), **beside)
        return self.waits(talk, slot, before + 1)

    def waits(self, talk: Talk, slot: str, times: int) -> Events:
        """The form waits for `slot`, which was asked so many times."""
        talk.keep(asked=dict(talk.slot(ASKED) or {}) | {slot: times})
        return [*talk.events(), SlotSet(REQUESTED, slot)]

    def after_failure(self) -> Events:
        """Ends the form: what could not be done would fail again, and a question after the apology would hide it."""
        return [SlotSet(name, None) for name in (*self.slots, ASKED, REQUESTED)]

    def leave(self, talk: Talk) -> Events:
        talk.say(words.LEFT_WITH_GOODBYE if talk.intent == "goodbye" else words.LEFT)
        return self.end(talk)

    async def to_a_person(self, talk: Talk) -> Events:
        if talk.intent == "distress":
            talk.say(words.DISTRESS)
        given = await hand_over(talk.call, talk.dispatcher, talk.tracker)
        return [*self.end(talk), *given]

    def end(self, talk: Talk, **keep: Any) -> Events:
        """Ends the form; of its slots only `keep` stay."""
        talk.keep(**dict.fromkeys(self.slots) | keep, asked=None)
        return [*talk.events(), SlotSet(REQUESTED, None)]


def _wording(question: Words, tracker: Tracker, number: int) -> str:
    wordings = question.de if language_of(tracker) == "de" else question.en
    return wordings[number % len(wordings)]


def _since_message(tracker: Tracker) -> Events:
    since: Events = []
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        since.insert(0, event)
    return since


def _answered_by_others(event: dict[str, Any], form: str) -> bool:
    if event.get("event") == "action_execution_rejected":
        return True
    return event.get("event") == "action" and event.get("name") not in (form, "action_listen")
