"""How one-way a page is, from 0 (it talks with its reader) to 100 (it talks to itself), with each part shown."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from bot.pages.critique.reading_level import words
from bot.pages.indexing.words import MAIL, PHONE, facts_told
from bot.pages.reading import ways as ways_of

VOICE, QUESTIONS, REACH, CHAT = 40, 30, 15, 15
"""The points of each part; together 100."""
WORDS_A_QUESTION = 150
"""A page that turns to its reader once in so many words has asked enough."""

WE = frozenset({"we", "our", "ours", "us", "ourselves"})
YOU = frozenset({"you", "your", "yours", "yourself", "yourselves"})
_TAIL = re.compile(r"['’](?:re|ve|ll|d|s|m)$")
_ABOUT_READER = re.compile(r"\b(?:you|your|yours)\b", re.IGNORECASE)
_AS_READER = re.compile(r"\b(?:i|my|me|mine)\b", re.IGNORECASE)
_INVITES = re.compile(
    r"\b(?:ask (?:us|our)|tell us|let us know|show us|(?:love|like|glad|happy) to hear from you|hear from you|"
    r"any questions\?|(?:do|if) you have (?:a|any) questions?|reply to)",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"\b(?:contact us|contact (?:page|form)|get in touch|(?:write|talk|speak|reach out) to us|reach us|"
    r"(?:call|phone|ring|e-?mail|message) us|chat with us)\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"\b(?:(?:fill (?:in|out)|use|with|send) (?:the|this|our) form|form below|contact form)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Part:
    """One part of the score: `points` of at most `of`, and what was counted for it."""

    part: str
    points: float
    of: int
    counted: dict[str, Any]


@dataclass(frozen=True)
class OneWay:
    score: int
    parts: tuple[Part, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"parts": [asdict(part) for part in self.parts]}


def one_way(
    sentences: Sequence[str],
    headings: Sequence[str] = (),
    *,
    company: str = "",
    used: int = 0,
    ways: Sequence[str] | None = None,
) -> OneWay:
    """The score of a page with these sentences. `used`: how often its readers opened the chat or wrote in it.

    `ways`: how the whole page lets a person be reached (bot/pages/reading/ways.py); None: only its sentences are known.
    A question mark in a heading does not count: there it is the reader's question in the page's mouth (FAQ).
    """
    parts = (
        _voice([*headings, *sentences], company),
        _questions(sentences),
        _reach(sentences, ways),
        Part("chat", 0.0 if used else float(CHAT), CHAT, {"used": used}),
    )
    return OneWay(round(sum(part.points for part in parts)), parts)


def ways_to_answer(sentences: Sequence[str], ways: Sequence[str] = ()) -> list[str]:
    """How the page lets a reader reach a person: `ways`, and what its own words tell of."""
    text = "\n".join(sentences)
    told = facts_told(text)
    found = {name for fact, name in ((MAIL, ways_of.MAIL), (PHONE, ways_of.PHONE)) if fact in told}
    found |= {name for name, pattern in ((ways_of.FORM, _FORM), (ways_of.CONTACT, _CONTACT)) if pattern.search(text)}
    return [way for way in ways_of.WAYS if way in found or way in ways]


def turns_to_reader(sentence: str) -> bool:
    """Whether it asks its reader something or invites them to speak. "Can I return it?" is their own voice."""
    asks = "?" in sentence[-4:] and _ABOUT_READER.search(sentence) and not _AS_READER.search(sentence)
    return bool(asks or _INVITES.search(sentence))


def _voice(texts: Sequence[str], company: str) -> Part:
    we = you = 0
    named = _named(company)
    for text in texts:
        for word in words(text):
            plain = _TAIL.sub("", word)
            # In capitals it is a country; "WE" and "OUR" are headlines.
            we += plain.lower() in WE and plain != "US"
            you += plain.lower() in YOU
        we += len(named.findall(text)) if named else 0
    share = we / (we + you) if we + you else 0.5
    return Part("voice", round(VOICE * share, 1), VOICE, {"we": we, "you": you})


@lru_cache(maxsize=8)
def _named(company: str) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w){re.escape(company.strip())}(?!\w)", re.IGNORECASE) if company.strip() else None


def _questions(sentences: Sequence[str]) -> Part:
    asked = sum(map(turns_to_reader, sentences))
    total = sum(len(words(sentence)) for sentence in sentences)
    missing = max(0.0, 1 - asked / max(1.0, total / WORDS_A_QUESTION))
    return Part("questions", round(QUESTIONS * missing, 1), QUESTIONS, {"asked": asked, "words": total})


def _reach(sentences: Sequence[str], ways: Sequence[str] | None) -> Part:
    found = ways_to_answer(sentences, ways or ())
    return Part("reach", 0.0 if found else float(REACH), REACH, {"ways": found, "links_seen": ways is not None})
