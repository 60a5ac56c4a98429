"""Numbers as people write them, in figures and in words: "1.234,50", "1.2k", "zwei"."""

import re
from decimal import Decimal

DIGITS = 12
"""Before the point: nobody pays or weighs more."""
_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty"
)
_GERMAN = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn"
    " achtzehn neunzehn zwanzig"
)
_TENS = (
    "thirty forty fifty sixty seventy eighty ninety",
    "dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
)
_WORDS = {word: number for row in (_ENGLISH, _GERMAN) for number, word in enumerate(row.split())}
_WORDS |= {word: 10 * ten for row in _TENS for ten, word in enumerate(row.split(), 3)}
_TIMES = {"hundred": 100, "hundert": 100, "thousand": 1_000, "tausend": 1_000, "k": 1_000}
_TIMES |= {"million": 1_000_000, "millions": 1_000_000, "millionen": 1_000_000, "mio": 1_000_000}
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_FIGURES = rf"(?:\d{{1,3}}(?:[ .,'’]\d{{3}}){{1,3}}(?:[.,]\d{{1,2}})?|\d{{1,{DIGITS}}}(?:[.,]\d{{1,2}})?)(?!\d)"
AMOUNT = (
    rf"(?:{_FIGURES}(?:[.,][-–—]+|[ ]?k\b|[ ](?:{'|'.join(_TIMES)})\b)?|(?:{_WORD})(?:[ ](?:{'|'.join(_TIMES)}))?\b)"
)
"""The pattern of one, read without regard to large and small letters."""
BETWEEN = r"[ ]?(?:[-–—]|\b(?:to|bis)\b)[ ]?"
"""What stands between two of a range."""


def decimal(amount: str) -> Decimal:
    """What is meant: a point or a comma parts thousands when three figures follow it, as a reader takes it."""
    said = amount.casefold().strip()
    times = re.search(r"[^\W\d_]+$", said)
    factor = _TIMES.get(times.group(), 1) if times else 1
    number = said[: times.start()].strip() if times and factor > 1 else said
    if number in _WORDS:
        return Decimal(_WORDS[number] * factor)
    # Imported here: few messages have an amount.
    from price_parser import parse_price

    told = parse_price(number.rstrip(",.-–—")).amount or Decimal(0)
    return told if factor == 1 else (told * factor).quantize(Decimal(1))
