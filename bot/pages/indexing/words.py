"""What a text is about, as terms: stemmed words, and what kinds of facts (a duration, a price) it gives."""

import re
import threading
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

import Stemmer  # type: ignore[import-not-found]

from bot.pages.indexing import facts_abroad
from bot.pages.indexing.bm25 import stopwords
from bot.pages.indexing.languages import BY_PAIRS, ENGLISH, forms, is_small, words_in

DURATION, MONEY, CLOCK, PHONE, MAIL, PLACE = "=duration", "=money", "=clock", "=phone", "=mail", "=place"
"""Terms that no word can make: the text tells how long, how much, at what time, or how to reach someone."""

# Beyond the library's list: what visitors say around a question, and pages say about nothing in particular.
_POLITE = """
u r ur whats wheres hows whens whos im ive dont cant doesnt isnt arent wont pls plz thx been
also could would may might must shall us please tell know let get got want need like hi hello hey thanks thank okay ok
yes yeah well sure really actually maybe much many anything something anyone someone everything question wondering
wonder hope possible able thing things stuff great good nice
sorry meant hmm hm um oh ah oops q btw asap idiot idiots stupid dumb moron damn fucking fuck shit crap
wtf omg lol hrs instead moment currently
"""
_SAYS_LITTLE = frozenset({"get", "want", "need", "know", "tell", "let", "take", "accept"})
"""Of a question: "who gets my data" is about data."""
_STOP = (frozenset(stopwords.STOPWORDS_EN_PLUS) | frozenset(_POLITE.split())) - {
    "between",
    "off",
    "under",
    "over",
    "above",
    "below",
}
_WORD = re.compile(r"[^\W_]+")
_CONTRACTION = re.compile(r"(?<=\w)['’](?:s|t|re|ve|ll|d|m)\b", re.IGNORECASE)

