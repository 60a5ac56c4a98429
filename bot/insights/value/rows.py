"""The parts of the report as plain values: days as dates, money as decimal text."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.insights.value.forecast import Total
from bot.insights.value.rfm import MEANINGS, Cell
from bot.insights.value.told import Ahead, One, Told
from bot.money import decimal_text


def day_of(day: int) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)).date().isoformat()


def margins_of(told: Told) -> dict[str, Any]:
    found = told.customers
    known, orders, spent = int(found.margins.sum()), int(found.orders.sum()), sum(found.spent.tolist())
    rate = sum(found.margin.tolist()) / spent if orders and known == orders and spent > 0 else None
    return {"known": known, "orders": orders, "rate": rate}


def profit_of(told: Told) -> dict[str, Any]:
    """`missing` names what is not known and so not taken off; without every margin there is no `profit`."""
    found, currency = told.left, told.currency
    costs = (("service", found.service), ("spend", found.spend))
    return {
        "profit": decimal_text(found.left, currency) if found.rate is not None else None,
        "rate": found.rate,
        "margin": decimal_text(found.margin, currency) if found.whole else None,
        "staff_minutes": round(found.staff_minutes, 1),
        "bot_answers": found.bot_answers,
        **{name: None if cost is None else decimal_text(cost, currency) for name, cost in costs},
        "spend_of_nobody": decimal_text(found.spend_of_nobody, currency),
        "attribution": "first",
        "missing": [*(["margin"] if not found.whole else []), *(name for name, cost in costs if cost is None)],
    }


def cell_of(one: Cell, told: Told) -> dict[str, Any]:
    return {
        "recency": one.recency,
        "frequency": one.frequency,
        "group": one.group.value,
        "people": one.people,
        "revenue": decimal_text(one.revenue, told.currency),
    }


def groups_of(told: Told) -> list[dict[str, Any]]:
    people, revenue = sum(one.people for one in told.cells), sum(one.revenue for one in told.cells)
    rows = []
    for group, meaning in MEANINGS.items() if told.cells else ():
        theirs = [one for one in told.cells if one.group is group]
        many, much = sum(one.people for one in theirs), sum(one.revenue for one in theirs)
        rows.append(
            {
                "group": group.value,
                "meaning": meaning,
                "people": many,
                "share": many / people,
                "revenue": decimal_text(much, told.currency),
                "revenue_share": much / revenue,
            }
        )
    return rows


def parameters_of(told: Told) -> dict[str, float] | None:
    """Times are in days, money in minor units."""
    if told.model is None:
        return None
    often, much = told.model.repeating, told.model.spending
    found = {"r": often.r, "alpha": often.alpha, "a": often.a, "b": often.b, "log_likelihood": often.log_likelihood}
    return found | ({} if much is None else {"p": much.p, "q": much.q, "gamma": much.gamma})


def ahead_of(one: Ahead, told: Told) -> dict[str, Any]:
    rate = told.left.rate
    return {
        "days": one.days,
        "orders": asdict(one.orders),
        "value": _money(one.money, 1.0, told.currency),
        "profit": None if rate is None else _money(one.money, rate, told.currency),
    }


def _money(total: Total | None, rate: float, currency: str) -> dict[str, str] | None:
    if total is None:
        return None
    # Where they cost more than they bring, more orders leave less: the ends change places.
    low, high = sorted((total.low * rate, total.high * rate))
    amounts = {"value": total.value * rate, "low": low, "high": high}
    return {name: decimal_text(round(amount), currency) for name, amount in amounts.items()}


def backtest_of(told: Told) -> dict[str, Any] | None:
    if told.backtest is None or told.cut is None:
        return None
    money = {
        name: _amount(amount, told)
        for name, amount in (
            ("expected_revenue", told.backtest.expected_revenue),
            ("revenue", told.backtest.revenue),
        )
    }
    return {"cut": day_of(told.cut)} | asdict(told.backtest) | money


def one_of(one: One, told: Told) -> dict[str, Any]:
    kind, _, id = one.person.partition(":")
    return {
        "customer": id if kind == "c" else None,
        "visitor": id if kind == "v" else None,
        "group": None if one.group is None else one.group.value,
        "orders": one.orders,
        "spent": decimal_text(one.spent, told.currency),
        "margin": None if one.margin is None else decimal_text(one.margin, told.currency),
        "profit": None if one.left is None else decimal_text(one.left, told.currency),
        "last_order": day_of(one.last_day),
        "alive": one.alive,
        "expected": [
            {
                "days": days,
                "orders": orders,
                "value": None if much is None else decimal_text(round(much), told.currency),
            }
            for days, orders, much in one.expected
        ],
        "likely_orders": {"days": one.expected[0][0], "low": one.likely[0], "high": one.likely[1]},
    }


def _amount(value: float | None, told: Told) -> str | None:
    return None if value is None else decimal_text(round(value), told.currency)
