"""The whole product as a customer runs it: `duologue up` in a process of its own, with a home of its own.

Other folders' tests get it by `from tests.running import duologue  # noqa: F401`.
"""

import asyncio
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import psutil
import pytest

from bot.children import end_with_parent

PROJECT = Path(__file__).parents[1]
MODELS = PROJECT / "models"
"""Where the engine's own tests keep their models, so that one test run trains once."""
COMMAND = Path(sys.executable).parent / "duologue"
STARTS_WITHIN_S = 240
"""Training included, on two busy cores."""
ENDS_WITHIN_S = 15
CLI_WITHIN_S = 120
TRIES = 3
LOOKS_EVERY_S = 0.05


async def until[T](look: Callable[[], Awaitable[T]], *, within_s: float, what: str) -> T:
    """The first answer of `look` that is true; fails the test with `what` when there is none in time."""
    end = time.monotonic() + within_s
    while True:
        with suppress(aiohttp.ClientError, OSError, psutil.Error):
            if found := await look():
                return found
        if time.monotonic() > end:
            pytest.fail(f"Not within {within_s:g} s: {what}")
        await asyncio.sleep(LOOKS_EVERY_S)


def is_alive(process: psutil.Process) -> bool:
    """Whether it still does anything: where nobody collects the dead, what has ended stays as a zombie."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def two_free_ports() -> int:
    """The first of two neighbours that nobody has: the gateway's and the shop's."""
    for _ in range(1_000):
        # Below where the system takes ports for outgoing calls: those would be in the way of a restart.
        port = random.SystemRandom().randrange(20_000, 30_000)
        with socket.socket() as first, socket.socket() as second, suppress(OSError):
            first.bind(("127.0.0.1", port))
            second.bind(("127.0.0.1", port + 1))
            return port
    pytest.fail("No two neighbouring ports are free.")


class Told(NamedTuple):
    """What a command answered."""

    code: int
    stdout: str
    stderr: str


class Pids(NamedTuple):
    supervisor: int
    gateway: int | None
    engine: int | None


@dataclass(frozen=True)
class Staff:
    name: str
    password: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class Duologue:
    """One `duologue up` with its home and ports; it can be ended and started again."""

    home: Path
    port: int = field(default_factory=two_free_ports)
    settings: Mapping[str, str] = field(default_factory=dict)
    project: Path = PROJECT
    process: subprocess.Popen[bytes] | None = None
    dana: Staff = Staff("", "", "")

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def shop_url(self) -> str:
        return f"http://127.0.0.1:{self.port + 1}"

    @property
    def log(self) -> Path:
        return self.home.parent / f"{self.home.name}.log"

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("DUOLOGUE_")}
        return plain | {"DUOLOGUE_HOME": str(self.home), "DUOLOGUE_PORT": str(self.port)} | dict(self.settings)

    def begin(self) -> None:
        """Starts the process and waits for nothing."""
        assert self.process is None or self.process.poll() is not None
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [COMMAND, "up"] if self.project == PROJECT else [sys.executable, "-m", "bot", "up"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
                cwd=self.project,
                start_new_session=True,
                # Whatever ends the test run ends what it started.
                preexec_fn=end_with_parent(),
            )

    async def start(self) -> None:
        """Returns when everything answers; fails the test, with the log's last lines, when it never will."""
        for _ in range(TRIES):
            self.begin()
            if await self._is_up():
                return
            if "is taken" not in self.last_lines():
                break
            self.port = two_free_ports()
        pytest.fail(f"`duologue up` did not start:\n{self.last_lines(40)}")

    async def _is_up(self) -> bool:
        assert self.process is not None
        end = time.monotonic() + STARTS_WITHIN_S
        while self.process.poll() is None and time.monotonic() < end:
            if await self.ready() == {"store": "ok", "engine": "ok", "index": "ok"}:
                return True
            await asyncio.sleep(LOOKS_EVERY_S)
        return False

    async def get(self, path: str, *, within_s: float = 15, **more: Any) -> tuple[int, str]:
        """Status and body of a call to the gateway."""
        return await self._call("GET", path, within_s, more)

    async def post(self, path: str, body: Any = None, *, within_s: float = 15, **more: Any) -> tuple[int, str]:
        """As `get`, with `body` as JSON."""
        return await self._call("POST", path, within_s, {"json": body} | more)

    async def _call(self, method: str, path: str, within_s: float, more: dict[str, Any]) -> tuple[int, str]:
        timeout = aiohttp.ClientTimeout(total=within_s)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.request(method, self.gateway_url + path, **more) as told,
        ):
            return told.status, await told.text()

    async def hello(self, site: str = "demo") -> dict[str, Any]:
        """The welcome of a new conversation."""
        frame = {"type": "hello", "site": site, "token": None, "last_seq": 0}
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{self.gateway_url}/v1/chat") as socket:
            await socket.send_json(frame)
            return dict(await socket.receive_json(timeout=10))

    async def ready(self) -> dict[str, str]:
        """What /readyz says; empty while nobody answers there."""
        try:
            return dict(json.loads((await self.get("/readyz"))[1]))
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return {}

    @property
    def pids(self) -> Pids:
        """From the supervisor's children: each has its part in its command line."""
        assert self.process is not None
        found: dict[str, int] = {}
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.process.pid).children():
                with suppress(psutil.NoSuchProcess):
                    words = child.cmdline()  # a zombie has none
                    found |= {word: child.pid for word in ("serve", "bot.engine.lean") if word in words}
        return Pids(self.process.pid, found.get("serve"), found.get("bot.engine.lean"))

    def all_processes(self) -> list[psutil.Process]:
        """The supervisor and everything below it."""
        assert self.process is not None
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    async def end(self, within_s: float = ENDS_WITHIN_S) -> int:
        """Asks it to end, as a system does that shuts down; its exit code. Fails the test when it does not."""
        assert self.process is not None
        everything = self.all_processes() if self.process.poll() is None else []
        self.process.send_signal(signal.SIGTERM)
        try:
            code = await asyncio.to_thread(self.process.wait, within_s)
        except subprocess.TimeoutExpired:
            self.end_now(everything)
            pytest.fail(f"`duologue up` did not end within {within_s:g} s of SIGTERM:\n{self.last_lines(20)}")
        left = [one for one in everything if is_alive(one)]
        assert left == [], "these outlived their supervisor"
        return code

    def end_now(self, processes: list[psutil.Process] | None = None) -> None:
        """Ends what is still there, without asking."""
        if self.process is None or (self.process.poll() is not None and not processes):
            return
        for one in processes or self.all_processes():
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait()

    def last_lines(self, count: int = 12) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])

    async def cli(self, *words: str, within_s: float = CLI_WITHIN_S) -> Told:
        """Runs the `duologue` command in the same environment."""
        process = await asyncio.create_subprocess_exec(
            str(COMMAND),
            *words,
            env=self.environment,
            cwd=self.project,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(within_s):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode is not None
        return Told(process.returncode, out.decode(), err.decode())

    @property
    def admin(self) -> Staff:
        """The first member of the staff, whose password `up` shows; without a token."""
        password = (self.home / "first-sign-in.txt").read_text(encoding="utf-8").strip()
        return Staff("admin", password, "")

    async def add_staff(self, name: str, role: str = "agent") -> Staff:
        told = await self.cli("staff", "add", name, "--role", role, "--output", "json")
        assert told.code == 0, told
        member = json.loads(told.stdout)
        return Staff(member["name"], member["password"], member["token"])


def new_duologue(folder: Path, settings: Mapping[str, str] | None = None, *, shares_models: bool = True) -> Duologue:
    """Not started yet. It shares the trained models with every other of this checkout, unless told otherwise."""
    home = folder / "home"
    home.mkdir()
    if shares_models:
        MODELS.mkdir(exist_ok=True)
        (home / "models").symlink_to(MODELS, target_is_directory=True)
    return Duologue(home, settings=settings or {})


@asynccontextmanager
async def running(folder: Path, settings: Mapping[str, str] | None = None) -> AsyncIterator[Duologue]:
    """A started one, with Dana on its staff; ended when done."""
    one = new_duologue(folder, settings)
    try:
        await one.start()
        one.dana = await one.add_staff("Dana")
        yield one
        if one.process is not None and one.process.poll() is None:
            await one.end()
    finally:
        one.end_now()


@pytest.fixture(scope="session")
async def duologue(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Duologue]:
    """The one that all tests of a folder share, with the demonstration shop; its staff is Dana."""
    async with running(tmp_path_factory.mktemp("duologue")) as one:
        yield one


def chromium() -> str:
    """The path of Chromium; skips the test where there is none, fails it in CI."""
    found = shutil.which("chromium")
    if found is not None:
        return found
    told = "Chromium is missing: install it (Debian: chromium), so that `chromium` is on the PATH."
    if os.environ.get("CI") == "true":
        pytest.fail(told)
    pytest.skip(told)