_TOLD = {
    DURATION: re.compile(
        r"\b(?:\d+|one|two|three|four|five|six|seven|ten|next)(?:st|nd|rd|th)?[\s-]+"
        r"(?:full |working |business |calendar )?(?:minute|hour|day|week|month|year|night)s?\b",
        re.IGNORECASE,
    ),
    MONEY: re.compile(r"[€$£¥₹]\s?\d|\d\s?(?:€|£|¥|kr\b|EUR|USD|GBP|CHF|SEK|NOK|DKK|JPY|CAD|AUD)", re.IGNORECASE),
    CLOCK: re.compile(r"\b\d{1,2}:\d\d\b|\b\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b|\bo['’]clock\b", re.IGNORECASE),
    PHONE: re.compile(r"(?<![\w.,-])(?:\+|\(0|0)\d[\d ()/.-]{5,}\d"),
    MAIL: re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    PLACE: re.compile(
        r"\b\d+[a-z]?,? (?:[A-Z][\w'’]+ ){1,3}(?:Street|St|Road|Rd|Lane|Ln|Avenue|Ave|Drive|Dr|Square|Sq|Place|Way|"
        r"Court|Terrace|Quay|Boulevard|Blvd|Row|Park|Hill|Close)\b|\b\w+(?:straße|strasse|weg|platz|gade|gata|straat)"
        r" \d+|\baddress [A-Z\d]"
    ),
}
FACTS = tuple(_TOLD)
_ASKED = {
    DURATION: re.compile(
        r"\bhow (?:long|soon|quick(?:ly)?|fast|many (?:days|weeks|hours))\b(?:\s+(?:does|do|will|would|is|it|that|this|"
        r"take|takes|arrive))*|(?<=\bdelivery )times?\b|(?<=\bshipping )times?\b"
        r"|\bwhen (?:will|does|do|would) .{0,40}?\b(?:arrive|come|get here)\b",
        re.IGNORECASE,
    ),
    MONEY: re.compile(
        r"\bhow (?:much|expensive)\b(?:\s+(?:does|do|is|are|it|that|this|they|would|will|be|cost|costs))*"
        r"|\bprices?\b|\bcosts?\b|\bfees?\b|\bearns?\b|\bsalar(?:y|ies)\b|\bwages?\b",
        re.IGNORECASE,
    ),
    CLOCK: re.compile(
        r"\bwhat time\b|\bopening (?:hours|hrs|times)\b|\bh(?:ou)?rs\b|\bwhen (?:are|is|do|does)\b", re.IGNORECASE
    ),
    PHONE: re.compile(r"\b(?:tele)?phone(?: number)?\b|\bnumber (?:to|can i) call\b|\bcall you\b", re.IGNORECASE),
    MAIL: re.compile(r"\be-?mail(?: address)?\b", re.IGNORECASE),
    PLACE: re.compile(
        r"\bwhere (?:is|are|s|can i find)\b.{0,30}\b(?:you|shop|store|office|based|located)\b"
        r"|\b(?:your|postal) address\b|\blocat(?:ed|ion)\b",
        re.IGNORECASE,
    ),
}
# The fact stands in for these words: pages tell it without them.
_SAID_BY_FACT = {
    DURATION: _ASKED[DURATION],
    MONEY: _ASKED[MONEY],
    PHONE: _ASKED[PHONE],
    MAIL: _ASKED[MAIL],
    CLOCK: re.compile(r"\bwhat time\b", re.IGNORECASE),
    PLACE: re.compile(r"\blocat(?:ed|ion)\b|\bbased\b", re.IGNORECASE),
}
VAGUE = frozenset({DURATION, MONEY, CLOCK})
"""Facts that are about something: "how much?" alone asks nothing, "your phone number" does."""
_PHRASES = (
    (re.compile(r"\b(?:send|bring|give|post|ship|take)\b(?:\s+\w+){0,3}?\s+back\b", re.IGNORECASE), "return"),
    (re.compile(r"\bmoney back\b", re.IGNORECASE), "refund"),
    # Pages tell how they do it, and seldom that it is a policy.
    (
        re.compile(
            r"\b((?:return|refund|exchange|shipping|delivery|cancellation|warranty|guarantee|repair|voucher)s?) "
            r"(?:policy|policies|terms|conditions|process|procedure)\b",
            re.IGNORECASE,
        ),
        r"\1",
    ),
    (re.compile(r"\bp\.? ?o\.? ?box(?:es)?\b", re.IGNORECASE), "post office box"),
    (re.compile(r"\bthe u\.?s\b\.?|\bu\.s\.(?:a\.)?", re.IGNORECASE), "usa"),
    (re.compile(r"\bquick (?:q|question)\b", re.IGNORECASE), " "),
    (re.compile(r"\bhow heavy\b", re.IGNORECASE), "weight"),
    (re.compile(r"\bpick(?:ed|ing)?(?:\W+\w+){0,2}?\W*up\b", re.IGNORECASE), "collect"),
    (re.compile(r"\b(?:eco|environment(?:ally)?)[ -]?friendly\b", re.IGNORECASE), "environment"),
    # Of somebody's orders what is kept is their data; a parcel, a table or an order to collect is held for them.
    (
        re.compile(
            r"\b(how long\s+(?:do|will|would)\s+(?:you|they)\s+(?:keep|store|retain|save))\s+"
            r"(?=(?:all\s+)?(?:my|our)\s+"
            r"(?:orders|order (?:history|details)|address|e-?mails?|messages|chats?|conversations?|purchases|name)\b"
            r"(?!.*\b(?:collect|pick)))",
            re.IGNORECASE,
        ),
        r"\1 data ",
    ),
    (re.compile(r"\bjob openings?\b|\bopen (?:positions?|jobs?)\b", re.IGNORECASE), "job"),
)
# Words that sites and their visitors use for one thing. Short on purpose: a wrong pair answers a question nobody asked.
_SAME = (
    "ship shipping shipment deliver delivery deliveries post postage send sent dispatch",
    "buy purchase order",
    "sell sale stock offer",
    "return refund",
    "price cost fee charge",
    "phone telephone call",
    "shop store",
    "repair mend fix",
    "pay payment",
    "photo photograph picture image",
    "job vacancy vacancies career hire hiring",
    "open opening",
    "kid child children",
    "guarantee warranty",
    "weigh weight",
    "broken damaged faulty defective",
    "invoice bill",
    "discount coupon promo promotion",
    "staff employee worker",
    "founded established started",
    "exchange swap",
    "brand maker manufacturer",
    "delete erase",
    "wholesale reseller retailer",
    "material fabric",
    "collect collection pickup",
    "environment environmental ecological sustainable sustainability",
    "sign signature",
    "minimum smallest",
    "email mail",
    "jumper sweater pullover",
    "trousers pants",
    "holiday vacation",
    "wheelchair accessible accessibility disabled",
    "uk kingdom britain",
    "usa america states",
    # As they are spelt on either side of the Atlantic.
    "colour color",
    "grey gray",
    "fibre fiber",
    "centre center",
    "metre meter",
    "litre liter",
    "jewellery jewelry",
    "catalogue catalog",
    "licence license",
    "aluminium aluminum",
    "programme program",
    "favourite favorite",
    "flavour flavor",
)

