"""What a question costs on 2,000 pages (documents of MTRAG's cloud), how that grows, and the memory it takes.

All CPU, by process_time, of a process with one thread for numbers. The larger sites are the same passages again under
other addresses, with the vectors they have: understanding 900,000 passages would take hours and change no time.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from bot.pages.answering.answer import answer
from bot.pages.answering.librarian import encoder_of
from bot.pages.answering.question import Turn
from bot.pages.indexing.encoder import Encoder
from bot.pages.indexing.index import Index, build, load
from bot.store.pages import StoredPassage
from pages.figures import Figure, figure, percentile
from pages.mtrag import Query, documents, passages, queries
from pages.sites import CACHE, PROJECT, Site, code_of, tell

PAGES = 2_000
EVERY = 4
"""Of the questions, each so many-th where only the middle one is looked for."""
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
MEMORY = """
import sys, psutil
from pathlib import Path
from bot.pages.answering.answer import answer
from bot.pages.indexing.index import load
from bot.pages.answering.librarian import encoder_of
before = psutil.Process().memory_info().rss
index = load(Path(sys.argv[1]), encoder_of(Path(sys.argv[2])))
answer(index, "How do I start?")
print((psutil.Process().memory_info().rss - before) / 1e6)
"""


async def measure(cloud: Site, *, quick: bool) -> list[Figure]:
    tell("measuring what a question costs")
    folder, models = await cloud.folder(), cloud.settings.home / "models"
    times, rounds = ([10], "1") if quick else ([10, 100], "3")
    base = sized(folder, models, 1)
    memory = float(_run(["-c", MEMORY, str(base), str(models)]))
    figures = [
        *(Figure(**one) for one in json.loads(_run(["-m", "pages.cost", "question", str(base), str(models), rounds]))),
        figure("memory_mb", memory, "MB", f"of a process, for {PAGES:,} pages and the encoder, its imports left out"),
    ]
    small = figures[0].value
    for factor in times:
        tell(f"growing to {PAGES * factor:,} pages")
        grown = json.loads(_run(["-m", "pages.cost", "growth", str(folder), str(models), str(factor)]))
        told = f"p50 over that of {PAGES:,} pages; {grown['passages']:,} passages, p50 {grown['p50']:.1f} ms"
        figures.append(figure(f"growth_{factor}x_ms", grown["p50"] - small, "ms", told))
    return figures


def _run(arguments: list[str]) -> str:
    environment = os.environ | ONE_THREAD
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=PROJECT / "bench", env=environment, stdout=subprocess.PIPE, check=True, text=True
    ).stdout


def sized(folder: Path, models: Path, factor: int) -> Path:
    """The folder of the index of 2,000 pages, or of many times that; made from the site's own."""
    place = CACHE / f"cost-{factor}x-{code_of('indexing.index')}-{folder.parents[2].name[-16:]}"
    if not place.exists():
        grown(folder, encoder_of(models), factor).save(place)
    return place


def grown(folder: Path, encoder: Encoder, factor: int) -> Index:
    whole = load(folder, encoder)
    own = documents(passages("cloud"))
    page = {part.id: name for name in list(own)[:PAGES] for part in own[name]}
    kept = [one for one in whole.passages if one.url in page]
    copies = [
        _moved(one, number * len(kept) + at, f"{page[one.url]}?{number}", f"{one.digest}{number}")
        for number in range(factor)
        for at, one in enumerate(kept)
    ]
    return build(copies, encoder, whole)


def _moved(one: StoredPassage, id_: int, url: str, digest: str) -> StoredPassage:
    # A page without a title is called by its address, which is not read with its words.
    return replace(one, id=id_, url=url, digest=digest, title=url if one.title == one.url else one.title)


def spent_on(index: Index, asked: Sequence[Query]) -> tuple[list[float], list[float]]:
    """CPU ms of each question, and of one encode of it; what was said before was asked before."""
    assert index.meaning is not None
    whole, encoding = [], []
    for one in asked:
        said = [Turn(who == "visitor", text) for who, text in one.said]
        if said:
            answer(index, one.said[-2][1], said[:-2])
        began = time.process_time()
        index.meaning.encoder.encode([one.last])
        between = time.process_time()
        answer(index, one.last, said)
        encoding.append((between - began) * 1000)
        whole.append((time.process_time() - between) * 1000)
    return whole, encoding


def question_figures(folder: Path, models: Path, times: int) -> list[Figure]:
    asked = [one for one in queries() if one.domain == "cloud"]
    # Each round with an index of its own: what it remembers of a question's words would make the second ask cheaper.
    rounds = [spent_on(load(folder, encoder_of(models)), asked) for _ in range(times)]
    whole = [median(each) for each in zip(*(one[0] for one in rounds), strict=True)]
    encoding = [median(each) for each in zip(*(one[1] for one in rounds), strict=True)]
    count = len(load(folder, encoder_of(models)))
    p99, one_encode = percentile(whole, 0.99), percentile(encoding, 0.99)
    told = f"CPU of {len(asked)} questions, each the median of {times}; {PAGES:,} pages, {count:,} passages"
    return [
        figure("cpu_p50_ms", median(whole), "ms", told, median(encoding)),
        figure("cpu_p99_ms", p99, "ms", "beside: one encode of the question, p99", one_encode),
        figure("cpu_p99_over_encode", p99 / one_encode, "ratio", "p99 over the p99 of one encode of the question"),
        figure("cpu_p99_over_p50_encode", p99 / median(encoding), "ratio", "p99 over the median encode"),
    ]


def _main(what: str, folder: str, models: str, times: str) -> None:
    if what == "question":
        print(json.dumps([vars(one) for one in question_figures(Path(folder), Path(models), int(times))]))
        return
    encoder = encoder_of(Path(models))
    # A hundred times as many take gigabytes on disk, and are made each time.
    index = (
        load(sized(Path(folder), Path(models), 10), encoder)
        if times == "10"
        else grown(Path(folder), encoder, int(times))
    )
    whole, _ = spent_on(index, [one for one in queries() if one.domain == "cloud"][::EVERY])
    print(json.dumps({"p50": median(whole), "passages": len(index)}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
