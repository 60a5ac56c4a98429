"""How far a copy has come in a table whose rows are numbered, also where numbers are committed out of order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

SETTLED = 2**63 - 1
"""The oldest transaction still running, where there is one writer and so none that could come late."""
PATIENCE_US = 60_000_000
"""How long a gap is looked into at least: a statement may have its number before its transaction has one."""


@dataclass(frozen=True)
class Moment:
    """What a database knows of its transactions when read: all before `oldest` have ended, `next` has not begun."""

    at: int
    oldest: int = SETTLED
    next: int = 0


@dataclass(frozen=True)
class Gap:
    """Numbers that were not there when higher ones were: never to come, or in a transaction that had not ended."""

    first: int
    last: int
    next: int
    at: int

    def may_fill(self, now: Moment) -> bool:
        return now.oldest < self.next or now.at - self.at < PATIENCE_US


@dataclass(frozen=True)
class Mark:
    """Everything up to `upto` was seen, but for what is in the gaps."""

    upto: int = 0
    gaps: tuple[Gap, ...] = ()

    def ranges(self) -> list[tuple[int, int]]:
        """What is still to be seen, as (first, last)."""
        return [*((gap.first, gap.last) for gap in self.gaps), (self.upto + 1, SETTLED)]

    def __contains__(self, number: int) -> bool:
        return number <= self.upto and not any(gap.first <= number <= gap.last for gap in self.gaps)

    def moved(self, numbers: Iterable[int], now: Moment) -> "Mark":
        """After a look at `ranges` that found these, in ascending order; what was missing may still come."""
        before, upto, gaps = [gap for gap in self.gaps if gap.may_fill(now)], self.upto, list[Gap]()
        filled: list[int] = []
        for number in numbers:
            if number <= self.upto:
                filled.append(number)
                continue
            if number > upto + 1 and now.next:
                gaps.append(Gap(upto + 1, number - 1, now.next, now.at))
            upto = number
        return Mark(upto, (*_without(before, filled), *gaps))


def _without(gaps: Iterable[Gap], numbers: list[int]) -> Iterator[Gap]:
    for gap in gaps:
        first = gap.first
        for number in sorted(one for one in numbers if gap.first <= one <= gap.last):
            if number > first:
                yield replace(gap, first=first, last=number - 1)
            first = number + 1
        if first <= gap.last:
            yield replace(gap, first=first)
