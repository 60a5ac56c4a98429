"""What visitors say of themselves: their name, company, place and e-mail address.

Patterns find where it could be said; `Knows` (the language model) judges what is there. When in doubt nothing
is learned: a wrong name in a profile is worse than none.
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum


class Named(StrEnum):
    """What a name is the name of."""

    PERSON = "person"
    COMPANY = "company"
    PLACE = "place"
    OTHER = "other"


type Knows = Callable[[str, str], Named | None]
"""What the model takes a name for within a sentence; None when it sees no name there."""

_LETTERS = r"[^\W\d_](?:[^\W_]|['’.-](?=[^\W_]))*"
_WORDS = rf"{_LETTERS}(?:[ \t]+(?:&[ \t]+)?{_LETTERS}){{0,3}}"
_TITLE = r"(?:(?:dr|mr|mrs|ms|prof)\b\.?[ \t]+)*"
_I_AM = r"\b(?:i['’]?m|i[ \t]+am)"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern + rf"[ \t]+{_TITLE}({_WORDS})", re.IGNORECASE))
    for kind, pattern in (
        ("name", r"\bmy[ \t]+name(?:['’]s|[ \t]+is)"),
        ("called", r"\bcall[ \t]+me"),
        ("am", _I_AM),
        ("company", r"\bi[ \t]+work[ \t]+(?:at|for)"),
        ("company", r"\bwe[ \t]+at"),
        ("place", r"\bi(?:['’]m|[ \t]+am)?[ \t]+(?:live|living)[ \t]+in"),
        ("from", rf"(?:{_I_AM}|\bi[ \t]+come)[ \t]+from"),
    )
)
_EMAIL = re.compile(
    r"\bmy[ \t]+e-?mail(?:[ \t]+address)?(?:['’]s|[ \t]+is)[ \t:]+([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})",
    re.IGNORECASE,
)
# "If I live in Austria, do you ship?" tells nothing about anybody.
_SUPPOSED = re.compile(r"\b(?:if|when|do|does|would|should|could|suppose|assuming|unless|that)[ \t]+$", re.IGNORECASE)

# Words that end a name, or show that none was said.
_END_WORDS = """
    a about after again also an and anyone anything are as asap ask asking at back be because been before but by can
    could currently did do does doing don't email for from get go good got had has have having hello help here hi how
    i i'd i'll i'm i've if im in interested is isn't it it's just later let like looking may maybe me might my myself
    need needs new next no not now of off ok okay on one only or order our out over please really right should since
    so some something soon still sure than thank thanks that that's the their then there they this to today tomorrow
    tonight too trying until up us very want wanted was we were what what's when whenever where which while who why
    will wish with without would yes you you'd you'll your yours home night nights least work working anytime either
    wrong misspelled misspelt missing incorrect spelled spelt written important irrelevant private above below"""
# "I'm Fine", as telephones write it: begins like a name and is a state.
_STATE_WORDS = """
    afraid alone angry annoyed available aware back bored busy certain concerned confused curious customer
    disappointed done excited fed fine free frustrated glad grateful great happy hungry ill impressed interested late
    lost mad new nobody off ok okay pleased ready sad satisfied scared serious shocked sick single sorry stuck
    student sure surprised thankful tired unable unhappy unsure upset visiting well worried wondering"""
_ENDS, _STATES = frozenset(_END_WORDS.split()), frozenset(_STATE_WORDS.split())
_COUNTRIES_WITH_THE = frozenset({"netherlands", "uk", "us", "usa", "united", "philippines", "bahamas", "czech"})


def facts_said(text: str, knows: Knows) -> tuple[tuple[str, str], ...]:
    """Each fact as (kind, value), kinds name, company, place and email; the first of a kind counts."""
    found: dict[str, str] = {}
    for kind, value in _facts(text, knows):
        found.setdefault(kind, value)
    return tuple(found.items())


def _facts(text: str, knows: Knows) -> Iterator[tuple[str, str]]:
    for said, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if _SUPPOSED.search(text, 0, match.start()):
                continue
            if (fact := _judged(said, match.group(1), text, knows)) is not None:
                yield fact
    for match in _EMAIL.finditer(text):
        yield "email", match.group(1).rstrip(".")


def _judged(said: str, words: str, text: str, knows: Knows) -> tuple[str, str] | None:
    name = _name_in(words)
    if not name:
        return None
    large = _large(name)
    is_written_large = name == large
    match said:
        case "name":
            return "name", large
        case "called":
            is_one = is_written_large or knows(f"My name is {large}.", large) is Named.PERSON
            return ("name", large) if is_one else None
        case "am":
            return ("name", large) if _is_somebody(name, text, knows) else None
        case "company":
            is_one = is_written_large or knows(f"I work at {large}.", large) is Named.COMPANY
            return ("company", large) if is_one else None
        case "place":
            is_one = is_written_large or knows(f"I live in {large}.", large) is Named.PLACE
            return ("place", large) if is_one else None
        case _:
            taken_for = knows(f"I'm from {large}.", large)
            if taken_for is Named.COMPANY and is_written_large:
                return "company", name
            return ("place", large) if taken_for is Named.PLACE else None


def _is_somebody(name: str, text: str, knows: Knows) -> bool:
    """Whether a bare "I'm ..." names somebody: mostly it tells a state."""
    first = name.split()[0].lower()
    if first in _STATES:
        return False
    taken_for = knows(text, name)
    if taken_for is None and name[0].isupper() and not first.endswith(("ing", "ed")):
        taken_for = knows(f"My name is {name}.", name)
    return taken_for is Named.PERSON


def _name_in(words: str) -> str:
    """The leading words that make the name: all written large, or one or two written small."""
    parts = words.split()
    if parts[0].lower() == "the" and len(parts) > 1 and parts[1].lower() in _COUNTRIES_WITH_THE:
        parts = parts[1:]
    kept: list[str] = []
    for part in parts:
        if part == "&" and kept:
            kept.append(part)
            continue
        is_other = bool(kept) and part[0].isupper() != kept[0][0].isupper()
        if (
            (part.lower() in _ENDS and not (part.lower() == "new" and not kept and len(parts) > 1))
            or is_other
            or (part.islower() and len(kept) == 2)
        ):
            break
        kept.append(part.rstrip("'’.-"))
    return " ".join(kept).removesuffix(" &")


def _large(name: str) -> str:
    return name if name[0].isupper() else " ".join(part[:1].upper() + part[1:] for part in name.split())
