"""CDNOW's sample, 2,357 customers of 1997: 39 weeks to fit, 39 weeks held out, as Fader, Hardie and Lee had it."""

from datetime import date
from pathlib import Path

import numpy as np

from bot.insights.value.histories import Histories

DATA = Path(__file__).parents[3] / "shared" / "data" / "cdnow" / "CDNOW_sample.txt"
BEGINS, CUT, ENDS = date(1997, 1, 1), date(1997, 9, 30), date(1998, 6, 30)


def orders() -> list[tuple[str, int, int]]:
    """(customer, day, cents) of each transaction; several of a day are one."""
    sums: dict[tuple[str, int], int] = {}
    for line in DATA.read_text().splitlines():
        _, who, day, _, dollars = line.split()
        at = date.fromisoformat(f"{day[:4]}-{day[4:6]}-{day[6:]}").toordinal()
        sums[who, at] = sums.get((who, at), 0) + round(float(dollars) * 100)
    return sorted((who, at, cents) for (who, at), cents in sums.items())


def histories(until: date) -> Histories:
    """Up to and with this day, an entry each customer in the order of their numbers."""
    days: dict[str, list[tuple[int, int]]] = {}
    for who, at, cents in orders():
        if at <= until.toordinal():
            days.setdefault(who, []).append((at, cents))
    rows = [
        (len(of) - 1, of[-1][0] - of[0][0], until.toordinal() - of[0][0],
         sum(cents > 0 for _, cents in of[1:]), sum(cents for _, cents in of[1:]))
        for of in days.values()
    ]  # fmt: skip
    found = np.array(rows, dtype=np.int64).T
    return Histories(found[0], found[1], found[2], found[3], found[4].astype(np.float64))
