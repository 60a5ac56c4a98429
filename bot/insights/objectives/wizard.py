"""Three plain questions that find the one measure for who doesn't know which: every answer to them leads to one.

How one would notice it says it best, so that decides. Who doesn't know that is helped by the other two.
"""

from dataclasses import dataclass

from bot.insights.objectives.measures import MEANINGS, Measure

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Question:
    """`answers` by the word that stands for each in an address."""

    name: str
    text: str
    answers: dict[str, str]


WHAT = Question(
    "what",
    "What should be different?",
    {
        "find": "More people find us",
        "talk": "More people talk with us",
        "buy": "More is bought",
        "served": "People are served better",
        UNKNOWN: "I don’t know",
    },
)
WHO = Question(
    "who",
    "Who has to do something for it?",
    {
        "strangers": "People who don’t know us yet",
        "visitors": "People who look at our pages",
        "customers": "People who have bought from us",
        "ourselves": "We ourselves",
        UNKNOWN: "I don’t know",
    },
)
NOTICE = Question(
    "notice",
    "How would you notice?",
    {
        "more": "More people come",
        "words": "They ask, and go on after the answer",
        "praise": "They say that they are content",
        "address": "We can write to them afterwards",
        "money": "More money comes in",
        "again": "The same people buy again",
        "less-work": "Our staff has less to answer",
        UNKNOWN: "I don’t know",
    },
)
QUESTIONS = (WHAT, WHO, NOTICE)

NOTICED = {
    "more": Measure.AWARENESS,
    "words": Measure.ENGAGEMENT,
    "praise": Measure.FEEDBACK,
    "address": Measure.LEADS,
    "money": Measure.SALES,
    "again": Measure.LOYALTY,
    "less-work": Measure.SUPPORT,
}
OTHERWISE = {
    "find": dict.fromkeys(WHO.answers, Measure.AWARENESS),
    "talk": {
        "strangers": Measure.LEADS,
        "visitors": Measure.ENGAGEMENT,
        "customers": Measure.FEEDBACK,
        "ourselves": Measure.SUPPORT,
        UNKNOWN: Measure.ENGAGEMENT,
    },
    "buy": dict.fromkeys(WHO.answers, Measure.SALES) | {"customers": Measure.LOYALTY},
    "served": {
        "strangers": Measure.ENGAGEMENT,
        "visitors": Measure.SUPPORT,
        "customers": Measure.FEEDBACK,
        "ourselves": Measure.SUPPORT,
        UNKNOWN: Measure.FEEDBACK,
    },
    UNKNOWN: {
        "strangers": Measure.AWARENESS,
        "visitors": Measure.ENGAGEMENT,
        "customers": Measure.LOYALTY,
        "ourselves": Measure.SUPPORT,
        # A page that talks with people is what Duologue is for.
        UNKNOWN: Measure.ENGAGEMENT,
    },
}


@dataclass(frozen=True)
class Picked:
    """The measure, and why it is this one, in the words of the answers."""

    measure: Measure
    why: str


def picked(what: str, who: str, notice: str) -> Picked:
    """The measure for these answers; ValueError says which is none."""
    for question, answer in zip(QUESTIONS, (what, who, notice), strict=True):
        if answer not in question.answers:
            raise ValueError(f"“{answer[:40]}” is no answer to “{question.text}”")
    if notice != UNKNOWN:
        measure = NOTICED[notice]
        return Picked(measure, f"You would notice it by this: “{NOTICE.answers[notice]}”. {_counts(measure)}")
    measure = OTHERWISE[what][who]
    said = [question.answers[one] for question, one in ((WHAT, what), (WHO, who)) if one != UNKNOWN]
    if not said:
        return Picked(measure, f"Nothing is known yet, so begin with whether people talk with you. {_counts(measure)}")
    return Picked(measure, f"You said: {' and '.join(f'“{one}”' for one in said)}. {_counts(measure)}")


def _counts(measure: Measure) -> str:
    meaning = MEANINGS[measure]
    return f"Counted is: {meaning.title.lower()}. {meaning.definition}"
