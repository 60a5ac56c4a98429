"""Answers from pages, beside plain BM25 and bare trafilatura: `.venv/bin/python bench/pages.py [--quick] [--json]`.

MTRAG (IBM Cloud's documentation, 12,018 pooled passages, 188 questions with gold passages): each given passage is
crawled as one page whose URL is its id. Our splitter cuts most of them in two, and the answer lists one passage of a
section, so recall is over the ten distinct URLs. 181 real news pages: extraction, and what indexing costs.
`--quick` asks every question too, but measures the memory and the off-topic questions on every fourth one.
"""

import argparse
import asyncio
import bisect
import gzip
import hashlib
import io
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
import trafilatura

from bot.interactions import SiteKey
from bot.pages.answer import SURE_ENOUGH, Turn, answer
from bot.pages.command import ask_batch, crawl
from bot.pages.extract import extract_html
from bot.pages.index import K1, B, Index, load
from bot.pages.librarian import Librarian, encoder_of
from bot.pages.words import stems
from bot.settings import Settings
from bot.store.migrate import upgrade
from bot.store.pages import current_crawl
from bot.store.sites import add_site, find_site
from bot.store.store import Store

PROJECT = Path(__file__).parents[1]
DATA = Path(os.environ.get("DUOLOGUE_DATA") or PROJECT / ".." / "shared" / "data").resolve()
DOMAIN = "cloud"
FLOOR_R5 = 0.261
"""Plain BM25 of the human rewrite on this pool, as published with it."""


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    against: float | None = None
    ratio: float | None = None
    told: str = ""


@dataclass(frozen=True)
class Query:
    id: str
    domain: str
    rewrite: str
    turns: tuple[str, ...]
    gold: frozenset[str]


def figure(name: str, value: float, unit: str, told: str, against: float | None = None) -> Figure:
    ratio = None if not against else round(value / against, 4)
    return Figure(f"pages.{name}", round(value, 4), unit, None if against is None else round(against, 4), ratio, told)


def queries() -> list[Query]:
    with (DATA / "mtrag" / "retrieval_queries.jsonl").open() as lines:
        return [_query(json.loads(line)) for line in lines]


def _query(given: dict[str, Any]) -> Query:
    said = [turn.removeprefix("|user|:").strip() for turn in given["questions"].split("\n|user|:")]
    rewrite = given["rewrite"].removeprefix("|user|:").strip()
    return Query(given["query_id"], given["domain"], rewrite, tuple(said), frozenset(given["gold"]))


def passages() -> list[dict[str, str]]:
    with gzip.open(DATA / "mtrag" / f"passages_{DOMAIN}.jsonl.gz", "rt") as lines:
        return [json.loads(line) for line in lines]


def recall(found: dict[str, list[str]], asked: list[Query], top: int) -> float:
    """Mean share of a question's gold passages among the first `top` found."""
    return statistics.mean(len(one.gold & set(found[one.id][:top])) / len(one.gold) for one in asked)


def plain_bm25(given: list[dict[str, str]], asked: list[Query]) -> dict[str, list[str]]:
    """The floor: the same library and words, whole passages, the human rewrite, nothing of ours."""
    retriever = bm25s.BM25(k1=K1, b=B)
    retriever.index([stems(one["text"]) or [""] for one in given], show_progress=False)
    found = {}
    for one in asked:
        scores = retriever.get_scores(stems(one.rewrite))
        found[one.id] = [given[number]["id"] for number in np.argsort(-scores, kind="stable")[:10]]
    return found


async def ours(store: Store, settings: Settings, asked: list[Query], *, with_history: bool) -> dict[str, list[str]]:
    """What `duologue ask --batch` lists for each question."""
    lines = []
    for one in asked:
        history = [{"from": "visitor", "text": turn} for turn in one.turns[:-1]] if with_history else []
        question = one.turns[-1] if with_history else one.rewrite
        lines.append(json.dumps({"id": one.id, "question": question, "history": history}).encode())
    out = io.StringIO()
    assert await ask_batch(store, settings, "mtrag", lines, out=out) == 0
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    return {one["id"]: [passage["page"] for passage in one["passages"]] for one in answers}


