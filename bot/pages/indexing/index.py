"""The index of one crawl: BM25 by bm25s over title, headings and text, and what the passages mean; kept in a folder."""

import hashlib
import json
import logging
import os
import shutil
import tempfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from bot.pages.indexing.bm25 import bm25s
from bot.pages.indexing.encoder import Encoder
from bot.pages.indexing.languages import ENGLISH
from bot.pages.indexing.meaning import Known, Meaning, Understood, title_of, understand
from bot.pages.indexing.told_language import with_languages
from bot.pages.indexing.words import FACTS, facts_told, stems
from bot.store.pages import StoredPassage, product_of

FORMAT = 7
"""Of the folder, and of what the words of a passage become. Raise it with either: older folders are rebuilt."""
UNDERSTOOD = 6
"""The first format whose passages were understood as they are now: what they mean is taken over from such a folder."""
K1, B = 0.9, 0.4
KIN, ENDING, MOST_KIN = 4, 3, 50
"""Words of which one begins like the other: their least common letters, the most that one has more, and how many of
them are looked through."""
_PASSAGES, _MANIFEST = "passages.jsonl", "manifest.json"
logging.getLogger("bm25s").setLevel(logging.WARNING)


class IndexDamaged(Exception):
    """The folder is missing, incomplete, changed, or of another format: build the index again."""


