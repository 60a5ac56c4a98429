"""What we change in Rasa is what we have read: a new Rasa has to be read again before it is changed."""

import asyncio
import json

from bot.engine.training import engine_python, plain_environment
from tests.engine_fixture import PROJECT

PATCHED = {
    "rasa.core.actions.action:RemoteAction._validate_action_result": "f8cdb4be6812",
    "rasa.core.actions.action:RemoteAction.run": "ccabf6f1160d",
    "rasa.utils.endpoints:EndpointConfig.request": "ccdb778aed82",
    "rasa.engine.runner.dask:DaskGraphRunner.run": "45f0f52f574f",
    "rasa.shared.core.events:Event.resolve_by_type": "b5cf570fa7f2",
    "rasa.core.policies.rule_policy:RulePolicy._find_action_from_rules": "be6da6ee0f54",
    "rasa.core.processor:MessageProcessor._load_model": "17f24faf9681",
    "rasa.core.policies.rule_policy:RulePolicy.predict_action_probabilities": "301c6695cd50",
}
COUNTS = "rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer:CountVectorsFeaturizer"
READ_FOR_FEATURES = {
    f"{COUNTS}._create_features": "d841f50f6649",
    "rasa.nlu.classifiers.logistic_regression_classifier:LogisticRegressionClassifier.process": "200fc5eab907",
}
"""`bot.engine.features` does for one message what these do for many."""
READ_FOR_NAMES = {
    "rasa.core.policies.rule_policy:RulePolicy._metadata": "c496f82663fd",
    "rasa.core.policies.rule_policy:RulePolicy._collect_sources": "900da5dd099b",
}
"""`bot.engine.rule_names` keeps in a model what these know while it is trained."""
DIGESTS = """
import functools, hashlib, importlib, inspect, json, sys
sys.path.insert(0, ".")
from bot.engine import stubs; stubs.stand_in()
import rasa.core.agent

def looked_up(name):
    module, _, path = name.partition(":")
    return functools.reduce(getattr, path.split("."), importlib.import_module(module))

def digest(name):
    return hashlib.sha256(inspect.getsource(looked_up(name)).encode()).hexdigest()[:12]
"""
TELL = """
print(json.dumps({name: digest(name) for name in json.loads(sys.argv[1])}))
"""
REPLACED = """
names = json.loads(sys.argv[1])
before = {name: looked_up(name) for name in names}
from bot.engine import patches; patches.apply()
print(json.dumps([name for name in names if looked_up(name) is not before[name]]))
"""
SAME_ANSWERS = """
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses
results = json.loads(sys.argv[1])

def refused(result):
    try:
        return RemoteAction("a", None)._validate_action_result(result) is not True
    except Exception:
        return True

def resolved(type_name):
    try:
        return str(Event.resolve_by_type(type_name))
    except ValueError as error:
        return str(error)

types = [one.type_name for one in all_subclasses(Event) if isinstance(getattr(one, "type_name", None), str)]
def answers():
    return [refused(one) for one in results] + [resolved(one) for one in [*types, "no such event"]]

stock = answers()
from bot.engine import patches; patches.apply()
print(json.dumps([stock, answers()]))
"""
RESULTS = [{"events": [], "responses": [{"text": "x"}]}, {"events": [{"event": "slot"}]}, {"events": "none"}, [], {}]


async def in_the_engine(code: str, given: object) -> object:
    process = await asyncio.create_subprocess_exec(
        *(str(engine_python(PROJECT)), "-c", DIGESTS + code, json.dumps(given)),
        cwd=PROJECT,
        env=plain_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()[-2000:]
    return json.loads(said.decode().splitlines()[-1])


async def test_rasa_is_still_what_the_patches_were_written_for() -> None:
    read = PATCHED | READ_FOR_FEATURES | READ_FOR_NAMES

    found = await in_the_engine(TELL, list(read))

    assert found == read


async def test_each_patch_takes_the_place_of_what_it_was_written_for() -> None:
    # Predictions get another runner; dask's own stays as it is, for training.
    replaceable = [name for name in PATCHED if "DaskGraphRunner" not in name]

    replaced = await in_the_engine(REPLACED, replaceable)

    assert replaced == replaceable


async def test_patched_checks_and_look_ups_give_what_rasas_own_give() -> None:
    stock, patched = await in_the_engine(SAME_ANSWERS, RESULTS)  # type: ignore[misc]

    assert patched == stock
    assert {True, False} <= set(stock)
