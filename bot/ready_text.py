"""The text of a ready reply: what stands for something of the visitor, and filling it in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

FIELDS = {
    "name": "what the visitor is called",
    "first_name": "the first word of it",
    "company": "their company",
    "place": "where they are",
    "email": "their mail address",
    "order": "the number of their latest order",
    "agent": "your name",
    "shop": "the site's name",
}
TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "herr", "frau"})
_PLACEHOLDER = re.compile(r"\{\{\s*([A-Za-z_]{1,40})\s*(?:\|([^{}|]{0,200}))?\}\}")


@dataclass(frozen=True)
class Filled:
    """`missing` are the fields that nobody knows and that have no fallback; they still stand in the text."""

    text: str
    missing: tuple[str, ...] = ()


def fill(text: str, known: Mapping[str, str]) -> Filled:
    """Puts in what is known, else the fallback: {{first_name|there}}.

    >>> fill("Hello {{first_name|there}}, {{agent}} here.", {"agent": "Dana"}).text
    'Hello there, Dana here.'
    """
    missing: dict[str, None] = {}

    def put(found: re.Match[str]) -> str:
        name, fallback = found[1].lower(), found[2]
        if known.get(name):
            # What a visitor calls themselves is text: it stands for nothing itself.
            return re.sub(r"\{(?=\{)", "{ ", known[name])
        if fallback is not None:
            return fallback.strip()
        missing[name] = None
        return found[0]

    return Filled(_PLACEHOLDER.sub(put, text), tuple(missing))


def unfilled(text: str) -> tuple[str, ...]:
    """What still stands for something of the visitor, each once: an answer is not sent with it."""
    names = (found[1].lower() for found in _PLACEHOLDER.finditer(text))
    return tuple(dict.fromkeys(name for name in names if name in FIELDS))


def unknown(text: str) -> tuple[str, ...]:
    """What looks as if it stood for something, and stands for nothing."""
    names = (found[1] for found in _PLACEHOLDER.finditer(text))
    return tuple(dict.fromkeys(name for name in names if name.lower() not in FIELDS))


def first_name(name: str) -> str:
    """The first word of a name that is no title; empty when there is none."""
    return next((word for word in name.split() if word.rstrip(".").casefold() not in TITLES), "")
