"""Our components in the recipe of a project, by Rasa's own command."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.engine import minilm
from bot.engine.training import engine_python, plain_environment
from tests.engine_fixture import PROJECT

RECIPE = """
recipe: default.v1
assistant_id: bakery
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 2
    max_ngram: 4
  - name: bot.engine.sentences.SentenceFeaturizer
    folder: {folder}
  - name: bot.engine.intents.CalibratedIntentClassifier
  - name: FallbackClassifier
    threshold: 0.5
"""
TAUGHT = {
    "hours": "when do you open|opening hours|are you open on sunday|what time do you close|how late are you there",
    "bread": "do you have rye bread|which loaves do you bake|i want a white loaf|is there sourdough|any fresh rolls",
    "cake": "can you make a birthday cake|i need a wedding cake|order a chocolate tart|a cake for ten|fruit tarts",
    "allergy": "does it contain nuts|i can't eat gluten|is this vegan|are there eggs in it|any milk in the dough",
    "job": "are you hiring|i am looking for work|can i apply as a baker|do you take apprentices|any vacancies",
    "deliver": "do you deliver|bring it to my house|can it be sent to me|is there a courier|delivery to the village",
}
MEANT_ALIKE = {"hours": "till when can i drop by", "job": "do you need staff", "allergy": "has it got peanuts"}
ABOUT_NOTHING = ("who won the football match last night", "what is the capital of peru", "my printer is out of ink")
LEAN = """
import sys; sys.path.insert(0, ".")
from bot.engine import stubs; stubs.stand_in()
from bot.engine import patches; patches.apply()
"""
ASK = """
import asyncio, json, sys
from pathlib import Path
sys.path.insert(0, str(Path.cwd()))
from rasa.core.agent import Agent

async def main():
    agent = Agent.load(sys.argv[1])
    print("\\n" + json.dumps([await agent.parse_message(text) for text in json.load(sys.stdin)]))

asyncio.run(main())
"""
"""As plain Rasa reads a model; the product's engine is another test's."""


@dataclass
class Bakery:
    folder: Path
    model: Path

    async def understand(self, *texts: str, lean: bool = False) -> list[dict[str, Any]]:
        code = (LEAN if lean else "") + ASK
        said = await run(self.folder, "-c", code, str(self.model), given=json.dumps(texts))
        return list(json.loads(said.splitlines()[-1]))


async def run(folder: Path, *arguments: str, given: str = "") -> str:
    process = await asyncio.create_subprocess_exec(
        *(str(engine_python(PROJECT)), *arguments),
        cwd=folder,
        env=plain_environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaints = await process.communicate(given.encode())
    assert process.returncode == 0, complaints.decode()[-2000:]
    return said.decode()


@pytest.fixture(scope="module")
async def bakery(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bakery]:
    folder = tmp_path_factory.mktemp("bakery")
    (folder / "bot").symlink_to(PROJECT / "bot")
    (folder / "config.yml").write_text(RECIPE.format(folder=folder / "minilm"))
    examples = "".join(
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts.split("|"))
        for intent, texts in TAUGHT.items()
    )
    (folder / "nlu.yml").write_text(f'version: "3.1"\nnlu:\n{examples}')
    await run(folder, "-m", "rasa", "train", "nlu", "--nlu", "nlu.yml", "--fixed-model-name", "bakery")
    yield Bakery(folder, folder / "models" / "bakery.tar.gz")


async def test_what_is_said_in_other_words_is_understood(bakery: Bakery) -> None:
    understood = await bakery.understand(*MEANT_ALIKE.values())

    assert [best_of(one)["name"] for one in understood] == list(MEANT_ALIKE)


async def test_what_no_intent_is_about_is_less_sure_than_what_one_is(bakery: Bakery) -> None:
    taught = await bakery.understand(*(texts.split("|")[0] for texts in TAUGHT.values()))
    foreign = await bakery.understand(*ABOUT_NOTHING)

    assert min(best_of(one)["confidence"] for one in taught) > max(best_of(one)["confidence"] for one in foreign)
    assert {one["intent"]["name"] for one in foreign} == {"nlu_fallback"}


async def test_confidences_are_shares_of_one_and_the_rest_is_no_intent(bakery: Bakery) -> None:
    (understood,) = await bakery.understand(ABOUT_NOTHING[0])

    shares = [one["confidence"] for one in understood["intent_ranking"] if one["name"] != "nlu_fallback"]
    assert len(shares) == len(TAUGHT)
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) < 1


async def test_the_lean_engine_understands_the_same(bakery: Bakery) -> None:
    texts = (*MEANT_ALIKE.values(), *ABOUT_NOTHING, "🥐", "ÄÖÜ " * 300, "rye", "?")

    lean = await bakery.understand(*texts, lean=True)

    for there, here in zip(await bakery.understand(*texts), lean, strict=True):
        assert there["intent"]["name"] == here["intent"]["name"]
        assert there["intent"]["confidence"] == pytest.approx(here["intent"]["confidence"], abs=1e-4)


async def test_a_lean_engine_loads_no_client_of_other_doors(bakery: Bakery) -> None:
    load = "import rasa.__main__; from rasa.core.agent import Agent; Agent.load(sys.argv[1]); print(*sys.modules)"

    loaded = set((await run(bakery.folder, "-c", LEAN + load, str(bakery.model))).split())

    # Of a stand-in, nothing below it is there.
    assert not loaded & {"tensorflow.python", "sqlalchemy.sql.compiler", "aiogram.bot.api", "scipy.stats._stats_py"}


async def test_the_weights_are_named_by_what_they_are(bakery: Bakery) -> None:
    weights = minilm._source() / "model.safetensors"

    named = minilm._digest()

    assert named == hashlib.sha256(weights.read_bytes()).hexdigest()


async def test_the_weights_are_quantised_once(bakery: Bakery) -> None:
    (weights,) = (bakery.folder / "minilm").iterdir()
    before = [(file.name, file.stat().st_mtime_ns) for file in sorted(weights.iterdir())]

    await bakery.understand("rye bread")

    assert [(file.name, file.stat().st_mtime_ns) for file in sorted(weights.iterdir())] == before


def best_of(understood: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in understood["intent_ranking"] if one["name"] != "nlu_fallback")
