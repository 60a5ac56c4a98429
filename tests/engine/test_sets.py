"""Sets of examples as they come: with entities and without, and smaller than anybody should make them."""

import asyncio
import json
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from bot.engine.training import engine_python, plain_environment
from tests.engine_fixture import PROJECT

RECIPE = """
recipe: default.v1
assistant_id: sets
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: CountVectorsFeaturizer
  - name: bot.engine.sentences.SentenceFeaturizer
  - name: bot.engine.intents.CalibratedIntentClassifier
  - name: bot.engine.entities.EntityTagger
  - name: bot.engine.contact_points.ContactPoints
    for_intents: [order_status]
"""
TRAIN_AND_ASK = """
import asyncio, json, os, sys, tempfile
from pathlib import Path
sys.path.insert(0, os.getcwd())
from bot.engine import stubs; stubs.stand_in(serving=False)
from rasa.core.agent import Agent
from rasa.model_training import train_nlu

async def main():
    answers = {}
    for name, (examples, texts) in json.load(sys.stdin).items():
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "config.yml").write_text(sys.argv[1])
            Path(folder, "nlu.yml").write_text(examples)
            agent = Agent.load(train_nlu(f"{folder}/config.yml", f"{folder}/nlu.yml", folder))
            answers[name] = [await agent.parse_message(text) for text in texts]
    print("\\n" + json.dumps(answers))

asyncio.run(main())
"""


def examples(**of: list[str]) -> str:
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in of.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    return "\n".join(lines) + "\n"


def city(name: str, role: str) -> str:
    return f'[{name}]{{"entity": "city", "role": "{role}"}}'


def dish(size: str, name: str, group: int) -> str:
    return f'[{size}]{{"entity": "size", "group": "{group}"}} [{name}]{{"entity": "dish", "group": "{group}"}}'


CITIES = ["Paris", "Rome", "Oslo", "Berlin", "Bern", "Lima", "Cairo", "Delhi", "Quito", "Prague"]
FLIGHTS = [
    way.format(city(one, "from"), city(other, "to"))
    for way in ("fly from {} to {}", "from {} to {} please", "to {1} from {0}", "a ticket to {1}", "i leave from {0}")
    for one, other in zip(CITIES[::2], CITIES[1::2], strict=True)
]
DISHES = ["pizza", "soup", "salad", "pie", "cake", "pudding"]
MEALS = [
    f"a {dish('large', one, 1)} and {then}a {dish('small', other, 2)}"
    for one, other in pairwise(DISHES)
    for then in ("", "then ")
] + [f"one {dish('small', name, 1)}" for name in DISHES]
FRUIT = "- lookup: fruit\n  examples: |\n" + "".join(
    f"    - {name}\n" for name in ("plums", "kiwis", "apples", "pears", "melons", "figs")
)
SETS = {
    "roles": (
        examples(fly=FLIGHTS, eat=MEALS, greet=["hello", "hey there"]),
        ["to Vienna from Madrid", "a large cake and a small pizza", "hello", "🍕", "?"],
    ),
    "looked up": (
        examples(
            buy=["i want [apples](fruit)", "[pears](fruit) please", "[melons](fruit)", "a few [figs](fruit)"],
            ask=["i want help", "advice please", "an answer", "a few minutes"],
        )
        + FRUIT,
        ["i want plums", "i want pens"],
    ),
    "one example": (examples(greet=["hello"], leave=["bye"]), ["hello", "bye", "Здравствуйте", "", " \n"]),
    # Rasa keeps what each component has learned, and takes it from there the second time.
    "trained again": (examples(greet=["hello"], leave=["bye"]), ["hello", "order 1001"]),
    "one intent": (examples(greet=["hello", "hi there"]), ["hello"]),
    "same again": (examples(greet=["hello"] * 9, leave=["bye"] * 9, wave=["hello hello", "wave"]), ["hello", "bye"]),
    "scripts": (
        examples(ru=["привет", "как дела"], zh=["你好", "早上好"], ar=["مرحبا", "صباح الخير"]),
        ["привет", "早上好", "مرحبا"],
    ),
}


@pytest.fixture(scope="module")
async def answers() -> AsyncIterator[dict[str, list[dict[str, Any]]]]:
    process = await asyncio.create_subprocess_exec(
        *(str(engine_python(PROJECT)), "-c", TRAIN_AND_ASK, RECIPE),
        cwd=PROJECT,
        env=plain_environment(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaints = await process.communicate(json.dumps(SETS).encode())
    assert process.returncode == 0, complaints.decode()[-2000:]
    yield json.loads(said.decode().splitlines()[-1])


def test_who_goes_from_where_to_where_is_told_apart(answers: dict[str, Any]) -> None:
    flight = answers["roles"][0]["entities"]

    assert [(one["entity"], one["role"], one["value"]) for one in flight] == [
        ("city", "to", "Vienna"),
        ("city", "from", "Madrid"),
    ]
    assert [(one["start"], one["end"], one["extractor"]) for one in flight] == [
        (3, 9, "EntityTagger"),
        (15, 21, "EntityTagger"),
    ]
    assert all(0 < one["confidence_entity"] <= 1 for one in flight)


def test_what_belongs_together_is_in_one_group(answers: dict[str, Any]) -> None:
    meal = answers["roles"][1]["entities"]

    assert [(one["entity"], one["group"], one["value"]) for one in meal] == [
        ("size", "1", "large"),
        ("dish", "1", "cake"),
        ("size", "2", "small"),
        ("dish", "2", "pizza"),
    ]


def test_what_names_nothing_has_no_entity(answers: dict[str, Any]) -> None:
    assert [one["entities"] for one in answers["roles"][2:]] == [[], [], []]


def test_a_list_of_names_helps_to_find_them(answers: dict[str, Any]) -> None:
    plums, pens = answers["looked up"]

    assert [(one["entity"], one["value"]) for one in plums["entities"]] == [("fruit", "plums")]
    assert pens["entities"] == []


def test_without_marked_entities_none_is_found(answers: dict[str, Any]) -> None:
    assert all(one["entities"] == [] for name in ("one example", "scripts") for one in answers[name])


@pytest.mark.parametrize(
    ("name", "intents"),
    [("one example", ["greet", "leave"]), ("same again", ["greet", "leave"]), ("scripts", ["ru", "zh", "ar"])],
)
def test_intents_of_the_smallest_sets_are_told_apart(answers: dict[str, Any], name: str, intents: list[str]) -> None:
    understood = answers[name][: len(intents)]

    assert [one["intent"]["name"] for one in understood] == intents


def test_what_was_trained_before_is_taken_over(answers: dict[str, Any]) -> None:
    hello, order = answers["trained again"]

    assert hello["intent"]["name"] == "greet"
    assert order["entities"] == []


def test_nothing_said_is_no_intent(answers: dict[str, Any]) -> None:
    *_, empty, blank = answers["one example"]

    assert [one["intent"]["name"] for one in (empty, blank)] == [None, None]
    assert [one["intent_ranking"] for one in (empty, blank)] == [[], []]


def test_a_single_intent_is_nothing_to_be_told_apart(answers: dict[str, Any]) -> None:
    assert answers["one intent"][0]["intent"] == {"name": None, "confidence": 0.0}
