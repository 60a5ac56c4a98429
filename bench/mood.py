"""How well a message's mood is heard: against people's ratings, on a shop's messages, and what it costs.

- VADER's ratings (MIT: see its PROVENANCE.md), tweets and Amazon snippets: Pearson's r. Each set is judged by weights
  fitted on the other one and on the chosen messages, never by the weights that ship, which have seen both.
- tests/understanding/messages_apart.tsv: short complaints, praise and questions that nothing was fitted or chosen on,
  judged by the weights that ship; macro F1, and the share of the neutral ones that is called negative. Beside them
  3,000 questions of CLINC150, nearly all of them without feeling (CC BY 3.0, only measured on).
- CPU of all that `Listener` does with a message, over tweets, snippets and messages; also as it would be on the machine
  that its bar of 20 ms was set on, by what two known things take in the same run: `YARDSTICKS_MS`.

Plain VADER stands beside each, with its own limits (0.05).

`--fit` makes bot/understanding/mood.json: two ridge regressions on `Mood.parts`, of the ratings of both sets and of the
messages of messages_chosen.tsv (taken for +2, -2 or 0), and of whether there is a feeling at all; scaled so that -0.2
and 0.2 are where complaints and praise begin among the chosen messages, each judged by a fit without its tenth.
`--quick`: 1,000 messages for the CPU.
"""

import argparse
import asyncio
import gzip
import json
import os
import re
import sys
import time
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

# As the command itself does, before numpy is imported: a second thread for small matrices only burns CPU.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import numpy as np
import spacy
from numpy.typing import NDArray

from bot import collector
from bot.pages.indexing.encoder import WIDTH, Encoder
from bot.understanding.listener import Listener
from bot.understanding.mood import Line, Mood, sentiment
from bot.understanding.names_model import MODEL

PROJECT = Path(__file__).parents[1]
DATA = PROJECT.parent / "shared" / "data"
MESSAGES = PROJECT / "tests" / "understanding"
MODELS = PROJECT / "models"
FILE = PROJECT / "bot" / "understanding" / "mood.json"

MEANT = {"complaint": -1, "neutral": 0, "praise": 1}
FELT = 2.0
"""The rating, from -4 to 4, that a complaint or praise of ours stands for."""
FEELS_FROM = 0.7
"""A rating nearer to 0 is taken for none when it is learned what has a feeling at all."""
RATED_COUNTS = 0.05
"""There, of a rated tweet beside a message of ours: a shop's questions are what must be told apart."""
SLOPE, SHARP = 0.65, 9.0
"""How fast a rating and its absence come to count. At 0.5 and 6 the chosen messages have a macro F1 of 0.80 instead of
0.83, for r 0.000 and 0.007 better."""
PENALTY = np.array([50.0, 1800.0, 22.0, 22.0, 5.0, 180.0, 2.2, 2.2, 2.2, *[12.5] * WIDTH])
"""Of each of `Mood.parts`: heavy where few numbers could learn the ratings by heart, light on what is asked."""
NEUTRAL_PENALTY = np.array([*[2.5, 90.0, 1.1, 1.1] * 2, 1.1, *[0.625] * WIDTH])
LIMIT, VADERS_LIMIT = 0.2, 0.05
TENTHS = 10

YARDSTICKS_MS = {"reading": 1.2, "the rest": 5.0}
"""CPU of reading a question of 12 tokens by MiniLM in int8, and of a message by spaCy's whole model, where the bar was
set. The first depends on the processor's instructions for bytes far more than the second."""
QUESTION = "how long does a parcel take to come to norway"
ROUNDS = 200

type Numbers = NDArray[np.float64]


class Rated(NamedTuple):
    texts: list[str]
    ratings: Numbers
    parts: Numbers
    counts_for: float

    def some(self, which: Numbers) -> "Rated":
        return self._replace(ratings=self.ratings[which], parts=self.parts[which])


def rated(mood: Mood, name: str) -> Rated:
    with gzip.open(DATA / "vader" / f"{name}_GroundTruth.txt.gz", "rt", encoding="utf-8", errors="replace") as file:
        rows = [line.rstrip("\n").split("\t", 2) for line in file if line.strip()]
    texts = [text.strip() for _, _, text in rows]
    return Rated(texts, np.array([float(rating) for _, rating, _ in rows]), mood.parts(texts), RATED_COUNTS)


def messages(mood: Mood, name: str) -> Rated:
    rows = [line.split("\t") for line in (MESSAGES / f"messages_{name}.tsv").read_text(encoding="utf-8").splitlines()]
    texts = [text for _, text in rows]
    return Rated(texts, np.array([MEANT[kind] * FELT for kind, _ in rows]), mood.parts(texts), 1.0)


