"""The same files by Rasa's own test: every intent, entity and action of theirs, without a house around the engine."""

import asyncio
import json
import subprocess
from pathlib import Path

import pytest

from bot.engine.training import engine_python, plain_environment, train_if_changed
from tests.conversations.script import FOLDER, all_conversations
from tests.running import MODELS, PROJECT

PATIENCE_S = 240


@pytest.fixture(scope="session")
async def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `rasa test` writes what it found to."""
    model = await train_if_changed(PROJECT, MODELS, on_line=lambda _: None)
    out = tmp_path_factory.mktemp("rasa-test")
    command = [engine_python(PROJECT), "-m", "rasa", "test", "core", "--e2e", "--no-plot", "--model", model]
    done = await asyncio.to_thread(
        subprocess.run,
        [*map(str, command), "--stories", str(FOLDER), "--out", str(out)],
        cwd=PROJECT,
        env=plain_environment() | {"MPLCONFIGDIR": str(out)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return out


async def test_rasa_reads_every_conversation(report: Path) -> None:
    judged = json.loads((report / "story_report.json").read_text(encoding="utf-8"))

    assert judged["conversation_accuracy"]["total"] == len(all_conversations())


async def test_rasa_finds_every_intent_and_action_as_written(report: Path) -> None:
    failed = (report / "failed_test_stories.yml").read_text(encoding="utf-8")

    assert "story:" not in failed, failed