class Index:
    """What can be searched: read only after it is made, so that any thread may use it."""

    def __init__(self, passages: Sequence[StoredPassage], retriever: Any, meaning: Meaning | None = None) -> None:
        self.passages = passages
        self.meaning = meaning
        """None without an encoder: then words alone decide."""
        self._retriever = retriever
        self._columns: Mapping[str, int] = retriever.vocab_dict
        self._data: NDArray[np.float32] = retriever.scores["data"]
        self._rows: NDArray[np.int32] = retriever.scores["indices"]
        self._starts: NDArray[np.int64] = retriever.scores["indptr"]
        self._pages: dict[str, list[int]] = {}
        sections: dict[tuple[str, tuple[str, ...]], int] = {}
        numbers = np.zeros(len(passages), dtype=np.int64)
        for number, passage in enumerate(passages):
            self._pages.setdefault(page_key(passage.url), []).append(number)
            numbers[number] = sections.setdefault((passage.url, passage.heading), len(sections))
        self.section_of: NDArray[np.int64] = numbers
        """Passages of one page under the same headings have the same number."""
        self.section_sizes = np.bincount(numbers, minlength=len(sections))
        """Of how many passages each section is."""
        rows = np.flatnonzero(self.section_sizes[numbers] > 1)
        self._shared = np.unique(numbers[rows], return_inverse=True)[1], rows
        """Those that are not alone in their section, and which they share."""
        self.lengths: NDArray[np.float32] = np.fromiter((len(one.text) for one in passages), np.float32, len(passages))
        """In characters."""
        self._named: dict[int, frozenset[str]] = {}
        self.spellings: dict[str, frozenset[str]] = {}
        """What words that no page has were taken for, so far."""
        self.languages = languages_in(passages)
        """Of the passages, the most frequent first."""
        told = [self.languages.index(self.language_of(one)) for one in passages]
        self._languages: NDArray[np.int64] = np.array(told, dtype=np.int64)
        self._speakers: dict[str, frozenset[str]] = {}
        self._in_order: list[str] | None = None
        self._gives: NDArray[np.uint8] = np.zeros(len(passages), dtype=np.uint8)
        for bit, fact in enumerate(FACTS):
            self._gives[self._rows[self._column(fact)]] |= 1 << bit

    def __len__(self) -> int:
        return len(self.passages)

    def language_of(self, passage: StoredPassage) -> str:
        """The language of one of the passages; the site's main one where nothing tells."""
        return passage.language or self.languages[0]

    def is_in(self, language: str) -> NDArray[np.bool_]:
        """Which passages are in this one of `languages`."""
        return np.equal(self._languages, self.languages.index(language))

    def speakers(self, term: str) -> frozenset[str]:
        """The languages of the passages that have the term."""
        if term not in self._columns:
            return frozenset()
        if len(self.languages) == 1:
            return frozenset(self.languages)
        if term not in self._speakers:
            spoken = np.bincount(self._languages[self._rows[self._column(term)]])
            self._speakers[term] = frozenset(one for one, count in zip(self.languages, spoken, strict=False) if count)
        return self._speakers[term]

    def kin(self, stem: str) -> frozenset[str]:
        """The terms that this one is the beginning of, or they of it, but for an ending of up to three letters."""
        if len(stem) < KIN:
            return frozenset()
        shorter = {stem[:length] for length in range(max(KIN, len(stem) - ENDING), len(stem))}
        first = bisect_left(self._sorted(), stem)
        longer = takewhile(lambda one: one.startswith(stem), self._sorted()[first : first + MOST_KIN])
        return frozenset(one for one in shorter if self.has(one)) | {
            one for one in longer if len(one) <= len(stem) + ENDING
        }

    def _sorted(self) -> Sequence[str]:
        if self._in_order is None:
            self._in_order = sorted(self._columns)
        return self._in_order

    def has(self, term: str) -> bool:
        return term in self._columns

    def idf(self, term: str) -> float | None:
        """How telling the term is, or None when no passage has it."""
        column = self._columns.get(term)
        if column is None:
            return None
        frequency = int(self._starts[column + 1] - self._starts[column])
        return float(np.log(1 + (len(self) - frequency + 0.5) / (frequency + 0.5)))

    @property
    def rarest(self) -> float:
        """The idf of a word that stands in no passage."""
        return float(np.log(1 + (len(self) + 0.5) / 0.5))

    def numbers_of(self, url: str) -> Sequence[int]:
        """The passages of the page with this URL; host, fragment and index.html make no difference."""
        key = page_key(url)
        # What an advertisement added to the visitor's address is on no page that was crawled.
        return self._pages.get(key) or self._pages.get(key.partition("?")[0]) or ()

    def has_any(self, terms: Iterable[str], numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these passages have at least one of the terms."""
        found = np.zeros(len(numbers), dtype=np.bool_)
        for term in terms:
            rows = self._rows[self._column(term)]
            if len(rows):
                # bm25s writes a term's passages in their order.
                places = np.minimum(np.searchsorted(rows, numbers), len(rows) - 1)
                found |= rows[places] == numbers
        return found

    def some_with(self, terms: Sequence[str], count: int) -> list[StoredPassage]:
        """Up to so many passages that have all of the terms."""
        rows = min((self._rows[self._column(term)] for term in terms), key=len).astype(np.int64)
        all_of_them = np.all([self.has_any((term,), rows) for term in terms], axis=0)
        return [self.passages[row] for row in rows[all_of_them][:count].tolist()]

    def is_on_few_pages(self, terms: Iterable[str], few: int) -> bool:
        """Whether at least one page has one of the terms, and no more than `few` have."""
        pages: set[str] = set()
        for row in (row for term in terms for row in self._rows[self._column(term)]):
            pages.add(self.passages[row].url)
            if len(pages) > few:
                return False
        return bool(pages)

    def named(self, number: int) -> frozenset[str]:
        """What the title and the headings of the passage speak of."""
        if number not in self._named:
            passage = self.passages[number]
            self._named[number] = frozenset(
                stems(" ".join((*title_of(passage), *passage.heading)), self.language_of(passage))
            )
        return self._named[number]

    def facts_told(self, number: int) -> tuple[str, ...]:
        """Which kinds of facts the text of the passage gives."""
        gives = int(self._gives[number])
        return tuple(fact for bit, fact in enumerate(FACTS) if gives >> bit & 1)

    def scores(self, weights: Mapping[str, float]) -> NDArray[np.float32]:
        """The BM25 score of every passage for a query of weighted terms."""
        scores = np.zeros(len(self), dtype=np.float32)
        for term, weight in weights.items():
            place = self._column(term)
            # A passage stands once in a term's column, so plain addition by index loses nothing.
            scores[self._rows[place]] += np.float32(weight) * self._data[place]
        return scores

    def section_sums(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        """For each passage, the sum of the scores of all passages of its section."""
        own, rows = self._shared
        sums = np.bincount(own, weights=scores[rows], minlength=int(own[-1]) + 1 if len(own) else 0)
        told = scores.copy()
        told[rows] = sums[own]
        return told

    def _column(self, term: str) -> slice:
        column = self._columns.get(term)
        return slice(0, 0) if column is None else slice(int(self._starts[column]), int(self._starts[column + 1]))

    def save(self, folder: Path) -> None:
        """Writes the index beside `folder`, then puts it there in one rename: a reader sees all of it or nothing."""
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
        try:
            self._retriever.save(making, show_progress=False)
            with (making / _PASSAGES).open("w", encoding="utf-8") as lines:
                for passage in self.passages:
                    lines.write(json.dumps(asdict(passage), ensure_ascii=False) + "\n")
            if self.meaning is not None:
                _save(self.meaning.understood, making)
            encoder = None if self.meaning is None else self.meaning.encoder.name
            written = {"format": FORMAT, "bm25s": bm25s.__version__, "encoder": encoder}
            manifest = written | {"files": _digests(making)}
            (making / _MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
            for file in making.iterdir():
                _to_disk(file)
            if folder.exists():
                shutil.rmtree(folder)
            making.rename(folder)
            _to_disk(folder.parent)
        finally:
            shutil.rmtree(making, ignore_errors=True)


def build(passages: Sequence[StoredPassage], encoder: Encoder | None = None, before: Index | None = None) -> Index:
    """The index of these passages; it takes about a CPU second per 3,000 of them, and 9 ms to understand each new one.

    What `before`, the crawl before, has of them is not understood again.
    """
    retriever = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numpy", csc_backend="numpy")
    passages = with_languages(passages)
    main = languages_in(passages)[0]
    # bm25s can't do without a word; an empty one is asked for by nobody.
    retriever.index([terms_of(passage, main) or [""] for passage in passages] or [[""]], show_progress=False)
    if encoder is None:
        return Index(passages, retriever)
    known = None
    if before is not None and before.meaning is not None:
        known = Known(_as_read(before.passages, before.languages[0]), before.meaning)
    return Index(passages, retriever, understand(_as_read(passages, main), encoder, known))


def _as_read(passages: Sequence[StoredPassage], main: str) -> list[StoredPassage]:
    """The passages as the encoder reads them. Of what is not in English it would make nothing, and take its time."""
    said = [(one, one.language or main) for one in passages]
    return [
        one if language == ENGLISH else replace(one, title=one.url, heading=(), text=language) for one, language in said
    ]


def terms_of(passage: StoredPassage, main: str = ENGLISH) -> list[str]:
    """What the passage is found by: the words of its title, headings and text, and the kinds of facts it tells.

    `main` is its language where nothing tells.
    """
    language = passage.language or main
    words = stems(" ".join((*title_of(passage), *passage.heading, passage.text)), language)
    return [*words, *facts_told(passage.text, language)]


def languages_in(passages: Iterable[StoredPassage]) -> tuple[str, ...]:
    """The languages of the passages, the most frequent first; English where nothing tells."""
    counts = Counter(one.language for one in passages if one.language)
    return tuple(sorted(counts, key=lambda one: (-counts[one], one != ENGLISH))) or (ENGLISH,)


def load(folder: Path, encoder: Encoder | None = None, *, oldest: int = FORMAT) -> Index:
    """The index in the folder, or IndexDamaged: also when another encoder, or none, understood its passages.

    `oldest` is the first format that will do: to build from it, UNDERSTOOD.
    """
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if not oldest <= manifest["format"] <= FORMAT or manifest["bm25s"] != bm25s.__version__:
            raise IndexDamaged(f"{folder} was written by another version")
        if manifest["files"] != _digests(folder):
            raise IndexDamaged(f"{folder} is not as it was written")
        if manifest["encoder"] != (encoder and encoder.name):
            raise IndexDamaged(f"{folder} was understood by another encoder")
        retriever = bm25s.BM25.load(folder, show_progress=False)
        with (folder / _PASSAGES).open(encoding="utf-8") as lines:
            passages = [_passage(json.loads(line)) for line in lines]
        if encoder is None:
            return Index(passages, retriever)
        return Index(passages, retriever, Meaning(_load(folder), encoder))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{folder} can't be read: {error}") from error


def _save(understood: Understood, folder: Path) -> None:
    for name, rows in vars(understood).items():
        # Half the precision takes half the room and changes no ranking that could be measured.
        np.save(folder / f"{name}.npy", rows.astype(np.float16) if rows.dtype == np.float32 else rows)


def _load(folder: Path) -> Understood:
    def rows(name: str) -> Any:
        return np.load(folder / f"{name}.npy")

    # The states are looked at where they lie: of a large site they are gigabytes, and a question needs few.
    states = np.load(folder / "states.npy", mmap_mode="r")
    vectors, questions = (rows(name).astype(np.float32) for name in ("vectors", "questions"))
    return Understood(vectors, states, rows("starts"), questions, rows("question_of"))


def page_key(url: str) -> str:
    """What two URLs of one page of the site share; another string, such as a document's id, is itself."""
    parts = urlsplit(url)
    path = parts.path.removesuffix("index.html").rstrip("/")
    return f"{path}?{parts.query}" if parts.query else path


def _passage(given: dict[str, Any]) -> StoredPassage:
    return StoredPassage(
        **{**given, "heading": tuple(given["heading"]), "product": product_of(given.get("product"))}
    )  # fmt: skip


def _digests(folder: Path) -> dict[str, str]:
    return {file.name: _digest(file) for file in sorted(folder.iterdir()) if file.name != _MANIFEST}


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
