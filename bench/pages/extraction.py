"""The text of 181 real news pages beside what people marked, and what it costs to bring such pages in."""

import gzip
import json
import re
import resource
import statistics
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import trafilatura

from bot.interactions import SiteKey
from bot.pages.answering.librarian import encoder_of
from bot.pages.command import crawl
from bot.pages.reading.extract import extract_html
from bot.settings import Settings
from bot.store.migrate import upgrade
from bot.store.sites import add_site
from bot.store.store import Store
from pages.figures import Figure, figure
from pages.sites import CACHE, DATA, tell


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


async def measure(every: int) -> list[Figure]:
    """The text of all pages; the cost of indexing by every nth of them."""
    tell("extracting real pages")
    pages = list(real_pages())
    mine = f1([precision_and_recall(truth, extract_html(html).text) for _, html, truth in pages])
    bare = f1([precision_and_recall(truth, trafilatura.extract(html, include_comments=False) or "")
               for _, html, truth in pages])  # fmt: skip
    return [
        figure("extraction_f1", mine, "share", "main text of 181 pages, tables kept; beside: trafilatura", bare),
        await _index_cost([(name, html) for name, html, _ in pages[::every]]),
    ]


async def _index_cost(pages: list[tuple[str, str]]) -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        (Path(folder) / "models").symlink_to(CACHE / "encoder")
        encoder_of(settings.home / "models")
        lines = Path(folder) / "real.jsonl"
        lines.write_text("\n".join(json.dumps({"url": name, "html": html}) for name, html in pages))
        store = Store(settings.store_url)
        try:
            await store.write(upgrade)
            await store.write(add_site, SiteKey("real"), name="Real pages", origins=(), at=1)
            began = _cpu_seconds()
            report = await crawl(store, settings, "real", str(lines))
            spent = _cpu_seconds() - began
        finally:
            await store.close()
    told = f"CPU for 1,000 real pages of {report.passages / report.pages:.1f} passages: all of extract to index"
    return figure("index_cpu_s_per_1000", spent * 1000 / report.pages, "s", told)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
