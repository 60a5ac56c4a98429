"""What visitors say of themselves: their name, company, place and e-mail address, and what they look for.

Patterns find where it could be said; `Knows` (the language model) judges what is there. When in doubt nothing
is learned: a wrong name in a profile is worse than none.
"""

import re
from collections.abc import Iterator

from bot.mail_addresses import address_in
from bot.spoken import spoken_in
from bot.understanding.facts_german import facts_said_in_german
from bot.understanding.named import Knows, Named
from bot.understanding.wants import wants

_LETTERS = r"[^\W\d_](?:[^\W_]|['’.-](?=[^\W_]))*"
_WORDS = rf"{_LETTERS}(?:[ \t]+(?:&[ \t]+)?{_LETTERS}){{0,3}}"
_TITLE = r"(?:(?:dr|mr|mrs|ms|prof)\b\.?[ \t]+)*"
_I_AM = r"\b(?:i['’]?m|i[ \t]+am)"
_WE_ARE = r"\b(?:we['’]?re|we[ \t]+are)"
_WE = rf"(?:{_I_AM}|{_WE_ARE})"
_GREETED = r"^[ \t]*(?:(?:hi|hello|hey|good[ \t]+(?:morning|afternoon|evening))\b[ \t]*(?:there)?[ \t]*[,.!]?[ \t]*)?"
_NOT = r"(?:[ \t]+(?:is[ \t]+not|isn['’]t)|['’]s[ \t]+not)"
_BUT = r"[ \t]*[,.;]?[ \t]*(?:but|it['’]?s|it[ \t]+is|i['’]?m)"
_NAMED = r"(?:my[ \t]+(?:full[ \t]+|first[ \t]+|real[ \t]+)?name|(?:^|[.!?,][ \t]*)name)"

# In the order of trust: the first of a kind counts, and who corrects themselves says the right name last.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern + rf"[ \t]+{_TITLE}({_WORDS})", re.IGNORECASE))
    for kind, pattern in (
        ("name", rf"\bmy[ \t]+name{_NOT}[ \t]+{_LETTERS}(?:[ \t]+{_LETTERS})?{_BUT}"),
        ("name", rf"{_NAMED}(?:['’]s|s|[ \t]+is|:)"),
        ("spelled", r"\bmy[ \t]+name(?:['’]s|[ \t]+is)[ \t]+(?:spelled|spelt|written)"),
        ("called", r"\bcalls?[ \t]+me"),
        ("called", rf"{_I_AM}[ \t]+called"),
        ("am", _I_AM),
        ("again", rf"{_GREETED}(?:this[ \t]+is|it['’]s)(?=[ \t]+{_WORDS}[ \t]+(?:speaking|here|again|from)\b)"),
        ("company", r"\b(?:i|and)[ \t]+work[ \t]+(?:at|for)(?:[ \t]+the)?"),
        ("company", r"\bwe[ \t]+at"),
        ("named company", r"\b(?:my|our)[ \t]+company(?:['’]s|[ \t]+is)(?:[ \t]+called)?"),
        ("named company", r"\bi[ \t]+(?:run|own|have)[ \t]+an?[ \t]+[a-z ]{3,24}[ \t]called"),
        ("named company", r"\bon[ \t]+behalf[ \t]+of"),
        ("our company", rf"{_WE}[ \t]+(?:with|from)"),
        ("place", rf"{_WE}[ \t]+living[ \t]+(?:in|near)"),
        ("place", r"\b(?:i|we)[ \t]+(?:now[ \t]+)?live[ \t]+(?:in|near)"),
        ("place", rf"{_WE}[ \t]+(?:based|located)[ \t]+(?:in|near)"),
        ("place", r"\b(?:i|we)(?:['’]ve|[ \t]+have)?(?:[ \t]+just|[ \t]+recently)?[ \t]+moved[ \t]+to"),
        ("place", r"\bmy[ \t]+home(?:['’]s|[ \t]+is)[ \t]+in"),
        ("sure place", rf"{_WE_ARE}[ \t]+an?[ \t]+[a-z -]{{3,30}}[ \t](?:in|near)"),
        ("from", rf"(?:{_I_AM}|\bi[ \t]+come)[ \t]+from"),
    )
)
_HERE = re.compile(rf"{_GREETED}({_WORDS}?)[ \t]+(?:from[ \t]+({_WORDS}?)[ \t]+)?here\b", re.IGNORECASE)
_EMAIL = re.compile(
    r"(?:\b(?:my|meine)[ \t]+e-?mail(?:[ \t-]*(?:address|adresse))?(?:['’]s|[ \t]+(?:is|ist|lautet)|:)"
    r"|\b(?:reach|contact|write|mail|email|answer)[ \t]+(?:to[ \t]+)?me[ \t]*(?:at|on|under|:)"
    r"|\b(?:schreiben[ \t]+sie|schreib)[ \t]+mir[ \t]+(?:an|unter)|\bsie[ \t]+erreichen[ \t]+mich[ \t]+(?:unter|per))"
    r"[ \t:]+(\S{1,64}@\S{1,254})",
    re.IGNORECASE,
)
# "im Kino" is German for "in the cinema": no name follows.
_IM = re.compile(r"im[ \t]", re.IGNORECASE)
# "If I live in Austria, do you ship?" tells nothing about anybody.
_SUPPOSED = re.compile(
    r"\b(?:if|when|do|does|would|should|could|suppose|assuming|unless|that|don['’]?t|not|never)[ \t]+$", re.IGNORECASE
)

