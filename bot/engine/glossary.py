"""A message of another language in English words, one by one: what a model of English needs to tell what it means.

No translation: order and endings stay as they were, and a word that the list does not have stays as it is. "wo bleibt
mein paket" becomes "where stays my parcel", which is near enough to "where is my parcel".
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

LONGEST = 3
"""Words of an entry, such as "auf jeden fall"."""
LEAST_SHARE = 0.4
"""Of a message's words, how many the list has to know for the message to be in its language."""
ENDINGS = ("en", "er", "es", "em", "e", "n", "s", "t", "st")
_ALSO_ENGLISH = """also am an art bad bald bar bin boot brief bus den die fast fan film gas gang gift gold
    hand hat hell her hut in kind land man mode name not note of or rate rock route see ski so stern tag test
    tip under wand war warm was will wind app software ticket tickets pizza newsletter cookie cookies feedback
    service restaurant hotel baby idiot museum student partner name taxi dollar euro euros vegan winter stop
    info bus club name minute"""
ALSO_ENGLISH = frozenset(_ALSO_ENGLISH.split())
"""They tell nothing of which language it is."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class Glossary:
    def __init__(self, lines: Iterable[str]) -> None:
        pairs = (line.rstrip("\n").partition("\t") for line in lines)
        self._words = {_plain(word): english for word, _, english in pairs if english}

    def in_english(self, text: str) -> str | None:
        """None when the text is not in the list's language."""
        words = [_plain(word) for word in _WORD.findall(text)]
        telling = [word for word in words if word not in ALSO_ENGLISH]
        known = sum(self._found(word) is not None for word in telling)
        if not known or known < LEAST_SHARE * len(telling):
            return None
        return " ".join(self._glossed(words))

    def _glossed(self, words: list[str]) -> Iterable[str]:
        at = 0
        while at < len(words):
            for length in range(min(LONGEST, len(words) - at), 0, -1):
                said = " ".join(words[at : at + length])
                found = self._found(said) if length == 1 else self._words.get(said)
                if found is not None or length == 1:
                    yield found if found is not None else said
                    at += length
                    break

    def _found(self, word: str) -> str | None:
        if word in self._words:
            return self._words[word]
        stems = (word[: -len(ending)] for ending in ENDINGS if word.endswith(ending) and len(word) > len(ending) + 3)
        return next((self._words[stem] for stem in stems if stem in self._words), None)


def glossaries(folder: Path) -> list[Glossary]:
    """One for each language, of the folder's lists: a word, a tab, what it is in English."""
    return [Glossary(file.read_text(encoding="utf-8").splitlines()) for file in sorted(folder.glob("*.tsv"))]


def digest(folder: Path) -> str:
    """Another one when any of the lists has changed."""
    made = hashlib.sha256()
    for file in sorted(folder.glob("*.tsv")):
        made.update(file.name.encode() + b"\0" + file.read_bytes())
    return made.hexdigest()


def _plain(word: str) -> str:
    """In small letters, umlauts as those write them who have no keys for them: "Größe" and "Groesse" are the same."""
    return word.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss").replace("’", "'")
