"""People of whom some are alike: drawn, with what makes them so known beforehand, and what does not."""

import numpy as np

from bot.insights.likeness.known import Amount, Column, Kind, Known, Numbers

MOMENT = 1_000


def drawn(people: int, *, telling: float = 1.0, share: float = 0.1, seed: int = 1) -> tuple[Known, Numbers]:
    """What is known of each, and who is one of those sought (1.0): the more telling, the surer."""
    random = np.random.default_rng(seed)
    visits, pages, days = (random.poisson(mean, people).astype(float) for mean in (4, 6, 5))
    where = random.integers(0, 3, people)
    odds = telling * (0.3 * (visits - 4) + 0.3 * (pages - 6) + 0.3 * (days - 5) + 1.2 * (where == 2)) + random.logistic(
        size=people
    )
    is_seed = (odds >= np.quantile(odds, 1 - share)).astype(float)
    columns: tuple[Column, ...] = (
        Amount("visits", visits, MOMENT - 1), Amount("pages", pages, MOMENT - 1), Amount("days", days, MOMENT - 1),
        Amount("noise", random.normal(size=people), MOMENT - 1),
        Kind("country", where, ("AT", "DE", "NO"), MOMENT - 1),
    )  # fmt: skip
    return Known(MOMENT, columns), is_seed


def beside(known: Known, *columns: Column) -> Known:
    return Known(known.moment, (*known.columns, *columns))
