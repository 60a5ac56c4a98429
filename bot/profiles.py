"""What we know of one visitor or customer, learned from the log alone.

`learn` takes nothing but the profile and an interaction, so deleting all profiles and learning the log again
gives the same ones. Profiles are never merged: `together` looks at several as one person, for as long as the
identity ledger says that they are one.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, NewType

from bot import money
from bot.interactions import ConversationId, Interaction, Kind, Microseconds
from bot.visits import VisitCount

ProfileId = NewType("ProfileId", str)
SENTIMENT_UNIT = 10_000
"""Sentiment is summed in whole ten-thousandths: sums of floats depend on their order."""
LANGUAGES_KEPT = 10
FACT_LENGTH = 256
FACTS = ("name", "email", "company", "place", "need", "interest")
NO_VISITS = VisitCount()


@dataclass(frozen=True)
class Told:
    """A fact, and where it comes from. `verified`: the site itself vouches for it, nobody merely said it."""

    kind: str
    value: str
    at: Microseconds
    conversation: ConversationId | None = None
    seq: int | None = None
    verified: bool = False

    @property
    def id(self) -> str:
        """How the visitor asks to forget it: there is one of a kind."""
        return self.kind

    def text(self, language: str | None = None) -> str:
        """The fact as it is told to whom it is about."""
        return _SENTENCES["de" if is_german(language) else "en"][self.kind].format(self.told_back)

    @property
    def told_back(self) -> str:
        """The value as we say it to them: "a scarf for my father" is for theirs."""
        if self.kind not in ("need", "interest"):
            return self.value
        return _MINE.sub(lambda mine: _YOURS[mine[0]], self.value)


def is_german(language: str | None) -> bool:
    """Of a language as browsers name it: de-AT is German."""
    return (language or "").lower().partition("-")[0] == "de"


_SENTENCES = {
    "en": {
        "name": "Your name is {}.",
        "email": "Your e-mail address is {}.",
        "company": "You work at {}.",
        "place": "You live in {}.",
        "need": "You are looking for {}.",
        "interest": "You are interested in {}.",
    },
    "de": {
        "name": "Sie heißen {}.",
        "email": "Ihre E-Mail-Adresse ist {}.",
        "company": "Sie arbeiten bei {}.",
        "place": "Sie wohnen in {}.",
        "need": "Das suchen Sie: {}.",
        "interest": "Das interessiert Sie: {}.",
    },
}
_ENGLISH_YOURS = {
    "my": "your",
    "our": "your",
    "me": "you",
    "us": "you",
    "mine": "yours",
    "your": "our",
    "yours": "ours",
}
_GERMAN_YOURS = {f"{mine}{end}": f"Ihr{end}" for mine in ("mein", "unser") for end in ("", "e", "en", "em", "er", "es")}
_GERMAN_OURS = {f"Ihr{end}": f"unser{end}" for end in ("", "e", "en", "em", "er", "es")}
_YOURS = _ENGLISH_YOURS | _GERMAN_YOURS | _GERMAN_OURS | {"mich": "Sie", "mir": "Ihnen", "uns": "Ihnen"}
_MINE = re.compile(rf"\b(?:{'|'.join(_YOURS)})\b")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Who somebody is and what they did. `spent` is purchases less refunds, in minor units by currency."""

    id: ProfileId
    site: str
    first_seen: Microseconds | None = None
    last_seen: Microseconds | None = None
    first_page: str | None = None
    first_page_at: Microseconds | None = None
    pages_viewed: int = 0
    visit_count: VisitCount = NO_VISITS
    messages_said: int = 0
    answers_got: int = 0
    opened: int = 0
    exposures: int = 0
    arm: str | None = None
    languages: tuple[str, ...] = ()
    facts: tuple[Told, ...] = ()
    """At most one of a kind, in the order of FACTS."""
    spent: dict[str, int] = field(default_factory=dict)
    orders: int = 0
    sentiment_total: int = 0
    sentiments: int = 0
    stars_total: int = 0
    ratings: int = 0
    handovers: int = 0
    measure: bool | None = None
    memory: bool | None = None

    @property
    def visits(self) -> int:
        return self.visit_count.visits

    @property
    def conversed(self) -> bool:
        """At least one own message was answered, by bot or staff."""
        return self.answers_got > 0

    def fact(self, kind: str) -> Told | None:
        """What we know of this kind, one of FACTS."""
        return next((told for told in self.facts if told.kind == kind), None)

    @property
    def sentiment(self) -> float | None:
        """The mean over all messages, from -1 to 1; None when nothing was said."""
        return self.sentiment_total / self.sentiments / SENTIMENT_UNIT if self.sentiments else None


def profile_of(interaction: Interaction) -> ProfileId | None:
    """Whose profile learns from it: the visitor's, else the customer's; None when it is about nobody known."""
    if interaction.visitor is not None:
        return ProfileId(f"visitor:{interaction.visitor}")
    if interaction.customer is not None:
        return ProfileId(f"customer:{interaction.site}:{interaction.customer}")
    return None


