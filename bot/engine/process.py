"""Starts the engine, watches it, and starts it again when it dies or stops answering."""

import asyncio
import contextlib
import json
import logging
import os
import secrets
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import aiohttp

from bot.children import free_port
from bot.engine.address import EngineAddress
from bot.engine.client import Mode, TurnCall, ask
from bot.engine.output import Output
from bot.engine.training import engine_python, plain_environment, version_of
from bot.engine.training import train_if_changed as train_if_changed
from bot.errors import ConfigurationError, EngineUnavailable
from bot.interactions import TurnId

READY_LIMIT_S = 180.0
SILENCE_LIMIT_S = 20.0
"""An engine that answered nothing for so long is held by something, and holds every visitor with it."""
CANARY_EVERY_S = 3.0
CANARY_LIMIT_S = 10.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
STOP_LIMIT_S = 10.0
"""Rasa finishes its turns on SIGTERM, but was seen not to exit for 22 s after it."""
DISTUTILS_OF_PYTHON = {"SETUPTOOLS_USE_DISTUTILS": "stdlib"}
"""Rasa asks them what "true" means. Those of setuptools, which take their place, take 50 ms to load."""
NO_MODEL = "the model is not loaded yet"
log = logging.getLogger(__name__)


class EngineProcess:
    """One engine. `on_change` is told where it is whenever that, or its state, changes."""

    def __init__(
        self,
        *,
        project: Path,
        model: Path,
        run_dir: Path,
        actions_port: int,
        actions_secret: str,
        on_change: Callable[[EngineAddress], None],
        silence_limit_s: float = SILENCE_LIMIT_S,
    ) -> None:
        self._project, self._model, self._run_dir = project, model, run_dir
        self._actions = f"http://127.0.0.1:{actions_port}/webhook", actions_secret
        self._on_change = on_change
        self._silence_limit_s = silence_limit_s
        self._output = Output(run_dir / "engine.log")
        self._child: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._canaries = 0
        self._bot = version_of(model)
        self.address = EngineAddress("", "", "starting")

    @property
    def pid(self) -> int | None:
        """Of the running engine; None while there is none."""
        return self._child.pid if self._child is not None and self._child.returncode is None else None

    async def start(self) -> None:
        """Returns when the engine has answered. ConfigurationError when it never will, with its last lines."""
        self._run_dir.mkdir(parents=True, exist_ok=True)
        async with aiohttp.ClientSession() as session:
            try:
                await self._bring_up(session)
            except BaseException:
                await self._end_child()
                self._tell("down")
                raise
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Asks the engine to end, and after 10 s no longer asks."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        self._tell("down")
        await self._end_child(politely=True)
        self._output.close()

    async def _keep(self) -> None:
        """Watches while it runs, and brings it up again; never gives up, since visitors' turns are waiting."""
        pause = SHORTEST_PAUSE_S
        async with aiohttp.ClientSession() as session:
            while True:
                up_since = time.monotonic()
                why = await self._watch(session)
                self._tell("down")
                await self._end_child()
                if time.monotonic() - up_since > LONGEST_PAUSE_S * 2:
                    pause = SHORTEST_PAUSE_S
                log.error("The engine %s; starting it again in %g s.", why, pause)
                while True:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE_S)
                    try:
                        await self._bring_up(session)
                        break
                    except (ConfigurationError, EngineUnavailable, OSError) as error:
                        await self._end_child()
                        self._tell("down")
                        log.error("The engine did not come up, trying again in %g s: %s", pause, error)

    async def _watch(self, session: aiohttp.ClientSession) -> str:
        """Returns when the engine is not to be trusted any more, with the reason."""
        assert self._child is not None
        ended = asyncio.ensure_future(self._child.wait())
        last_sign = time.monotonic()
        try:
            while True:
                done, _ = await asyncio.wait({ended}, timeout=min(CANARY_EVERY_S, self._silence_limit_s / 4))
                if done:
                    return f"ended with code {ended.result()}"
                with contextlib.suppress(EngineUnavailable):
                    await self._canary(session, "understand", min(CANARY_LIMIT_S, self._silence_limit_s / 2))
                    last_sign = time.monotonic()
                silent_s = time.monotonic() - last_sign
                if silent_s >= self._silence_limit_s:
                    return f"gave no sign of life for {silent_s:.0f} s"
        finally:
            ended.cancel()

    async def _bring_up(self, session: aiohttp.ClientSession) -> None:
        python = engine_python(self._project)
        port, secret = free_port(), secrets.token_urlsafe(32)
        self.address = EngineAddress(f"http://127.0.0.1:{port}", secret, "starting", self._bot)
        self._tell("starting")
        self._child = await asyncio.create_subprocess_exec(
            str(python),
            *("-m", "bot.engine.lean", "run", "-i", "127.0.0.1", "-p", str(port), "-m", str(self._model)),
            *("--endpoints", str(self._endpoints_file()), "--credentials", str(self._credentials_file())),
            cwd=self._project,
            env=plain_environment()
            | {"DUOLOGUE_ENGINE_SECRET": secret, "MPLCONFIGDIR": str(self._run_dir), **DISTUTILS_OF_PYTHON},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self._output.follow(self._child)
        await self._answered(session, self._child)
        self._tell("ready")

    async def _answered(self, session: aiohttp.ClientSession, child: asyncio.subprocess.Process) -> None:
        """Returns once a whole turn was answered: an open port is no sign of readiness."""
        deadline = time.monotonic() + READY_LIMIT_S
        while True:
            if child.returncode is not None:
                await self._output.drained()
                raise ConfigurationError(
                    self._told(f"The engine ended with code {child.returncode} before it answered")
                )
            try:
                await self._canary(session, "answer", CANARY_LIMIT_S)
                return
            except EngineUnavailable as error:
                # The port opens after loading, so this is not "not yet" but "never".
                if NO_MODEL in str(error):
                    raise ConfigurationError(self._told(f"The engine could not load {self._model}")) from error
                if time.monotonic() > deadline:
                    raise ConfigurationError(
                        self._told(f"The engine gave no answer in {READY_LIMIT_S:g} s after its start ({error})")
                    ) from error
            await asyncio.sleep(0.2)

    async def _canary(self, session: aiohttp.ClientSession, mode: Mode, limit_s: float) -> None:
        self._canaries += 1
        call = TurnCall(turn=TurnId(f"canary-{self._canaries}"), text="hello", mode=mode)
        result = await ask(session, self.address, call, limit=aiohttp.ClientTimeout(total=limit_s))
        if mode == "answer" and not result.messages:
            raise EngineUnavailable("The engine took a greeting and said nothing.")

    async def _end_child(self, *, politely: bool = False) -> None:
        child = self._child
        if child is None or child.returncode is not None:
            return
        if politely:
            _signal_group(child.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(child.wait(), STOP_LIMIT_S)
        if child.returncode is None:
            _signal_group(child.pid, signal.SIGKILL)
            await child.wait()

    def _endpoints_file(self) -> Path:
        url, secret = self._actions
        return self._private_file(
            "engine-endpoints.yml",
            {
                # Our actions do not read the domain; sent with each call, it would be most of the bytes.
                "action_endpoint": {"url": url, "headers": {"X-Duologue-Secret": secret}, "selective_domain": True},
                "tracker_store": {"type": "bot.engine.dialogue.TurnsInFlight"},
                "nlg": {"type": "bot.engine.wording.FreshWording"},
            },
        )

    def _credentials_file(self) -> Path:
        return self._private_file("engine-credentials.yml", {"bot.engine.channel.DuologueChannel": {}})

    def _private_file(self, name: str, content: object) -> Path:
        file = self._run_dir / name
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
            json.dump(content, opened)  # all JSON is YAML
        return file

    def _tell(self, state: Literal["starting", "ready", "down"]) -> None:
        self.address = EngineAddress(self.address.url, self.address.secret, state, self._bot)
        try:
            self._on_change(self.address)
        except Exception:
            # Whoever listens may fail; whoever watches the engine must not end of it.
            log.exception("nobody could be told that the engine is %s", state)

    def _told(self, what: str) -> str:
        return (
            f"{what}. If you changed config.yml, domain.yml or data/, correct that; else delete {self._model} "
            f"and start again, so that it is trained anew. All it said is in {self._output.file}; at last:\n"
            + "\n".join(self._output.last_lines())
        )


def _signal_group(pid: int, what: signal.Signals) -> None:
    # The child leads its own session, so its pid is the group's.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, what)
