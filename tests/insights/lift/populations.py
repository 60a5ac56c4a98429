"""People of invented experiments, the same on every machine."""

import numpy as np
import numpy.typing as npt

from bot.insights.lift.sides import Numbers, Side, side


def spending(people: int, share: float, seed: int, *, growth: float = 1.0) -> Numbers:
    """What each brought: most nothing, a share of them some tens, a few much more."""
    random = np.random.default_rng(seed)
    bought = random.random(people) < share
    found: Numbers = np.where(bought, random.lognormal(3, 1, people) * growth, 0.0)
    return found


def buyers(bought: int, people: int, *, spent: float = 10.0, talked: int = 0) -> Side:
    """So many who spent the same; the first of all talked."""
    money = np.zeros(people)
    money[:bought] = spent
    return side(money, talked=np.arange(people) < talked)


def alike(people: int, seed: int, *, effect: float) -> tuple[Numbers, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Who is keen talks more and buys more; `effect` is what talking adds to the chance to buy."""
    random = np.random.default_rng(seed)
    keen, other = random.normal(size=people), random.normal(size=people)
    talked = random.random(people) < 1 / (1 + np.exp(2 - keen))
    bought = random.random(people) < 1 / (1 + np.exp(2.2 - 0.9 * keen)) + effect * talked
    return np.column_stack([keen, other]), talked, bought
