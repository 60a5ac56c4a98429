"""Two tabs of one conversation that write while their line is cut and the gateway is killed: what gets lost?"""

import asyncio
import contextlib
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from playwright.async_api import Browser

from bot.interactions import ConversationId
from bot.store.conversations import Message, transcript
from bot.store.store import Store
from sides.chromium import someone
from sides.panel import Panel, open_panel

RETURNS_WITHIN_S, SETTLES_WITHIN_S = 90.0, 180.0
LOOKS_EVERY_S = 0.2
NUMBER = re.compile(r"Hello, this is number (\d+)\.")


class Cable:
    """A line to a port of loopback that can be cut: whoever is connected then has to come back."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._ends: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def cut(self) -> int:
        """Tears every connection without a word to either side; how many ends there were."""
        for end in (ends := list(self._ends)):
            end.transport.abort()
        return len(ends)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far_writer}
        self._ends |= ends
        with contextlib.suppress(OSError):
            await asyncio.gather(_pump(reader, far_writer), _pump(far_reader, writer))
        self._ends -= ends
        for end in ends:
            end.transport.abort()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while part := await reader.read(65_536):
        writer.write(part)
        await writer.drain()
    # One side has hung up; a half of a line is of no use to the other.
    raise ConnectionError


@dataclass(frozen=True)
class Storm:
    messages: int
    cuts: int
    kills: int
    """Of the gateway, among the cuts."""
    pause_s: tuple[float, float]
    """Between two messages: in the long run the gateway takes only five a second of one conversation."""


@dataclass(frozen=True)
class Kept:
    """Messages that are missing, are there twice or out of order, in the store or in either tab."""

    lost: int
    doubled: int
    disordered: int
    unanswered: int


async def weather(
    browser: Browser, url: str, cable: Cable, storm: Storm, kill: Callable[[], None], store: Store
) -> Kept:
    """Sends the storm's messages, alternately from two tabs, and compares what is kept when it is over."""
    chance = random.Random(1)
    blows = [cable.cut] * (storm.cuts - storm.kills) + [kill] * storm.kills
    chance.shuffle(blows)
    due = dict(zip(sorted(chance.sample(range(1, storm.messages), storm.cuts)), blows, strict=True))
    async with someone(browser) as context:
        first = await open_panel(context, url)
        await first.send(_text(0))
        await first.until_listed(2)
        tabs = [first, await open_panel(context, url)]
        striking = asyncio.create_task(asyncio.sleep(0))
        for number in range(1, storm.messages):
            await tabs[number % 2].send(_text(number))
            if blow := due.get(number):
                await striking
                striking = asyncio.create_task(_strike(tabs, blow, chance.uniform(0, 0.1)))
            await asyncio.sleep(chance.uniform(*storm.pause_s))
        await striking
        return await _settled(store, first.conversation, tabs, storm.messages)


def _text(number: int) -> str:
    return f"Hello, this is number {number}."


async def _strike(tabs: list[Panel], blow: Callable[[], object], after_s: float) -> None:
    """At a moment that nobody chose; returns when both tabs are back, since to cut who is on the way cuts nothing."""
    welcomes = [tab.welcomes for tab in tabs]
    await asyncio.sleep(after_s)
    blow()
    # Who never comes back has lost what it was to say: that is a figure, no reason to wait for ever.
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(RETURNS_WITHIN_S):
            for tab, count in zip(tabs, welcomes, strict=True):
                await tab.until_welcomed_after(count)


async def _settled(store: Store, conversation: str, tabs: list[Panel], messages: int) -> Kept:
    """What holds when all is there once, or else when the time is over."""
    kept = Kept(messages, 0, 0, messages)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SETTLES_WITHIN_S):
            while kept != Kept(0, 0, 0, 0):
                stored = await _all_stored(store, conversation)
                kept = _compare(stored, [await tab.texts() for tab in tabs], messages)
                await asyncio.sleep(LOOKS_EVERY_S)
    return kept


async def _all_stored(store: Store, conversation: str) -> list[Message]:
    stored: list[Message] = []
    more = True
    while more:
        after = stored[-1].seq if stored else 0
        some, more = await store.read(transcript, ConversationId(conversation), after=after)
        stored += some
    return stored


def _numbers(texts: Iterable[str]) -> list[int]:
    return [int(found[1]) for text in texts if (found := NUMBER.search(text))]


def _compare(stored: list[Message], shown: list[list[str]], messages: int) -> Kept:
    own = [one for one in stored if one.sender == "visitor"]
    order = _numbers(one.text for one in own)
    lists = [order, *(_numbers(texts) for texts in shown)]
    counts = [Counter(one) for one in lists]
    answers = Counter(one.reply_to for one in stored if one.sender == "bot")
    return Kept(
        lost=len({number for number in range(messages) for count in counts if not count[number]}),
        doubled=sum(max(max(count[number] for count in counts) - 1, 0) for number in range(messages)),
        disordered=sum(one != order for one in lists),
        unanswered=sum(answers[one.seq] != 1 for one in own),
    )
