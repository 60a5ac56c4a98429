"""Sites made of given pages by the product's own crawl, kept in .bench-cache while neither they nor what they become
changes: understanding 37,000 passages takes many minutes.

A site is kept under what the splitter makes of its pages. When the code of the index changes, the index is built
again, and what its passages mean is taken from the one before unless a few of them come to mean something else now (or
the folder's format changed).
"""

import ast
import fcntl
import hashlib
import io
import json
import os
import re
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from bot.interactions import SiteKey
from bot.pages.answering.librarian import Librarian, encoder_of
from bot.pages.command import ask_batch, crawl
from bot.pages.indexing.index import UNDERSTOOD, Index, IndexDamaged, build, load
from bot.pages.reading.extract import extract_html, extract_text
from bot.pages.reading.passages import split
from bot.settings import Settings
from bot.store.migrate import upgrade
from bot.store.pages import current_crawl
from bot.store.sites import add_site, find_site
from bot.store.store import Store

PROJECT = Path(__file__).parents[2]
DATA = Path(os.environ.get("DUOLOGUE_DATA") or PROJECT / ".." / "shared" / "data").resolve()
CACHE = PROJECT / ".bench-cache" / "pages"
KEPT_S = 2 * 24 * 3600
SAMPLE = 16


@dataclass(frozen=True)
class Page:
    """One of a site's pages, as a line of JSONL gives it: its text or its HTML."""

    url: str
    text: str = ""
    title: str = ""
    html: str = ""


@dataclass(frozen=True)
class Asked:
    """One question put to a site. `history` is (visitor or bot, words), oldest first."""

    id: str
    question: str
    history: tuple[tuple[str, str], ...] = ()
    page: str | None = None


@dataclass(frozen=True)
class Site:
    """Of a home: `key` names it there."""

    key: str
    store: Store
    settings: Settings

    async def ask(self, asked: Iterable[Asked]) -> dict[str, Any]:
        """What `duologue ask --batch` says to each question, by its id."""
        lines = [
            json.dumps(
                {
                    "id": one.id,
                    "question": one.question,
                    "history": [{"from": who, "text": text} for who, text in one.history],
                    "page": one.page,
                }
            ).encode()
            for one in asked
        ]
        out = io.StringIO()
        assert await ask_batch(self.store, self.settings, self.key, lines, out=out) == 0
        return {answer["id"]: answer for answer in map(json.loads, out.getvalue().splitlines())}

    async def ask_each(self, lists: Sequence[Sequence[Asked]]) -> list[list[Any]]:
        """The same for several lists of questions, whatever their ids are: the index is read once."""
        numbered = [
            [replace(one, id=f"{number}.{at}") for at, one in enumerate(asked)] for number, asked in enumerate(lists)
        ]
        answers = await self.ask(one for asked in numbered for one in asked)
        return [[answers[one.id] for one in asked] for asked in numbered]

    async def index(self) -> Index:
        return load(await self.folder(), encoder_of(self.settings.home / "models"))

    async def folder(self) -> Path:
        number = await self.store.read(current_crawl, self.key)
        assert number is not None
        librarian = Librarian(self.store, self.settings)
        try:
            return librarian.folder(SiteKey(self.key), number)
        finally:
            await librarian.close()


@asynccontextmanager
async def home_of(name: str, sites: dict[str, Sequence[Page]]) -> AsyncIterator[dict[str, Site]]:
    """The sites, crawled and indexed, in one home."""
    home = CACHE / f"{name}-{_become(sites)}"
    home.mkdir(parents=True, exist_ok=True)
    settings = Settings(home=home)
    store = Store(settings.store_url)
    made = {key: Site(key, store, settings) for key in sites}
    try:
        with _alone(name):
            os.utime(home)
            _share_encoder(settings)
            await store.write(upgrade)
            for key, pages in sites.items():
                await _bring(made[key], pages)
            _forget_others(name, home)
        yield made
    finally:
        await store.close()