def learn(profile: Profile, interaction: Interaction) -> Profile:
    """The profile with one more interaction in it; each interaction is to be learned once."""
    lesson = _LESSONS.get(interaction.kind)
    seen = _seen(profile, interaction)
    return seen if lesson is None else lesson(seen, interaction)


def _seen(profile: Profile, interaction: Interaction) -> Profile:
    at = interaction.at
    language = interaction.data.get("language")
    languages = profile.languages
    if isinstance(language, str) and language not in languages and len(languages) < LANGUAGES_KEPT:
        languages = (*languages, language)
    return replace(
        profile,
        first_seen=at if profile.first_seen is None else min(profile.first_seen, at),
        last_seen=at if profile.last_seen is None else max(profile.last_seen, at),
        languages=languages,
        arm=interaction.arm or profile.arm,
    )


def _page_view(profile: Profile, interaction: Interaction) -> Profile:
    at = interaction.at
    viewed = replace(
        profile, pages_viewed=profile.pages_viewed + 1, visit_count=profile.visit_count.with_view(interaction.at)
    )
    if profile.first_page_at is None or at < profile.first_page_at:
        return replace(viewed, first_page=interaction.url, first_page_at=at)
    return viewed


def _exposed(profile: Profile, _: Interaction) -> Profile:
    return replace(profile, exposures=profile.exposures + 1)


def _opened(profile: Profile, _: Interaction) -> Profile:
    return replace(profile, opened=profile.opened + 1)


def _message(profile: Profile, _: Interaction) -> Profile:
    return replace(profile, messages_said=profile.messages_said + 1)


def _answer(profile: Profile, interaction: Interaction) -> Profile:
    # A greeting nobody asked for, or the sentence that says there is no answer, doesn't make a conversation.
    if profile.messages_said == 0 or not is_an_answer(interaction):
        return profile
    return replace(profile, answers_got=profile.answers_got + 1)


def is_an_answer(interaction: Interaction) -> bool:
    """Whether this answers the visitor: the honest sentence when the deadline passed does not, nor does a welcome."""
    unasked = interaction.data.get("failed") or interaction.data.get("welcome")
    return interaction.kind is Kind.ANSWER and not unasked


def _understanding(profile: Profile, interaction: Interaction) -> Profile:
    sentiment = interaction.data.get("sentiment")
    if isinstance(sentiment, int | float) and -1 <= sentiment <= 1:
        profile = replace(
            profile,
            sentiment_total=profile.sentiment_total + round(sentiment * SENTIMENT_UNIT),
            sentiments=profile.sentiments + 1,
        )
    return _facts_told(profile, interaction) if profile.memory else profile


def _facts_told(profile: Profile, interaction: Interaction) -> Profile:
    for kind, value, seq in _facts(interaction.data.get("facts")):
        said = interaction if seq is None else replace(interaction, seq=seq)
        profile = _told(profile, kind, value, said, verified=False)
    return profile


def _number(interaction: Interaction, name: str) -> int:
    number = interaction.data.get(name)
    return number if isinstance(number, int) and number > 0 else 0


def _facts(given: object) -> Iterable[tuple[str, str, int | None]]:
    """(kind, value, seq of the message it was told in, when that is another than the interaction's own)."""
    for fact in given if isinstance(given, list | tuple) else ():
        match fact:
            case [str(kind), str(value), *rest] if kind in FACTS:
                yield kind, value, rest[0] if rest and isinstance(rest[0], int) else None


def _told(profile: Profile, kind: str, value: object, interaction: Interaction, *, verified: bool) -> Profile:
    if not isinstance(value, str) or not value.strip():
        return profile
    told = Told(kind, value.strip()[:FACT_LENGTH], interaction.at, interaction.conversation, interaction.seq, verified)
    return replace(profile, facts=_surest((*profile.facts, told)))


def _surest(told: Sequence[Told]) -> tuple[Told, ...]:
    """Of each kind the one to believe: what is verified before what was said, then the latest."""
    best: dict[str, Told] = {}
    for fact in told:
        known = best.get(fact.kind, fact)
        # Of two told at the same moment the one that is later in the log.
        best[fact.kind] = fact if (fact.verified, fact.at) >= (known.verified, known.at) else known
    return tuple(best[kind] for kind in FACTS if kind in best)


def _consent(profile: Profile, interaction: Interaction) -> Profile:
    measure, memory = interaction.data.get("measure"), interaction.data.get("memory")
    agreed = replace(
        profile,
        measure=measure if isinstance(measure, bool) else profile.measure,
        memory=memory if isinstance(memory, bool) else profile.memory,
    )
    # What was said before anything was agreed to names nobody in the log; it comes with the consent, counted.
    agreed = replace(
        agreed,
        messages_said=agreed.messages_said + _number(interaction, "said"),
        answers_got=agreed.answers_got + _number(interaction, "answered"),
    )
    if agreed.memory:
        return _facts_told(agreed, interaction)
    # Who withdraws memory is not remembered, also not for what was said before.
    return replace(agreed, facts=tuple(told for told in agreed.facts if told.verified))


