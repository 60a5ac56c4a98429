"""The names that a site's own pages give: of what it sells, and of the pages themselves."""

import re
from collections.abc import Iterable, Mapping

from bot.interactions import Entity

NAME_LENGTH = 80
NAMES = 5_000
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_PLURALS = ("s", "es", "n", "en", "e")


class Gazetteer:
    """Finds each name where it stands in a text, the longest first; capitals and a plural's ending do not matter.

    Names are looked up word by word, so that a text costs the same however many names there are.
    """

    def __init__(self, names: Iterable[tuple[str, str]] = ()) -> None:
        self._names: dict[tuple[str, ...], tuple[str, str]] = {}
        for kind, name in list(names)[:NAMES]:
            words = tuple(word.casefold() for word in _WORD.findall(name[:NAME_LENGTH]))
            if words and not (len(words) == 1 and len(words[0]) < 3):
                self._names.setdefault(words, (kind, name))
        self._longest = max(map(len, self._names), default=0)

    def find(self, text: str) -> list[Entity]:
        """What is named, in the order of the text; `value` is the name as the pages write it."""
        found: list[Entity] = []
        words = [(match[0].casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
        at = 0
        while at < len(words):
            length, named = self._at(words, at)
            if named is None:
                at += 1
                continue
            start, end = words[at][1], words[at + length - 1][2]
            found.append(Entity(named[0], text[start:end], named[1], start, end))
            at += length
        return found

    def _at(self, words: list[tuple[str, int, int]], at: int) -> tuple[int, tuple[str, str] | None]:
        for length in range(min(self._longest, len(words) - at), 0, -1):
            said = tuple(word for word, _, _ in words[at : at + length])
            for form in (said, *((*said[:-1], one) for one in _singulars(said[-1]))):
                if form in self._names:
                    return length, self._names[form]
        return 1, None


def _singulars(word: str) -> list[str]:
    return [word.removesuffix(end) for end in _PLURALS if word.endswith(end) and len(word) > len(end) + 2]


def names_of(pages: Iterable[tuple[str, str | None]]) -> list[tuple[str, str]]:
    """The names in pages of (title, product): products before pages, each without what all titles end with."""
    listed = list(pages)
    products = [("product", product.split(",")[0].strip()) for _, product in listed if product]
    return [*products, *(("page", name) for name in _short([title for title, _ in listed]))]


def _short(titles: list[str]) -> list[str]:
    parts = [re.split(r"\s+[|–—·:-]\s+", title) for title in titles]
    counted: Mapping[str, int] = _counted(parts)
    return [name for one in parts if (name := next((part for part in one if counted[part] == 1), ""))]


def _counted(parts: Iterable[list[str]]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for one in parts:
        for part in set(one):
            counted[part] = counted.get(part, 0) + 1
    return counted


NO_NAMES = Gazetteer()
