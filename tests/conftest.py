"""A real store for every test that wants one: SQLite in a file, PostgreSQL on a server of its own."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from bot.store import staff
from bot.store.migrate import upgrade
from bot.store.sites import Site, add_site
from bot.store.store import Store
from tests.cast import ORIGIN, SHOP, at

# The same examples on every machine: a red test on one is a red test on all.
hypothesis_settings.register_profile(
    "same-everywhere", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile("same-everywhere")

# A password is as slow to check as the machine allows, on purpose; nobody guesses those of the tests.
SHIPPED_HASHER = staff._hasher
staff._hasher = PasswordHasher.from_parameters(CHEAPEST)

MEMORY, ROOM = Path("/dev/shm"), 6 * 2**30


def _is_roomy(folder: Path) -> bool:
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return False
    told = os.statvfs(folder)
    return told.f_bavail * told.f_frsize >= ROOM and not told.f_flag & os.ST_NOEXEC


# Ten thousand stores are made and thrown away: on a disk that others use too, making them takes longer than the tests.
if "TMPDIR" not in os.environ and _is_roomy(MEMORY):
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

# Real browsers and killed processes on a machine that others use too: what fails is tried once more, and said.
TRIED_TWICE = ("browser", "faults")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folders = [Path(__file__).parent / name for name in TRIED_TWICE]
    for item in items:
        if any(folder in item.path.parents for folder in folders):
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=2))


TEMPLATE = "template_of_stores"
PATIENCE_S = 30


class Postgres:
    """A PostgreSQL of this test run. It listens on a socket file only, so two runs never meet on a port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._databases = 0

    def url(self, database: str) -> str:
        return f"postgresql+asyncpg://postgres@/{database}?host={self.folder}"

    async def execute(self, statement: str) -> None:
        connection = await asyncpg.connect(host=str(self.folder), user="postgres", database="postgres")
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def new_database(self) -> str:
        """The URL of a migrated, empty store that nobody else uses."""
        self._databases += 1
        name = f"store_{self._databases}"
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(name)

    async def drop_database(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        await self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _as_postgres() -> dict[str, Any]:
    # PostgreSQL refuses to run as root, which is what a container often is.
    return {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    found = shutil.which("initdb")
    if found is None:
        told = "PostgreSQL is missing: install it (Debian: postgresql), so that `initdb` is on the PATH."
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    programs = Path(found).resolve().parent
    # pytest's own temporary folders can't be entered by another account.
    folder = Path(tempfile.mkdtemp(prefix="duologue-postgres-"))
    data = folder / "data"
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--encoding=UTF8",
             "--locale=C"],
            check=True, stdout=subprocess.DEVNULL, cwd=folder, **_as_postgres(),
        )  # fmt: skip
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off",
             "-c", "max_connections=200", "-c", "shared_buffers=32MB", "-c", "deadlock_timeout=100ms"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **_as_postgres(),
        )  # fmt: skip
        try:
            _wait_until_ready(programs, folder)
            yield Postgres(folder)
        finally:
            # Fast: whoever is still connected is sent away. SIGTERM would wait for them.
            server.send_signal(signal.SIGINT)
            try:
                server.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(programs: Path, folder: Path) -> None:
    end = time.monotonic() + PATIENCE_S
    while subprocess.run([programs / "pg_isready", "-q", "-h", folder]).returncode != 0:
        if time.monotonic() > end:
            pytest.fail(f"PostgreSQL was not ready in {PATIENCE_S} s.")
        time.sleep(0.05)


@pytest.fixture(scope="session")
def postgres(postgres_server: Postgres) -> Postgres:
    """The server, with a migrated store to copy: a new database then takes a few hundredths of a second."""
    _elsewhere(postgres_server.execute(f"CREATE DATABASE {TEMPLATE}"))
    _elsewhere(_migrate(postgres_server.url(TEMPLATE)))
    return postgres_server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "store.db"
    _elsewhere(_migrate(f"sqlite:///{path}"))
    return path


async def _migrate(url: str) -> None:
    store = Store(url)
    try:
        await store.write(upgrade)
    finally:
        await store.close()


def _elsewhere[T](work: Coroutine[Any, Any, T]) -> T:
    """Runs the coroutine in a loop of its own: pytest can't ask by name for a fixture that needs the tests' loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated, empty SQLite store."""
    path = tmp_path / "store.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The URL of a migrated, empty PostgreSQL store; it is gone after the test, since each takes eight megabytes."""
    url = _elsewhere(postgres.new_database())
    yield url
    _elsewhere(postgres.drop_database(url))


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty store; the test runs once on each database."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    """A migrated, empty store; the test runs once on each database."""
    store = Store(store_url)
    yield store
    await store.close()


@pytest.fixture
async def shop(store: Store) -> Site:
    """The demonstration shop, which asks before it measures."""
    return await store.write(add_site, SHOP, name="Demo", origins=(ORIGIN,), at=at())
