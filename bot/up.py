"""The `duologue up` command: trains what has changed, starts everything, reads the shop, and stops it all cleanly."""

import asyncio
import contextlib
import fcntl
import gc
import hashlib
import json
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from bot import teasel_mill
from bot.children import Child, free_port
from bot.engine.process import EngineProcess
from bot.engine.training import name_of, train_if_changed
from bot.errors import ConfigurationError, DuologueError, NotReachable, StoreUnavailable
from bot.gateway.engine_address import ACTIONS_PORT, ACTIONS_SECRET, UNKNOWN, publish
from bot.gateway.house import now
from bot.interactions import Microseconds, SiteKey, as_datetime
from bot.pages.crawling.schedule import sites_due
from bot.project import ROOT, SITE_PAGES
from bot.review.in_use import CASES, in_use, take_into_use
from bot.settings import LOOPBACK, Settings
from bot.store import staff
from bot.store.migrate import upgrade
from bot.store.sites import add_site, find_site
from bot.store.store import Store

DEMO = SiteKey("demo")
FIRST_MEMBER = "admin"
GATEWAY_IS_UP_WITHIN_S = 60.0
GATEWAY_STOPS_WITHIN_S = 10.0
WORKER_STOPS_WITHIN_S = 5.0
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
        _say("Stopped. Everything that was said is kept.")
    return 0


async def train(settings: Settings, *, force: bool = False, as_json: bool = False) -> int:
    """Trains the bot when what it learns from has changed; tells where the model is, and what is confusable.

    1 when the new model breaks what was reviewed, so that the one before stays in use.
    """
    if force:
        _forget_models(settings)
    with _step("Training the bot") as detail:
        trained = await train_if_changed(ROOT, _models(settings), on_line=detail)
    model = await _model_to_use(settings, trained)
    # Imported here: `up` starts sooner without it.
    from bot.engine.doubts import doubts_of

    with _step("Looking for what is confusable"):
        doubts = await asyncio.to_thread(doubts_of, ROOT)
    told = json.dumps({"model": str(model), **doubts.as_json()}) if as_json else "\n".join(doubts.in_words())
    sys.stdout.write(f"{told}\n" if as_json else f"{model}\n{told}\n")
    return 0 if model.samefile(trained) else 1


def _forget_models(settings: Settings) -> None:
    """So that the bot is trained anew; the model in use stays until another takes its place."""
    kept = in_use(settings.home)
    for model in _models(settings).glob("*.tar.gz"):
        if model.absolute() != kept or model.name == name_of(ROOT):
            model.unlink()


async def _model_to_use(settings: Settings, trained: Path) -> Path:
    """The one that was trained, or the one before when it breaks what was reviewed."""
    if not (ROOT / CASES).is_file():
        take_into_use(settings.home, trained)
        return trained
    # Imported here: it needs the actions, and most copies have nothing to play.
    from bot.rehearsal import model_to_use

    with _step("Playing what was reviewed, if the bot is new"):
        return await model_to_use(ROOT, trained, settings.home, say=_say)


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
        with _step("Preparing the store"):
            password = await _prepare_store(settings)
        with _step("Training the bot, if what it learns from has changed") as detail:
            trained = await train_if_changed(ROOT, _models(settings), on_line=detail)
        model = await _model_to_use(settings, trained)
        secret, actions_port = secrets.token_urlsafe(32), free_port()
        gateway = Child(
            [sys.executable, "-m", "bot", "serve"],
            environment=os.environ | {ACTIONS_PORT: str(actions_port), ACTIONS_SECRET: secret},
            log=run / "gateway.log",
            folder=Path.cwd(),
        )
        engine = EngineProcess(
            project=ROOT,
            model=model,
            run_dir=run,
            actions_port=actions_port,
            actions_secret=secret,
            on_change=lambda address: publish(run, address),
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
            children.push_async_callback(engine.stop)
            with _step("Starting the gateway and the engine"):
                # Side by side: the engine asks for its first actions until the gateway has them.
                await _all(engine.start(), _gateway_and_shop(gateway, settings))
            gc.enable()
            _tell_where(settings, password)
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


async def _gateway_and_shop(gateway: Child, settings: Settings) -> None:
    await gateway.start()
    await _answers(f"{settings.gateway_url}/healthz", gateway)
    await _read_the_shop(settings)


async def _keep(gateway: Child) -> None:
    """Starts the gateway again whenever it ends; the engine keeps itself."""
    pause = SHORTEST_PAUSE_S
    while True:
        started = time.monotonic()
        code = await gateway.wait()
        if time.monotonic() - started > LONGEST_PAUSE_S * 2:
            pause = SHORTEST_PAUSE_S
        _say(f"The gateway ended with code {code}; starting it again. Its last words:\n{gateway.last_lines()}")
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_S)
        await gateway.start()


