"""The same files by Rasa's own test: every intent, entity and action of theirs, without a house around the engine."""

import asyncio
import json
import re
import subprocess
from pathlib import Path

import pytest

from bot.engine.training import engine_python, plain_environment, train_if_changed
from tests.conversations.script import FOLDER, all_conversations
from tests.running import MODELS, PROJECT

PATIENCE_S = 240
UNDERSTOOD = 0.9
"""Of all lines of visitors. What is not understood is looked up in the pages, and mostly answered all the same."""
MISUNDERSTOOD = re.compile(r"intent: \w+ +# predicted: .+")


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


async def test_rasa_understands_nearly_every_line(report: Path) -> None:
    lines = sum(len(conversation.lines) for conversation in all_conversations())

    wrong = MISUNDERSTOOD.findall(_failed(report))

    assert len(wrong) <= lines * (1 - UNDERSTOOD), f"{len(wrong)} of {lines}:\n" + "\n".join(wrong)


async def test_rasa_does_what_is_written_wherever_it_understands(report: Path) -> None:
    stories = _failed(report).split("- story: ")[1:]

    wrong = [story for story in stories if not MISUNDERSTOOD.search(story)]

    assert wrong == [], "\n".join(wrong)


def _failed(report: Path) -> str:
    return (report / "failed_test_stories.yml").read_text(encoding="utf-8")
