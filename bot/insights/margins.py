"""The margin less refunds, and of how many orders it is known: a sum of some must not look like that of all."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.money import decimal_text


def margin_of(rows: Iterable[Mapping[str, Any]], currency: str) -> dict[str, Any]:
    """The margin, and of how many of how many orders it is told; None, not nothing, where it is told of none."""
    held = list(rows)
    margin, known, orders = (sum(row[name] for row in held) for name in ("margin", "margins", "priced"))
    told = decimal_text(margin, currency) if known or not orders else None
    return {"margin": told, "margin_known": known, "margin_orders": orders}


def margin_told(row: Mapping[str, Any], money: Callable[[str, str], str] = lambda amount, _: amount) -> str:
    """The margin for people, with the number of orders where only some tell one; "not known" where none does."""
    known, orders = row["margin_known"], row["margin_orders"]
    if row["margin"] is None:
        return "not known"
    amount = money(row["margin"], row["currency"])
    return amount if known == orders else f"{amount}, known for {known:,} of {orders:,} orders"


def refunds_sentence(told: Mapping[str, Any]) -> list[str]:
    """That some refunds took nothing from a margin, if so."""
    count = told.get("refunds_without_order", 0)
    if not count:
        return []
    many = "1 refund is" if count == 1 else f"{count:,} refunds are"
    return [f"{many} of no order of these days: taken off the revenue, but off no margin."]