def ridge(parts: Numbers, told: Numbers, counts: Numbers, penalty: Numbers) -> Line:
    centre, mean = np.average(parts, axis=0, weights=counts), float(np.average(told, weights=counts))
    moved = parts - centre
    counted = moved.T * counts
    weights = np.linalg.solve(counted @ moved + np.diag(penalty), counted @ (told - mean))
    return Line(weights, mean - float(centre @ weights))


def fit(*sets: Rated) -> tuple[Line, Line]:
    """The rating, and how far it is that of no feeling, from about 0 to about 1."""
    parts, ratings = np.vstack([one.parts for one in sets]), np.hstack([one.ratings for one in sets])
    counts = np.hstack([np.full(len(one.ratings), one.counts_for) for one in sets])
    none = (np.abs(ratings) < FEELS_FROM).astype(float)
    return ridge(parts, ratings, np.ones(len(ratings)), PENALTY), ridge(parts, none, counts, NEUTRAL_PENALTY)


def fitted(chosen: Rated, *others: Rated) -> tuple[Line, Line]:
    """Both lines, scaled so that -0.2 and 0.2 part the chosen messages best, each judged by a fit without its tenth."""
    tenth = np.arange(len(chosen.texts)) % TENTHS
    apart = np.zeros((2, len(tenth)))
    for out in range(TENTHS):
        lines = fit(*others, chosen.some(tenth != out))
        apart[:, tenth == out] = [line.of(chosen.parts[tenth == out]) for line in lines]
    kinds = np.sign(chosen.ratings)
    tried = list(product(np.arange(0.2, 0.8, 0.02), np.arange(-0.4, 0.5, 0.1)))
    felt = [sentiment((apart[0] - centre) * SLOPE, (apart[1] - half) * SHARP) for half, centre in tried]
    scores = np.array([macro_f1(kinds, called(one, LIMIT)) for one in felt])
    # The middle of all that are as good: the best one alone would be best by chance.
    good = [limits for limits, score in zip(tried, scores, strict=True) if score > scores.max() - 0.01]
    half, centre = map(float, np.mean(good, axis=0))
    print(
        f"macro F1 on the chosen, by tenths: {scores.max():.3f} with half at {half:.2f}, none at {centre:.2f}",
        file=sys.stderr,
    )
    feeling, none = fit(*others, chosen)
    return feeling.scaled(SLOPE, centre), none.scaled(SHARP, half)


def called(felt: Numbers, limit: float) -> Numbers:
    return np.where(np.abs(felt) < limit, 0, np.sign(felt))


def macro_f1(kinds: Numbers, told: Numbers) -> float:
    each = [
        2 * np.sum((kinds == one) & (told == one)) / max(1, np.sum(kinds == one) + np.sum(told == one))
        for one in (-1, 0, 1)
    ]
    return float(np.mean(each))


def saved(lines: tuple[Line, Line]) -> str:
    made = "bench/mood.py --fit: docs/decisions/0016-a-mood-of-words-and-meaning.md"
    told = {"made_by": made, "feeling": lines[0].told(), "none": lines[1].told()}
    # A line for sixteen of the meaning's components: one each would hide all the rest.
    return (
        re.sub(r"((?:-?[\d.]+,\s+){16})", lambda row: " ".join(row[0].split()) + "\n   ", json.dumps(told, indent=1))
        + "\n"
    )


def r(one: Numbers, other: Numbers) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def of_all(mood: Mood, texts: list[str]) -> Numbers:
    return np.array([mood.of(text) for text in texts])


def clinc() -> list[str]:
    with gzip.open(DATA / "clinc150" / "data_full.json.gz") as file:
        return [text for text, _ in json.load(file)["val"]]


class Spent(NamedTuple):
    """CPU in ms, a number for each message: of reading meanings, and of the rest."""

    reading: Numbers
    rest: Numbers

    @property
    def all(self) -> Numbers:
        return self.reading + self.rest

    def at(self, yardsticks: dict[str, float]) -> Numbers:
        """What it would be where the yardsticks take what they took where the bar was set."""
        known = YARDSTICKS_MS
        return self.reading * (known["reading"] / yardsticks["reading"]) + self.rest * (
            known["the rest"] / yardsticks["the rest"]
        )


