"""A year that never was: who came, who talked, who bought, drawn by chance from a seed.

Three experiments in it: in the first two the chat changes nothing (the planted nulls), in the third it makes more
people buy. Everything else that differs between people, such as the campaign, changes nothing either.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bot.experiment import Arm
from bot.insights.demonstration.shop import (
    CAMPAIGNS,
    ORIGIN,
    PAGES,
    PRICES,
    QUESTIONS,
    REFERRERS,
    REPLIES,
    SEEKS,
    UNKNOWN,
    Question,
)
from bot.interactions import ConversationId, Interaction, Kind, Microseconds, VisitorId, microseconds
from bot.store.invented import SOURCE, Person, Said, Talk
from bot.store.sites import INVENTED

SITE = INVENTED
DAYS = 365
BOUGHT = 0.06
TALK = 0.22
REFUNDED = 0.08
SECOND_US = 1_000_000


@dataclass(frozen=True)
class Experiment:
    """From so many days after the first on: who is held out, and what the chat adds to the share who buy."""

    day: int
    holdout: float
    effect: float


EXPERIMENTS = (Experiment(0, 0.1, 0.0), Experiment(100, 0.3, 0.0), Experiment(190, 0.2, 0.05))


@dataclass(frozen=True)
class Came:
    """One visitor's year."""

    person: Person
    happened: tuple[Interaction, ...]
    talk: Talk | None


def first_day(last: date) -> date:
    return last - timedelta(days=DAYS - 1)


def begun(last: date) -> list[tuple[Microseconds, float]]:
    """When each experiment began, and the share that it holds out."""
    return [(_moment(first_day(last), one.day, 0), one.holdout) for one in EXPERIMENTS]


def a_year(last: date, *, people: int, seed: int = 1) -> Iterator[Came]:
    """Everybody in the order in which they came, more at weekends and before the holidays."""
    random = Random(seed)  # noqa: S311 - nobody's secret
    first = first_day(last)
    weights = [_busy(first + timedelta(days=day)) for day in range(DAYS)]
    days = sorted(random.choices(range(DAYS), weights, k=people))
    moments = sorted(_moment(first, day, random.triangular(7, 23, 19)) for day in days)
    for number, at in enumerate(moments):
        yield _Visit(random, number, at, _of(at, first)).told()


def views_of_nobody(last: date, *, seed: int = 2) -> list[tuple[str, str, int]]:
    """Page views of people who did not agree to be measured, by day and page."""
    random = Random(seed)  # noqa: S311 - nobody's secret
    days = [first_day(last) + timedelta(days=day) for day in range(DAYS)]
    return [
        (day.isoformat(), ORIGIN + page, round(random.uniform(3, 9) * _busy(day))) for day in days for page in PAGES[:4]
    ]


def _of(at: Microseconds, first: date) -> Experiment:
    return next(one for one in reversed(EXPERIMENTS) if at >= _moment(first, one.day, 0))


def _busy(day: date) -> float:
    return (1.4 if day.weekday() >= 5 else 1.0) * (1.8 if day.month in (11, 12) else 1.0)


def _moment(first: date, day: int, hour: float) -> Microseconds:
    midnight = microseconds(datetime.combine(first + timedelta(days=day), time(), UTC))
    return Microseconds(midnight + round(hour * 3_600 * SECOND_US))


