"""Starts that can't succeed: each ends with a sentence that says what to do, and no traceback."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.faults.conftest import everything_runs
from tests.running import MODELS, PROJECT, Duologue, new_duologue

REFUSES_WITHIN_S = 120
WRONG_USE, NOT_REACHABLE = 2, 3


@dataclass(frozen=True)
class Refusal:
    code: int
    said: str


def _refusal(one: Duologue) -> Refusal:
    """How a start that can't succeed ends. Fails the test when it goes on, or tells of its insides."""
    one.log.unlink(missing_ok=True)
    one.begin()
    assert one.process is not None
    try:
        code = one.process.wait(REFUSES_WITHIN_S)
    except subprocess.TimeoutExpired:
        one.end_now()
        pytest.fail(f"`duologue up` went on:\n{one.last_lines(20)}")
    said = one.last_lines(100)
    assert "Traceback" not in said, said
    return Refusal(code, said)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Duologue]:
    """One that was never started."""
    one = new_duologue(tmp_path)
    yield one
    one.end_now()


@contextmanager
def _taken(port: int) -> Iterator[None]:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


def test_all_wrong_settings_are_told_at_once_with_good_values(fresh: Duologue) -> None:
    wrong = {"DUOLOGUE_PORT": "eighty", "DUOLOGUE_DEADLINE_S": "-1", "DUOLOGUE_COLOUR": "blue"}

    refusal = _refusal(replace(fresh, settings=wrong))

    assert refusal.code == WRONG_USE
    for name, example in (
        ("DUOLOGUE_PORT", "8080"),
        ("DUOLOGUE_DEADLINE_S", "120"),
        ("DUOLOGUE_COLOUR", "settings are"),
    ):
        line = next(line for line in refusal.said.splitlines() if name in line)
        assert example in line


@pytest.mark.parametrize("which", [0, 1], ids=["the gateway's", "the shop's"])
def test_a_port_that_is_taken_is_named_with_a_way_out(fresh: Duologue, which: int) -> None:
    with _taken(fresh.port + which):
        refusal = _refusal(fresh)

    assert refusal.code == WRONG_USE
    assert f"Port {fresh.port + which} is taken" in refusal.said
    assert "DUOLOGUE_PORT=" in refusal.said


async def test_a_second_start_in_the_same_home_is_refused_and_the_first_goes_on(
    duologue: Duologue, fresh: Duologue
) -> None:
    await everything_runs(duologue)
    before = duologue.pids

    refusal = _refusal(replace(fresh, home=duologue.home, settings={"DUOLOGUE_PORT": str(fresh.port)}))

    assert refusal.code == WRONG_USE
    assert f"runs already with the home {duologue.home}" in refusal.said
    assert duologue.pids == before
    await everything_runs(duologue)


async def test_a_model_that_is_cut_short_is_named_and_can_be_trained_anew(duologue: Duologue, tmp_path: Path) -> None:
    await everything_runs(duologue)  # so that there is a model to cut
    broken = new_duologue(tmp_path, shares_models=False)
    model = max(MODELS.glob("duologue-*.tar.gz"), key=lambda file: file.stat().st_mtime)
    copy = broken.home / "models" / model.name
    copy.parent.mkdir()
    content = model.read_bytes()
    copy.write_bytes(content[: len(content) // 2])

    refusal = _refusal(broken)

    assert refusal.code == WRONG_USE
    assert str(copy) in refusal.said
    assert "delete" in refusal.said


def test_without_the_engines_environment_the_way_to_it_is_told(tmp_path: Path, fresh: Duologue) -> None:
    refusal = _refusal(replace(fresh, project=_copy_of_the_project(tmp_path / "project")))

    assert refusal.code == WRONG_USE
    assert ".venv-engine is missing" in refusal.said
    assert "make up" in refusal.said and "Python 3.10" in refusal.said


def test_what_the_bot_can_not_learn_from_is_told_in_rasas_words(tmp_path: Path) -> None:
    project = _copy_of_the_project(tmp_path / "project")
    (project / ".venv-engine").symlink_to(PROJECT / ".venv-engine", target_is_directory=True)
    (project / "domain.yml").write_text("version: '3.1'\nintents: [hello\n", encoding="utf-8")

    refusal = _refusal(replace(new_duologue(tmp_path, shares_models=False), project=project))

    assert refusal.code == WRONG_USE
    assert "could not be trained" in refusal.said
    assert "domain.yml" in refusal.said


def test_a_database_that_nobody_serves_is_not_reachable(fresh: Duologue) -> None:
    nobody = f"postgresql+asyncpg://somebody:a-secret@127.0.0.1:{fresh.port}/shop"

    refusal = _refusal(replace(fresh, settings={"DUOLOGUE_DATABASE_URL": nobody}))

    assert refusal.code == NOT_REACHABLE
    assert "a-secret" not in refusal.said


def test_a_file_that_is_no_database_is_told(fresh: Duologue) -> None:
    (fresh.home / "store.db").write_bytes(b"This is a shopping list: wool, needles, tea. " * 100)

    refusal = _refusal(fresh)

    assert refusal.code == WRONG_USE
    assert f"{fresh.home / 'store.db'} is not a database" in refusal.said
    assert (fresh.home / "store.db").read_bytes().startswith(b"This is a shopping list")


def test_a_home_that_can_not_be_made_is_told(fresh: Duologue, tmp_path: Path) -> None:
    file = tmp_path / "a-file"
    file.write_text("not a folder")

    refusal = _refusal(replace(fresh, settings={"DUOLOGUE_HOME": str(file / "home")}))

    assert refusal.code == WRONG_USE
    assert str(file) in refusal.said


def _copy_of_the_project(folder: Path) -> Path:
    """What `duologue up` needs of the checkout, without the environments."""
    folder.mkdir()
    for name in ("bot", "actions", "data"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(PROJECT / name, folder / name)
    return folder