async def spent_on(encoder: Encoder, texts: list[str]) -> Spent:
    reading = 0.0

    def gists(some: Sequence[str]) -> NDArray[np.float32]:
        nonlocal reading
        began = time.process_time()
        rows = encoder.gists(some)
        reading += time.process_time() - began
        return rows

    listener = Listener(lambda: gists)
    # As the gateway starts.
    await listener.warm_up()
    await listener.warm_up_days()
    collector.wake(all_is_loaded=True)
    spent = []
    for text in texts:
        reading, began = 0.0, time.process_time()
        await listener.listen(text)
        spent.append((reading * 1000, (time.process_time() - began - reading) * 1000))
    listener.close()
    return Spent(*np.array(spent).T)


def yardsticks(encoder: Encoder, texts: list[str]) -> dict[str, float]:
    """What YARDSTICKS_MS names takes here, in ms."""
    model = spacy.load(MODEL)
    return {"reading": mean_ms(encoder.encode, [[QUESTION]] * ROUNDS), "the rest": mean_ms(model, texts[:ROUNDS])}


def mean_ms[T](done: Callable[[T], object], given: Sequence[T]) -> float:
    done(given[0])
    began = time.process_time()
    for one in given:
        done(one)
    return (time.process_time() - began) * 1000 / len(given)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--fit", action="store_true", help="make the weights anew")
    asked.add_argument("--quick", action="store_true", help="1,000 messages for the CPU")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    if not DATA.exists():
        print(f"{DATA} is missing: there is nothing to measure on.", file=sys.stderr)
        return 0
    encoder = Encoder(MODELS)
    mood, vader = Mood(encoder.encode), Mood()
    tweets, amazon = rated(mood, "tweets"), rated(mood, "amazonReviewSnippets")
    chosen = messages(mood, "chosen")
    if given.fit:
        FILE.write_text(saved(fitted(chosen, tweets, amazon)), encoding="utf-8")
        mood = Mood(encoder.encode)
    apart, questions = messages(mood, "apart"), clinc()
    lines = []
    for name, judged, other in (("vader_tweets_r", tweets, amazon), ("vader_amazon_r", amazon, tweets)):
        felt = sentiment(*(line.of(judged.parts) for line in fitted(chosen, other)))
        lines.append((name, r(felt, judged.ratings), r(of_all(vader, judged.texts), judged.ratings)))
    kinds = np.sign(apart.ratings)
    ours, theirs = called(of_all(mood, apart.texts), LIMIT), called(of_all(vader, apart.texts), VADERS_LIMIT)
    lines.append(("mood_apart_f1", macro_f1(kinds, ours), macro_f1(kinds, theirs)))
    lines.append(("mood_neutral_called_negative", np.mean(ours[kinds == 0] < 0), np.mean(theirs[kinds == 0] < 0)))
    lines.append((
        "mood_clinc_called_negative",
        np.mean(called(of_all(mood, questions), LIMIT) < 0),
        np.mean(called(of_all(vader, questions), VADERS_LIMIT) < 0),
    ))  # fmt: skip
    texts = [*tweets.texts[::9], *amazon.texts[::9], *apart.texts] if given.quick else [*tweets.texts, *amazon.texts]
    spent, known = asyncio.run(spent_on(encoder, texts)), yardsticks(encoder, apart.texts)
    there = spent.at(known)
    if given.json:
        for name, value, against in lines:
            told = {"value": round(float(value), 4), "unit": "share", "against": round(float(against), 4)}
            print(json.dumps({"name": f"understanding.{name}", **told, "ratio": None}))
        for name, numbers in (("cpu_p99_ms", spent.all), ("cpu_p99_ms_by_yardsticks", there)):
            p99 = round(float(np.quantile(numbers, 0.99)), 2)
            told = {"value": p99, "unit": "ms", "against": 20, "ratio": round(p99 / 20, 3)}
            print(json.dumps({"name": f"understanding.{name}", **told}))
        return 0
    print(f"{'':30} {'ours':>8} {'VADER':>8}")
    for name, value, against in lines:
        print(f"{name:30} {value:8.3f} {against:8.3f}")
    print(f"{len(texts):,} messages listened to, CPU in ms {'middle':>12} {'99th of 100':>12} {'most':>8}")
    for name, numbers in (("here", spent.all), ("where the bar was set", there)):
        print(f"  {name:34} {np.median(numbers):12.1f} {np.quantile(numbers, 0.99):12.1f} {numbers.max():8.1f}")
    for name, ms in known.items():
        print(f"  yardstick of {name}: {ms:.2f} ms here, {YARDSTICKS_MS[name]} there")
    return 0


if __name__ == "__main__":
    sys.exit(main())
