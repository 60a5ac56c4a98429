"""Trains the bot's model when what it is made of has changed, in the engine's own environment."""

import asyncio
import hashlib
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.errors import ConfigurationError

ENVIRONMENT = ".venv-engine"
TAUGHT_IN = ("data/nlu", "data/rules", "data/stories")
BESIDE_DOMAIN = ("data/domain", "data/review/answers")
GLOSSARIES = "data/glossary"
COMPONENTS = (
    *("sentences", "glossary", "minilm", "intents", "taught", "weighing", "softmax", "confidence"),
    *("entities", "tagger", "chain", "labels", "looks", "rule_names", "reviewed", "contact_points"),
    "telephones",
)
"""Modules of ours that a recipe may name, and what they are made of: an older model may not fit a newer one."""
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ")
OURS_PASSED_ON = ("DUOLOGUE_ENGINE_LEAN", "DUOLOGUE_ENGINE_ACTION_LIMIT_S")
"""What the engine's processes get of our environment: an allow-list, so that no secret is in it by accident."""
MODELS_KEPT = 5
LAST_LINES = 12


def engine_python(project: Path) -> Path:
    """The engine's Python. ConfigurationError when `make up` has not made it, or could not."""
    python = project / ENVIRONMENT / "bin" / "python"
    if not python.exists():
        raise ConfigurationError(
            f"{project / ENVIRONMENT} is missing, so the engine can not start; run `make up`. "
            "It needs Python 3.10, which must be findable (as `python3.10`, or through pyenv)."
        )
    return python


def plain_environment() -> dict[str, str]:
    """The environment of the engine's processes: only what they need, no telemetry, one thread for sums."""
    kept = {name: os.environ[name] for name in (*PASSED_ON, *OURS_PASSED_ON) if name in os.environ}
    return kept | {
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "DUOLOGUE_ENGINE_PARENT": str(os.getpid()),
    }


def fingerprint(project: Path) -> str:
    """Of everything a model is made of: recipe, domain, what is taught, our components, and Rasa's version."""
    digest = hashlib.sha256()
    for file in _ingredients(project):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(project).as_posix()}\0{len(content)}\0".encode() + content)
    digest.update(_rasa_version(project).encode())
    return digest.hexdigest()


def name_of(project: Path) -> str:
    """What the model of what `project` teaches now is called, whether it is trained yet or not."""
    return f"duologue-{fingerprint(project)[:20]}.tar.gz"


def version_of(model: Path) -> str:
    """What people call the bot of this model: the first signs of the fingerprint in its name."""
    return model.name.removeprefix("duologue-").partition(".")[0][:8]


async def train_if_changed(project: Path, models_dir: Path, *, on_line: Callable[[str], None]) -> Path:
    """The model of what `project` teaches, trained now if there is none. `on_line` gets what Rasa prints."""
    engine_python(project)
    model = _place(project, models_dir)
    if not _is_there(model):
        # Trained aside and moved when whole: a model cut in half by a kill would be taken for good for ever.
        with tempfile.TemporaryDirectory(prefix=".training-", dir=models_dir) as aside:
            await _train(project, Path(aside), on_line)
            _trained_in(Path(aside)).replace(model)
    os.utime(model)
    _forget_old_ones(models_dir)
    return model


async def _train(project: Path, aside: Path, on_line: Callable[[str], None]) -> None:
    process = await asyncio.create_subprocess_exec(
        str(engine_python(project)),
        *("-m", "bot.engine.lean", "train", "--fixed-model-name", "model", "--out", str(aside)),
        *_sources(project),
        cwd=project,
        env=plain_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
        limit=1024 * 1024,
    )
    lines: list[str] = []
    assert process.stdout is not None
    try:
        async for raw in process.stdout:
            # Progress bars redraw their line; only what stands there at the end is worth showing.
            line = raw.decode("utf-8", "replace").rstrip().rpartition("\r")[2]
            lines = [*lines[1 - LAST_LINES :], line]
            on_line(line)
        await process.wait()
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    if process.returncode != 0:
        raise ConfigurationError(
            "The bot could not be trained; correct config.yml, domain.yml or the files in data/ and start again.\n"
            + "\n".join(lines)
        )


def _ingredients(project: Path) -> Iterator[Path]:
    for name in ("config.yml", "domain.yml"):
        if (project / name).is_file():
            yield project / name
    components = (project / "bot" / "engine" / f"{name}.py" for name in COMPONENTS)
    yield from (file for file in components if file.is_file())
    for folder in ("domain", *TAUGHT_IN, *BESIDE_DOMAIN):
        yield from sorted(file for file in (project / folder).rglob("*.y*ml") if file.is_file())
    yield from sorted((project / GLOSSARIES).glob("*.tsv"))


def _rasa_version(project: Path) -> str:
    found = sorted((project / ENVIRONMENT).glob("lib/python3*/site-packages/rasa-*.dist-info"))
    if not found:
        raise ConfigurationError(f"Rasa is not installed in {project / ENVIRONMENT}; run `make up`.")
    return found[-1].name


def _sources(project: Path) -> list[str]:
    domain = "domain" if (project / "domain").is_dir() else "domain.yml"
    data = [folder for folder in TAUGHT_IN if (project / folder).is_dir()]
    return ["--config", "config.yml", "--domain", domain, "--data", *data]


def _place(project: Path, models_dir: Path) -> Path:
    models_dir.mkdir(parents=True, exist_ok=True)
    return models_dir / name_of(project)


def _is_there(model: Path) -> bool:
    return model.is_file()


def _trained_in(folder: Path) -> Path:
    # Rasa ends with 0 even when it found nothing to train.
    models = list(folder.glob("*.tar.gz"))
    if not models:
        raise ConfigurationError("Rasa trained nothing; are there examples in data/nlu and rules in data/rules?")
    return models[0]


def _forget_old_ones(models_dir: Path) -> None:
    models = sorted(models_dir.glob("duologue-*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for model in models[MODELS_KEPT:]:
        model.unlink(missing_ok=True)
    for left in models_dir.glob(".training-*"):
        # Of a training that was killed; one that runs now holds a folder younger than a day.
        if left.stat().st_mtime < models[0].stat().st_mtime - 86_400:
            shutil.rmtree(left, ignore_errors=True)
