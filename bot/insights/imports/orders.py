"""Rows of orders as what is told of them: the lines of one order become one, and what was given back a refund."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bot.insights.imports.currencies import CODES
from bot.insights.imports.faults import Wrong, shown
from bot.insights.imports.values import Clock, marks, minor, moment, number, refuse_other, words
from bot.interactions import Kind, Microseconds
from bot.money import DIGITS
from bot.store.purchases import Notice

ID_LENGTH = 256
ITEMS = 1_000
FAR = Microseconds(2**62)
NOT_BOUGHT = frozenset(
    ("cancelled", "canceled", "failed", "pending", "pending payment", "on hold", "voided", "draft", "checkout draft",
     "expired", "authorized", "trash", "abgebrochen", "storniert", "fehlgeschlagen")
)  # fmt: skip
MONEY = ("value", "margin", "refunded", "price")
_CANCELLATION = re.compile(r"[Cc][0-9]+")
_FLOAT = re.compile(r"[0-9]+\.0")


@dataclass
class Ways:
    """How the file writes things. `remarks` counts what was taken otherwise than it stands there."""

    currency: str | None = None
    clock: Clock = field(default_factory=Clock)
    comma: bool | None = None
    """Whether decimals stand after one; None: nobody knows."""
    now: Microseconds = FAR
    remarks: dict[str, int] = field(default_factory=dict)

    def remark(self, what: str, times: int = 1) -> None:
        self.remarks[what] = self.remarks.get(what, 0) + times


def id_of(text: str, what: str) -> str:
    plain = words(text, ID_LENGTH + 1)
    if not plain:
        raise Wrong(f"there is no {what}; every row needs one")
    if len(plain) > ID_LENGTH:
        raise Wrong(f"the {what} {shown(plain)} has more than {ID_LENGTH} characters")
    # Spreadsheets make 17850.0 of the number 17850 where some rows have none.
    return plain[:-2] if _FLOAT.fullmatch(plain) else plain


def read_line(cells: Mapping[str, str], ways: Ways) -> tuple[str, dict[str, Any]]:
    """The order that the row is of, and what it tells, as JSON values; money as decimal text."""
    told: dict[str, Any] = {}
    order = id_of(cells.get("id", ""), "order id")
    for name in ("customer", "of"):
        if words(cells.get(name, "")):
            told[name] = id_of(cells[name], f"{name} id")
    for name, longest in (("email", 320), ("name", 512), ("sku", 512), ("title", 512), ("type", 40), ("status", 40)):
        if text := words(cells.get(name, ""), longest):
            told[name] = text
    if (email := told.get("email")) is not None and "@" not in email:
        raise Wrong(f"{shown(email)} is no mail address; write e.g. anna@shop.example, or nothing")
    if text := cells.get("currency", "").strip():
        told["currency"] = _currency(text)
    digits = DIGITS.get(told.get("currency") or ways.currency or "", 2)
    marked = []
    for name in (*MONEY, "quantity"):
        if (text := cells.get(name, "")) and not text.isspace():
            told[name] = str(number(text, comma=ways.comma, digits=2 if name == "quantity" else digits))
            if name != "quantity" and marks(text):
                marked.append(text.strip())
    if marked:
        # Exports tell an order's currency in its first line alone: of the others it is known once all are read.
        if currency := told.get("currency") or (ways.currency if "currency" not in cells else None):
            _refuse_others(marked, currency)
        else:
            told["marked"] = marked
    if text := cells.get("at", "").strip():
        told["at"] = _at(text, ways)
    return order, told


def _currency(text: str) -> str:
    code = "EUR" if text == "€" else text.upper()
    if code not in CODES:
        raise Wrong(f"{shown(text)} is no currency; write its three letters, e.g. EUR")
    return code


def _refuse_others(marked: list[str], currency: str) -> None:
    for text in marked:
        refuse_other(text, currency)


def _at(text: str, ways: Ways) -> Microseconds:
    at, clocks = moment(text, ways.clock)
    if at > ways.now:
        raise Wrong(f"{shown(text)} is in the future; write when it was ordered, and say --timezone if that is why")
    if clocks == "twice":
        ways.remark("are of the hour that the clock was put back for, and were taken for its first half")
    if clocks == "skipped":
        ways.remark("are of an hour that the clock skipped, and were moved on by it")
    return at


def fold(order: str, lines: list[tuple[int, dict[str, Any]]], ways: Ways) -> Iterator[Notice]:
    """What the lines of one order tell: a purchase, with a refund of some of it, or a refund; nothing of no order.

    Wrong says what does not fit together.
    """
    if said := _only(order, "currency", lines) or ways.currency:
        for _, row in lines:
            _refuse_others(row.pop("marked", []), said)
    rows = _without_repeats(lines, ways)
    whole = {name: _only(order, name, rows) for name in ("type", "of", "customer", "email", "name", "currency", "value",
                                                         "margin", "refunded", "status")}  # fmt: skip
    status = (whole["status"] or "").lower().replace("-", " ").replace("_", " ").removeprefix("wc ")
    if status in NOT_BOUGHT:
        ways.remark(f"are {status}, no purchase, and were left out")
        return
    currency, at = whole["currency"] or ways.currency, min((row["at"] for _, row in rows if "at" in row), default=None)
    if at is None:
        raise Wrong(f"order {shown(order)} has no date; write e.g. 2026-03-01 14:30")
    if currency is None:
        raise Wrong(
            f"order {shown(order)} has no currency; write e.g. EUR, or say --currency EUR for all that have none"
        )
    whose = {name: whole[name] for name in ("customer", "email", "name")}
    paid = _paid(order, rows, whole)
    if any(_is_finer(Decimal(one), currency) for one in (paid, whole["margin"] or 0, whole["refunded"] or 0)):
        ways.remark("have an amount finer than their currency, which was rounded to it, half of a unit up")
    items = _items(rows, ways)
    if _is_refund(order, whole, paid):
        yield Notice(id=order, kind=Kind.REFUND, at=at, of=whole["of"], value=minor(abs(paid), currency),
                     currency=currency, items=items, **whose)  # fmt: skip
        return
    if paid == 0 and rows and all(Decimal(row.get("quantity", "1")) < 0 for _, row in rows):
        ways.remark("are corrections of stock, worth nothing, and were left out")
        return
    if paid == 0:
        ways.remark("are worth nothing and were taken as such")
    margin = None if whole["margin"] is None else minor(Decimal(whole["margin"]), currency)
    yield Notice(id=order, kind=Kind.PURCHASE, at=at, value=minor(paid, currency), currency=currency, margin=margin,
                 items=items, **whose)  # fmt: skip
    back = Decimal(whole["refunded"] or 0) or (paid if status == "refunded" else Decimal(0))
    if back:
        if not 0 < abs(back) <= paid:
            raise Wrong(f"of order {shown(order)} {abs(back)} was refunded, more than the {paid} that it was")
        yield Notice(id=f"{order}:refund"[:ID_LENGTH], kind=Kind.REFUND, at=at, of=order,
                     value=minor(abs(back), currency), currency=currency, **whose)  # fmt: skip


def _is_finer(amount: Decimal, currency: str) -> bool:
    return amount != Decimal(minor(amount, currency)).scaleb(-DIGITS.get(currency, 2))


def _without_repeats(
    lines: list[tuple[int, dict[str, Any]]], ways: Ways
) -> list[tuple[int, dict[str, Any]]]:  # fmt: skip
    """An order that has no lines of goods is told in one row; the same again is a repeat."""
    if len(lines) == 1 or any(name in row for _, row in lines for name in ("sku", "title", "price", "quantity")):
        return lines
    if any(row != lines[0][1] for _, row in lines[1:]):
        other = next(line for line, row in lines[1:] if row != lines[0][1])
        raise Wrong(f"line {other} has the same order id and tells something else of it; give one another id")
    ways.remark("repeat a row before them and were left out", len(lines) - 1)
    return lines[:1]


def _only(order: str, name: str, rows: list[tuple[int, dict[str, Any]]]) -> Any:
    """What the rows that have it agree on: exports tell much of an order in its first line alone."""
    told = {row[name]: line for line, row in reversed(rows) if name in row}
    if len(told) > 1:
        (one, first), (other, later) = sorted(told.items(), key=lambda item: item[1])[:2]
        raise Wrong(f"order {shown(order)} has the {name} {shown(one)} in line {first} and {shown(other)} in line "
                    f"{later}; write the same in both, or give one another order id")  # fmt: skip
    return next(iter(told), None)


def _paid(order: str, rows: list[tuple[int, dict[str, Any]]], whole: dict[str, Any]) -> Decimal:
    if whole["value"] is not None:
        value = Decimal(whole["value"])
        if value < 0 and not _says_refund(whole):
            raise Wrong(f"the total {value} is negative; write a refund as a row of the type refund")
        return value
    priced = [row for _, row in rows if "price" in row]
    if not priced:
        raise Wrong(f"order {shown(order)} has no total, and no line a price; write e.g. 49.90")
    return sum((Decimal(row["price"]) * Decimal(row.get("quantity", "1")) for row in priced), Decimal(0))


def _says_refund(whole: dict[str, Any]) -> bool:
    return (whole["type"] or "").lower() in ("refund", "return", "credit", "credit note", "gutschrift", "erstattung")


def _is_refund(order: str, whole: dict[str, Any], paid: Decimal) -> bool:
    if _says_refund(whole):
        return True
    if _CANCELLATION.fullmatch(order) and paid > 0 and whole["value"] is None:
        raise Wrong(f"order {shown(order)} is a cancellation by its id and brings {paid}; write its quantities below 0")
    return paid < 0


def _items(rows: list[tuple[int, dict[str, Any]]], ways: Ways) -> list[dict[str, Any]]:
    goods = [row for _, row in rows if "sku" in row or "title" in row]
    if len(goods) > ITEMS:
        ways.remark(f"have more than {ITEMS:,} lines of goods, of which the first were kept")
    return [_item(row) for row in goods[:ITEMS]]


def _item(row: dict[str, Any]) -> dict[str, Any]:
    item = {name: row[name] for name in ("sku", "title", "price") if name in row}
    quantity = Decimal(row.get("quantity", "1"))
    return item | {"quantity": int(quantity) if quantity == int(quantity) else str(quantity)}
