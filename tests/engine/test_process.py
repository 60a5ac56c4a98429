"""The supervisor, with engines that are killed, stopped and broken."""

import asyncio
import io
import json
import os
import signal
import stat
import sys
import tarfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from bot.engine.address import EngineAddress
from bot.engine.client import EngineClient, TurnCall
from bot.engine.process import EngineProcess, train_if_changed
from bot.engine.training import fingerprint, plain_environment
from bot.errors import ConfigurationError, EngineUnavailable
from bot.interactions import TurnId
from tests.engine_fixture import MODELS, PROJECT, Engine

SILENCE_LIMIT_S = 4.0


class Watched:
    """An engine of its own, and everything it was said to be."""

    def __init__(self, run_dir: Path, model: Path, port: int) -> None:
        self.changes: list[EngineAddress] = []
        self._changed = asyncio.Event()
        self.process = EngineProcess(
            project=PROJECT,
            model=model,
            run_dir=run_dir,
            actions_port=port,
            actions_secret="of the test",
            on_change=self._on_change,
            silence_limit_s=SILENCE_LIMIT_S,
        )

    def _on_change(self, address: EngineAddress) -> None:
        self.changes.append(address)
        self._changed.set()

    async def until(self, happened: Callable[[], bool], limit_s: float = 60.0) -> None:
        async with asyncio.timeout(limit_s):
            while not happened():
                self._changed.clear()
                await self._changed.wait()


@pytest.fixture(scope="module")
async def watched(running_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watched]:
    model = await train_if_changed(PROJECT, MODELS, on_line=print)
    engine = Watched(tmp_path_factory.mktemp("watched"), model, running_engine.host.port)
    # Its canary is answered without a desk, but not without the host's secret.
    engine.process._actions = engine.process._actions[0], running_engine.host.secret
    await engine.process.start()
    yield engine
    await engine.process.stop()


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def environment_of(pid: int | None) -> str:
    return Path(f"/proc/{pid}/environ").read_bytes().decode()


def runs(pid: int | None) -> bool:
    return Path(f"/proc/{pid}").exists()


async def say_hello(address: EngineAddress) -> int:
    async with aiohttp.ClientSession() as session:
        client = EngineClient(session, lambda: address)
        return len((await client.take_turn(TurnCall(turn=TurnId("canary-x"), text="hello"))).messages)


async def test_ready_is_said_after_it_has_answered(watched: Watched) -> None:
    assert [change.state for change in watched.changes] == ["starting", "ready"]
    assert await say_hello(watched.changes[-1]) == 1


async def test_its_files_are_for_our_eyes_only(watched: Watched) -> None:
    run_dir = watched.process._run_dir

    for name in ("engine-endpoints.yml", "engine-credentials.yml", "engine.log"):
        assert mode_of(run_dir / name) == 0o600


async def test_no_secret_of_ours_is_in_its_environment(engine: Engine) -> None:
    environment = environment_of(engine.process.pid)

    assert "DUOLOGUE_DATABASE_URL" not in environment
    assert "DUOLOGUE_ENGINE_SECRET" in environment


async def test_an_engine_that_is_killed_is_started_again(watched: Watched) -> None:
    before = watched.changes[-1]
    assert watched.process.pid is not None
    os.kill(watched.process.pid, signal.SIGKILL)

    await watched.until(lambda: watched.changes[-1].state == "ready" and watched.changes[-1] != before)

    assert "down" in [change.state for change in watched.changes]
    assert watched.changes[-1].secret != before.secret
    assert await say_hello(watched.changes[-1]) == 1


async def test_an_engine_that_says_nothing_is_started_again(watched: Watched) -> None:
    before, pid = watched.changes[-1], watched.process.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)

    await watched.until(lambda: watched.changes[-1].state == "ready" and watched.changes[-1] != before)

    assert watched.process.pid != pid
    assert not runs(pid)


async def test_stopping_leaves_no_process(watched: Watched) -> None:
    pid = watched.process.pid

    await watched.process.stop()

    assert not runs(pid)
    with pytest.raises(EngineUnavailable, match="down"):
        await say_hello(watched.changes[-1])


CHILD = "from bot.engine.lean import die_with_parent as d; d(); import time; print('up', flush=True); time.sleep(60)"
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen(sys.argv[1:], env={**os.environ, "DUOLOGUE_ENGINE_PARENT": str(os.getpid())},
                         stdout=subprocess.PIPE, start_new_session=True)
