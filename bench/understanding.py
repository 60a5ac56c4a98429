"""What the bot understands: `.venv/bin/python bench/understanding.py [--quick] [--json] [--recipe FILE] [--only PART]`.

The recipe (config.yml, as it ships) is trained on each set by `rasa train nlu`, its model is asked one message after
the other as the engine serves it. CLINC150 is taught without its examples of no intent; the threshold below which a
message counts as being of none is the highest that costs the validation part half a percent of its right answers at
most. HWU64 has ten official folds, whose micro F1 is the share of right intents; an entity is
right when its kind, beginning and end are. Few-shot: ten examples of each
intent by fixed seeds, asked the whole test part (of HWU64: of fold 1). The CPU is the engine's alone, a message of
CLINC150's.

`--quick`: few-shot by one seed, and the first fold of HWU64.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from understanding import sets
from understanding.figures import Figure, figure
from understanding.sets import PROJECT, Said
from understanding.trained import Answers, Made, answers

SEEDS = (0, 1, 2)
LOST_AT_MOST = 0.005
PARTS = ("few", "hwu64", "clinc")


def measure(recipe: Path, *, quick: bool, only: frozenset[str]) -> Iterator[Figure]:
    if "few" in only:
        yield from after_few(recipe, SEEDS[:1] if quick else SEEDS, with_cost=quick)
    if "hwu64" in only:
        folds = sets.FOLDS[:1] if quick else sets.FOLDS
        tasks = [sets.hwu64(fold) for fold in folds]
        made = [answers(task, recipe).asked for task in tasks]
        shares = [share_right(one, task.asked) for one, task in zip(made, tasks, strict=True)]
        yield figure("hwu64_intent_f1", statistics.mean(shares), "share", f"folds {_listed(shares)}")
        found = [entity_f1(one, task.asked) for one, task in zip(made, tasks, strict=True)]
        nearly = [entity_f1(one, task.asked, overlap=True) for one, task in zip(made, tasks, strict=True)]
        told = f"folds {_listed(found)}; {statistics.mean(nearly):.3f} when an overlap is enough"
        yield figure("hwu64_entity_f1", statistics.mean(found), "share", told)
    if "clinc" in only and not quick:
        yield from refusing(recipe)


def after_few(recipe: Path, seeds: Sequence[int], *, with_cost: bool) -> Iterator[Figure]:
    for name, task in (("clinc_10shot", sets.clinc()), ("hwu64_10shot", sets.hwu64(1))):
        given = [answers(sets.few(task, seed), recipe) for seed in seeds]
        shares = [share_right(one.asked, task.asked) for one in given]
        told = "by seed " + ", ".join(f"{one:.3f}" for one in shares)
        yield figure(name, statistics.mean(shares), "share", told)
        if with_cost and name == "clinc_10shot":
            yield cost(given[0])


def refusing(recipe: Path) -> Iterator[Figure]:
    task = sets.clinc()
    given = answers(task, recipe)
    yield figure("clinc_accuracy", share_right(given.asked, task.asked), "share", "in scope, when nothing is refused")
    limit = threshold(given.validation, task.validation)
    refused = [one.confidence < limit for one in given.of_no_intent]
    told = f"with a threshold of {limit:.3f}"
    yield figure("clinc_in_scope", share_right(given.asked, task.asked, limit), "share", told)
    yield figure("clinc_oos_recall", statistics.mean(refused), "share", told)
    yield cost(given)


def share_right(made: Sequence[Made], asked: Sequence[Said], limit: float = 0.0) -> float:
    """What is refused counts as wrong."""
    right = [m.intent == one.intent and m.confidence >= limit for m, one in zip(made, asked, strict=True)]
    return statistics.mean(right)


def entity_f1(made: Sequence[Made], asked: Sequence[Said], *, overlap: bool = False) -> float:
    """Micro F1 of entities: kind, beginning and end have to be right, or kind and some of the words."""
    right = sum(
        any(one == other or (overlap and one.overlaps(other)) for other in said.entities)
        for m, said in zip(made, asked, strict=True)
        for one in m.entities
    )
    return 2 * right / sum(len(one.entities) for one in (*made, *asked))


def _listed(shares: Sequence[float]) -> str:
    return ", ".join(f"{one:.3f}" for one in shares)


def threshold(made: Sequence[Made], asked: Sequence[Said]) -> float:
    """The highest that leaves nearly all right answers of validation."""
    right = sorted(m.confidence for m, one in zip(made, asked, strict=True) if m.intent == one.intent)
    return right[int(LOST_AT_MOST * len(made))]


def cost(given: Answers) -> Figure:
    # The first messages meet what is still to be loaded.
    spent = sorted(one.ms for one in given.asked[100:])
    told = f"of a message's CPU; the median {statistics.median(spent):.2f} ms"
    return figure("engine_cpu_p99_ms", spent[int(len(spent) * 0.99)], "ms", told)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--json", action="store_true")
    options.add_argument("--recipe", type=Path, default=PROJECT / "config.yml", metavar="FILE")
    options.add_argument("--only", metavar="PART", choices=PARTS, action="append", help=", ".join(PARTS))
    given = options.parse_args()
    for file in (sets.CLINC, sets.HWU64):
        if not file.is_file():
            print(f"There is no {file}; set DUOLOGUE_DATA to the folder of the sets.", file=sys.stderr)
            return 2
    if not given.json:
        print(f"{'':32} {'value':>8} {'':5} {'must':>7} {'aim':>7}")
    for one in measure(given.recipe, quick=given.quick, only=frozenset(given.only or PARTS)):
        if given.json:
            line = json.dumps({key: value for key, value in asdict(one).items() if key != "told"})
        else:
            line = f"{one.name:32} {one.value:8.3f} {one.unit:5} {one.bars} {one.verdict:16} {one.told}"
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
