"""A conversation of the invented year: what is asked, stated and told, who answers, and how it was liked."""

from typing import Any

from bot.insights.demonstration.journal import Journal
from bot.insights.demonstration.shop import (
    CALMED,
    COMPLAINTS,
    ORIGIN,
    PAGES,
    QUESTIONS,
    REMARKS,
    REPLIES,
    SEEKS,
    TITLES,
    UNKNOWN,
    Question,
    Remark,
)
from bot.interactions import ConversationId, Kind, Microseconds
from bot.store.invented import Quoted, Said, Talk

STAFF = "invented-staff"
COMPLAINS, REMARKS_MADE, TELLS = 0.12, 0.35, 0.4
COMES_OVER = 0.6
"""Of those who complain or get no answer, and are offered a person."""
RATES = 0.3
ASKED_THERE = 0.7
"""Of the questions, the share asked on the page that is about it."""


class Talking:
    """One conversation of somebody, as long as it lasts."""

    def __init__(self, one: Journal) -> None:
        self._one, self._mood, self._is_lost = one, 0.0, False
        self._where = ConversationId(f"invented-{one.who.number:x}-{len(one.talks)}")
        self._page = ORIGIN + one.one_of(*PAGES)
        self._said: list[Said] = []
        self._asked_at: Microseconds | None = None

    def happens(self, *, is_costly: bool = False) -> None:
        one = self._one
        one.add(Kind.OPENED, url=ORIGIN + "/", after=20)
        for question in one.random.sample(QUESTIONS, one.one_of(1, 1, 2, 3)):
            self._ask(question)
        if one.chance(TELLS):
            self._tell_of_self()
        if is_costly or one.chance(COMPLAINS):
            self._remark(one.one_of(*COMPLAINTS))
        elif one.chance(REMARKS_MADE):
            self._remark(one.one_of(*REMARKS))
        if is_costly or ((self._is_lost or self._mood < -0.4) and one.chance(COMES_OVER)):
            self._reach_a_person(9 if is_costly else one.one_of(1, 2, 3))
        if one.chance(RATES):
            self._rate()
        one.talks.append(Talk(self._where, one.who.visitor, self._page, tuple(self._said), self._asked_at))

    def _ask(self, question: Question) -> None:
        one, answer = self._one, question.answer or UNKNOWN
        page = self._page = ORIGIN + (question.page if one.chance(ASKED_THERE) else one.one_of(*PAGES))
        found = [] if question.answer is None else [ORIGIN + question.page]
        looked_up = {"answered": bool(found), "confidence": 0.9 if found else 0.2, "pages": found}
        heard = {"intent": "ask_page", "topics": list(question.topics), "from_pages": looked_up}
        seq = self._turn(question.text, answer, heard, source=question.page if found else None)
        if question.answer is None:
            self._is_lost = True
            data = {"confidence": 0.2, "pages": []}
            about = {"conversation": self._where, "turn": f"{self._where}:{seq}"}
            one.add(Kind.UNANSWERED, seq=seq, url=page, data=data, after=0, **about)
        elif one.chance(0.5):
            self._turn(one.one_of(*SEEKS), one.one_of(*REPLIES), {"intent": "thank", "topics": []})

    def _tell_of_self(self) -> None:
        who = self._one.who
        works = "" if who.company is None else f"I work at {who.company}. "
        text = f"{works}I live in {who.place}, I am looking for {who.need}, and I like {who.interest}."
        needed = f"I am looking for {who.need}"
        told: dict[str, Any] = {"intent": "share_need", "facts": [list(fact) for fact in who.facts], "topics": []}
        told |= {"statements": [_statement("need", needed, text.index(needed), ())]}
        self._turn(text, "Good to know. You will find it on our pages.", told)

    def _remark(self, remark: Remark) -> None:
        self._mood = remark.mood
        stated = _statement(remark.kind, remark.text, 0, remark.topics)
        told = {"intent": remark.intent, "topics": list(remark.topics), "statements": [stated]}
        self._turn(remark.text, remark.reply, told)

    def _turn(self, text: str, answer: str, heard: dict[str, Any], *, source: str | None = None) -> int:
        one, seq = self._one, len(self._said) + 1
        mood = self._mood + one.random.uniform(-0.2, 0.2) if self._mood else one.random.uniform(-0.2, 0.5)
        told = {"confidence": 0.9, "sentiment": round(max(-1.0, min(1.0, mood)), 2)} | heard
        turn = {"conversation": self._where, "turn": f"{self._where}:{seq}"}
        self._say("visitor", text, after=25, **turn)
        one.add(Kind.UNDERSTANDING, after=0, seq=seq, url=self._page, data=told, **turn)
        self._say("bot", answer, after=1, source=source, **turn)
        return seq

    def _say(self, sender: str, text: str, *, after: float, source: str | None = None, **about: object) -> None:
        kind, seq = Kind.MESSAGE if sender == "visitor" else Kind.ANSWER, len(self._said) + 1
        at = self._one.add(kind, after=after, seq=seq, url=self._page, data={"from": sender}, **about)
        turn = about.get("turn")
        quoted = None if source is None else Quoted(ORIGIN + source, TITLES[source], text)
        self._said.append(Said(sender, text, at, None if turn is None else str(turn), self._page, quoted))

    def _reach_a_person(self, exchanges: int) -> None:
        """Staff take it after some minutes, and give it some more."""
        one, where = self._one, {"conversation": self._where}
        asked = {"to": "nobody", "reason": "complaint" if self._mood < 0 else "no_answer", "by": "visitor"}
        self._asked_at = one.add(Kind.HANDOVER, after=20, data=asked, **where)
        one.add(Kind.HANDOVER, after=180, data={"to": "staff", "staff": STAFF, "was": "nobody"}, **where)
        for number in range(exchanges):
            ours, theirs = CALMED[number % len(CALMED)]
            self._say("staff", ours, after=100, **where)
            self._say("visitor", theirs, after=60, **where)
        one.add(Kind.HANDOVER, after=40, data={"to": "resolved", "staff": STAFF, "was": "staff"}, **where)

    def _rate(self) -> None:
        was_bad = self._mood < 0 or self._is_lost
        stars = self._one.one_of(*((1, 2, 2, 3, 3, 4) if was_bad else (3, 4, 4, 5, 5, 5)))
        self._one.add(Kind.RATING, after=30, conversation=self._where, data={"stars": stars, "words": ""})


def _statement(kind: str, text: str, start: int, topics: tuple[str, ...]) -> dict[str, Any]:
    return {"kind": kind, "text": text, "start": start, "end": start + len(text), "topics": list(topics)}
