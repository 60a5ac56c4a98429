"""What a log says of who is like those sought: learned at a moment in the past, tried on what came, asked of now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.insights.likeness import reading
from bot.insights.likeness.judging import Judged, judged
from bot.insights.likeness.known import Codes, Numbers
from bot.insights.likeness.models import MODELS, SEED, Logistic
from bot.insights.likeness.reading import People
from bot.insights.likeness.reasons import Reason, reasons
from bot.insights.log.questions import segments as money
from bot.insights.log.questions.asked import DAY_US, rows_of
from bot.insights.segments import DEFAULT_CURRENCY

if TYPE_CHECKING:
    import duckdb

FEWEST_SEEDS, FEWEST_PEOPLE = 50, 200
LONGEST = 180
"""Days that are foretold, where the log is twice as long."""
SHORTEST = 14
LEARNED_FROM = 40_000
"""People at most: all who are sought, and of the others so many by lot, who then count for all of them."""
TOP, TENTH = 50, 0.1


@dataclass(frozen=True)
class Alike:
    """Everybody who is not one of those sought by now, scored. `first` are the tenth with the highest scores."""

    people: int
    first: tuple[str, ...]
    scores: tuple[float, ...]
    talked: tuple[bool, ...]
    """Whether each of the first tenth ever said anything."""

    @property
    def never_talked(self) -> int:
        """How many of the first tenth did not."""
        return self.talked.count(False)


@dataclass(frozen=True)
class Told:
    """`moment` is the one decided at (ts_us); None where the log is too short. Without `judged` there are too few."""

    currency: str
    moment: int | None
    days: int
    people: int
    seeds: int
    judged: Judged | None
    reasons: tuple[Reason, ...]
    alike: Alike | None
    buyers_suffice: bool = False
    """Where there are too few: whether there are enough who bought at all."""


def told(connection: "duckdb.DuckDBPyConnection", seed: str, now: int, unwilling: Sequence[str] = ()) -> Told:
    """`unwilling` are browsers of people who don't agree to be measured: nothing is learned of them or told."""
    reading.leave_out(connection, unwilling)
    currency = _currency(connection)
    span = connection.execute("SELECT min(ts_us), max(ts_us) FROM log").fetchone()
    if span is None or span[0] is None:
        return Told(currency, None, 0, 0, 0, None, (), None)
    ends = min(now, int(span[1]) + 1)
    days = min(LONGEST, (ends - int(span[0])) // DAY_US // 2)
    if days < SHORTEST:
        return Told(currency, None, int(days), 0, 0, None, (), None)
    moment = ends - days * DAY_US
    before = reading.people_at(connection, currency, moment, name="before")
    is_seed = reading.sought(connection, currency, moment, seed, name="before")
    seeds = int(is_seed.sum())
    people = len(before.known)
    if _are_few(seeds, people):
        buyers = int(reading.sought(connection, currency, moment, reading.BUYERS, name="before").sum())
        suffice = not _are_few(buyers, people)
        return Told(currency, moment, days, people, seeds, None, (), None, suffice)
    which, weight = _some(is_seed)
    some = before.known.of(which)
    found = judged(some, is_seed[which], before.spent[which], weight)
    model = MODELS[found.chosen](some, is_seed[which], weight)
    plain = model if isinstance(model, Logistic) else Logistic(some, is_seed[which], weight)
    why = tuple(reasons(plain, some, is_seed[which], weight))
    now_people = reading.people_at(connection, currency, ends, name="present")
    alike = _alike(connection, now_people, model.scores(now_people.known), is_seed)
    return Told(currency, moment, days, people, seeds, found, why, alike)


def _are_few(seeds: int, people: int) -> bool:
    return seeds < FEWEST_SEEDS or people - seeds < FEWEST_PEOPLE


def _alike(connection: "duckdb.DuckDBPyConnection", people: People, scores: Numbers, is_seed: Numbers) -> Alike:
    was = reading.same(connection, "present", "before")
    others = np.flatnonzero((was < 0) | (is_seed[np.maximum(was, 0)] == 0))
    ranked = others[np.lexsort((others, -scores[others]))]
    first = ranked[: max(1, int(len(ranked) * TENTH))]
    return Alike(
        len(others),
        tuple(reading.names(connection, first, name="present")),
        tuple(float(one) for one in scores[first]),
        tuple(bool(one) for one in people.said[first] > 0),
    )


def _some(is_seed: Numbers) -> tuple[Codes, Numbers]:
    """Whom to learn from, and how many people each of them stands for."""
    random = np.random.default_rng(SEED)
    seeds, others = np.flatnonzero(is_seed == 1), np.flatnonzero(is_seed == 0)
    seeds_learned = random.choice(seeds, min(len(seeds), LEARNED_FROM // 2), replace=False)
    room = LEARNED_FROM - len(seeds_learned)
    others_learned = random.choice(others, min(len(others), room), replace=False)
    which = np.concatenate([seeds_learned, others_learned])
    stands_for = (len(seeds) / len(seeds_learned), len(others) / len(others_learned))
    weight = np.repeat(stands_for, (len(seeds_learned), len(others_learned)))
    order = np.argsort(which)
    return which[order], weight[order]


def _currency(connection: "duckdb.DuckDBPyConnection") -> str:
    rows = rows_of(connection, money.currencies)
    main = min(rows, key=lambda row: (-row["orders"], row["currency"]), default=None)
    return main["currency"] if main is not None and main["orders"] else DEFAULT_CURRENCY
