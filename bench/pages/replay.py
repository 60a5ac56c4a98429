"""`duologue questions replay` over thousands of stored questions: the command as it is, its time, CPU and memory.

Two sites: the demonstration shop, and 2,000 pages (documents of MTRAG's cloud). Half of the questions ask about what
the site's own passages are headed, half are clinc150's, of everything else; five make a conversation, so that four of
them come with what was said before. Each has a wording of its own: no answer is remembered from one to the next.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection

from bot.interactions import ConversationId, Kind, Microseconds, SiteKey, Understanding
from bot.pages.answering.librarian import Librarian
from bot.pages.command import crawl
from bot.pages.indexing.index import Index
from bot.pages.questions.replay import Change
from bot.settings import Settings
from bot.store.conversations import begin
from bot.store.migrate import upgrade
from bot.store.pages import NewPage, NewPassage, add_pages, begin_crawl, current_crawl, finish_crawl
from bot.store.questions import ACTION
from bot.store.sites import add_site
from bot.store.store import Store
from bot.store.turns import Outcome, Reply, close, next_open, receive
from pages import cost, mtrag
from pages.sites import CACHE, PROJECT, home_of, tell

KEY = SiteKey("asked")
IN_A_ROW = 5
# In its rusage a process begins with the memory of the one that started it; this mark is of itself alone.
COMMAND = """
import sys
from bot.__main__ import main
code = main(sys.argv[2:])
with open("/proc/self/status") as status, open(sys.argv[1], "w") as told:
    told.write(next(line for line in status if line.startswith("VmHWM")))
sys.exit(code)
"""
SHOP = PROJECT / "data" / "site"
LEADS = (
    "What about", "Tell me about", "Do you have", "How does it work with", "Who can help with", "Where do I find",
    "I have a problem with", "What is", "Can you explain", "Is there anything about", "How much is", "How long takes",
)  # fmt: skip


@dataclass(frozen=True)
class Spent:
    """What one run of the command took, its start and the reading of the index included."""

    questions: int
    seconds: float
    cpu_s: float
    memory_mb: float
    counts: dict[str, int]


async def pages_2000() -> Path:
    """The folder of the index of 2,000 pages, made once."""
    given = {"cloud": [one.page() for one in mtrag.passages("cloud")]}
    async with home_of("cloud", given) as sites:
        return cost.sized(await sites["cloud"].folder(), sites["cloud"].settings.home / "models", 1)


def measure(texts: Sequence[str], counts: Sequence[int], folder: Path | None = None) -> list[Spent]:
    """Asks so many questions again, on the shop's pages or on those of the index in `folder`."""
    spent = []
    with TemporaryDirectory(prefix="replay-") as place:
        settings = Settings(home=Path(place))
        (settings.home / "models").symlink_to(CACHE / "encoder")
        told = asyncio.run(_prepare(settings, folder))
        stored = 0
        for count in counts:
            tell(f"storing {count:,} questions")
            asyncio.run(_store(settings, _questions(texts, told, stored, count)))
            stored = count
            spent.append(_replayed(settings.home, count))
    return spent


def further(first: Spent, whole: Spent) -> Spent:
    """What the questions of the second run took that were not in the first; memory and counts of the whole."""
    seconds, cpu = whole.seconds - first.seconds, whole.cpu_s - first.cpu_s
    return Spent(whole.questions - first.questions, seconds, cpu, whole.memory_mb, whole.counts)


async def _prepare(settings: Settings, folder: Path | None) -> list[tuple[str, str]]:
    """A site that answers; gives (heading, URL) of its passages."""
    store = Store(settings.store_url)
    try:
        await store.write(upgrade)
        await store.write(add_site, KEY, name="Asked", origins=(), at=1)
        if folder is None:
            await crawl(store, settings, KEY, str(SHOP), base="https://shop.example/")
        else:
            await _take_over(store, settings, folder)
        return await _headings(store, settings)
    finally:
        await store.close()


