"""Unanswered questions in groups: which threshold, how good they are, how long 40,000 wordings take; and the replay.

The threshold (ALIKE in bot/pages/questions/alike.py) is chosen on clinc150, and judged on covid_faq, which had no
say in it:

- clinc150: 3,000 questions of 150 intents, and 100 of none, each alone. B-cubed: the share of a question's group that
  is of its intent (precision), and of its intent that is in its group (recall). An intent is wider than a question, so
  recall is low by design; the threshold is the lowest with a precision of 0.9, since a group of two matters misleads.
- covid_faq: 488 pairs of questions that people called the same or not; of all wordings at once, is a pair in one group?

Beside them greedy leaders, at the same threshold.

The replay (bench/pages/replay.py) asks 10,000 stored questions again, on the demonstration shop and on 2,000 pages.
`--quick`: 4,000 wordings; 1,000 questions, on the shop.
"""

import argparse
import asyncio
import csv
import gzip
import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
from pages import replay

from bot.pages.indexing.encoder import Encoder
from bot.pages.questions.alike import ALIKE, CORE, alike, linked
from bot.pages.questions.unanswered import MOST_WORDINGS

DATA = Path(__file__).parents[2] / "shared" / "data"
MODELS = Path(__file__).parents[1] / "models"
THRESHOLDS = (0.45, 0.50, 0.55, 0.60, 0.65, 0.70)


def clinc() -> tuple[list[str], list[str]]:
    with gzip.open(DATA / "clinc150" / "data_full.json.gz") as file:
        told = json.load(file)
    alone = [(text, f"none {number}") for number, (text, _) in enumerate(told["oos_val"])]
    rows = sorted([*((text, intent) for text, intent in told["val"]), *alone])
    return [text for text, _ in rows], [intent for _, intent in rows]


def covid() -> tuple[list[str], list[tuple[int, int, bool]]]:
    with (DATA / "covid_faq" / "eval_question_similarity_en.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts = sorted({row[name] for row in rows for name in ("question_1", "question_2")})
    at = {text: number for number, text in enumerate(texts)}
    return texts, [(at[row["question_1"]], at[row["question_2"]], row["similar"] == "1") for row in rows]


def b_cubed(groups: list[int], intents: list[str]) -> tuple[float, float]:
    both, ours, theirs = Counter(zip(groups, intents, strict=True)), Counter(groups), Counter(intents)
    precision = sum(count * count / ours[group] for (group, _), count in both.items()) / len(groups)
    recall = sum(count * count / theirs[intent] for (_, intent), count in both.items()) / len(groups)
    return precision, recall


def of_pairs(groups: list[int], pairs: list[tuple[int, int, bool]]) -> tuple[float, float]:
    together = [(groups[one] == groups[other], same) for one, other, same in pairs]
    right = sum(ours and same for ours, same in together)
    return right / max(1, sum(ours for ours, _ in together)), right / sum(same for _, same in together)


def leaders(vectors: np.ndarray, at_least: float) -> list[int]:
    """Each joins the first that is nearest and near enough, else leads: what a stream would do."""
    led: list[int] = []
    groups: list[int] = []
    for number, vector in enumerate(vectors):
        near = vectors[led] @ vector if led else np.zeros(0)
        if len(near) and near.max() >= at_least:
            groups.append(int(near.argmax()))
        else:
            groups.append(len(led))
            led.append(number)
    return groups


def wordings(texts: list[str], count: int) -> list[str]:
    """So many distinct questions, made of real ones: two sentences each."""
    pairs = (
        f"{texts[one % len(texts)]} {texts[(one * 7919 + one // len(texts)) % len(texts)]}" for one in range(count)
    )
    return list(dict.fromkeys(pairs))


def replayed(texts: list[str], *, quick: bool) -> dict[str, replay.Spent]:
    """Of each site the further questions, after those of a first run: the start is in both."""
    counts = (200, 1_000) if quick else (1_000, 10_000)
    sites = {"shop": None} if quick else {"shop": None, "2000_pages": asyncio.run(replay.pages_2000())}
    return {name: replay.further(*replay.measure(texts, counts, folder)) for name, folder in sites.items()}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--quick", action="store_true", help="4,000 wordings, 1,000 questions of the shop")
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    if not DATA.exists():
        print(f"{DATA} is missing: there is nothing to measure on.", file=sys.stderr)
        return 0
    encoder = Encoder(MODELS)
    texts, intents = clinc()
    faqs, pairs = covid()
    on_texts, on_faqs = encoder.encode(texts), encoder.encode(faqs)
    lines = []
    for name, at_least, group in (
        *(("average link", one, linked) for one in THRESHOLDS),
        ("greedy leaders", ALIKE, leaders),
    ):
        chosen_on, judged_on = list(map(int, group(on_texts, at_least))), list(map(int, group(on_faqs, at_least)))
        lines.append((name, at_least, *b_cubed(chosen_on, intents), *of_pairs(judged_on, pairs)))
    many = wordings(texts, 4_000 if given.quick else MOST_WORDINGS)
    began, cpu = time.perf_counter(), time.process_time()
    placed = alike(many, encoder)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ours = next(line for line in lines if line[:2] == ("average link", ALIKE))
    figures = {
        "questions.clinc_precision": ours[2], "questions.clinc_recall": ours[3],
        "questions.covid_precision": ours[4], "questions.covid_recall": ours[5],
        "questions.cpu_ms_per_wording": cpu / len(many) * 1000, "questions.seconds": took,
        "questions.memory_mb": memory,
    }  # fmt: skip
    again = replayed(texts, quick=given.quick)
    for site, spent in again.items():
        figures[f"questions.replay_{site}_cpu_ms"] = spent.cpu_s / spent.questions * 1000
        figures[f"questions.replay_{site}_memory_mb"] = spent.memory_mb
    if given.json:
        for figure, value in figures.items():
            unit = "s" if "seconds" in figure else next((one for one in ("ms", "mb") if f"_{one}" in figure), "share")
            told = {"name": figure, "value": round(value, 4), "unit": unit, "against": None, "ratio": None}
            print(json.dumps(told))
        return 0
    print(f"{'':18} {'at':>5}   clinc150: chosen on   covid_faq: judged on")
    for name, at_least, *shares in lines:
        ours_too = "  <- used" if (name, at_least) == ("average link", ALIKE) else ""
        numbers = "   ".join(f"{share:8.3f}" for share in shares)
        print(f"{name:18} {at_least:5.2f} {numbers}{ours_too}")
    print(f"{'':24}  precision    recall   precision    recall")
    print(
        f"{len(many):,} wordings: {took:.0f} s ({cpu / len(many) * 1000:.2f} ms of CPU each), {memory:.0f} MB at most, "
        f"{int(placed.groups.max()) + 1:,} groups from the first {CORE:,}, {(placed.groups < 0).mean():.0%} like none"
    )
    for site, spent in again.items():
        each = spent.cpu_s / spent.questions * 1000
        print(f"{spent.questions:,} questions asked again, {site}: {spent.seconds:.0f} s, {each:.1f} ms of CPU each, "
              f"{spent.memory_mb:.0f} MB at most")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
