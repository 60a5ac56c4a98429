"""100,000 different messages that people wrote, from the public sets of ../shared/data, always the same.

First what is most like a chat: questions and requests (CLINC150, HWU64, MTRAG, PolicyQA, COVID FAQ), then tweets and
review snippets (VADER), then sentences out of the answers of a forum about money (fiqa of MTRAG), as many as are
missing.
"""

import csv
import gzip
import json
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

DATA = Path(__file__).parents[3] / "shared" / "data"
LONGEST = 400
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def messages(number: int) -> list[str]:
    """So many, at most 400 characters each; fewer where the sets have no more."""
    return list(islice(dict.fromkeys(text for text in _all() if 2 <= len(text) <= LONGEST), number))


def _all() -> Iterator[str]:
    for text in (*_clinc(), *_hwu(), *_mtrag(), *_policyqa(), *_covid(), *_vader(), *_fiqa()):
        yield " ".join(text.split())


def _clinc() -> Iterator[str]:
    with gzip.open(DATA / "clinc150" / "data_full.json.gz") as file:
        for rows in json.load(file).values():
            yield from (text for text, _ in rows)


def _hwu() -> Iterator[str]:
    yield from (row["text"] for row in _lines(DATA / "hwu64" / "hwu64_entities_10fold.jsonl.gz"))


def _mtrag() -> Iterator[str]:
    for line in (DATA / "mtrag" / "retrieval_queries.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        for name in ("lastturn", "questions", "rewrite"):
            yield from row[name].replace("|user|:", "").split("\n")


def _policyqa() -> Iterator[str]:
    with gzip.open(DATA / "policyqa" / "dev.json.gz") as file:
        for page in json.load(file)["data"]:
            yield from (one["question"] for part in page["paragraphs"] for one in part["qas"])


def _covid() -> Iterator[str]:
    with (DATA / "covid_faq" / "eval_question_similarity_en.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from (row["question_1"], row["question_2"])


def _vader() -> Iterator[str]:
    for name in ("tweets", "amazonReviewSnippets"):
        with gzip.open(DATA / "vader" / f"{name}_GroundTruth.txt.gz", "rt", encoding="utf-8", errors="replace") as file:
            yield from (line.split("\t", 2)[2] for line in file if line.strip())


def _fiqa() -> Iterator[str]:
    for row in _lines(DATA / "mtrag" / "passages_fiqa.jsonl.gz"):
        yield from _SENTENCE.split(row["text"])


def _lines(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)
