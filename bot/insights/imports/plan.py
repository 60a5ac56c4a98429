"""What an import of a file would do: all read, checked row by row, compared with what is known; nothing is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched, islice
from typing import Any

from bot.errors import ConfigurationError
from bot.insights.imports.columns import LINE, NoSuchColumn, columns_of
from bot.insights.imports.contacts import read_contact
from bot.insights.imports.faults import Faults, Wrong, shown
from bot.insights.imports.orders import Ways, fold, read_line
from bot.insights.imports.shelf import Shelf
from bot.insights.imports.source import Source
from bot.insights.imports.values import SLASHED, Clock, decimals_after_comma
from bot.store.imported import body_of, digest_of_body, known_contacts, known_orders, source_id_of, whose_of
from bot.store.sites import Site
from bot.store.store import Store

LOOKED_AT = 5_000
"""Rows that tell how a file writes its numbers and dates."""
COMPARED_AT_ONCE = 500
SAMPLE = 5
"""Rows that are kept to be shown as they were read."""
NUMBERS = ("value", "margin", "refunded", "price", "quantity")


@dataclass
class Plan:
    """What would be done, in numbers; `money` by currency and kind, in minor units.

    `sample` are the first rows that are right, as they were read: the line, and what was told under our names.
    """

    kind: str
    form: str
    columns: dict[str, str]
    unused: list[str]
    ways: Ways
    rows: int = 0
    known: int = 0
    linked: int = 0
    new: dict[str, int] = field(default_factory=dict)
    money: dict[str, dict[str, int]] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    sample: list[dict[str, Any]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(self.new.values())

    def add(self, body: Mapping[str, Any]) -> None:
        kind = str(body.get("kind", "contact"))
        self.new[kind] = self.new.get(kind, 0) + 1
        self.linked += whose_of(body) is not None
        if "currency" in body:
            sums = self.money.setdefault(kind, {})
            sums[body["currency"]] = sums.get(body["currency"], 0) + body["value"]
        if (at := body.get("at")) is not None:
            self.first = at if self.first is None else min(self.first, at)
            self.last = at if self.last is None else max(self.last, at)


class Planning:
    """One file on its way: `plan` reads it, and `shelf` then has what there is to be put into the store."""

    def __init__(self, store: Store, site: Site, source: Source, shelf: Shelf, faults: Faults) -> None:
        self._store, self._site, self._source, self._faults = store, site, source, faults
        self.shelf = shelf

    async def plan(
        self, kind: str, ways: Ways, said: Mapping[str, str], on: Callable[[int], None], *, is_all: bool = False
    ) -> Plan:
        names = names_of(self._source)
        columns = columns_of(kind, names, said, is_all=is_all)
        _refuse_without(kind, columns, ways)
        _look_at(self._source, columns, ways)
        unused = [name for name in names if name and name not in columns.values()]
        plan = Plan(kind, self._source.form, columns, unused, ways)
        self._read(plan, on)
        bodies = self._orders(ways) if kind == "orders" else self._contacts(ways)
        for some in batched(bodies, COMPARED_AT_ONCE):
            await self._compare(plan, some)
        return plan

    def _read(self, plan: Plan, on: Callable[[int], None]) -> None:
        read = read_line if plan.kind == "orders" else read_contact
        theirs = tuple(plan.columns.items())
        for line, cells in self._source.rows():
            plan.rows += 1
            if not plan.rows % 2_000:
                on(plan.rows)
            if isinstance(cells, Wrong):
                self._faults.add(line, cells)
                continue
            ours = {name: cells.get(column, "") for name, column in theirs}
            try:
                key, told = read(ours, plan.ways)
            except Wrong as wrong:
                self._faults.add(line, str(wrong))
                # What is right of an order of which a line is wrong is no order.
                key, told = ours.get("id", "").strip(), {"wrong": True}
            else:
                if len(plan.sample) < SAMPLE:
                    plan.sample.append(
                        {"line": line, "id": key} | {name: told[name] for name in told if name != "marked"}
                    )
            self.shelf.put(key, line, told)

    def _orders(self, ways: Ways) -> Iterator[tuple[int, dict[str, Any]]]:
        for order, lines in self.shelf.by_key():
            if any("wrong" in row for _, row in lines):
                continue
            try:
                notices = list(fold(order, lines, ways))
            except Wrong as wrong:
                self._faults.add(lines[0][0], str(wrong))
                continue
            yield from ((lines[0][0], body_of(one)) for one in notices)

    def _contacts(self, ways: Ways) -> Iterator[tuple[int, dict[str, Any]]]:
        for whose, rows in self.shelf.by_key():
            (line, told), *others = rows
            if any("wrong" in row for _, row in rows):
                continue
            if other := next((one for one, row in others if row != told), None):
                self._faults.add(
                    other, f"the contact {shown(whose)} is in line {line} with other words; keep one of both"
                )
                continue
            if others:
                ways.remark("repeat a row before them and were left out", len(others))
            yield line, {"id": whose, "told": told}

    async def _compare(self, plan: Plan, some: tuple[tuple[int, dict[str, Any]], ...]) -> None:
        bodies = [body for _, body in some]
        if plan.kind == "contacts":
            there = dict.fromkeys(await self._store.read(known_contacts, self._site, bodies), "")
        else:
            there = await self._store.read(known_orders, self._site, [body["id"] for body in bodies])
        for line, body in some:
            if self._is_same(body, there):
                plan.known += 1
            elif body.get("id") in there and plan.kind == "orders":
                problem = f"order {shown(body['id'])} was told before with other content"
                self._faults.add(line, f"{problem}; take it out, or give it another id")
            else:
                plan.add(body)
                self.shelf.keep(line, body)

    def _is_same(self, body: Mapping[str, Any], there: Mapping[str, str]) -> bool:
        if "told" in body:
            return source_id_of(self._site, body) in there
        return body["id"] in there and there[body["id"]] == digest_of_body(self._site, body)


def names_of(source: Source) -> list[str]:
    """Its columns; of JSON Lines, what the rows of the start have."""
    if source.names:
        return source.names
    rows = (cells for _, cells in islice(source.rows(), LOOKED_AT) if isinstance(cells, dict))
    return list(dict.fromkeys(name for cells in rows for name in cells))


def _refuse_without(kind: str, columns: Mapping[str, str], ways: Ways) -> None:
    if kind == "contacts":
        if not {"id", "email"} & columns.keys():
            raise NoSuchColumn("the customer's id or mail address", "id")
        return
    if "id" not in columns:
        raise NoSuchColumn("the order's id", "id")
    if "at" not in columns:
        raise NoSuchColumn("the order's date", "at")
    if not {"value", "price"} & columns.keys():
        raise NoSuchColumn("the order's total, or the price of a line", "value")
    if "currency" not in columns and ways.currency is None:
        raise ConfigurationError("No column is the currency, and none was given: say e.g. --currency EUR.")


def _look_at(source: Source, columns: Mapping[str, str], ways: Ways) -> None:
    """How it writes numbers and dates, by what can be read in one way only."""
    dates, is_said = columns.get("at", ""), ways.comma is not None
    numbers = [columns[name] for name in NUMBERS if name in columns]
    for seen, cells in enumerate(cells for _, cells in source.rows() if isinstance(cells, dict)):
        # Rows of whole numbers tell nothing: what comes after them may.
        if seen >= LOOKED_AT and (ways.comma is not None or not numbers):
            break
        if not is_said:
            ways.comma = decimals_after_comma(ways.comma, (cells.get(name, "") for name in numbers))
        if ways.clock.day_first is None and (slashed := SLASHED.match(cells.get(dates, ""))):
            one, two = int(slashed[1]), int(slashed[2])
            if max(one, two) > 12:
                ways.clock = Clock(ways.clock.zone, one > 12)


def has_lines(plan: Plan) -> bool:
    """Whether a row is a line of an order, and not all of it."""
    return any(name in plan.columns for name in LINE)
