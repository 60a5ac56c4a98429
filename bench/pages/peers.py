"""What else finds passages: plain BM25 by a well-kept library, SQLite's FTS5, static embeddings, MiniLM alone.

Each is given the same words: the visitor's last turn, or the human rewrite.
"""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import bm25s
import numpy as np

from bot.pages.indexing.index import K1, B, Index
from bot.pages.indexing.words import stems
from pages.mtrag import Given
from pages.sites import CACHE, code_of

LISTED = 10
_STATIC = ("weights/l2_supercat_256.safetensors", "tokenizers/l2_supercat_tokenizer_config.json")

type Questions = Mapping[str, str]
type Found = dict[str, list[str]]


def bm25(texts: Mapping[str, str], questions: Questions, words: Callable[[str], list[str]] = stems) -> Found:
    """Whole passages, stemmed, without stop words: the parameters are ours, nothing else is."""
    names = list(texts)
    retriever = bm25s.BM25(k1=K1, b=B)
    retriever.index([words(text) or [""] for text in texts.values()] or [[""]], show_progress=False)
    found = {}
    for id_, question in questions.items():
        # bm25s can't score a question that has no word of the passages.
        known = [word for word in words(question) if word in retriever.vocab_dict]
        scores = retriever.get_scores(known) if known else np.zeros(len(names))
        found[id_] = [names[number] for number in np.argsort(-scores, kind="stable")[:LISTED]]
    return found


def fts5(texts: Mapping[str, str], questions: Questions) -> Found:
    """As its documentation proposes: porter stems, any of the words, ranked by its bm25()."""
    names = list(texts)
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE passages USING fts5(text, content='', tokenize='porter unicode61')")
    database.executemany("INSERT INTO passages(rowid, text) VALUES (?, ?)", enumerate(texts.values()))
    ask = f"SELECT rowid FROM passages WHERE passages MATCH ? ORDER BY bm25(passages) LIMIT {LISTED}"
    found = {}
    for id_, question in questions.items():
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(_words(question)))
        found[id_] = [names[number] for (number,) in database.execute(ask, [words])] if words else []
    return found


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()


def static_embeddings(texts: Mapping[str, str], questions: Questions) -> Found | None:
    """wordllama's 256 dimensions; None where its package is not installed."""
    if (spec := find_spec("wordllama")) is None or spec.origin is None:
        return None
    embed = _Static(Path(spec.origin).parent)
    names = list(texts)
    matrix = embed(list(texts.values()))
    found = {}
    for id_, question in questions.items():
        scores = matrix @ embed([question])[0]
        found[id_] = [names[number] for number in np.argsort(-scores, kind="stable")[:LISTED]]
    return found


class _Static:
    """The mean of the tokens' rows. The package's own loading asks a network for what it brought along."""

    def __init__(self, package: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self.rows = next(iter(load_file(package / _STATIC[0]).values())).astype(np.float32)
        self.tokens = Tokenizer.from_file(str(package / _STATIC[1]))

    def __call__(self, texts: Sequence[str]) -> Any:
        found = np.zeros((len(texts), self.rows.shape[1]), dtype=np.float32)
        for at, tokens in enumerate(self.tokens.encode_batch(list(texts), add_special_tokens=False)):
            if tokens.ids:
                mean = self.rows[tokens.ids].mean(axis=0)
                found[at] = mean / np.linalg.norm(mean)
        return found


def minilm(index: Index, questions: Questions) -> Found:
    """The passages of our index by the cosine of the one question alone."""
    assert index.meaning is not None
    found = {}
    for id_, question in questions.items():
        near = index.meaning.vectors @ index.meaning.encoder.encode([question])[0]
        best = (index.passages[number].url for number in np.argsort(-near, kind="stable")[: 8 * LISTED])
        found[id_] = list(dict.fromkeys(best))[:LISTED]
    return found


def remembered(
    peer: Callable[[Mapping[str, str], Questions], Found | None], texts: Mapping[str, str], questions: Questions
) -> Found:
    """What the peer finds, kept while it, our words and what it is given stay the same; nothing where it is missing."""
    made_of = [
        peer.__name__,
        bm25s.__version__,
        Path(__file__).read_text(),
        code_of("indexing.words"),
        texts,
        questions,
    ]
    place = CACHE / "peers" / f"{peer.__name__}-{hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]}.json"
    if place.exists():
        kept: Found = json.loads(place.read_text())
        return kept
    if (found := peer(texts, questions)) is None:
        return {}
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(found))
    return found


def texts_of(given: Sequence[Given]) -> dict[str, str]:
    return {one.id: one.text for one in given}
