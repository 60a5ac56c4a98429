"""What somebody types, a line at a time, whether they sit at a terminal or write into a pipe."""

import asyncio
import importlib
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

PROMPT = "you   "


class Keyboard:
    """A thread reads each line, so that what comes meanwhile is shown, and nobody waits for it at the end."""

    def __init__(self) -> None:
        self.is_terminal = sys.stdin.isatty()
        if self.is_terminal:
            # Once it is there, `input` has a history and can be edited.
            with suppress(ImportError):
                importlib.import_module("readline")
        # Unbuffered: a thread that is left behind in a buffered read holds up the end of the process.
        self._pipe = open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)  # noqa: SIM115

    async def line(self) -> str | None:
        """The next line; None at the end."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[str | None] = loop.create_future()

        def read() -> None:
            line = self._read()
            # Nobody may be there any more.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_tell, told, line)

        threading.Thread(target=read, daemon=True).start()
        return await told

    def _read(self) -> str | None:
        read: Callable[[], str] = self._ask if self.is_terminal else self._take
        try:
            return read()
        except (EOFError, OSError):
            return None

    def _ask(self) -> str:
        return input(PROMPT).strip()

    def _take(self) -> str:
        line = self._pipe.readline()
        if not line:
            raise EOFError
        return line.decode("utf-8", errors="replace").strip()


def _tell(told: "asyncio.Future[str | None]", line: str | None) -> None:
    if not told.done():
        told.set_result(line)
