"""Visits to a shop, with what they ended in. PageValues carries the purchase itself: with it, and without."""

import csv
import gzip
from pathlib import Path

import numpy as np

from bot.insights.likeness.known import Amount, Column, Kind, Known, Numbers

DATA = Path(__file__).parents[3] / "shared" / "data" / "online_shoppers" / "online_shoppers_70pct.csv.gz"
KINDS = ("Month", "OperatingSystems", "Browser", "Region", "TrafficType", "VisitorType", "Weekend")
LEAK, OUTCOME = "PageValues", "Revenue"


def visits(*, leaking: bool) -> tuple[Known, Numbers]:
    """What is known of each visit, and whether it bought (1.0)."""
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns: list[Column] = []
    for name in rows[0]:
        told = [row[name] for row in rows]
        if name in KINDS:
            names = tuple(sorted(set(told)))
            columns.append(Kind(name, np.array([names.index(one) for one in told]), names, 0))
        elif name != OUTCOME and (leaking or name != LEAK):
            columns.append(Amount(name, np.array([float(one) for one in told]), 0))
    return Known(1, tuple(columns)), np.array([float(row[OUTCOME] == "TRUE") for row in rows])
