"""What the engine leaves out of its start is left out only for a model that needs none of it."""

import io
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from bot.engine.training import engine_python, plain_environment
from tests.engine_fixture import PROJECT

OURS = "bot.engine.intents.CalibratedIntentClassifier"
TOLD = """
import sys
from pathlib import Path
from bot.engine import stubs
stubs.stand_in(model=Path(sys.argv[1]))
import sklearn.linear_model
print(isinstance(sklearn.linear_model.LogisticRegression, stubs._InertType))
"""
LOOKED_UP = """
from bot.engine import stubs
stubs.stand_in()
import apscheduler, pkg_resources
from apscheduler.schedulers.asyncio import AsyncIOScheduler
print(apscheduler.version, "date" in AsyncIOScheduler._trigger_plugins, pkg_resources.__name__)
"""


def engine_says(code: str, *arguments: str) -> str:
    told = subprocess.run(
        [engine_python(PROJECT), "-c", code, *arguments],
        check=True,
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env=plain_environment(),
    )
    return told.stdout.strip()


def a_model(folder: Path, *components: str) -> Path:
    metadata = {"predict_schema": {"nodes": {one: {"uses": one} for one in components}}}
    content = json.dumps(metadata).encode()
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        file = tarfile.TarInfo("metadata.json")
        file.size = len(content)
        archive.addfile(file, io.BytesIO(content))
    return folder / "model.tar.gz"


@pytest.mark.parametrize(
    ("other", "is_left_out"),
    [
        ("rasa.core.policies.rule_policy.RulePolicy", True),
        ("rasa.nlu.extractors.mitie.Mitie", False),
        ("my.Own", False),
    ],
)
def test_a_model_with_a_component_that_we_did_not_try_gets_all_it_could_need(
    other: str, is_left_out: bool, tmp_path: Path
) -> None:
    model = a_model(tmp_path, OURS, other)

    told = engine_says(TOLD, str(model))

    assert told == str(is_left_out)


def test_the_scheduler_finds_its_own_parts_without_reading_about_every_package() -> None:
    version, has_dates, asked = engine_says(LOOKED_UP).split()

    assert version.startswith("3.")
    assert has_dates == "True"
    assert asked == "bot.engine.packages"
