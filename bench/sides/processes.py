"""What a side's processes cost, and their end: every one that we started, whatever has become of the others."""

import contextlib
import socket
from dataclasses import dataclass

import psutil

from bot.children import Child, free_port

STOPS_WITHIN_S = 12.0


@dataclass(frozen=True)
class Spent:
    """CPU seconds of all processes of a side, and of its engine among them."""

    all: float
    engine: float

    def since(self, before: "Spent") -> "Spent":
        return Spent(self.all - before.all, self.engine - before.engine)


class Processes:
    """The processes that `children` are, and all that those started in turn."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self.children: list[Child] = []

    def alive(self) -> list[psutil.Process]:
        found = []
        for child in self.children:
            if child.process is not None:
                with contextlib.suppress(psutil.NoSuchProcess):
                    root = psutil.Process(child.process.pid)
                    found += [root, *root.children(recursive=True)]
        return found

    def spent(self) -> Spent:
        """User and system time until now, with that of children that ended and were waited for."""
        each = [(self._is_engine(one), sum(one.cpu_times()[:4])) for one in self.alive()]
        return Spent(sum(cpu for _, cpu in each), sum(cpu for is_engine, cpu in each if is_engine))

    def memory_mb(self, *, engine: bool = False) -> float:
        """Memory that is theirs, or of the engine among them; what they share is counted once, in parts."""
        counted = [one for one in self.alive() if not engine or self._is_engine(one)]
        return sum(one.memory_full_info().pss for one in counted) / 1e6

    def _is_engine(self, one: psutil.Process) -> bool:
        return self._engine in one.cmdline()

    async def stop(self) -> None:
        """Asks each to end, then ends what is left of them."""
        known = self.alive()
        for child in self.children:
            await child.stop(STOPS_WITHIN_S)
        for one in known:
            # psutil knows a process by its start too, so that a number given anew hits nobody else.
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()


def two_free_ports() -> int:
    """A free port of loopback whose successor is free as well."""
    while True:
        port = free_port()
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port + 1))
            return port