_local = threading.local()


@lru_cache(maxsize=32_768)
def _stem(word: str) -> str:
    # The stemmer keeps a buffer of its own: shared by two threads it would mix their words.
    if not hasattr(_local, "stemmer"):
        # What it would remember of its own is remembered here, for all threads.
        _local.stemmer = Stemmer.Stemmer("english", 0)
    stem: str = _local.stemmer.stemWord(word)
    return stem


_GROUPS = {stem: frozenset(stems) for stems in ([*map(_stem, line.split())] for line in _SAME) for stem in stems}


def plain_words(text: str) -> list[str]:
    """The words in lower case, accents kept as one character each, without what an apostrophe adds."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = text.lower()
    return _WORD.findall(_CONTRACTION.sub("", text) if "'" in text or "’" in text else text)


def stems(text: str, language: str = ENGLISH) -> list[str]:
    """The stems of the words that carry meaning, in their order, repeated as in the text.

    Of another language than English, a word that its visitors type in two ways has two.
    """
    if language == ENGLISH:
        return [_stem(word) for word in plain_words(text) if word not in _STOP]
    return [stem for word in words_in(text, language) if not is_small(word, language) for stem in forms(word, language)]


def facts_told(text: str, language: str = ENGLISH, kinds: Collection[str] = FACTS) -> list[str]:
    """Which kinds of facts the text gives; only of these `kinds`."""
    abroad = facts_abroad.TOLD.get(language, {})
    return [
        fact
        for fact in FACTS
        if fact in kinds and (_TOLD[fact].search(text) or (fact in abroad and abroad[fact].search(text)))
    ]


@dataclass(frozen=True)
class Term:
    """One thing that a question asks about. `others` are stems that say the same, or answer it."""

    stem: str
    others: frozenset[str] = frozenset()

    @property
    def is_fact(self) -> bool:
        return self.stem.startswith("=")

    @cached_property
    def any_of(self) -> frozenset[str]:
        return self.others | {self.stem}


def terms_asked(text: str, language: str = ENGLISH) -> tuple[Term, ...]:
    """What the question asks about, each thing once: "how long does it take to Norway?" is a duration and Norway."""
    if language != ENGLISH:
        return _terms_abroad(text, language)
    terms: dict[str, Term] = {}
    for pattern, meant in _PHRASES:
        text = pattern.sub(meant, text)
    for fact, pattern in _ASKED.items():
        if pattern.search(text):
            terms[fact] = Term(fact)
            text = _SAID_BY_FACT[fact].sub(" ", text) if fact in _SAID_BY_FACT else text
    for stem in (one for one in stems(text) if one not in _SAYS_LITTLE):
        terms.setdefault(stem, Term(stem, _GROUPS.get(stem, frozenset()) - {stem}))
    return tuple(terms.values())


def _terms_abroad(text: str, language: str) -> tuple[Term, ...]:
    terms: dict[str, Term] = {}
    for fact, pattern in facts_abroad.ASKED.get(language, {}).items():
        if pattern.search(text):
            terms[fact] = Term(fact)
            text = pattern.sub(" ", text) if fact in _SAID_BY_FACT and fact != CLOCK else text
    for word in words_in(text, language):
        if not is_small(word, language):
            stem, *others = forms(word, language)
            terms.setdefault(stem, Term(stem, frozenset(others)))
    return tuple(terms.values())


# What leans on what was said before: it begins in mid-thought, or points at something it does not name.
_LEANS = re.compile(
    r"^\W*(?:and|but|or|so|then|also|what about|how about|what if|why|really)\b"
    r"|\b(?:it|its|that|those|these|they|them|their|there|this|he|she|him|her|ones?|same|instead|else)\b",
    re.IGNORECASE,
)


def leans_on_history(question: str, terms: tuple[Term, ...], language: str = ENGLISH) -> bool:
    """Whether the question can't be understood without the turns before it."""
    leans = _LEANS if language == ENGLISH else facts_abroad.LEANS.get(language)
    # A word is two or three pairs of characters, and a name may be five.
    least = 3 if language in BY_PAIRS else 1
    return len(terms) <= least or (leans is not None and bool(leans.search(question)) and len(terms) <= 5)