async def _work_when_due(settings: Settings, worker: Child) -> None:
    """Starts the worker whenever a site is to be crawled; it ends when it is done, so that idling costs a look."""
    store = Store(settings.store_url)
    pause = LOOKS_FOR_WORK_EVERY_S
    try:
        while True:
            await asyncio.sleep(pause)
            if not await _has_work(store):
                continue
            await worker.start()
            code = await worker.wait()
            pause = LOOKS_FOR_WORK_EVERY_S if code == 0 else min(pause * 2, LONGEST_PAUSE_OF_WORK_S)
            if code:
                _say(f"The worker ended with code {code}; the next look is in {pause:.0f} s.\n{worker.last_lines()}")
    finally:
        await store.close()


async def _has_work(store: Store) -> bool:
    try:
        return bool(await sites_due(store, now()))
    except StoreUnavailable:
        return False


async def _prepare_store(settings: Settings) -> str:
    """Brings the tables up to date, adds the demonstration shop and, once, a first member of the staff."""
    store = Store(settings.store_url)
    try:
        await store.write(upgrade)
        await add_demo(store, settings.shop_url, at=now())
        return await _first_member(settings, store)
    finally:
        await store.close()


async def add_demo(store: Store, shop_url: str, *, at: Microseconds) -> None:
    """Makes the demonstration's site; of one there is, only what follows the port changes."""
    origins = (shop_url, shop_url.replace(LOOPBACK, "localhost"))
    known = await store.read(find_site, DEMO)
    if known is not None and known.settings:
        told = teasel_mill.moved(known.settings, known.origins, shop_url)
    else:
        told = teasel_mill.settings(shop_url, as_datetime(at).date()).as_json()
    name = teasel_mill.NAME if known is None else None
    await store.write(add_site, DEMO, name=name, origins=origins, settings=told, at=at)


async def _first_member(settings: Settings, store: Store) -> str:
    # Kept for whoever may read the home, so that a second start can show it too.
    kept = settings.home / "first-sign-in.txt"
    found = await store.read(staff.by_name, FIRST_MEMBER)
    if found is not None:
        password = kept.read_text(encoding="utf-8").strip() if kept.exists() else ""
        # It may have been changed since, or belong to another store that had the same home.
        return password if await asyncio.to_thread(staff.is_password_of, found, password) else ""
    member = await store.write(staff.add_member, FIRST_MEMBER, "admin", at=now())
    kept.touch(mode=0o600)
    kept.write_text(member.password + "\n", encoding="utf-8")
    return member.password


async def _read_the_shop(settings: Settings) -> None:
    """Crawls the demonstration shop over HTTP, as any site is; not again while its pages and address are the same."""
    if not SITE_PAGES.is_dir():
        return
    kept = settings.home / "run" / "shop-was-read.txt"
    state = _fingerprint(settings)
    if kept.exists() and kept.read_text(encoding="utf-8") == state:
        return
    allowed = f"{LOOPBACK}:{settings.port + 1}"
    crawl = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "crawl", settings.shop_url + "/", "--allow-host", allowed, "--quiet"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, told = await crawl.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            crawl.kill()
        await crawl.wait()
        raise
    if crawl.returncode != 0:
        raise DuologueError(f"The shop's pages could not be read: {told.decode(errors='replace').strip()}")
    kept.write_text(state, encoding="utf-8")


def _fingerprint(settings: Settings) -> str:
    digest = hashlib.sha256(f"{settings.shop_url}\0{settings.store_url}\0".encode())
    for file in sorted(SITE_PAGES.iterdir()):
        if file.is_file():
            content = file.read_bytes()
            digest.update(f"{file.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


async def _answers(url: str, gateway: Child) -> None:
    end = time.monotonic() + GATEWAY_IS_UP_WITHIN_S
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session:
        while time.monotonic() < end:
            if gateway.process is not None and gateway.process.returncode is not None:
                raise DuologueError(f"The gateway did not start:\n{gateway.last_lines()}")
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
    raise NotReachable(f"{url} gave no answer in {GATEWAY_IS_UP_WITHIN_S:g} s:\n{gateway.last_lines()}")


def _tell_where(settings: Settings, password: str) -> None:
    known = f"name {FIRST_MEMBER}, password {password}" if password else f"name {FIRST_MEMBER}"
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


@contextmanager
def _step(what: str) -> Iterator[Callable[[str], None]]:
    """Shows a step and how long it took; on a terminal also what it does at the moment."""
    started = time.monotonic()
    shows = sys.stderr.isatty()
    sys.stderr.write(f"{what} …" + ("" if shows else "\n"))
    sys.stderr.flush()

    def detail(line: str) -> None:
        if shows:
            passed = time.monotonic() - started
            sys.stderr.write(f"\r\x1b[K{what} … {passed:.0f} s  {line.strip()[:60]}")
            sys.stderr.flush()

    yield detail
    passed = time.monotonic() - started
    sys.stderr.write(f"\r\x1b[K{what}: {passed:.1f} s\n" if shows else f"  done in {passed:.1f} s\n")
    sys.stderr.flush()


def _say(line: str) -> None:
    sys.stderr.write(f"\n{line}\n")
    sys.stderr.flush()


def _models(settings: Settings) -> Path:
    return settings.home / "models"