async def _take_over(store: Store, settings: Settings, folder: Path) -> None:
    """A crawl whose index is there already."""
    urls = dict.fromkeys(json.loads(line)["url"] for line in (folder / "passages.jsonl").open())
    number = await store.write(begin_crawl, KEY, origin="bench", at=Microseconds(1))
    for some in batched(urls, 200):
        made = [NewPage(url, "", url, Microseconds(1), (NewPassage(0, (), url, url),)) for url in some]
        await store.write(add_pages, number, made)
    await store.write(finish_crawl, KEY, number, at=Microseconds(1), report={})
    librarian = Librarian(store, settings)
    place = librarian.folder(KEY, number)
    place.parent.mkdir(parents=True)
    place.symlink_to(folder)
    await librarian.close()


async def _headings(store: Store, settings: Settings) -> list[tuple[str, str]]:
    librarian = Librarian(store, settings)
    await librarian.refresh(KEY)
    index: Index | None = librarian.index(KEY)
    assert index is not None and await store.read(current_crawl, KEY) is not None
    found = {(one.heading[-1] if one.heading else one.title, one.url): None for one in index.passages}
    await librarian.close()
    return [pair for pair in found if 2 < len(pair[0]) < 80]


def _questions(
    texts: Sequence[str], headings: Sequence[tuple[str, str]], first: int, until: int
) -> Iterator[tuple[str, str]]:
    """(question, page it is asked on), each wording once."""
    for number in range(first, until):
        heading, url = headings[number * 7919 % len(headings)]
        lead = LEADS[number // len(headings) % len(LEADS)]
        yield (f"{lead} {heading}, and {number}?" if number % 2 else f"{texts[number % len(texts)]} {number}?"), url


async def _store(settings: Settings, asked: Iterator[tuple[str, str]]) -> None:
    store = Store(settings.store_url)
    try:
        for some in batched(asked, IN_A_ROW * 100):
            await store.write(_converse, some)
    finally:
        await store.close()


def _converse(connection: Connection, asked: Sequence[tuple[str, str]]) -> None:
    for some in batched(asked, IN_A_ROW):
        conversation, _ = begin(connection, KEY, at=Microseconds(1), language="en", page=None)
        for number, (text, page) in enumerate(some):
            _ask(connection, conversation.id, f"m{number}", text, page, found=bool(number % 2))


def _ask(connection: Connection, who: ConversationId, frame: str, text: str, page: str, *, found: bool) -> None:
    receive(connection, who, frame=frame, text=text, page=page, at=Microseconds(2))
    turn = next_open(connection, who)
    assert turn is not None
    data = {"confidence": 0.9 if found else 0.2, "pages": [page]}
    outcome = Outcome(
        (Reply("As our pages say, it is so.", ({"url": page, "title": "", "quote": "it is so"},)),),
        Understanding("ask_page", 0.9),
        (ACTION,),
        noted=() if found else ((Kind.UNANSWERED, data),),
        from_pages={"answered": found} | data,
    )
    close(connection, turn, outcome, at=Microseconds(3))


def _replayed(home: Path, questions: int) -> Spent:
    tell(f"asking {questions:,} questions again")
    asked = ["questions", "replay", "--site", KEY, "--output", "json"]
    command = [sys.executable, "-c", COMMAND, str(home / "memory"), *asked]
    began = time.perf_counter()
    with (home / "told.json").open("wb") as out:
        environment = os.environ | {"DUOLOGUE_HOME": str(home)}
        run = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=out, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(run.pid, 0)
    seconds = time.perf_counter() - began
    assert status == 0, f"the command ended with {status}"
    told = json.loads((home / "told.json").read_text())
    assert told["asked"] == questions
    counts = {change.value: told[change.value] for change in Change}
    memory = int((home / "memory").read_text().split()[1]) / 1024
    return Spent(questions, seconds, used.ru_utime + used.ru_stime, memory, counts)
