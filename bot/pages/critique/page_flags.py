"""What is wrong with a page, each with the sentence that shows it, in the page's own words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.pages.critique.one_way import ways_to_answer
from bot.pages.critique.reading_level import grade_of_page, hardest
from bot.pages.critique.stale import stale_sentence

HARD_GRADE = 12.0
"""Beyond the last year of school."""
JARGON_IN_A_SENTENCE = 2
_WORDS_OF_THE_TRADE = """
actionable|agile|b2b|b2c|bandwidth|best[- ]in[- ]class|best[- ]of[- ]breed|bleeding[- ]edge|core competenc(?:y|ies)
cutting[- ]edge|deep dive|deliverables?|disrupt(?:ive|ion)|ecosystems?|empower(?:s|ed|ing|ment)?|end[- ]to[- ]end
enterprise[- ]grade|facilitat(?:e|es|ed|ing)|future[- ]proof|game[- ]chang(?:er|ing)|go[- ]to[- ]market|granular
holistic(?:ally)?|hyper[- ]?personali[sz]ed|impactful|incentivi[sz]e[sd]?|innovative|kpis?|leading[- ]edge
leverag(?:e|es|ed|ing)|low[- ]hanging fruit|mission[- ]critical|mindshare|moneti[sz](?:e|ation)
next[- ]gen(?:eration)?|omni-?channel|onboarding|operationali[sz]e|optimi[sz](?:e|es|ed|ing|ation)
out[- ]of[- ]the[- ]box|paradigms?|pain points?|proactive(?:ly)?|robust|roi|scalab(?:le|ility)|seamless(?:ly)?
silos?|solutions?|stakeholders?|state[- ]of[- ]the[- ]art|streamlin(?:e|es|ed|ing)|synerg(?:y|ies|istic)
thought leaders?(?:hip)?|touchpoints?|transformative|turnkey|unparalleled|utili[sz](?:e|es|ed|ing)|value[- ]add(?:ed)?
value propositions?|verticals?|win[- ]win|world[- ]class
"""
_JARGON = re.compile(rf"\b(?:{_WORDS_OF_THE_TRADE.strip().replace('\n', '|')})\b", re.IGNORECASE)
_SENDS_AWAY = re.compile(
    r"(?:^|[,;:] |please |can |must |should )"
    r"(?:ask|book|call|contact|e-?mail|enquire|phone|ring|telephone|write)\b"
    r"|\bby (?:e-?mail|phone|telephone)\b",
    re.IGNORECASE,
)


class Flag(StrEnum):
    NO_WAY_TO_REACH = "no_way_to_reach"
    """No mail address, telephone number, form or invitation to get in touch, in its text or anywhere on it.

    The sentence is the first that sends its reader to a person without saying how, or else the last one.
    """
    STALE = "stale"
    """A term that is over, or news of more than a year ago."""
    HARD_TO_READ = "hard_to_read"
    """The Flesch-Kincaid grade is above 12; with the hardest sentence."""
    JARGON = "jargon"
    """A sentence with two or more words of the trade that say little."""


@dataclass(frozen=True)
class Flagged:
    """`sentence` is verbatim from the page."""

    flag: Flag
    sentence: str


def page_flags(sentences: Sequence[str], *, today: date, ways: Sequence[str] = ()) -> list[Flagged]:
    """The flags of a page in English with these sentences and `ways` to reach a person, at most one of each kind."""
    if not sentences:
        return []
    found = {
        Flag.NO_WAY_TO_REACH: None if ways_to_answer(sentences, ways) else where_reader_is_left(sentences),
        Flag.STALE: stale_sentence(sentences, today=today),
        Flag.HARD_TO_READ: hardest(sentences) if (grade_of_page(sentences) or 0) > HARD_GRADE else None,
        Flag.JARGON: jargon_sentence(sentences),
    }
    return [Flagged(flag, sentence) for flag, sentence in found.items() if sentence is not None]


def where_reader_is_left(sentences: Sequence[str]) -> str:
    return next((sentence for sentence in sentences if _SENDS_AWAY.search(sentence)), sentences[-1])


def jargon_in(sentence: str) -> set[str]:
    return {found.lower() for found in _JARGON.findall(sentence)}


def jargon_sentence(sentences: Sequence[str]) -> str | None:
    """The sentence with the most different words of jargon, if it has two or more."""
    if not _JARGON.search("\n".join(sentences)):
        return None
    worst = max(sentences, key=lambda sentence: len(jargon_in(sentence)), default="")
    return worst if len(jargon_in(worst)) >= JARGON_IN_A_SENTENCE else None
