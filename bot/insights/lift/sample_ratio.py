"""Whether as many are in each arm as the lot should have put there. If not, something lost people of one arm."""

from dataclasses import dataclass

from scipy.special import chdtrc  # type: ignore[import-untyped]

ALARM = 0.001
"""Below it the verdict is withheld: so rare by chance that a fault is likelier (Fabijan and others, KDD 2019)."""


@dataclass(frozen=True)
class SampleRatio:
    """What was expected and what came. `p` is None where nobody was drawn, or the lot had only one side."""

    offered: int
    held_out: int
    expected_held_out: float
    p: float | None

    @property
    def is_faulty(self) -> bool:
        return self.p is not None and self.p < ALARM


def sample_ratio(offered: int, held_out: int, *, holdout: float) -> SampleRatio:
    """The chi-square test of two counts against the share `holdout`, from 0 to 1."""
    people = offered + held_out
    expected = people * holdout
    if people == 0:
        return SampleRatio(offered, held_out, expected, None)
    if holdout <= 0 or holdout >= 1:
        # With a lot of one side, a single person on the other is impossible.
        wrong = held_out if holdout <= 0 else offered
        return SampleRatio(offered, held_out, expected, 0.0 if wrong else None)
    squares = (held_out - expected) ** 2 * (1 / expected + 1 / (people - expected))
    return SampleRatio(offered, held_out, expected, float(chdtrc(1, squares)))
