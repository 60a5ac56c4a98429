"""Which rule of data/rules an intent was answered by: their names are sentences, for people to read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

NOT_UNDERSTOOD = "nlu_fallback"


@dataclass(frozen=True)
class Rule:
    """`intents` of which any sets it off, and the action that it begins with."""

    name: str
    file: str
    intents: frozenset[str]
    action: str


def read_rules(project: Path) -> tuple[Rule, ...]:
    """All rules below data/; what is no rule, or can't be read, is left out: Rasa says so when it trains."""
    found: list[Rule] = []
    for file in sorted((project / "data").glob("**/*.yml")):
        try:
            told = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
            found += _rules(told, str(file.relative_to(project)))
        except (YAMLError, AttributeError, TypeError, KeyError):
            continue
    return tuple(found)


def rule_of(rules: Sequence[Rule], intent: str | None, done: Sequence[str]) -> Rule | None:
    """The rule that begins with something that was done, for this intent; None in the midst of a form."""
    said = intent or NOT_UNDERSTOOD
    return next((rule for rule in rules if said in rule.intents and rule.action in done), None)


def _rules(told: dict[str, Any] | None, file: str) -> Iterator[Rule]:
    for rule in (told or {}).get("rules", ()):
        steps = rule["steps"]
        actions = [step["action"] for step in steps if "action" in step]
        intents = frozenset(_intents(steps))
        if intents and actions:
            yield Rule(rule["rule"], file, intents, actions[0])


def _intents(steps: Sequence[dict[str, Any]]) -> Iterator[str]:
    for step in steps:
        for one in (step, *step.get("or", ())):
            if "intent" in one:
                yield one["intent"]
