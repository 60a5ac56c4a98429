"""What visitors say they look for or like: their needs and interests, in English and German.

What they want of us (help, a refund, an invoice) is no need to remember; nor is what is only asked or supposed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.understanding.named import words

WORDS_KEPT = 12

_FLAGS = re.IGNORECASE
_ADVERBS = r"(?:(?:still|also|just|now|currently|actually|really|urgently|always|especially|mainly|only)[ ]+)*"
_I = r"\b(?:i|we)"
_I_AM = rf"{_I}(?:['’]?(?:m|re)|[ ]+(?:am|are))[ ]+{_ADVERBS}"
_GERMAN_ADVERBS = r"(?:(?:noch|gerade|auch|dringend|unbedingt|derzeit|momentan|eigentlich|jetzt|aktuell|nur)[ ]+)*"
_BUY = r"(?:buy|order|get|purchase)"

_NEEDS = tuple(
    re.compile(rf"(?:{lead})[ ]+(?P<said>[^\n]+)", _FLAGS)
    for lead in (
        rf"(?:{_I_AM}|(?:^|[.!?,\n][ ]*|\bi[ ]+live[^.!?]*and[ ]+)){_ADVERBS}(?:looking|searching|shopping)[ ]+for",
        r"\bin[ ]+search[ ]+of",
        rf"{_I}[ ]+{_ADVERBS}(?:need|require)",
        rf"\band[ ]+(?:i[ ]+)?{_ADVERBS}need",
        rf"{_I}(?:['’]d|[ ]+would)[ ]+{_ADVERBS}(?:like|love)(?:[ ]+to[ ]+{_BUY})?",
        rf"{_I}[ ]+{_ADVERBS}want(?:[ ]+to[ ]+{_BUY})?",
        r"^we[ ]+at[ ][^.!?,]{2,40}?[ ]need",
    )
)
_GERMAN_NEEDS = tuple(
    re.compile(rf"(?:{lead})[ ]+{_GERMAN_ADVERBS}(?P<said>[^\n]+)", _FLAGS)
    for lead in (
        r"\b(?:ich|wir|und)[ ]+(?:suchen?|brauchen?|bräuchten?|braeuchten?|benötigen?|benoetigen?)",
        r"(?:^|[.!?\n][ ]*)suchen?",
        r"^wir[ ]+von[ ][^.!?,]{2,40}?[ ]brauchen",
        r"\bauf[ ]+der[ ]+suche[ ]+nach",
    )
)
_GERMAN_BUYS = re.compile(
    r"\b(?:ich|wir)[ ]+(?:möchten?|moechten?|will|wollen|würden?|wuerden?)[ ]+(?:(?:sehr[ ]+)?gerne?[ ]+)?"
    r"(?P<said>[^\n.!?]{3,80}?)[ ]+(?:kaufen|bestellen|erwerben)\b",
    _FLAGS,
)
_INTERESTS = tuple(
    re.compile(rf"(?:{lead})[ ]+(?P<said>[^\n]+)", _FLAGS)
    for lead in (
        rf"{_I_AM}(?:very[ ]+|so[ ]+)?interested[ ]+in",
        rf"{_I_AM}into",
        rf"{_I_AM}(?:a[ ]+)?(?:big|huge|great)[ ]+fan[ ]+of",
        rf"{_I}[ ]+collect",
        r"\bmy[ ]+hobb(?:y[ ]+is|ies[ ]+are)",
        r"\b(?:ich[ ]+interessiere[ ]+mich|wir[ ]+interessieren[ ]+uns)[ ]+(?:sehr[ ]+|besonders[ ]+)?für",
        r"\bmein[ ]+hobby[ ]+ist",
    )
)
_LOVES = re.compile(
    rf"{_I}[ ]+{_ADVERBS}(?:love|like|enjoy)[ ]+(?P<said>[^\W\d_]+ing)\b(?![ ]+(?:it|this|you|your))", _FLAGS
)
_DOES = re.compile(
    r"\bich[ ]+(?P<said>stricke|häkle|nähe|webe|wandre|wandere|segle|reise|koche|backe|lese|male|filze|spinne)[ ]+"
    r"(?:sehr[ ]+)?gerne?\b",
    _FLAGS,
)

_INFINITIVES = {"wandere": "wandern", "wandre": "wandern", "segle": "segeln", "häkle": "häkeln"}
_SUPPOSED = re.compile(
    r"\b(?:can|may|if|when|whether|do|does|did|would|should|could|that|what|who|why|unless|wenn|falls|dass|ob|was|don['’]?t)"
    r"[ ]*$",
    _FLAGS,
)
# A need begins like something one could buy: what is "the", "my" or "your" is already known to both.
_BEGINS = re.compile(
    r"(?:an?|some|something|another|several|few|lots|plenty|\d+|one|two|three|four|five|six|seven|eight|nine|ten|"
    r"eine?[nmrs]?|etwas|paar|ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|new|warm|good|baby|nice|thick|soft|"
    r"wool|woollen|knitted|matching|gute?n?|warme?n?|neue?n?)\Z",
    _FLAGS,
)
_PLURAL = re.compile(r"[^\W\d_]{3,}s\Z")
_GERMAN_NOUN = re.compile(r"[A-ZÄÖÜ][^\W\d_]{3,}\Z")
_NOT_TO_BUY = words("""
    retourenschein rücksendeschein berater beraterin fachkraft advisor adviser consultant slip coffee kaffee help
    information info infos details refund refunds money person human someone somebody anyone agent staff answer
    answers reply receipt invoice bill order orders account minute minutes moment second sec time day days hour
    hours call callback phone number address email page pages site website link way place job jobs work code copy
    confirmation label labels tracking advice assistance support question questions replacement repair repairs
    return returns exchange update updates status delivery shipping parcel package password login proof document
    documents word words pointer solution explanation idea price prices quote offer offers discount discounts
    voucher talk discuss details instructions directions complaint sleep rest break favour favor try less more this
    that these those it them us him her you contact catalogue brochure sample samples customs access else meeting
    hilfe auskunft auskünfte information informationen geld rechnung rechnungen termin bestellung telefonnummer
    nummer adresse rückruf antwort antworten beleg konto ansprechpartner mensch menschen person mitarbeiter passwort
    ersatz rat zeit minute minuten lieferung etikett rücksendeetikett quittung bestätigung kontakt jemanden jemand
    link seite kopie frage fragen paket sendung rabatt gutscheincode infos zugang tipp tipps weg möglichkeit lösung
    sie dich euch es ihn das was urlaub schlaf""")
_NO_INTEREST = words("""
    my it this that these those them one more buying ordering purchasing getting returning working knowing learning
    hearing seeing selling a an job jobs you your products yours returns refund helping talking both either neither
    werbung das dies diese details""")
_NO_HOBBY = words("""
    thing something everything nothing anything king evening morning being getting having waiting talking hearing
    seeing knowing buying ordering paying returning shopping spending asking working looking nothing packing
    clothing bedding pricing shipping""")
_DETERMINERS = words("your our their the a an some organic ihre ihren ihr die den das")

# Where what is wanted ends and something else begins.
_ENDS = re.compile(
    r"[.!?;:()\n]|,(?![ ]*(?:die|der|das|den)[ ])|[ ](?:and|but|because|since|as|so|can|could|do|does|did|is|are|will|"
    r"would|please|what|which|how|where|when|if|thanks|thank|i|we|you|und[ ](?:ich|wir|hätte|habe)|aber|weil|bitte|"
    r"können|haben|liefern|gibt|wie|wo|wann|danke)\b",
    _FLAGS,
)
_GOES_ON = re.compile(r"[ ]and[ ](?!(?:i|we|want|need|would|have|am|are|is|can|do|was|my|it|that)\b)", _FLAGS)
_WHICH = re.compile(r"[ ](?:who|which|that)\b", _FLAGS)
_VERB = re.compile(r"[ ](?:can|could|do|does|did|is|are|will|would)\b", _FLAGS)
_ABOUT = re.compile(
    r"[ ](?:for|with|that|who|which|in|by|from|of|to|on|under|around|für|mit|zu|zur|zum|bis|aus|von|die|der|das)[ ].*"
    r"|,.*",
    _FLAGS,
)


@dataclass(frozen=True)
class Want:
    """`kind` is need or interest; `value` stands in the text from `start` to `end`, but for a verb made a noun."""

    kind: str
    value: str
    start: int
    end: int


def wants(text: str) -> Iterator[Want]:
    """The needs, then the interests, each where it stands."""
    for german, patterns in ((False, _NEEDS), (True, _GERMAN_NEEDS)):
        for pattern in patterns:
            yield from _found("need", pattern, text, german=german)
    yield from _found("need", _GERMAN_BUYS, text, german=True)
    for pattern in _INTERESTS:
        yield from _found("interest", pattern, text, german=False)
    yield from _hobbies(text)


def _found(kind: str, pattern: re.Pattern[str], text: str, *, german: bool) -> Iterator[Want]:
    for match in pattern.finditer(text):
        if _SUPPOSED.search(text, 0, match.start()):
            continue
        value = _until_its_end(match["said"])
        if value and (_is_a_need(value, german=german) if kind == "need" else _is_an_interest(value)):
            start = match.start("said")
            yield Want(kind, value, start, start + len(value))


def _until_its_end(said: str) -> str:
    at, end = 0, _ENDS.search(said)
    while end is not None:
        # "hats and scarves", "a dentist who is patient": what follows still says what is wanted.
        on = _GOES_ON.match(said, end.start()) or (
            _WHICH.search(said, 0, end.start()) and _VERB.match(said, end.start())
        )
        if not on:
            break
        at = on.end()
        end = _ENDS.search(said, at)
    value = said if end is None else said[: end.start()]
    return " ".join(value.split(" ")[:WORDS_KEPT]).strip(" ,'’\"-")


def _is_a_need(value: str, *, german: bool) -> bool:
    core = _ABOUT.sub("", value).split()
    if not core or any(word.lower().strip("'’,") in _NOT_TO_BUY for word in core):
        return False
    first = core[0]
    if first.lower() in ("by", "to", "for", "from", "at"):
        return False
    is_thing = bool(_PLURAL.match(core[-1])) or (german and bool(_GERMAN_NOUN.match(first)))
    named = len(core) > 1 or first.lower() in ("something", "etwas")
    return (bool(_BEGINS.match(first)) and named) or (is_thing and first.lower() not in _KNOWN_TO_BOTH) or (
        german and " für " in f"{value} " and first.isalpha() and first.lower() not in _KNOWN_TO_BOTH
    )  # fmt: skip


_KNOWN_TO_BOTH = words("""
    the my your our his her their its this these those ihre ihren ihr meine meinen mein die der das den dem sein
    seine unsere unseren deine deinen kein keine keinen nichts nicht""")


def _is_an_interest(value: str) -> bool:
    bare = [word for word in value.lower().split() if word not in _DETERMINERS]
    return bool(bare) and bare[0] not in _NO_INTEREST and not value[0].isdigit()


def _hobbies(text: str) -> Iterator[Want]:
    for match in _LOVES.finditer(text):
        if match["said"].lower() not in _NO_HOBBY and not _SUPPOSED.search(text, 0, match.start()):
            yield Want("interest", match["said"], match.start("said"), match.end("said"))
    for match in _DOES.finditer(text):
        yield Want(
            "interest",
            _INFINITIVES.get(match["said"].lower(), f"{match['said']}n"),
            match.start("said"),
            match.end("said"),
        )
