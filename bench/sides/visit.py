"""What every side can do: be started, be visited, be asked, and say what all that has cost."""

import asyncio
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass

import aiohttp

from sides.processes import Processes

PATIENCE_S = 60.0
STARTS_WITHIN_S = 240.0


class NotAnswered(Exception):
    """A question to which a side said nothing."""


@dataclass(frozen=True)
class Answered:
    """The answer, the seconds until it came, and the seconds until the question was said to be stored."""

    text: str
    after_s: float
    stored_after_s: float | None = None


class Visit(ABC):
    """One conversation."""

    @abstractmethod
    async def ask(self, text: str) -> Answered:
        """NotAnswered when nothing was said; that is no turn to be measured."""

    @abstractmethod
    async def leave(self) -> None: ...


class Side(ABC):
    name: str
    processes: Processes

    @abstractmethod
    async def launch(self) -> None:
        """Starts its processes, in a new folder, and returns at once."""

    @abstractmethod
    async def visit(self) -> Visit: ...

    async def is_ready(self) -> bool:
        """Whether it is worth asking; a side that can't tell is asked until it answers."""
        return True

    async def start(self, question: str, answer: str) -> float:
        """Seconds from nothing until `question` got the answer it has on the shop's pages."""
        began = time.perf_counter()
        await self.launch()
        async with asyncio.timeout(STARTS_WITHIN_S):
            while True:
                if any(child.process.returncode is not None for child in self.processes.children if child.process):
                    raise RuntimeError(f"{self.name} ended: {[one.last_lines() for one in self.processes.children]}")
                try:
                    if await self.is_ready() and answer in await self._asked_once(question):
                        return time.perf_counter() - began
                except (NotAnswered, aiohttp.ClientError, TimeoutError, TypeError):
                    pass
                await asyncio.sleep(0.1)

    async def _asked_once(self, question: str) -> str:
        visit = await self.visit()
        try:
            return (await visit.ask(question)).text
        finally:
            await visit.leave()