async def _bring(site: Site, pages: Sequence[Page]) -> None:
    if await site.store.read(find_site, site.key) is None:
        await site.store.write(add_site, SiteKey(site.key), name=site.key, origins=(), at=1)
    if await site.store.read(current_crawl, site.key) is None:
        lines = site.settings.home / f"{site.key}.jsonl"
        lines.write_text("\n".join(json.dumps({k: v for k, v in vars(page).items() if v}) for page in pages))
        tell(f"crawling {site.key}: {len(pages):,} pages")
        await crawl(site.store, site.settings, site.key, str(lines))
        lines.unlink()
        _note(await site.folder())
        return
    folder = await site.folder()
    made_by = _noted(folder)
    if made_by.get("index") == code_of("indexing.index"):
        return
    try:
        before = load(folder, encoder_of(site.settings.home / "models"), oldest=UNDERSTOOD)
    except IndexDamaged:
        before = None
    tell(f"indexing {site.key} anew")
    if before is not None and _means_the_same(before):
        build(before.passages, before.meaning and before.meaning.encoder, before).save(folder)
    else:
        shutil.rmtree(folder, ignore_errors=True)
        librarian = Librarian(site.store, site.settings)
        await librarian.refresh(site.key)
        await librarian.close()
    _note(folder)


def _means_the_same(before: Index) -> bool:
    """Whether a few passages, understood by today's code, are what the index keeps of them."""
    if before.meaning is None:
        return False
    some = before.passages[:: len(before.passages) // SAMPLE + 1]
    new, kept = build(some, before.meaning.encoder), build(some, before.meaning.encoder, before)
    pairs = zip(_numbers(new.meaning), _numbers(kept.meaning), strict=False)
    return all(one.shape == other.shape and np.allclose(one, other, atol=_near(one)) for one, other in pairs)


def _near(numbers: Any) -> float:
    # Other passages beside it in a batch turn the last digits of one.
    return 8 if numbers.dtype == np.int8 else 0.02


def _numbers(of: object) -> list[Any]:
    """All arrays that an object and what it is made of hold."""
    found: list[Any] = []
    for value in vars(of).values():
        if isinstance(value, np.ndarray):
            found.append(np.asarray(value))
        elif is_dataclass(value):
            found += _numbers(value)
    return found


def _note(folder: Path) -> None:
    folder.with_name(f"{folder.name}.made-by").write_text(json.dumps({"index": code_of("indexing.index")}))


def _noted(folder: Path) -> dict[str, str]:
    note = folder.with_name(f"{folder.name}.made-by")
    return json.loads(note.read_text()) if note.exists() else {}


def code_of(module: str) -> str:
    """A digest of what a module of bot.pages and all it imports there do, without comments and docstrings."""
    folder = PROJECT / "bot" / "pages"
    waiting, seen = [module], set()
    digest = hashlib.sha256()
    while waiting:
        name = waiting.pop()
        file = folder.joinpath(*name.split(".")).with_suffix(".py")
        if name in seen or not file.exists():
            continue
        seen.add(name)
        source = file.read_text(encoding="utf-8")
        imported = re.findall(r"^from bot\.pages\.([\w.]+) import (\w+)", source, re.MULTILINE)
        waiting += sorted({one for room, name in imported for one in (room, f"{room}.{name}")}, reverse=True)
        digest.update(ast.dump(_undocumented(ast.parse(source))).encode())
    return digest.hexdigest()[:16]


def _undocumented(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            body[:] = [one for one in body if not _is_text(one)]
    return tree


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _become(sites: dict[str, Sequence[Page]]) -> str:
    """A digest of the passages that the pages become."""
    digest = hashlib.sha256()
    for key, pages in sites.items():
        digest.update(f"site\0{key}\0".encode())
        for page in pages:
            took = (
                extract_html(page.html, title=page.title, url=page.url)
                if page.html
                else extract_text(page.text, title=page.title, url=page.url)
            )
            parts = [page.url, took.title, *(one.digest for one in split(took))]
            digest.update("\0".join(parts).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Two benches at a time must not make the same home."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _share_encoder(settings: Settings) -> None:
    (CACHE / "encoder").mkdir(exist_ok=True)
    place = settings.home / "models"
    if not place.is_symlink():
        place.symlink_to(CACHE / "encoder")


def _forget_others(name: str, home: Path) -> None:
    """Homes of the same name that nobody asked for in two days."""
    for other in CACHE.glob(f"{name}-{'[0-9a-f]' * 16}"):
        if other != home and time.time() - other.stat().st_mtime > KEPT_S:
            shutil.rmtree(other, ignore_errors=True)


def tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)
