"""The `duologue up` command: trains what has changed, starts everything, reads the shop, and stops it all cleanly.

It imports little, and the gateway starts before the rest: a second processor reads its modules meanwhile.
"""

import asyncio
import contextlib
import fcntl
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import collector
from bot.children import Child, free_port
from bot.engine.address import ACTIONS_PORT, ACTIONS_SECRET, UNKNOWN, publish
from bot.errors import ConfigurationError, DuologueError, NotReachable, StoreUnavailable
from bot.models import ready_model
from bot.project import ROOT
from bot.settings import LOOPBACK, Settings
from bot.shop_reading import read_the_shop
from bot.terminal import say, step

if TYPE_CHECKING:
    from bot.store.store import Store

GATEWAY_IS_UP_WITHIN_S = 60.0
GATEWAY_STOPS_WITHIN_S = 10.0
WORKER_STOPS_WITHIN_S = 5.0
SIGN_IN = Path("run") / "sign-in.txt"
"""In the home: the gateway writes it when the store is ready."""
LOOKS_FOR_WORK_EVERY_S = 30.0
LONGEST_PAUSE_OF_WORK_S = 3_600.0
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0


async def up(settings: Settings) -> int:
    """Runs until Ctrl-C, SIGTERM or a closed terminal, then stops what it started; 0 when it was told to stop."""
    running = asyncio.current_task()
    assert running is not None
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    try:
        await _run(settings)
    except asyncio.CancelledError:
        say("Stopped. Everything that was said is kept.")
    return 0


async def _run(settings: Settings) -> None:
    run = settings.home / "run"
    try:
        run.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigurationError(
            f"The folder {run} can't be made ({error.strerror}); choose another home, e.g. DUOLOGUE_HOME=.duologue."
        ) from error
    with _alone(run):
        for port in (settings.port, settings.port + 1):
            _check_free(port)
        publish(run, UNKNOWN)
        (settings.home / SIGN_IN).unlink(missing_ok=True)
        secret, actions_port = secrets.token_urlsafe(32), free_port()
        gateway = Child(
            [sys.executable, "-m", "bot", "serve"],
            environment=os.environ | {ACTIONS_PORT: str(actions_port), ACTIONS_SECRET: secret},
            log=run / "gateway.log",
            folder=Path.cwd(),
        )
        worker = Child(
            [sys.executable, "-m", "bot", "work"],
            environment=os.environ | {"OMP_NUM_THREADS": "1"},
            log=run / "worker.log",
            folder=Path.cwd(),
        )
        async with AsyncExitStack() as children:
            children.push_async_callback(worker.stop, WORKER_STOPS_WITHIN_S)
            children.push_async_callback(gateway.stop, GATEWAY_STOPS_WITHIN_S)
            await gateway.start()
            served = asyncio.Event()
            # Side by side: the engine asks for its first actions until the gateway has them.
            await _all(
                _gateway_and_shop(gateway, settings, served), _engine(settings, actions_port, secret, children, served)
            )
            collector.wake()
            _tell_where(settings, (settings.home / SIGN_IN).read_text(encoding="utf-8"))
            working = asyncio.create_task(_work_when_due(settings, worker))
            children.callback(working.cancel)
            await _keep(gateway)


async def _all(*starting: Coroutine[Any, Any, None]) -> None:
    """Until all are done; when one fails the others are given up, and it tells why."""
    tasks = [asyncio.ensure_future(one) for one in starting]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _gateway_and_shop(gateway: Child, settings: Settings, served: asyncio.Event) -> None:
    await _answers(settings, gateway)
    await read_the_shop(settings)
    served.set()


async def _engine(
    settings: Settings, actions_port: int, secret: str, children: AsyncExitStack, served: asyncio.Event
) -> None:
    model = await ready_model(settings)
    run = settings.home / "run"
    with step("Starting the gateway and the engine"):
        # Imported here: the gateway has begun to read its modules by now.
        from bot.engine.process import EngineProcess

        engine = EngineProcess(
            project=ROOT,
            model=model,
            run_dir=run,
            actions_port=actions_port,
            actions_secret=secret,
            on_change=lambda address: publish(run, address),
        )
        children.push_async_callback(engine.stop)
        await engine.start()
        await served.wait()


