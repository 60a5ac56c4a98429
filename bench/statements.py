"""How well complaints, praise and needs are heard: `.venv/bin/python bench/statements.py [--json] [--fit]`.

- statements_KIND_precision and _recall on tests/understanding/statements_apart.tsv (210 messages of a shop's chat),
  statements_trades.tsv (143 of other trades and German ones, after 67 real sentences of VADER's Amazon reviews and
  tweets), statements_fresh.tsv (127, after 41 real ones), statements_people.tsv (195, before 50 real ones) and
  statements_chats.tsv (240, ten of each of 24 companies), labelled before anything was run on them. Must: 0.8 and 0.7.
  Nothing was fitted or chosen on any sentence of them; but the mood's weights have seen the ratings of the real ones,
  so these are told apart as well.

`--fit` makes bot/understanding/stating.npz: a small network on `Mood.parts`, of the house's own examples
(data/nlu), of messages_chosen.tsv, statements_chosen.tsv and statements_by_trade.tsv, written to learn from, and of
VADER's Amazon snippets (MIT, C.J. Hutto) by their ratings, without any sentence of the sets above. It says how well
each fold of five is told by the four others; the messages of a trade are in one fold.
"""

import argparse
import asyncio
import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.engine.glossary import glossaries
from bot.pages.indexing.encoder import WIDTH, Encoder
from bot.understanding.listener import GLOSSARIES, Hearing, Listener
from bot.understanding.mood import WORD_PARTS, Mood
from bot.understanding.stating import KINDS, Stating, standard

PROJECT = Path(__file__).parents[1]
AMAZON = PROJECT.parent / "shared" / "data" / "vader" / "amazonReviewSnippets_GroundTruth.txt.gz"
MESSAGES = PROJECT / "tests" / "understanding"
MODELS = PROJECT / "models"
FILE = PROJECT / "bot" / "understanding" / "stating.npz"
SETS = ("apart", "trades", "fresh", "people", "chats")
REAL = {
    "trades": (slice(67), slice(67, None)),
    "fresh": (slice(41), slice(41, None)),
    "people": (slice(195, None), slice(195)),
}
"""Which of a set people wrote in reviews and tweets, and which were written as a chat's."""
INTENTS = {"complaint": "complaint", "praise": "praise", "share_need": "need"}
MIXED = frozenset({"feedback", "abuse", "distress", "objection", "wish", "thank", "tell_of_self"})
"""Intents whose examples may be any of the kinds, or none."""
GLAD, UNHAPPY, NO_FEELING = 1.5, -1.4, 0.7
"""Ratings, from -4 to 4, from which a snippet is taken for praise, a complaint, or neither."""
COUNTS = {"amazon": 0.25, "nlu": 0.2, "written": 2.0}
MEANING_SPREAD = 0.05
NETWORKS, HIDDEN, TIMES, PENALTY = 3, 48, 12, 1.0
"""So many networks side by side, the units of each, how often each sees every example, and what large weights cost."""
FOLDS = 5
OF_ALL_TRADES = frozenset({"any", "german"})

type Numbers = NDArray[np.float64]


class Row(NamedTuple):
    text: str
    kind: str
    """Several are parted by a comma."""
    source: str
    trade: str = ""
    """Empty where it is of none, or of all."""


def labelled(name: str) -> list[tuple[str, set[str]]]:
    rows = (MESSAGES / f"statements_{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [(text, set(kinds.split(","))) for text, kinds in (row.split("\t") for row in rows)]


def learned_from() -> list[Row]:
    """Everything but what stands in the sets that are measured on."""
    kept_apart = {text.casefold() for name in SETS for text, _ in labelled(name)}
    rows = [*_examples(), *_written(), *_reviews()]
    return [row for row in rows if row.text.casefold() not in kept_apart]


def _examples() -> Iterator[Row]:
    for path in sorted((PROJECT / "data" / "nlu").glob("*.yml")):
        for part in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if (intent := part.get("intent")) is None or intent in MIXED:
                continue
            for line in part["examples"].splitlines():
                text = re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})", r"\1", line.strip().removeprefix("- "))
                if text:
                    yield Row(text, INTENTS.get(intent, "-"), "nlu")


def _written() -> Iterator[Row]:
    for line in (MESSAGES / "messages_chosen.tsv").read_text(encoding="utf-8").splitlines():
        kind, text = line.split("\t")
        yield Row(text, kind if kind in KINDS else "-", "written")
    for text, kinds in labelled("chosen"):
        yield Row(text, ",".join(sorted(kinds)), "written")
    for line in (MESSAGES / "statements_by_trade.tsv").read_text(encoding="utf-8").splitlines():
        text, kind, trade = line.split("\t")
        yield Row(text, kind, "written", trade if trade not in OF_ALL_TRADES else "")


def _reviews() -> Iterator[Row]:
    with gzip.open(AMAZON, "rt", encoding="utf-8", errors="replace") as file:
        for line in file:
            _, rating, text = line.rstrip("\n").split("\t", 2)
            felt = float(rating)
            if felt >= GLAD or felt <= UNHAPPY or abs(felt) < NO_FEELING:
                yield Row(text.strip(), "praise" if felt >= GLAD else "complaint" if felt <= UNHAPPY else "-", "amazon")


