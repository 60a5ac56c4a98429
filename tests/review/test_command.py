"""`duologue review` as people and programs use it, in a copy of the project that it may write into."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.store.migrate import upgrade
from bot.store.reviews import Should, State, listed
from bot.store.sites import add_site
from bot.store.store import Store
from tests.cast import ORIGIN, SHOP, at
from tests.homes import PROJECT, home_in
from tests.store.test_reviews import reviewed

PATIENCE_S = 120
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("bot", "actions", "data"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "site"))
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(PROJECT / name, folder / name)
    (folder / ".venv-engine").symlink_to(PROJECT / ".venv-engine")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return home_in(tmp_path)


@pytest.fixture
def review(copy: Path, home: Path) -> Run:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", "review", *arguments]
        known = {"PATH": "/usr/bin:/bin", "DUOLOGUE_HOME": str(home)}
        return subprocess.run(command, env=known, capture_output=True, text=True, timeout=PATIENCE_S, cwd=copy)

    return run


@pytest.fixture
async def store(home: Path) -> Any:
    """The store of that home, with its site."""
    store = Store(f"sqlite:///{home / 'store.db'}")
    await store.write(upgrade)
    await store.write(add_site, SHOP, name="Demo", origins=(ORIGIN,), at=at())
    yield store
    await store.close()


async def test_a_dry_run_says_what_it_would_write_and_writes_nothing(review: Run, store: Store, copy: Path) -> None:
    await reviewed(store, Should.INTENT, "order_status")

    done = review("export", "--dry-run")

    assert (done.returncode, done.stdout.splitlines()) == (
        0,
        ["would write data/nlu/reviewed.yml", "would write data/review/cases.yml"],
    )
    assert not (copy / "data" / "nlu" / "reviewed.yml").exists()
    assert [one.state for one in await store.read(listed)] == [State.NEW]


async def test_an_export_writes_nobodys_name_and_is_done_once(review: Run, store: Store, copy: Path) -> None:
    _, _, one = await reviewed(store, Should.INTENT, "order_status")

    first = json.loads(review("export", "--output", "json").stdout)
    again = json.loads(review("export", "--output", "json").stdout)

    assert (first["exported"], again["exported"], again["files"]) == ([one.id], [], [])
    files = ("data/nlu/reviewed.yml", "data/review/cases.yml")
    written = "".join((copy / name).read_text(encoding="utf-8") for name in files)
    assert "I am …, where is my parcel?" in written and "Anna" not in written
    assert [found.state for found in await store.read(listed)] == [State.EXPORTED]


async def test_what_is_left_is_told_with_why(review: Run, store: Store) -> None:
    await reviewed(store, Should.INTENT, "teleport")

    done = review("export")

    assert "left “I am Anna Keller, where is my parcel?”: There is no intent teleport any more." in done.stdout
    assert [one.state for one in await store.read(listed)] == [State.NEW]


async def test_notes_are_by_page(review: Run, store: Store) -> None:
    await reviewed(store, Should.PAGE, f"{ORIGIN}/shipping.html")

    table, told = review("notes"), json.loads(review("notes", "--output", "json").stdout)

    assert table.stdout == f"{ORIGIN}/shipping.html\n  I am …, where is my parcel?\n"
    assert [(one["page"], one["asked"]) for one in told] == [(f"{ORIGIN}/shipping.html", "I am …, where is my parcel?")]
    assert json.loads(review("notes", "--site", "other", "--output", "json").stdout) == []


def test_without_a_case_there_is_nothing_to_replay(review: Run) -> None:
    done = review("replay")

    assert done.returncode == 0
    assert "There is no case to replay" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("export", "--model", "bot"), "--model goes with replay"),
        (("replay", "--dry-run"), "--dry-run goes with export"),
        (("replay", "--model", "nowhere.tar.gz"), "There is no model at"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(review: Run, arguments: tuple[str, ...], sentence: str) -> None:
    done = review(*arguments)

    assert done.returncode == 2
    assert sentence in done.stderr


async def test_a_case_that_breaks_ends_with_one(review: Run, store: Store, copy: Path) -> None:
    file = copy / "data" / "review" / "cases.yml"
    file.parent.mkdir()
    file.write_text('cases:\n  - {id: a, said: hello, intent: greet}\n  - {id: b, said: "bye bye", intent: price}\n')

    done = review("replay", "--output", "json")

    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    assert (told["right"], told["broken"]) == (1, 1)
    assert [(one["id"], one["right"]) for one in told["cases"]] == [("a", True), ("b", False)]
    assert told["cases"][1]["faults"] == ["taken for goodbye, not price"]


def test_cases_that_can_not_be_read_are_told(review: Run, copy: Path) -> None:
    file = copy / "data" / "review" / "cases.yml"
    file.parent.mkdir()
    file.write_text("cases:\n  - said: hello\n")

    done = review("replay")

    assert done.returncode == 2
    assert "data/review/cases.yml can't be read (KeyError); each case has an id, said and intent." in done.stderr
