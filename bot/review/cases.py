"""The regression cases: what a model has to get right before it is used. They are in data/review/cases.yml."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.errors import ConfigurationError
from bot.review.in_use import CASES

HEAD = """\
# What was reviewed in the console, and has to come out so with every new model: `duologue review replay`.
# `duologue review export` adds to it; one that does not hold any more may be taken out.
cases:
"""


@dataclass(frozen=True)
class Case:
    """`intent` None: it has to be taken for nothing for certain. `says`: the words that must be answered."""

    id: str
    said: str
    intent: str | None
    says: str | None = None


def read_cases(project: Path) -> tuple[Case, ...]:
    """All cases; none where there is no file. ConfigurationError when it holds something else."""
    file = project / CASES
    if not file.is_file():
        return ()
    try:
        return cases_in(file.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"{CASES} can't be read ({type(error).__name__}); each case has an id, said and intent."
        ) from error


def cases_in(text: str) -> tuple[Case, ...]:
    told = YAML(typ="safe", pure=True).load(text) or {}
    return tuple(_case(one) for one in told.get("cases") or ())


def _case(told: dict[str, Any]) -> Case:
    intent, says = told["intent"], told.get("says")
    if not all(isinstance(one, str) for one in (told["id"], told["said"], intent or "", says or "")):
        raise TypeError("a case holds texts")
    return Case(told["id"], told["said"], intent, says)


def with_cases(text: str, new: Iterable[Case]) -> str:
    """The file's text with these at its end; what is there stays as it is."""
    return (text or HEAD) + "".join(map(_written, new))


def _written(case: Case) -> str:
    lines = [f"  - id: {quoted(case.id)}", f"    said: {quoted(case.said)}"]
    lines.append(f"    intent: {'null' if case.intent is None else quoted(case.intent)}")
    lines += [] if case.says is None else [f"    says: {quoted(case.says)}"]
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """As JSON, which YAML reads as well: no word of the text is taken for anything else."""
    return json.dumps(text, ensure_ascii=False)
