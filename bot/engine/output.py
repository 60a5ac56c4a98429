"""What a child process prints, kept in bounds."""

import asyncio
import contextlib
import os
from collections import deque
from pathlib import Path

LOG_BYTES = 1024 * 1024
LINES_TOLD = 12


class Output:
    """What the engine prints: in a file that does not grow for ever, and its last lines at hand."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._tail: deque[bytes] = deque(maxlen=16)
        self._reader: asyncio.Task[None] | None = None

    def follow(self, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None
        self._tail.clear()
        self._reader = asyncio.create_task(self._read(child.stdout))

    async def drained(self) -> None:
        """Returns when all that an ended engine has printed was read."""
        if self._reader is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._reader), 2.0)

    def last_lines(self) -> list[str]:
        text = b"".join(self._tail).decode("utf-8", "replace")
        return [line for line in text.splitlines() if line.strip()][-LINES_TOLD:]

    def close(self) -> None:
        if self._reader is not None:
            self._reader.cancel()

    async def _read(self, stream: asyncio.StreamReader) -> None:
        while chunk := await stream.read(8192):
            self._tail.append(chunk)
            self._append(chunk)

    def _append(self, chunk: bytes) -> None:
        opened = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(opened, chunk)
            full = os.fstat(opened).st_size > LOG_BYTES
        finally:
            os.close(opened)
        if full:
            self.file.replace(self.file.with_suffix(".log.1"))
