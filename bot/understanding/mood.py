"""How a message feels, from -1 to 1: its words by VADER's lexicon, its meaning by MiniLM, weighed by a linear model.

A lexicon alone hears nothing in "still waiting, third time I ask", and a complaint in "how do I return a broken hat".
The weights are in mood.json, made by `bench/mood.py --fit`: docs/decisions/0016-a-mood-of-words-and-meaning.md.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from bot.engine.glossary import Glossary

type Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""A row for each text, as the pages' encoder makes them: of length 1, or `gists`, which begin with that."""
type Numbers = NDArray[np.float64]

FELT_LENGTH = 500
"""VADER writes each emoji out in words and then compares all pairs: 2,000 of them take a second."""
MEANT_LENGTH = 240
"""Characters whose meaning is read, half of them from the end, where long messages say what they are about."""
_WORD_PARTS = ("compound", "sum", "positive", "negative")
WORD_PARTS = (*_WORD_PARTS, *(f"{part}_asked" for part in _WORD_PARTS), "asked")
"""Of words, and again of those in a question: "a broken hat" is no complaint in "how do I return a broken hat"."""

_SQUARE_OF_VADER = 15.0
_ASKS = re.compile(
    r"\W*(?:(?:hi|hello|hey|and|so|but|please|thanks)\b\W*)*"
    r"(?:how|what|where|when|which|who|can|could|may|do|does|is|are|will|would|has|if|what's|where's)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
# Words of German that are none of English: "die" and "war" are, and a lexicon of English hears death in them.
_GERMAN_WORDS = """
    aber auch auf aus bei bitte bin bis danke dann das dem den der des dich dir doch ein eine einen einer eines er
    es euch euer für haben habe hat ich ihr ihre immer ist ja kann kein keine kommt können mehr mein meine meinen mich
    mir mit nach nicht noch nur oder schon sehr sein sich sie sind über um und uns unser vom von vor wann warum was
    welche welchem wenn wer werden wie wieder wir wird wo wurde zu zum zur"""
_ENGLISH_WORDS = """
    a am and are at can do does for from have i in is it me my no not of on so that the this to was we what when
    where with you your"""
_GERMAN, _ENGLISH = frozenset(_GERMAN_WORDS.split()), frozenset(_ENGLISH_WORDS.split())


@dataclass(frozen=True)
class Line:
    """A weighted sum of the first of `Mood.parts`."""

    weights: Numbers
    rest: float

    @classmethod
    def read(cls, told: dict[str, Any]) -> Self:
        words = [told["words"].get(part, 0.0) for part in WORD_PARTS]
        return cls(np.array([*words, *told["meaning"]]), told["rest"])

    def told(self) -> dict[str, Any]:
        """As `read` takes it."""
        words = {part: round(float(weight), 4) for part, weight in zip(WORD_PARTS, self.weights, strict=False)}
        meaning = [round(float(weight), 3) for weight in self.weights[len(WORD_PARTS) :]]
        return {"rest": round(self.rest, 4), "words": words, "meaning": meaning}

    def scaled(self, slope: float, centre: float) -> "Line":
        return Line(self.weights * slope, (self.rest - centre) * slope)

    def of(self, parts: Numbers) -> Numbers:
        return parts[:, : len(self.weights)] @ self.weights + self.rest


class Mood:
    """Without an encoder it is VADER's compound, as it stands. Other languages are heard by the English words that
    `glossaries` has for theirs."""

    def __init__(self, encode: Encode | None = None, glossaries: Sequence[Glossary] = ()) -> None:
        # Imported here: nobody waits for it who only asks for `--help`.
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

        self._vader: Any = SentimentIntensityAnalyzer()
        self._signs = frozenset({"!", *self._vader.emojis})
        self._encode, self._glossaries = encode, glossaries
        told = json.loads((files("bot.understanding") / "mood.json").read_text(encoding="utf-8"))
        self._feeling, self._none = Line.read(told["feeling"]), Line.read(told["none"])

    def of(self, text: str) -> float:
        """Below -0.2 it is unhappy, above 0.2 glad. German without a glossary is 0.0: VADER and MiniLM would guess."""
        return self.read(text)[0]

    def read(self, text: str) -> tuple[float, Numbers | None]:
        """The mood, and the row of `parts` that it is made of; None where the meaning is not read."""
        return self.read_many([text])[0]

    def read_many(self, texts: Sequence[str]) -> list[tuple[float, Numbers | None]]:
        """The same of each: together they take two thirds of the time."""
        if not self._encode:
            return [(self.by_lexicon(text), None) for text in texts]
        return [(0.0 if row is None else self._felt(row[None, :]), row) for row in self.parts_of(texts)]

    def _felt(self, row: Numbers) -> float:
        return float(sentiment(self._feeling.of(row), self._none.of(row))[0])

    def parts_of(self, texts: Sequence[str]) -> list[Numbers | None]:
        """A row of `parts` for each text as it is in English; None for what nobody knows the words of."""
        english = [self._in_english(text) for text in texts] if self._encode else []
        known = [text for text in english if text.strip()]
        rows = iter(self.parts(known)) if known else iter(())
        return [next(rows) if text.strip() else None for text in english] or [None] * len(texts)

    def by_lexicon(self, text: str) -> float:
        """VADER's compound alone: for parts of a message, each of whose meanings would cost as much as the whole's."""
        return float(self._vader.polarity_scores(self._in_english(text[:FELT_LENGTH]))["compound"])

    def _in_english(self, text: str) -> str:
        """As it is, or word by word from German; empty where nobody knows its words. Signs and emoji stay beside."""
        german, english = _small_words(text)
        if german < english:
            return text
        for each in self._glossaries:
            if (glossed := each.in_english(text[:FELT_LENGTH])) is not None:
                return f"{glossed} {''.join(sign for sign in text[:FELT_LENGTH] if sign in self._signs)}"
        return "" if german > english else text

    def parts(self, texts: Sequence[str]) -> Numbers:
        """What is weighed, a row for each text: `WORD_PARTS`, then the components of the meaning."""
        assert self._encode
        said = [self._by_words(text[:FELT_LENGTH]) for text in texts]
        meaning = self._encode([self._meant(text) for text in texts])
        # Without a letter there is no meaning to be read, but that of "unknown".
        lettered = np.array([[_is_latin(text)] for text in texts], dtype=np.float64)
        return np.hstack([np.array(said).reshape(len(texts), len(WORD_PARTS)), meaning * lettered])

    def _by_words(self, text: str) -> list[float]:
        heard = self._vader.polarity_scores(text)
        compound = min(0.999, max(-0.999, heard["compound"]))
        # What VADER squeezed into -1 to 1: people's ratings go on where its compound is full.
        total = compound * (_SQUARE_OF_VADER / (1 - compound**2)) ** 0.5
        words = [heard["compound"], total, heard["pos"], heard["neg"]]
        asked = float(_ASKS.match(text) is not None)
        return [*words, *(asked * part for part in words), asked]

    def _meant(self, text: str) -> str:
        """The text with emoji in words, as MiniLM knows none; of a long one, its beginning and its end."""
        half = MEANT_LENGTH // 2
        short = text if len(text) <= MEANT_LENGTH else f"{text[:half]} {text[-half:]}"
        # Half a surrogate pair is no letter: the tokenizer refuses it.
        whole = short.encode("utf-8", "replace").decode()
        if whole.isascii():
            return whole
        return "".join(f" {self._vader.emojis[sign]} " if sign in self._vader.emojis else sign for sign in whole)[
            :MEANT_LENGTH
        ]


def sentiment(feeling: Numbers, none: Numbers) -> Numbers:
    """Between -1 and 1: the feeling, made small the more `none` is above 0."""
    return np.asarray(np.tanh(feeling / (1 + np.exp(none))), dtype=np.float64)


def is_german(text: str) -> bool:
    """Whether more of the small words are German than English."""
    german, english = _small_words(text)
    return german > english


def _small_words(text: str) -> tuple[int, int]:
    words = [word.lower() for word in _WORD.findall(text[:FELT_LENGTH])]
    return sum(word in _GERMAN for word in words), sum(word in _ENGLISH for word in words)


def _is_latin(text: str) -> bool:
    if text.isascii():
        return True
    letters = [sign for sign in text[:FELT_LENGTH] if sign.isalpha()]
    return not letters or sum(sign < "\u0250" for sign in letters) * 2 >= len(letters)