child.stdout.readline()
print(child.pid, flush=True)
time.sleep(60)
"""


async def test_an_engine_dies_with_a_supervisor_that_was_killed() -> None:
    python = str(PROJECT / ".venv-engine" / "bin" / "python")
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, python, "-c", CHILD), cwd=PROJECT, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    child = int(await parent.stdout.readline())

    parent.kill()
    await parent.wait()

    async with asyncio.timeout(5):
        while not has_ended(child):  # noqa: ASYNC110 - there is nothing that would tell us
            await asyncio.sleep(0.05)


def has_ended(pid: int) -> bool:
    """Also when nobody has taken note of it yet: its parent, who would, was killed."""
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


def a_model(folder: Path, content: bytes | None) -> Path:
    model = folder / "model.tar.gz"
    if content is None:
        model.write_bytes(b"not a model at all")
        return model
    with tarfile.open(model, "w:gz") as archive:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return model


DIET = {"predict_schema": {"nodes": {"a": {"uses": "rasa.nlu.classifiers.diet_classifier.DIETClassifier"}}}}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, r"can not be read"),
        (json.dumps(DIET).encode(), r"needs TensorFlow .*DIETClassifier.*; set DUOLOGUE_ENGINE_LEAN=0"),
        (b"{}", r"could not load"),
    ],
)
async def test_a_broken_model_is_told_in_a_sentence(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    broken = Watched(tmp_path / "run", a_model(tmp_path, content), 1)

    with pytest.raises(ConfigurationError, match=sentence) as told:
        await broken.process.start()

    assert "trained anew" in str(told.value)
    assert broken.changes[-1].state == "down"
    assert broken.process.pid is None


async def test_nothing_is_trained_when_nothing_changed() -> None:
    model = await train_if_changed(PROJECT, MODELS, on_line=print)
    before = model.stat().st_ino

    lines: list[str] = []
    again = await train_if_changed(PROJECT, MODELS, on_line=lines.append)

    assert (again, again.stat().st_ino, lines) == (model, before, [])


def a_project(folder: Path) -> Path:
    (folder / "data" / "nlu").mkdir(parents=True)
    (folder / "config.yml").write_text("recipe: default.v1\n")
    (folder / "data" / "nlu" / "a.yml").write_text("nlu: []\n")
    (folder / ".venv-engine").symlink_to(PROJECT / ".venv-engine")
    return folder


def test_the_fingerprint_changes_with_what_is_taught_and_with_nothing_else(tmp_path: Path) -> None:
    project = a_project(tmp_path)
    before = fingerprint(project)
    (project / "README.md").write_text("Hello")
    os.utime(project / "config.yml")
    assert fingerprint(project) == before

    (project / "data" / "nlu" / "a.yml").rename(project / "data" / "nlu" / "b.yml")

    assert fingerprint(project) != before


async def test_what_can_not_be_trained_is_told_with_rasas_words(tmp_path: Path) -> None:
    project = a_project(tmp_path / "project")
    (project / "bot").symlink_to(PROJECT / "bot")
    (project / "config.yml").write_text("recipe: default.v1\npipeline:\n  - name: NoSuchComponent\n")

    with pytest.raises(ConfigurationError, match="could not be trained"):
        await train_if_changed(project, tmp_path / "models", on_line=print)

    assert list((tmp_path / "models").iterdir()) == []


async def test_examples_without_a_word_are_refused_with_a_sentence(tmp_path: Path) -> None:
    project, told = a_project(tmp_path / "project"), list[str]()
    (project / "bot").symlink_to(PROJECT / "bot")
    (project / "config.yml").write_text((PROJECT / "config.yml").read_text(encoding="utf-8"), encoding="utf-8")
    for file in (project / "data" / "nlu").glob("*.yml"):
        file.unlink()
    marks = (
        'version: "3.1"\nnlu:\n- intent: a\n  examples: |\n    - !!!\n    - ...\n- intent: b\n  examples: |\n    - ;;\n'
    )
    (project / "data" / "nlu" / "marks.yml").write_text(marks, encoding="utf-8")

    with pytest.raises(ConfigurationError) as refused:
        await train_if_changed(project, tmp_path / "models", on_line=told.append)

    assert "None of the 3 examples has a letter or a figure" in f"{refused.value} {told}"


async def test_without_the_engines_environment_the_way_out_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"make up.*Python 3\.10"):
        await train_if_changed(tmp_path, tmp_path / "models", on_line=print)


def test_the_environment_of_the_engine_is_an_allow_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("DUOLOGUE_PUBLIC_URL", "x")

    environment = plain_environment()

    assert not {"AWS_SECRET_ACCESS_KEY", "DUOLOGUE_PUBLIC_URL"} & set(environment)
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"
