"""A figure, the bars it is held against, and the sums that make one of many answers."""

import bisect
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

BARS: dict[str, tuple[float, float]] = {
    "mtrag_r5": (0.38, 0.438),
    "mtrag_r10": (0.49, 0.539),
    "in_page_top5": (0.90, 0.95),
    "faq_hit1": (0.70, 0.80),
    "policyqa_hit5": (0.65, 0.75),
    "extraction_f1": (0.960, 0.970),
    "off_topic_auc": (0.98, 0.99),
    "unanswerable_auc": (0.71, 0.80),
    "cpu_p99_over_encode": (4.0, 2.5),
    "growth_10x_ms": (5.0, 0.0),
    "growth_100x_ms": (50.0, 0.0),
    "index_cpu_s_per_1000": (60.0, 30.0),
    "memory_mb": (150.0, 100.0),
}
"""What has to be reached, and what is aimed at; where the aim is below the must, less is better."""


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    against: float | None = None
    ratio: float | None = None
    told: str = ""

    @property
    def verdict(self) -> str:
        """Which bar is reached; empty where there is none."""
        if (bars := BARS.get(self.name.removeprefix("pages."))) is None:
            return ""
        must, aim = bars
        sign = 1 if aim > must else -1
        if self.value * sign >= aim * sign:
            return f"aim {aim:g}"
        return f"must {must:g}" if self.value * sign >= must * sign else f"FAILS {must:g}"


def figure(name: str, value: float, unit: str, told: str, against: float | None = None) -> Figure:
    ratio = None if not against else round(value / against, 4)
    return Figure(f"pages.{name}", round(value, 4), unit, None if against is None else round(against, 4), ratio, told)


type Listed = Mapping[str, Sequence[str]]
"""What was found for each question, best first, by the question's id."""
type Gold = Mapping[str, frozenset[str]]


def recall(found: Listed, gold: Gold, top: int) -> float:
    """Mean share of a question's gold passages among the first `top` listed."""
    return statistics.mean(len(right & set(found[one][:top])) / len(right) for one, right in gold.items())


def hit(found: Listed, gold: Gold, top: int) -> float:
    """Share of the questions that have a gold passage among the first `top` listed."""
    return statistics.mean(not right.isdisjoint(found[one][:top]) for one, right in gold.items())


def area_under_curve(good: Sequence[float], bad: Sequence[float]) -> float:
    """The chance that a question the site can answer is held surer than one it can't."""
    bad = sorted(bad)
    below = [(bisect.bisect_left(bad, one) + bisect.bisect_right(bad, one)) / 2 for one in good]
    return statistics.mean(below) / len(bad)


def percentile(values: Iterable[float], share: float) -> float:
    """The least value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(len(ordered) * share) - 1))]
