"""What visitors complain of, praise, need, object to and wish for, each with the words it was said in.

A clause is judged by its words, by what it means and by its mood: the meaning hears what no list of words has. A
question states nothing, unless it is surely a complaint, and thanks are no praise.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from bot.interactions import Statement
from bot.understanding.statement_words import (
    ANGRY,
    COMPLAINT,
    NEED,
    NO_COMPLAINT,
    NO_NEED,
    NO_PRAISE,
    OBJECTION,
    PRAISE,
    WISH,
)
from bot.understanding.stating import Heard
from bot.understanding.topics import topics_of
from bot.understanding.wants import wants

CLAUSES = 8
"""Judged at most; what people state comes early."""
CLAUSE_LENGTH = 240
UNHAPPY, GLAD = -0.3, 0.3
SENTENCE_WORDS = 3
SURELY_GLAD = 0.45
"""From here on a clause is praise without a word of it that we know."""

LIKELY = {"complaint": 0.5, "praise": 0.45, "need": 0.45}
"""The chance from which a clause states it, whatever its words are."""
UNLIKELY = 0.08
"""Below it words alone are not believed: they mean something else there."""
UNLIKELY_FELT = 0.25
"""Below it an unhappy mood alone is not: "it hurts when I swallow" complains of nobody."""
SURELY = 0.8
"""The chance from which also a question, or a word or two, are a complaint."""
SURELY_NEEDED = 0.9
"""The chance from which words that are mostly said of other needs, as help, do not count."""

type Feel = Callable[[Sequence[str]], Sequence[Heard]]
"""The mood of each clause, and what it is likely to state."""

_END = re.compile(
    r"[.!?…]+(?=\s|$)|\n+|\s*[,;–-]?\s+(?=(?:but|although|though|however|sadly|unfortunately|shame|aber|leider|obwohl)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\W*(?:(?:hi|hello|hey|and|so|but|or|please|thanks|ok|okay|also|hallo|und|aber|bitte)\b\W*)*"
    r"(?:how|what(?!\s+an?\b)|where|when|which|who|whose|can|could|may|do|does|did|is|are|was|will|would(?!\s+be)|has|"
    r"have(?!\s+been)|if|what's|where's|should|shall|wie|was|wo|wann|welche[rsnm]?|wer|kann|können|könnte|könnten|darf|gibt|ist|sind|"
    r"haben|hat|liefern|kratzt|wenn|falls|muss)\b",
    re.IGNORECASE,
)

_ASKS_AT_LAST = re.compile(
    r",\s*(?:and |so |but )?(?:how|what|where|when|which|who|can|could|may|do|does|did|is|are|will|would|should|any|"
    r"was|wie|wo|wann|wer|kann|können|haben|gibt|ist)\b(?! an?\b)[^,]*$",
    re.IGNORECASE,
)
_ONLY_THANKS = re.compile(
    r"\W*(?:(?:ok(?:ay)?|hi|hello|hey|there|thx|ty|good (?:morning|evening|afternoon|day)|hallo|bye|goodbye|in advance|"
    r"guten (?:tag|morgen|abend)|have a (?:nice|good|great) day|great|perfect|super|cool|good|nice|lovely|brilliant|"
    r"thanks?|thank you|cheers|danke\w*|vielen dank|very much|so much|a lot|for (?:your |the )?help|prima|alles klar|"
    r"toll|klasse|wunderbar|sounds|that['’]?s|that is|yes|ja|a million|a bunch|mate|received|got it|"
    r"no (?:problem|worries|rush)|happy (?:new year|christmas|easter)|see you(?: then| soon)?|"
    r"für (?:die|ihre) (?:schnelle )?(?:antwort|hilfe))\W*)+",
    re.IGNORECASE,
)
STATE_NOTHING = frozenset(
    {
        "affirm", "are_you_a_robot", "ask_person", "change_consent", "correct_fact", "deny", "forget_fact", "forget_me",
        "goodbye", "greet", "how_are_you", "leave_contact", "opening_hours", "order_status", "out_of_scope", "price",
        "repeat", "share_file", "small_talk", "stop", "tell_of_self", "thank", "unclear", "unsubscribe",
        "what_can_you_do", "what_do_you_know",
    }
)  # fmt: skip
"""Intents of messages that only sound glad or unhappy: "stop", "no", "you have my name wrong"."""
_KINDS = {"complaint": "complaint", "praise": "praise", "objection": "objection", "wish": "wish", "share_need": "need"}


def statements_of(text: str, feel: Feel) -> tuple[Statement, ...]:
    """The statements in the order of the text, of each kind at most one a clause."""
    clauses = _first_clauses(text)
    moods = feel([text[start:end] for start, end, _ in clauses]) if clauses else ()
    needed = [want.start for want in wants(text) if want.kind == "need"]
    found = []
    for (start, end, is_question), heard in zip(clauses, moods, strict=True):
        clause = text[start:end]
        for kind in _kinds(clause, heard, is_question=is_question, needs=any(start <= at < end for at in needed)):
            found.append(Statement(kind, clause, start, end, topics_of(clause)))
    return tuple(found)


def clauses_of(text: str) -> list[str]:
    """What `statements_of` has felt of the text."""
    return [text[start:end] for start, end, _ in _first_clauses(text)]


def by_intent(text: str, intent: str | None, found: Sequence[Statement]) -> tuple[Statement, ...]:
    """As the engine takes the whole message: what no clause said is added, and what only sounded so is left out.

    "no, never mind" sounds unhappy, and says no more than no.
    """
    kind = _KINDS.get(intent or "")
    other = intent in STATE_NOTHING or kind is not None
    kept = tuple(one for one in found if not other or one.kind == kind or _by_words(one))
    if kind is None or any(one.kind == kind for one in kept) or not text.strip():
        return kept
    said = text[:CLAUSE_LENGTH]
    return (*kept, Statement(kind, said, 0, len(said), topics_of(said)))


def _by_words(one: Statement) -> bool:
    """Whether it is known by its words, whatever the mood was."""
    words = {"complaint": COMPLAINT, "praise": PRAISE}.get(one.kind)
    return words is None or words.search(one.text) is not None


def _first_clauses(text: str) -> list[tuple[int, int, bool]]:
    return list(islice(_clauses(text), CLAUSES))


def _clauses(text: str) -> Iterator[tuple[int, int, bool]]:
    """From, to, and whether it ends as a question."""
    start = 0
    for match in [*_END.finditer(text), None]:
        end = len(text) if match is None else match.start()
        said = text[start:end].strip()
        if any(sign.isalnum() or sign > "\u2000" for sign in said):
            at = text.index(said, start)
            yield at, min(at + len(said), at + CLAUSE_LENGTH), match is not None and "?" in match.group()
        start = end if match is None else match.end()


def _kinds(clause: str, heard: Heard, *, is_question: bool, needs: bool) -> Iterator[str]:
    asks = _ASKS.match(clause) is not None or _ASKS_AT_LAST.search(clause) is not None
    if OBJECTION.search(clause):
        yield "objection"
    if WISH.search(clause):
        yield "wish"
    elif _needs(clause, heard, by_words=needs, asks=asks):
        yield "need"
    elif ANGRY.search(clause):
        yield "complaint"
    elif asks or (is_question and not COMPLAINT.search(clause)):
        if heard.chance("complaint") >= SURELY:
            yield "complaint"
    else:
        yield from _polar(clause, heard)


def _needs(clause: str, heard: Heard, *, by_words: bool, asks: bool) -> bool:
    if NO_NEED.search(clause) and heard.chance("need") < SURELY_NEEDED:
        return False
    return by_words or NEED.search(clause) is not None or (_is_likely(heard, "need") and not asks)


def _is_likely(heard: Heard, kind: str) -> bool:
    """Likely, and no less than another kind is."""
    chance = heard.chance(kind)
    return chance >= LIKELY[kind] and all(chance >= heard.chance(other) for other in LIKELY)


def _is_unlikely(heard: Heard, kind: str, limit: float = UNLIKELY) -> bool:
    return heard.chances is not None and heard.chance(kind) < limit


def _may_complain(clause: str) -> bool:
    """By its mood alone: "contact" and "jobs" sound unhappy and are no sentence, an angry face is one."""
    is_said = len(clause.split()) >= SENTENCE_WORDS or not any(sign.isalpha() for sign in clause)
    return is_said and not OBJECTION.search(clause)


def _polar(clause: str, heard: Heard) -> Iterator[str]:
    if NO_COMPLAINT.search(clause):
        yield "praise"
    elif _complains(clause, heard):
        yield "complaint"
    elif _praises(clause, heard):
        yield "praise"


def _complains(clause: str, heard: Heard) -> bool:
    if _is_likely(heard, "complaint") and (_may_complain(clause) or heard.chance("complaint") >= SURELY):
        return True
    if _is_likely(heard, "praise") or _is_unlikely(heard, "complaint"):
        return False
    if COMPLAINT.search(clause) and heard.mood < GLAD:
        return True
    return heard.mood <= UNHAPPY and _may_complain(clause) and not _is_unlikely(heard, "complaint", UNLIKELY_FELT)


def _praises(clause: str, heard: Heard) -> bool:
    if _ONLY_THANKS.fullmatch(clause):
        return False
    if _is_likely(heard, "praise"):
        return True
    if NO_PRAISE.search(clause) or _is_unlikely(heard, "praise"):
        return False
    return heard.mood >= SURELY_GLAD or (PRAISE.search(clause) is not None and heard.mood > UNHAPPY)