class _Visit:
    """One visitor's rows of the log, as they would have come about."""

    def __init__(self, random: Random, number: int, at: Microseconds, experiment: Experiment) -> None:
        self._random, self._number, self._at, self._now = random, number, at, at
        self._visitor = VisitorId(f"invented{number:024x}")
        self._arm = Arm.HELD_OUT if random.random() < experiment.holdout else Arm.OFFERED
        self._effect = experiment.effect if self._arm is Arm.OFFERED else 0.0
        self._campaign, self._referrer = random.choice(CAMPAIGNS), random.choice(REFERRERS)
        self._rows: list[Interaction] = []
        self._talk: Talk | None = None

    def told(self) -> Came:
        self._look()
        keen = self._random.random()
        if self._arm is Arm.OFFERED and self._random.random() < TALK * (0.5 + keen):
            self._say()
        # Who is keen talks more and buys more: so talkers buy more than the silent, whatever the chat does.
        if self._random.random() < BOUGHT * 2 * keen + self._effect:
            self._buy()
        return Came(Person(self._visitor, self._at, self._arm.value), tuple(self._rows), self._talk)

    def _look(self) -> None:
        query = f"?utm_source={self._campaign}" if self._campaign else ""
        data = {"title": "Invented", **({"referrer": self._referrer} if self._referrer else {})}
        self._add(Kind.PAGE_VIEW, url=f"{ORIGIN}{self._random.choice(PAGES)}{query}", data=data)
        self._add(Kind.EXPOSED, url=f"{ORIGIN}/")
        for _ in range(self._random.choice((0, 1, 1, 2, 3, 5))):
            self._add(Kind.PAGE_VIEW, after=90, url=ORIGIN + self._random.choice(PAGES), data={"title": "Invented"})

    def _say(self) -> None:
        where = ConversationId(f"invented-{self._number:x}")
        self._add(Kind.OPENED, url=ORIGIN + "/", after=20)
        said: list[Said] = []
        for question in self._random.sample(QUESTIONS, self._random.choice((1, 1, 2, 3))):
            self._ask(where, said, question)
            if question.answer and self._random.random() < 0.5:
                self._turn(where, said, self._random.choice(SEEKS), self._random.choice(REPLIES), "chitchat", [])
        page = ORIGIN + self._random.choice(PAGES)
        self._talk = Talk(where, self._visitor, page, tuple(said))

    def _ask(self, where: ConversationId, said: list[Said], question: Question) -> None:
        answer = question.answer or UNKNOWN
        seq = self._turn(where, said, question.text, answer, "ask_page", [question.topic])
        if question.answer is None:
            data = {"confidence": 0.2, "pages": []}
            self._add(Kind.UNANSWERED, conversation=where, seq=seq, url=ORIGIN + question.page, data=data, after=0)

    def _turn(
        self, where: ConversationId, said: list[Said], text: str, answer: str, intent: str, topics: list[str]
    ) -> int:
        seq, at = len(said) + 1, {"conversation": where, "turn": f"{where}:{len(said) + 1}"}
        said.append(Said("visitor", text, self._add(Kind.MESSAGE, after=25, seq=seq, **at)))
        heard = {"intent": intent, "confidence": 0.9, "sentiment": round(self._random.uniform(-0.3, 0.8), 2)}
        self._add(Kind.UNDERSTANDING, after=0, seq=seq, data=heard | {"topics": topics}, **at)
        said.append(Said("bot", answer, self._add(Kind.ANSWER, after=1, seq=seq + 1, **at)))
        return seq

    def _buy(self) -> None:
        order = f"invented-{self._number:x}"
        value = sum(self._random.choices(PRICES, k=self._random.choice((1, 1, 1, 2, 3))))
        money = {"currency": "EUR", "url": f"{ORIGIN}/thanks"}
        data = {"order": order, "margin": round(value * 0.35)}
        self._add(Kind.PURCHASE, after=600, value=value, data=data, **money)
        if self._random.random() < REFUNDED:
            self._add(Kind.REFUND, after=4 * 86_400, value=value, data={"order": order}, **money)

    def _add(self, kind: Kind, *, after: float = 5, **told: object) -> Microseconds:
        self._now = Microseconds(self._now + round(after * SECOND_US * self._random.uniform(0.5, 1.5)))
        one = Interaction(
            at=self._now,
            site=SITE,
            kind=kind,
            source=SOURCE,
            source_id=f"{self._number}:{len(self._rows)}",
            visitor=self._visitor,
            arm=self._arm.value,
            **told,  # type: ignore[arg-type]
        )
        self._rows.append(one)
        return self._now