async def _keep(gateway: Child) -> None:
    """Starts the gateway again whenever it ends; the engine keeps itself."""
    pause = SHORTEST_PAUSE_S
    while True:
        started = time.monotonic()
        code = await gateway.wait()
        if time.monotonic() - started > LONGEST_PAUSE_S * 2:
            pause = SHORTEST_PAUSE_S
        say(f"The gateway ended with code {code}; starting it again. Its last words:\n{gateway.last_lines()}")
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_S)
        await gateway.start()


async def _work_when_due(settings: Settings, worker: Child) -> None:
    """Starts the worker whenever there is something to do; it ends when it is done, so that idling costs a look."""
    # Imported here, half a minute after the start: only what is due is asked of the store.
    await asyncio.sleep(LOOKS_FOR_WORK_EVERY_S)
    from bot.store.store import Store

    store = Store(settings.store_url)
    pause = LOOKS_FOR_WORK_EVERY_S
    try:
        while True:
            if not await _has_work(store) and not await _log_is_due(store, settings):
                await asyncio.sleep(pause)
                continue
            await worker.start()
            code = await worker.wait()
            pause = LOOKS_FOR_WORK_EVERY_S if code == 0 else min(pause * 2, LONGEST_PAUSE_OF_WORK_S)
            if code:
                say(f"The worker ended with code {code}; the next look is in {pause:.0f} s.\n{worker.last_lines()}")
            await asyncio.sleep(pause)
    finally:
        await store.close()


async def _has_work(store: "Store") -> bool:
    from bot.gateway.house import now
    from bot.pages.crawling.schedule import sites_due
    from bot.store.alerts_due import alerts_due
    from bot.store.imports import is_untidy, left_before, unfinished
    from bot.store.objective_mails import objectives_due
    from bot.store.report_mails import reports_due

    try:
        if await store.read(is_untidy, now()):
            return True
        if await store.read(unfinished, before=left_before(now())):
            return True
        if await store.read(reports_due, now()) or await store.read(alerts_due, now()):
            return True
        return await store.read(objectives_due, now()) or bool(await sites_due(store, now()))
    except StoreUnavailable:
        return False


async def _log_is_due(store: "Store", settings: Settings) -> bool:
    from bot.gateway.house import now
    from bot.insights.log.due import is_due
    from bot.insights.log.reading import FOLDER

    try:
        return await is_due(store, settings.home / FOLDER, now())
    except StoreUnavailable:
        return False


async def _answers(settings: Settings, gateway: Child) -> None:
    """Returns when the gateway serves. Bringing a large store up to date may take long; serving after it may not."""
    # Imported here, as the engine's module is.
    import aiohttp

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
        end = float("inf")
        while time.monotonic() < end:
            if gateway.process is not None and gateway.process.returncode is not None:
                raise _failure(gateway, gateway.process.returncode)
            if end == float("inf") and (settings.home / SIGN_IN).exists():
                end = time.monotonic() + GATEWAY_IS_UP_WITHIN_S
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(f"{settings.gateway_url}/healthz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
    raise NotReachable(
        f"{settings.gateway_url} gave no answer in {GATEWAY_IS_UP_WITHIN_S:g} s:\n{gateway.last_lines()}"
    )


def _failure(gateway: Child, code: int) -> DuologueError:
    """What the gateway said of why it ended: in its own words where it chose them for people."""
    for kind in (ConfigurationError, NotReachable):
        if code == kind.exit_code:
            return kind(gateway.last_lines())
    return DuologueError(f"The gateway did not start:\n{gateway.last_lines()}")


def _tell_where(settings: Settings, password: str) -> None:
    known = f"name admin, password {password}" if password else "name admin"
    lines = [
        "",
        f"  The shop, with the chat    {settings.shop_url}/",
        f"  The console, to answer     {settings.own_url}/console    ({known})",
        f"  The dashboard              {settings.own_url}/insights",
        "",
        "  Ask the shop: Do you ship to Norway?  Ctrl-C stops everything.",
        "",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


@contextmanager
def _alone(run: Path) -> Iterator[None]:
    """Two supervisors in one home would write over each other."""
    with (run / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ConfigurationError(
                f"Duologue runs already with the home {run.parent}. "
                "For a second copy beside it: DUOLOGUE_HOME=.duologue-2 DUOLOGUE_PORT=8090 make up."
            ) from error
        yield


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise ConfigurationError(
                f"Port {port} is taken. Stop the program that has it, or choose others: DUOLOGUE_PORT=8090 make up."
            ) from error