def area_under_curve(good: list[float], bad: list[float]) -> float:
    """The chance that a question the site can answer is held surer than one it can't."""
    bad = sorted(bad)
    below = [(bisect.bisect_left(bad, one) + bisect.bisect_right(bad, one)) / 2 for one in good]
    return statistics.mean(below) / len(bad)


async def measure_mtrag(store: Store, settings: Settings, folder: Path, *, quick: bool) -> list[Figure]:
    given, every = passages(), queries()
    asked = [one for one in every if one.domain == DOMAIN]
    lines = folder / "mtrag.jsonl"
    lines.write_text("\n".join(json.dumps({"url": one["id"], "text": one["text"]}) for one in given))
    if await store.read(find_site, "mtrag") is None:
        await store.write(add_site, SiteKey("mtrag"), name="MTRAG", origins=(), at=1)
    if await store.read(current_crawl, "mtrag") is None:
        await crawl(store, settings, "mtrag", str(lines))
    floor = recall(plain_bm25(given, asked), asked, 5)
    rewritten = await ours(store, settings, asked, with_history=False)
    started = time.monotonic()
    with_history = await ours(store, settings, asked, with_history=True)
    seconds = time.monotonic() - started
    number = await store.read(current_crawl, "mtrag")
    assert number is not None
    librarian = Librarian(store, settings)
    place = librarian.folder("mtrag", number)
    await librarian.close()
    off = [one for one in every if one.domain != DOMAIN][:: 4 if quick else 1]
    index = load(place, encoder_of(settings.home / "models"))
    sure, spent = [], []
    for one in asked:
        began = time.process_time()
        sure.append(answer(index, one.turns[-1], [Turn(True, turn) for turn in one.turns[:-1]]).said.confidence)
        spent.append((time.process_time() - began) * 1000)
    rewrites = [answer(index, one.rewrite).said.confidence for one in asked]
    unsure = [answer(index, one.rewrite).said.confidence for one in off]
    kept = statistics.mean(one >= SURE_ENOUGH for one in rewrites)
    refused = statistics.mean(one < SURE_ENOUGH for one in unsure)
    spent.sort()
    return [
        figure("mtrag_r5", recall(with_history, asked, 5), "share", "recall at 5, last turn and history", floor),
        figure("mtrag_r10", recall(with_history, asked, 10), "share", "recall at 10, last turn and history"),
        figure("mtrag_rewrite_r5", recall(rewritten, asked, 5), "share", "recall at 5, human rewrite", floor),
        figure("mtrag_rewrite_r10", recall(rewritten, asked, 10), "share", "recall at 10, human rewrite"),
        figure("bm25_r5", floor, "share", "recall at 5, plain BM25 of the human rewrite", FLOOR_R5),
        figure("off_topic_auc", area_under_curve(rewrites, unsure), "share", "questions of other sites told apart"),
        figure("off_topic_refused", refused, "share", f"of other sites' questions, at confidence {SURE_ENOUGH}"),
        figure("in_site_answered", kept, "share", f"of this site's questions, at confidence {SURE_ENOUGH}"),
        figure("cpu_p50_ms", spent[len(spent) // 2], "ms", f"CPU a question, {len(index):,} passages"),
        figure("cpu_p99_ms", _p99(spent), "ms", f"CPU a question, {len(index):,} passages"),
        figure("batch_s", seconds, "s", f"{len(asked)} questions by ask --batch, index loaded from disk"),
        figure(
            "memory_mb",
            memory_of(place, settings.home / "models"),
            "MB",
            f"of a process for an index of {len(index):,} passages",
        ),
        figure(
            "cpu_p99_over_encode", _p99(spent) / _p99(_encodes(index, asked)), "ratio", "one encode of the question = 1"
        ),
    ]


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


def _encodes(index: Index, asked: list[Query]) -> list[float]:
    """CPU ms to encode each question, in this same run."""
    assert index.meaning is not None
    spent = []
    for one in asked:
        began = time.process_time()
        index.meaning.encoder.encode([one.turns[-1]])
        spent.append((time.process_time() - began) * 1000)
    return spent


def memory_of(place: Path, models: Path) -> float:
    """What holding the index and its encoder costs a fresh process, in megabytes."""
    code = (
        "import sys, psutil; from pathlib import Path\n"
        "from bot.pages.index import load; from bot.pages.answer import answer\n"
        "from bot.pages.librarian import encoder_of\n"
        "before = psutil.Process().memory_info().rss\n"
        "encoder = encoder_of(Path(sys.argv[2]))\n"
        "index = load(Path(sys.argv[1]), encoder); answer(index, 'How do I start?')\n"
        "print((psutil.Process().memory_info().rss - before) / 1e6)"
    )
    command = [sys.executable, "-c", code, place, models]
    return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def real_pages() -> Iterable[tuple[str, str, str]]:
    """Id, HTML and the text that people marked, of 181 real pages."""
    folder = DATA / "article_extraction_benchmark"
    truth = json.loads(gzip.decompress((folder / "ground-truth.json.gz").read_bytes()))
    with tarfile.open(folder / "html.tar.xz") as archive:
        for member in archive:
            name = Path(member.name).name.removesuffix(".html.gz")
            file = archive.extractfile(member)
            if file is not None and name in truth:
                # Named .gz, but the archive holds them unpacked.
                yield name, file.read().decode(), truth[name]["articleBody"]


def shingles(text: str, size: int = 4) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    if 0 < len(words) < size:
        return Counter([tuple(words)])
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def precision_and_recall(truth: str, found: str) -> tuple[float, float]:
    """Of one page, over runs of four words: the benchmark's own measure."""
    true, said = shingles(truth), shingles(found)
    both = sum((true & said).values())
    if not both:
        return (1.0, 1.0) if not true and not said else (0.0, 0.0)
    return both / sum(said.values()), both / sum(true.values())


def f1(scores: list[tuple[float, float]]) -> float:
    precision, found = (statistics.mean(column) for column in zip(*scores, strict=True))
    return 2 * precision * found / (precision + found)


async def measure_real_pages(store: Store, settings: Settings, folder: Path) -> list[Figure]:
    pages = list(real_pages())
    mine = f1([precision_and_recall(truth, extract_html(html).text) for _, html, truth in pages])
    bare = f1([precision_and_recall(truth, trafilatura.extract(html, include_comments=False) or "")
               for _, html, truth in pages])  # fmt: skip
    lines = folder / "real.jsonl"
    lines.write_text("\n".join(json.dumps({"url": name, "html": html}) for name, html, _ in pages))
    if await store.read(find_site, "real") is None:
        await store.write(add_site, SiteKey("real"), name="Real pages", origins=(), at=1)
    began = _cpu_seconds()
    report = await crawl(store, settings, "real", str(lines))
    spent = _cpu_seconds() - began
    return [
        figure("extraction_f1", mine, "share", "main text of 181 pages, tables kept; beside trafilatura", bare),
        figure(
            "index_cpu_s_per_1000", spent * 1000 / report.pages, "s", "CPU to extract, split, store, index 1,000 pages"
        ),
    ]


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _home() -> Path:
    """Where the pool's index stays while neither the pool nor what makes the index of it changes: it takes minutes."""
    made_of = hashlib.sha256((DATA / "mtrag" / f"passages_{DOMAIN}.jsonl.gz").read_bytes())
    for source in sorted((PROJECT / "bot" / "pages").glob("*.py")):
        if source.name != "answer.py":
            made_of.update(source.read_bytes())
    home = PROJECT / ".bench-cache" / f"pages-{made_of.hexdigest()[:16]}"
    home.mkdir(parents=True, exist_ok=True)
    return home


async def measure(*, quick: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=_home())
        store = Store(settings.store_url)
        try:
            await store.write(upgrade)
            figures = await measure_mtrag(store, settings, Path(home), quick=quick)
            return figures + await measure_real_pages(store, settings, Path(home))
        finally:
            await store.close()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    for folder in ("mtrag", "article_extraction_benchmark"):
        if not (DATA / folder).is_dir():
            print(f"There is no {DATA / folder}; set DUOLOGUE_DATA to the folder that holds it.", file=sys.stderr)
            return 2
    figures = asyncio.run(measure(quick=given.quick))
    for one in figures:
        if given.json:
            print(json.dumps({key: value for key, value in asdict(one).items() if key != "told"}))
        else:
            beside = "" if one.against is None else f"{one.against:9.3f} {one.ratio or 0:7.3f}"
            print(f"{one.name:28} {one.value:9.3f} {one.unit:6} {beside:17}  {one.told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