def fit(mood: Mood) -> dict[str, Numbers]:
    rows = learned_from()
    known = [(row, parts) for row, parts in zip(rows, mood.parts_of([row.text for row in rows]), strict=True)]
    rows = [row for row, one in known if one is not None]
    parts = np.vstack([one for _, one in known if one is not None])
    _say_folds(mood, rows, parts)
    return _network(rows, parts)


def _say_folds(mood: Mood, rows: list[Row], parts: Numbers) -> None:
    """How what was written to learn from is told by what is not in its fold, as messages are heard."""
    fold, written = _folds(rows), np.array([row.source == "written" for row in rows])
    heard: list[set[str]] = [set()] * len(rows)
    for out in range(FOLDS):
        which = np.flatnonzero((fold == out) & written)
        network = _network([row for row, its in zip(rows, fold, strict=True) if its != out], parts[fold != out])
        hearing = Hearing(mood, Stating(network))
        told = hearing.of_many([rows[at].text for at in which])
        for at, (_, stated) in zip(which, told, strict=True):
            heard[at] = {one.kind for one in stated}
    labels = [set(row.kind.split(",")) for row in rows]
    for kind in KINDS:
        shares = _shares("folds", kind, [("", labels[at]) for at in np.flatnonzero(written)],
                         [heard[at] for at in np.flatnonzero(written)])  # fmt: skip
        print(", ".join(f"{name} {value:.3f} of {of}" for name, value, of in shares), file=sys.stderr)


def _folds(rows: list[Row]) -> NDArray[np.int64]:
    """The fold of each row: one for all of a trade, or else dealt by lot."""
    dealt = np.random.default_rng(1).integers(0, FOLDS, len(rows))
    trades = sorted({row.trade for row in rows if row.trade})
    return np.array([trades.index(row.trade) % FOLDS if row.trade else dealt[at] for at, row in enumerate(rows)])


def _network(rows: list[Row], parts: Numbers) -> dict[str, Numbers]:
    """One network of several that began differently, side by side: together they err less than each."""
    from sklearn.neural_network import MLPClassifier

    words = len(WORD_PARTS)
    centre = np.concatenate([np.zeros(words + WIDTH), parts[:, words + WIDTH :].mean(axis=0)])
    spread = np.concatenate([
        np.maximum(parts[:, :words].std(axis=0), 1e-6),
        np.full(WIDTH, MEANING_SPREAD),
        np.maximum(parts[:, words + WIDTH :].std(axis=0), 1e-3) * 2,
    ])  # fmt: skip
    told = np.array([[kind in row.kind.split(",") for kind in KINDS] for row in rows], dtype=int)
    counts = np.array([COUNTS[row.source] for row in rows])
    made = [
        MLPClassifier(
            (HIDDEN,), alpha=PENALTY, max_iter=TIMES, random_state=seed, learning_rate_init=1e-3, batch_size=128
        ).fit(standard(parts, centre, spread), told, sample_weight=counts)
        for seed in range(NETWORKS)
    ]  # fmt: skip
    return {
        "centre": centre,
        "spread": spread,
        "hidden": np.hstack([one.coefs_[0] for one in made]),
        "hidden_rest": np.hstack([one.intercepts_[0] for one in made]),
        "kinds": np.vstack([one.coefs_[1] for one in made]) / NETWORKS,
        "kinds_rest": np.mean([one.intercepts_[1] for one in made], axis=0),
    }


async def heard_in(listener: Listener, rows: list[tuple[str, set[str]]]) -> list[set[str]]:
    return [{one.kind for one in (await listener.listen(text)).statements} for text, _ in rows]


async def figures(encoder: Encoder) -> list[tuple[str, float, int]]:
    """(name, share, of how many) of each set and kind."""
    listener = Listener(lambda: encoder.gists)
    found: list[tuple[str, float, int]] = []
    for name in SETS:
        rows = labelled(name)
        heard = await heard_in(listener, rows)
        parts = {name: slice(None)}
        if real := REAL.get(name):
            parts |= {f"{name}_real": real[0], f"{name}_written": real[1]}
        for part, which in parts.items():
            for kind in KINDS:
                found += _shares(part, kind, rows[which], heard[which])
    listener.close()
    return found


def _shares(
    name: str, kind: str, rows: list[tuple[str, set[str]]], heard: list[set[str]]
) -> Iterator[tuple[str, float, int]]:
    right = sum(kind in one and kind in told for one, (_, told) in zip(heard, rows, strict=True))
    found, said = sum(kind in one for one in heard), sum(kind in told for _, told in rows)
    if said:
        yield f"statements_{name}_{kind}_precision", right / max(1, found), found
        yield f"statements_{name}_{kind}_recall", right / said, said


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--fit", action="store_true", help="make the weights anew")
    asked.add_argument("--quick", action="store_true", help="the same: it takes seconds")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    encoder = Encoder(MODELS)
    if given.fit:
        weights = fit(Mood(encoder.gists, glossaries(GLOSSARIES)))
        np.savez_compressed(FILE, allow_pickle=False, **{name: one.astype(np.float16) for name, one in weights.items()})
    for name, value, of in asyncio.run(figures(encoder)):
        must = 0.8 if name.endswith("precision") else 0.7
        if given.json:
            told = {"name": f"understanding.{name}", "value": value, "unit": "share", "against": must}
            print(json.dumps(told | {"ratio": value / must}))
        else:
            print(f"understanding.{name:42}{value:7.3f}  of {of:3}  {'kept' if value >= must else 'MISSED'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
