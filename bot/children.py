"""Processes that we start: they end with us, whatever ends us."""

import asyncio
import contextlib
import ctypes
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOG_BYTES = 5_000_000


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def end_with_parent(signal_number: int = signal.SIGTERM) -> Callable[[], None]:
    """For `preexec_fn`: the child is told to end when the process that started it dies, even by SIGKILL."""
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal_number)
        # The parent may have died between fork and prctl; then nobody would tell us.
        if os.getppid() != parent:
            os.kill(os.getpid(), signal_number)

    return ask


class Child:
    """A process of ours in a session of its own, so that the terminal's Ctrl-C reaches only the supervisor."""

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str], log: Path, folder: Path) -> None:
        self._command, self._environment, self._log, self._folder = command, dict(environment), log, folder
        self.process: asyncio.subprocess.Process | None = None
        self._began_at = 0

    async def start(self) -> None:
        if self._log.exists() and self._log.stat().st_size > LOG_BYTES:
            self._log.replace(self._log.with_suffix(".old"))
        self._began_at = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                cwd=self._folder,
                start_new_session=True,
                preexec_fn=end_with_parent(),
            )

    async def wait(self) -> int:
        assert self.process is not None
        return await self.process.wait()

    async def stop(self, within_s: float) -> None:
        """Asks it to end; after `within_s` ends it."""
        process = self.process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(within_s):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    def last_lines(self, count: int = 5) -> str:
        """The end of what it logged since its last start: why it failed, for who has to mend it."""
        try:
            with self._log.open("rb") as log:
                log.seek(self._began_at)
                said = log.read().decode("utf-8", "replace")
        except OSError:
            return ""
        return "\n".join(said.splitlines()[-count:])
