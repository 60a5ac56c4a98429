"""Who led a conversation, where they came from and what they bought afterwards: docs/exports.md defines each column."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.insights.exports.columns import Column, Type, columns
from bot.interactions import Kind
from bot.store.conversation_people import Led

DAY_US = 86_400_000_000
WINDOWS = (7, 30, 90)
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
COLUMNS: tuple[Column, ...] = columns(
    name=Type.TEXT, email=Type.TEXT, first_page=Type.TEXT, **dict.fromkeys(UTM, Type.TEXT), orders_90d=Type.WHOLE,
    currency=Type.WORD, **{f"revenue_{days}d": Type.MONEY for days in WINDOWS}, refunds_90d=Type.MONEY,
    margin_90d=Type.MONEY, margin_known_90d=Type.WHOLE,
)  # fmt: skip


def cells_of(row: Any, led: Led) -> tuple[Any, ...]:
    """The cells of COLUMNS of the conversation `row`."""
    if row.visitor is None and row.customer is None:
        return (None,) * len(COLUMNS)
    profile = led.profile
    name, email = (None if profile is None else profile.fact(kind) for kind in ("name", "email"))
    first_page = None if profile is None else profile.first_page
    return (
        None if name is None else name.value, None if email is None else email.value, first_page,
        *utm_of(first_page), *_money(row, led),
    )  # fmt: skip


def utm_of(url: str | None) -> list[str | None]:
    """What the address says of where they came from; None where it says nothing."""
    try:
        told = parse_qs(urlsplit(url or "").query)
    except ValueError:
        # A page's script may tell any address.
        told = {}
    return [told.get(name, [None])[0] for name in UTM]


def _money(row: Any, led: Led) -> tuple[Any, ...]:
    bought = [one for one in led.orders if one.type == Kind.PURCHASE.value]
    refunded = [one for one in led.orders if one.type == Kind.REFUND.value]
    margins = [one.data["margin"] for one in bought if isinstance(one.data.get("margin"), int)]
    currencies = {one.currency for one in led.orders if one.value is not None}
    if len(currencies) != 1:
        # Sums of several currencies are no amounts.
        return len(bought), None, *(None for _ in WINDOWS), None, None, len(margins)
    within = [_sum(one for one in bought if one.at < row.created_at + days * DAY_US) for days in WINDOWS]
    return (
        len(bought), currencies.pop(), *within, _sum(refunded), sum(margins) if margins else None,
        len(margins),
    )  # fmt: skip


def _sum(orders: Iterable[Any]) -> int:
    return sum(one.value or 0 for one in orders)