# Words that end a name, or show that none was said.
_END_WORDS = """
    a about after again also an and anyone anything are as asap ask asking at back be because been before but by can
    could currently did do does doing don't email for from get go good got had has have having hello help here hi how
    i i'd i'll i'm i've if im in interested is isn't it it's just later let like looking may maybe me might my myself
    need needs new next no not now of off ok okay on one only or order our out over please really right should since
    so some something soon still sure than thank thanks that that's the their then there they this to today tomorrow
    tonight too trying until up us very want wanted was we were what what's when whenever where which while who why
    will wish with without would yes you you'd you'll your yours home night nights least work working anytime either
    last ago recently speaking wrong misspelled misspelt missing incorrect spelled spelt written important irrelevant
    private above below near based located called across under per"""
# "I'm Fine", as telephones write it: begins like a name and is a state.
_STATE_WORDS = """
    afraid alone angry annoyed available aware back bored busy certain concerned confused crazy curious customer
    disappointed done excited fed fine free frustrated glad grateful great happy hungry ill impressed interested late
    lost mad new nobody off ok okay pleased ready sad satisfied scared serious shocked sick single sorry stuck
    student sure surprised thankful tired unable unhappy unsure upset visiting well worried wondering"""
_ENDS, _STATES = frozenset(_END_WORDS.split()), frozenset(_STATE_WORDS.split())
_COUNTRIES_WITH_THE = frozenset({"netherlands", "uk", "us", "usa", "united", "philippines", "bahamas", "czech"})


def facts_said(text: str, knows: Knows) -> tuple[tuple[str, str], ...]:
    """Each fact as (kind, value), kinds name, company, place, email, need and interest; the first of a kind counts."""
    found: dict[str, str] = {}
    for kind, value in (*_facts(text, knows), *facts_said_in_german(text, knows)):
        found.setdefault(kind, value)
    for want in wants(text):
        found.setdefault(want.kind, want.value)
    return tuple(found.items())


def _facts(text: str, knows: Knows) -> Iterator[tuple[str, str]]:
    for said, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if _SUPPOSED.search(text, 0, match.start()) or (_IM.match(match[0]) and spoken_in(text) == "de"):
                continue
            if (fact := _judged(said, match.group(1), text, knows)) is not None:
                yield fact
    yield from _here(text, knows)
    for match in _EMAIL.finditer(text):
        if (address := address_in(match.group(1))) is not None:
            yield "email", address


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
        case "spelled":
            return ("name", name) if is_written_large and " " not in name else None
        case "am" | "again":
            return ("name", large) if _is_somebody(name, text, knows) else None
        case "named company":
            return ("company", name) if is_written_large else None
        case "our company":
            is_one = is_written_large and knows(f"I work at {name}.", name) is Named.COMPANY
            return ("company", name) if is_one and knows(text, name) is not Named.PLACE else None
        case "company":
            is_one = is_written_large or knows(f"I work at {large}.", large) is Named.COMPANY
            return ("company", large) if is_one else None
        case "place":
            is_one = is_written_large or knows(f"I live in {large}.", large) is Named.PLACE
            return ("place", large) if is_one else None
        case "sure place":
            is_one = is_written_large and knows(f"I live in {large}.", large) is Named.PLACE
            return ("place", large) if is_one else None
        case _:
            taken_for = knows(f"I'm from {large}.", large)
            if taken_for is Named.COMPANY and is_written_large:
                return "company", name
            return ("place", large) if taken_for is Named.PLACE else None


def _here(text: str, knows: Knows) -> Iterator[tuple[str, str]]:
    """Who introduces themselves as on the telephone: "Oliver here", "Emma from Ikea here"."""
    if (match := _HERE.match(text)) is None:
        return
    name = _name_in(match.group(1))
    if name and name == match.group(1) and name == _large(name) and _is_somebody(name, text, knows):
        yield "name", name
        if (company := match.group(2)) and company == _large(company):
            yield "company", company


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
