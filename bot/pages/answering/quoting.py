"""The words of a passage that answer: one or two sentences, or a row, verbatim."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from bot.pages.answering.question import Question
from bot.pages.indexing.languages import ENGLISH
from bot.pages.indexing.words import FACTS, facts_told, stems
from bot.pages.reading.passages import sentences

MAX_QUOTE = 600
SHORT_SENTENCE_WORDS = 9
GIVES = 0.3
"""What counts besides the words when the kind of fact that is asked for is given: it beats what repeats the words."""

ALIKE = 0.015
"""Sentences whose worth differs by no more tell alike."""
DENSE = 0.125
"""What the density counts beside the share that is told."""
LEADS = 0.15
"""What counts besides of the first sentence below a heading that says all that is asked."""


@dataclass(frozen=True)
class Quote:
    """`coverage` is the share of what is asked that it speaks of, `density` the share of it that speaks of that."""

    text: str
    coverage: float
    density: float


def quote(asked: Question, number: int) -> Quote:
    """The one or two sentences, or the row, that speak of most of what is asked; of the passage of this number."""
    of = Telling(asked, number)
    text = of.passage.text
    spans = sentences(text)
    parts = [of.part(text[start:end]) for start, end in spans]
    # Of those that tell about alike the first: what comes later adds to it.
    least = max(one.chosen for one in parts) - ALIKE
    best = next(at for at, one in enumerate(parts) if one.chosen >= least)
    first, last = _with_neighbour(of, spans, parts, best)
    quoted = text[spans[first][0] : spans[last][1]]
    # What the passage is worth beside others does not hang on where the quote begins.
    richest = max(parts, key=lambda one: one.told + one.density * DENSE)
    return Quote(_cut(quoted), max(richest.told, of.told(quoted)), richest.density)


def worth(asked: Question, quote: Quote, score: float) -> float:
    """How well a quote would serve."""
    return quote.coverage + 0.4 * score + 0.25 * quote.density + GIVES * gives(asked, quote.text)


def gives(asked: Question, text: str) -> bool:
    """Whether a kind of fact is asked for, and the text gives it."""
    facts = {term.stem for term, _ in asked.counts if term.is_fact}
    return bool(facts) and facts.issubset(facts_told(text, asked.language))


@dataclass(frozen=True, slots=True)
class Part:
    """What a sentence or row tells: `told` is the share of what is asked, `density` the share of it that speaks of
    that, `chosen` how well it would be chosen among others of the passage."""

    told: float
    density: float
    chosen: float


class Telling:
    """What the words of a passage tell of what is asked."""

    def __init__(self, asked: Question, number: int) -> None:
        self.passage = asked.index.passages[number]
        self.asked = asked
        self._language = asked.index.language_of(self.passage)
        self._facts = frozenset(term.stem for term, _ in asked.counts if term.is_fact)
        # Abroad a fact may be given by more than is known here.
        self._gives = bool(self._facts) and asked.language == ENGLISH
        # What the whole does not give is in no part of it.
        self._kinds = asked.index.facts_told(number)
        headings = " ".join((self.passage.title, *self.passage.heading))
        self._around = asked.asked_in(_terms_in(headings, self._language, FACTS))
        # Every sentence of the hat's page is about the hat, whether or not it says so.
        self._everywhere = asked.asked_in(_terms_in(self.passage.title, self._language, FACTS))
        nearest = asked.asked_in(_terms_in(" ".join(self.passage.heading[-1:]), self._language, FACTS))
        self._is_all_of_it = bool(nearest) and len(nearest) == len(asked.counts)

    def told(self, text: str) -> float:
        """The share of what is asked that the text speaks of; the headings count for most of it too."""
        return self._share(self.asked.asked_in(_terms_in(text, self._language, self._kinds)))

    def part(self, text: str) -> Part:
        terms = _terms_in(text, self._language, self._kinds)
        own = self.asked.asked_in(terms)
        told = self._share(own)
        density = len(terms & self.asked.wanted) / max(len(terms), 4)
        chosen = told if self._everywhere <= own else self._share(own | self._everywhere)
        gives = self._gives and self._facts <= terms
        # Under a heading that says all that is asked everything answers, and the beginning best.
        leads = self._is_all_of_it and self.passage.text.startswith(text)
        return Part(told, density, chosen + GIVES * gives + LEADS * leads + density * DENSE)

    def _share(self, own: Set[int]) -> float:
        counts = self.asked.counts
        return sum(counts[one][1] * (1.0 if one in own else 0.7) for one in sorted(own | self._around))


def _with_neighbour(of: Telling, spans: Sequence[tuple[int, int]], parts: Sequence[Part], best: int) -> tuple[int, int]:
    """Takes the sentence before or after along, when it tells more of what is asked, or the best is too short."""
    passage = of.passage
    choices: list[tuple[float, int, int]] = []
    for first, last in ((best - 1, best), (best, best + 1)):
        if first < 0 or last >= len(spans):
            continue
        text = passage.text[spans[first][0] : spans[last][1]]
        if "\n" not in text and len(text) <= MAX_QUOTE:
            choices.append((of.told(text), first, last))
    if not choices:
        return best, best
    start, end = spans[best]
    more, first, last = max(choices, key=lambda choice: (round(choice[0], 6), choice[1]))
    short = len(passage.text[start:end].split()) < SHORT_SENTENCE_WORDS
    opens = best == 0 and last == 1 and any(heading.endswith("?") for heading in passage.heading[-1:])
    other = parts[first + last - best]
    also = other.told >= 0.8 * parts[best].told and len(passage.text[spans[first][0] : spans[last][1]]) <= 240
    return (first, last) if more > parts[best].told + 0.01 or short or opens or also else (best, best)


def _cut(text: str) -> str:
    """At most 600 characters, ending between words; still verbatim."""
    return text if len(text) <= MAX_QUOTE else text[:MAX_QUOTE].rpartition(" ")[0]


@lru_cache(maxsize=16_384)
def _terms_in(text: str, language: str, kinds: tuple[str, ...]) -> frozenset[str]:
    return frozenset((*stems(text, language), *facts_told(text, language, kinds)))
