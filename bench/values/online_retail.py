"""A real shop's customers by their first 30 days: who will be of the tenth that spends most in the 180 days after?"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from bot.insights.likeness.known import Amount, Kind, Known, Numbers

DATA = Path(__file__).parents[3] / "shared" / "data" / "online_retail" / "online_retail_to_2011-08-31.csv.gz"
FIRST, NEXT = timedelta(days=30), timedelta(days=180)
ENDS = datetime(2011, 9, 1)


@dataclass
class Customer:
    """Lines of orders in the first days, and what the days after came to."""

    begins: datetime
    country: str
    lines: list[tuple[datetime, str, str, int, float]] = field(default_factory=list)
    later: float = 0.0


def lines() -> Iterator[tuple[str, datetime, str, str, int, float, str]]:
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["CustomerID"]:
                yield (row["CustomerID"], datetime.fromisoformat(row["InvoiceDate"]), row["InvoiceNo"],
                       row["StockCode"], int(row["Quantity"]), float(row["UnitPrice"]), row["Country"])  # fmt: skip


def customers() -> list[Customer]:
    """All whose 210 days are over, by the order of their first line."""
    found: dict[str, Customer] = {}
    for who, at, invoice, product, quantity, price, country in sorted(lines(), key=lambda line: line[1]):
        one = found.setdefault(who, Customer(at, country))
        if at < one.begins + FIRST:
            one.lines.append((at, invoice, product, quantity, price))
        elif at < one.begins + FIRST + NEXT:
            one.later += quantity * price
    return [one for one in found.values() if one.begins + FIRST + NEXT <= ENDS]


def first_days() -> tuple[Known, Numbers, Numbers]:
    """What is known after 30 days, who is of the best tenth afterwards (1.0), and what they had spent."""
    people = customers()
    later = np.array([one.later for one in people])
    seeds = np.zeros(len(people))
    seeds[np.lexsort((np.arange(len(people)), -later))[: len(people) // 10]] = 1.0
    table: dict[str, list[float]] = defaultdict(list)
    for one in people:
        for name, value in _facts(one).items():
            table[name].append(value)
    countries = tuple(sorted({one.country for one in people}))
    where = np.array([countries.index(one.country) for one in people])
    columns = tuple(Amount(name, np.array(values), 0) for name, values in table.items())
    spent = np.array([sum(line[3] * line[4] for line in one.lines) for one in people])
    return Known(1, (*columns, Kind("country", where, countries, 0))), seeds, spent


def _facts(one: Customer) -> dict[str, float]:
    bought = [line for line in one.lines if line[3] > 0]
    orders: dict[str, float] = defaultdict(float)
    for _, invoice, _, quantity, price in bought:
        orders[invoice] += quantity * price
    given = -sum(line[3] * line[4] for line in one.lines if line[3] < 0)
    last = max(line[0] for line in one.lines)
    return {
        "spent": sum(line[3] * line[4] for line in one.lines),
        "orders": float(len(orders)),
        "days with an order": float(len({line[0].date() for line in bought})),
        "largest order": max(orders.values(), default=0.0),
        "mean order": sum(orders.values()) / max(1, len(orders)),
        "pieces": float(sum(line[3] for line in bought)),
        "products": float(len({line[2] for line in bought})),
        "lines": float(len(bought)),
        "pieces a line": sum(line[3] for line in bought) / max(1, len(bought)),
        "mean price": sum(line[4] for line in bought) / max(1, len(bought)),
        "given back": given,
        "days to the last": (last - one.begins) / timedelta(days=1),
        "hour": float(one.begins.hour),
    }
