"""The two sides of a comparison, as the sums that all estimates are computed from."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
import numpy.typing as npt

type Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Side:
    """One arm. `spends` is what each who brought or cost money brought, less refunds; all others brought nothing.

    `talked_spent` and `talked_bought` are of those who talked; `before` is what each brought before the draw: its sum,
    the sum of its squares, and the sum of its products with what they brought after.
    """

    people: int
    buyers: int
    spends: Numbers
    talked: int = 0
    talked_bought: int = 0
    talked_spent: float = 0.0
    before: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def bought(self) -> float | None:
        """The share who bought; None of nobody."""
        return self.buyers / self.people if self.people else None

    @property
    def mean(self) -> float | None:
        """Revenue per visitor; None of nobody."""
        return fsum(self.spends) / self.people if self.people else None

    @property
    def variance(self) -> float | None:
        """Of the revenue of one visitor, with n - 1; None of fewer than two."""
        if self.people < 2:
            return None
        mean = fsum(self.spends) / self.people
        # Around the mean, not from the sum of squares: large amounts would lose their last digits.
        spread = fsum((self.spends - mean) ** 2) + (self.people - len(self.spends)) * mean**2
        return spread / (self.people - 1)


@dataclass(frozen=True)
class Person:
    """One who was drawn: what they brought, whether they bought and talked, what they had brought before."""

    spent: float
    bought: bool
    talked: bool = False
    before: float = 0.0


def side_of(people: Sequence[Person]) -> Side:
    """The side that these people make."""
    spent = np.array([one.spent for one in people], dtype=np.float64)
    before = np.array([one.before for one in people], dtype=np.float64)
    return side(
        spent,
        bought=np.array([one.bought for one in people], dtype=bool),
        talked=np.array([one.talked for one in people], dtype=bool),
        before=before,
    )


def side(
    spent: Numbers,
    *,
    bought: npt.NDArray[np.bool_] | None = None,
    talked: npt.NDArray[np.bool_] | None = None,
    before: Numbers | None = None,
) -> Side:
    """The side of these people, a place in each array for each; who spent more than nothing bought, if nobody says."""
    bought = spent > 0 if bought is None else bought
    talked = np.zeros(len(spent), dtype=bool) if talked is None else talked
    before = np.zeros(len(spent)) if before is None else before
    return Side(
        people=len(spent),
        buyers=int(bought.sum()),
        spends=spent[spent != 0],
        talked=int(talked.sum()),
        talked_bought=int((bought & talked).sum()),
        talked_spent=fsum(spent[talked]),
        before=(fsum(before), fsum(before**2), fsum(before * spent)),
    )
