"""What is known of people at a moment, and not a second later: the only thing that a likeness may be learned from.

What somebody did after the decision tells the decision itself (the page that thanks for an order "foretells" the
order), and then everything looks foretold that is only told. So each column says how late its latest fact is.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.errors import DuologueError

type Numbers = npt.NDArray[np.float64]
type Codes = npt.NDArray[np.int64]


class Leak(DuologueError):
    """A column knows something that happened after the moment."""


@dataclass(frozen=True)
class Amount:
    """A number of each person; nan where nothing is known. `latest`: when the last happened that is in it (ts_us)."""

    name: str
    values: Numbers
    latest: int


@dataclass(frozen=True)
class Kind:
    """Which of `names` each person is; -1 where nothing is known."""

    name: str
    values: Codes
    names: tuple[str, ...]
    latest: int


type Column = Amount | Kind


@dataclass(frozen=True)
class Known:
    """What was known of each person before `moment` (ts_us)."""

    moment: int
    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        late = [one.name for one in self.columns if one.latest >= self.moment]
        if late:
            raise Leak(
                f"{', '.join(late)}: known only after the moment that is decided at, so nothing was learned. "
                "Take what happened before it."
            )

    def __len__(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    def of(self, which: Codes) -> "Known":
        """The people at these places."""
        return Known(self.moment, tuple(_picked(one, which) for one in self.columns))

    def without(self, name: str) -> "Known":
        return Known(self.moment, tuple(one for one in self.columns if one.name != name))


def _picked(one: Column, which: Codes) -> Column:
    if isinstance(one, Amount):
        return Amount(one.name, one.values[which], one.latest)
    return Kind(one.name, one.values[which], one.names, one.latest)
