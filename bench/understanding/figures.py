"""A figure and the bars it is held against."""

from dataclasses import dataclass

BARS: dict[str, tuple[float, float | None]] = {
    "clinc_in_scope": (0.955, 0.97),
    "clinc_oos_recall": (0.57, 0.70),
    "hwu64_intent_f1": (0.91, 0.925),
    "hwu64_entity_f1": (0.80, 0.86),
    "clinc_10shot": (0.91, 0.94),
    "hwu64_10shot": (0.83, 0.87),
    "engine_cpu_p99_ms": (3.0, None),
}
"""What has to be reached, and what is aimed at."""
LESS_IS_BETTER = frozenset({"engine_cpu_p99_ms"})


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
        short = self.name.removeprefix("understanding.")
        if short not in BARS:
            return ""
        must, aim = BARS[short]
        sign = -1 if short in LESS_IS_BETTER else 1
        if aim is not None and self.value * sign >= aim * sign:
            return "reaches the aim"
        return "reaches the must" if self.value * sign >= must * sign else "FAILS"

    @property
    def bars(self) -> str:
        must, aim = BARS.get(self.name.removeprefix("understanding."), (None, None))
        return f"{'' if must is None else format(must, 'g'):>7} {'' if aim is None else format(aim, 'g'):>7}"


def figure(name: str, value: float, unit: str, told: str) -> Figure:
    return Figure(f"understanding.{name}", round(value, 4), unit, told=told)
