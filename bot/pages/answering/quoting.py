"""The words of a passage that answer: one or two sentences, or a row, verbatim."""

from dataclasses import dataclass
from functools import lru_cache

from bot.pages.answering.question import Question
from bot.pages.indexing.words import facts_told, stems
from bot.pages.reading.passages import sentences
from bot.store.pages import StoredPassage

MAX_QUOTE = 600
SHORT_SENTENCE_WORDS = 9


@dataclass(frozen=True)
class Quote:
    """`coverage` is the share of what is asked that it speaks of, `density` the share of it that speaks of that."""

    text: str
    coverage: float
    density: float


def quote(asked: Question, passage: StoredPassage) -> Quote:
    """The one or two sentences, or the row, that speak of most of what is asked."""
    language = asked.index.language_of(passage)
    around = frozenset(_terms_in(" ".join((passage.title, *passage.heading)), language))
    spans = sentences(passage.text)
    told = [_told(asked, passage.text[start:end], around, language) for start, end in spans]
    density = [_density(asked, passage.text[start:end], language) for start, end in spans]
    best = max(range(len(spans)), key=lambda one: (told[one] + density[one] / 8, -one))
    first, last = _with_neighbour(asked, passage, spans, told, around, best)
    start, end = spans[first][0], spans[last][1]
    text = passage.text[start:end]
    return Quote(_cut(text), max(told[best], _told(asked, text, around, language)), density[best])


def worth(asked: Question, quote: Quote, score: float) -> float:
    """How well a quote would serve. One that gives the kind of fact asked for beats one that repeats the words."""
    facts = {term.stem for term, _ in asked.counts if term.is_fact}
    gives = 1.0 if facts and facts.issubset(facts_told(quote.text, asked.language)) else 0.0
    return quote.coverage + 0.4 * score + 0.25 * quote.density + 0.3 * gives


def _with_neighbour(
    asked: Question,
    passage: StoredPassage,
    spans: list[tuple[int, int]],
    told: list[float],
    around: frozenset[str],
    best: int,
) -> tuple[int, int]:
    """Takes the sentence before or after along, when it tells more of what is asked, or the best is too short."""
    choices: list[tuple[float, int, int]] = []
    for first, last in ((best - 1, best), (best, best + 1)):
        if first < 0 or last >= len(spans):
            continue
        text = passage.text[spans[first][0] : spans[last][1]]
        if "\n" not in text and len(text) <= MAX_QUOTE:
            choices.append((_told(asked, text, around, asked.index.language_of(passage)), first, last))
    if not choices:
        return best, best
    start, end = spans[best]
    more, first, last = max(choices, key=lambda choice: (round(choice[0], 6), choice[1]))
    short = len(passage.text[start:end].split()) < SHORT_SENTENCE_WORDS
    opens = best == 0 and last == 1 and any(heading.endswith("?") for heading in passage.heading[-1:])
    other = told[first + last - best]
    also = other >= 0.8 * told[best] and len(passage.text[spans[first][0] : spans[last][1]]) <= 240
    return (first, last) if more > told[best] + 0.01 or short or opens or also else (best, best)


def _told(asked: Question, text: str, around: frozenset[str], language: str) -> float:
    """The share of what is asked that these words speak of; their headings count for most of it too."""
    terms = _terms_in(text, language)
    told = 0.0
    for term, count in asked.counts:
        if not term.any_of.isdisjoint(terms):
            told += count
        elif not term.any_of.isdisjoint(around):
            told += 0.7 * count
    return told


def _density(asked: Question, text: str, language: str) -> float:
    terms = _terms_in(text, language)
    return len(terms & asked.wanted) / max(len(terms), 4)


def _cut(text: str) -> str:
    """At most 600 characters, ending between words; still verbatim."""
    return text if len(text) <= MAX_QUOTE else text[:MAX_QUOTE].rpartition(" ")[0]


@lru_cache(maxsize=16_384)
def _terms_in(text: str, language: str) -> frozenset[str]:
    return frozenset((*stems(text, language), *facts_told(text, language)))