def _identified(profile: Profile, interaction: Interaction) -> Profile:
    for kind in ("name", "email", "company", "place"):
        profile = _told(profile, kind, interaction.data.get(kind), interaction, verified=True)
    return profile


def _purchase(profile: Profile, interaction: Interaction) -> Profile:
    return _money(replace(_identified(profile, interaction), orders=profile.orders + 1), interaction, 1)


def _refund(profile: Profile, interaction: Interaction) -> Profile:
    return _money(profile, interaction, -1)


def _money(profile: Profile, interaction: Interaction, sign: int) -> Profile:
    if interaction.value is None or interaction.currency is None:
        return profile
    before = profile.spent.get(interaction.currency, 0)
    return replace(profile, spent={**profile.spent, interaction.currency: before + sign * interaction.value})


def _rating(profile: Profile, interaction: Interaction) -> Profile:
    stars = interaction.data.get("stars")
    if not isinstance(stars, int) or not 1 <= stars <= 5:
        return profile
    return replace(profile, stars_total=profile.stars_total + stars, ratings=profile.ratings + 1)


def _handover(profile: Profile, interaction: Interaction) -> Profile:
    # Asked for is not yet had: it counts when a person takes the conversation.
    return replace(profile, handovers=profile.handovers + (interaction.data.get("to") == "staff"))


_LESSONS: dict[Kind, Callable[[Profile, Interaction], Profile]] = {
    Kind.PAGE_VIEW: _page_view,
    Kind.EXPOSED: _exposed,
    Kind.OPENED: _opened,
    Kind.MESSAGE: _message,
    Kind.ANSWER: _answer,
    Kind.UNDERSTANDING: _understanding,
    Kind.CONSENT: _consent,
    Kind.IDENTIFIED: _identified,
    Kind.PURCHASE: _purchase,
    Kind.REFUND: _refund,
    Kind.RATING: _rating,
    Kind.HANDOVER: _handover,
}


def together(profiles: Sequence[Profile]) -> Profile:
    """One person's view of several linked profiles, under the id of the first; at least one is needed.

    Agreed means agreed in each that was asked: who said no on one device has said no.
    """
    return reduce(_joined, profiles)


def _joined(one: Profile, other: Profile) -> Profile:
    both = (one, other)
    opening = min(both, key=lambda profile: (profile.first_page_at is None, profile.first_page_at or 0))
    return replace(
        one,
        first_seen=min((p.first_seen for p in both if p.first_seen is not None), default=None),
        last_seen=max((p.last_seen for p in both if p.last_seen is not None), default=None),
        first_page=opening.first_page,
        first_page_at=opening.first_page_at,
        pages_viewed=one.pages_viewed + other.pages_viewed,
        # Two browsers are two visits, also at the same moment.
        visit_count=VisitCount(one.visits + other.visits),
        messages_said=one.messages_said + other.messages_said,
        answers_got=one.answers_got + other.answers_got,
        opened=one.opened + other.opened,
        exposures=one.exposures + other.exposures,
        # Two arms in one person measure nothing.
        arm=one.arm if other.arm in (None, one.arm) else other.arm if one.arm is None else "none",
        languages=tuple(dict.fromkeys((*one.languages, *other.languages)))[:LANGUAGES_KEPT],
        facts=_surest((*one.facts, *other.facts)),
        spent=money.together(one.spent, other.spent),
        orders=one.orders + other.orders,
        sentiment_total=one.sentiment_total + other.sentiment_total,
        sentiments=one.sentiments + other.sentiments,
        stars_total=one.stars_total + other.stars_total,
        ratings=one.ratings + other.ratings,
        handovers=one.handovers + other.handovers,
        measure=_agreed(one.measure, other.measure),
        memory=_agreed(one.memory, other.memory),
    )


def _agreed(one: bool | None, other: bool | None) -> bool | None:
    return None if one is other is None else False not in (one, other)


def as_json(profile: Profile) -> dict[str, Any]:
    """The profile as plain JSON values, which `from_json` takes back to an equal one."""
    body = {name: value for name, value in vars(profile).items() if name not in ("id", "site")}
    body["languages"] = list(profile.languages)
    body["visit_count"] = [profile.visit_count.over, [list(visit) for visit in profile.visit_count.latest]]
    body["facts"] = [vars(told) for told in profile.facts]
    return body


def from_json(id: ProfileId, site: str, body: dict[str, Any]) -> Profile:
    """The profile of this body; the empty body is somebody of whom nothing is known yet."""
    if not body:
        return Profile(id=id, site=site)
    over, latest = body["visit_count"]
    read = {
        "languages": tuple(body["languages"]),
        "visit_count": VisitCount(over, tuple((first, last) for first, last in latest)),
        "facts": tuple(Told(**told) for told in body["facts"]),
    }
    return Profile(**{**body, **read, "id": id, "site": site})
