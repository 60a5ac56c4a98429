"""Trains a recipe on a task by `rasa train nlu`, and asks the model."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.engine.training import engine_python, plain_environment
from understanding.sets import PROJECT, Named, Said, Task

PARSE = Path(__file__).with_name("parse.py")


@dataclass(frozen=True)
class Made:
    """What the bot made of a text: the best intent, how sure, and in how many ms of CPU."""

    intent: str | None
    confidence: float
    ms: float
    entities: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Answers:
    asked: list[Made]
    of_no_intent: list[Made]
    validation: list[Made]
    validation_of_no_intent: list[Made]


def answers(task: Task, recipe: Path) -> Answers:
    with tempfile.TemporaryDirectory() as folder:
        model = _trained(task.taught, recipe, Path(folder))
        parts = [
            [one.text for one in task.asked],
            list(task.of_no_intent),
            [one.text for one in task.validation],
            list(task.validation_of_no_intent),
        ]
        made = iter(_asked(model, [text for part in parts for text in part]))
        return Answers(*[[next(made) for _ in part] for part in parts])


def _trained(taught: Sequence[Said], recipe: Path, folder: Path) -> Path:
    examples: dict[str, list[str]] = {}
    for one in taught:
        examples.setdefault(one.intent, []).append(marked(one))
    # Rasa knows its files by a line that begins with `nlu:`.
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in examples.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    (folder / "nlu.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _run("train", "nlu", "--config", str(recipe), "--nlu", str(folder / "nlu.yml"), "--out", str(folder))
    return next(folder.glob("*.tar.gz"))


def marked(said: Said) -> str:
    """The text with its entities as Rasa's training data marks them."""
    text, end = "", 0
    for one in said.entities:
        text += f"{said.text[end : one.start]}[{said.text[one.start : one.end]}]({one.kind})"
        end = one.end
    return text + said.text[end:]


def _asked(model: Path, texts: list[str]) -> list[Made]:
    done = _python([str(PARSE), str(model)], json.dumps(texts))
    lines = [line for line in done.splitlines() if line.startswith("[")]
    if len(lines) != len(texts):
        raise RuntimeError(f"{len(texts)} messages were asked, {len(lines)} answered")
    return [_made(*json.loads(line)) for line in lines]


def _made(intent: str | None, confidence: float, ms: float, entities: list[tuple[int, int, str]]) -> Made:
    return Made(intent, confidence, ms, tuple(sorted(Named(*one) for one in entities)))


def _run(*arguments: str) -> str:
    return _python(["-m", "bot.engine.lean", *arguments], "")


def _python(arguments: list[str], given: str) -> str:
    command = [str(engine_python(PROJECT)), *arguments]
    done = subprocess.run(
        command, input=given, cwd=PROJECT, env=plain_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stderr[-2000:]}")
    return done.stdout
