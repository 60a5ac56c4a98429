"""The report about value: who the customers are by their orders, and what they are expected to bring.

The figures describe and foretell; none of them says what made anybody buy.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.insights.log.reading import ask
from bot.insights.profiles.costs import Costs, costs_of
from bot.insights.value.service import service_of
from bot.insights.window import BEGINNING, span_of
from bot.interactions import Microseconds, SiteKey, rfc3339
from bot.money import decimal_text
from bot.store.pages_of_rows import Span
from bot.store.sites import find_site
from bot.store.spend import Spent, spent_between
from bot.store.store import Store
from bot.store.valued_lot import outcomes

if TYPE_CHECKING:
    import duckdb

    from bot.insights.value.told import Told

DAY_US = 86_400_000_000


async def value(
    store: Store, site: str, since: str | None = None, until: str | None = None, *,
    log: Path | None = None, costs: Costs | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The value of all customers who first ordered in the window, by all that they did until its end.

    `costs` of serving them count where the site has none of its own.
    """
    whole = span_of(site, since, until)
    first = -(-whole.since // DAY_US) if since is not None else 0
    costs = await costs_of(store, whole.site, costs)
    spent = await store.read(spent_between, whole.site, first, (whole.until - 1) // DAY_US)
    answer = await ask(store, log, Span(whole.site, BEGINNING, whole.until), _asked(first, costs, spent))
    report = await asyncio.to_thread(_report, answer.told, whole, answer.as_of)
    return report | {"service": await _service(store, whole.site)}


async def _service(store: Store, site: SiteKey) -> dict[str, Any]:
    """Up to now, whatever the window: a lot has no days that could be chosen afterwards."""
    known = await store.read(find_site, site)
    drawn = await store.read(outcomes, site, now=Microseconds(time.time_ns() // 1_000))
    return await asyncio.to_thread(service_of, drawn, known.chat.valued_lot if known is not None else 0.0)


def _asked(first: int, costs: Costs, spent: Sequence[Spent]) -> "Callable[[duckdb.DuckDBPyConnection], Told]":
    def question(connection: "duckdb.DuckDBPyConnection") -> "Told":
        # Imported here, in a thread: the numbers' libraries take a second, and most of the gateway never needs them.
        from bot.insights.one_core import one_core
        from bot.insights.value.told import told

        with one_core():
            return told(connection, first, costs, spent)

    return question


def _report(told: "Told", whole: Span, as_of: Microseconds | None) -> dict[str, Any]:
    from bot.insights.value import rows, sentences

    found = told.customers
    again = int((found.repeats > 0).sum())
    days = 0 if told.day is None or not len(found) else told.day - int(found.first.min())
    known: dict[str, Any] = {
        "label": "descriptive",
        "site": whole.site,
        "since": rfc3339(whole.since),
        "until": rfc3339(whole.until),
        "as_of": None if as_of is None else rfc3339(as_of),
        "known_to": None if told.day is None else rows.day_of(told.day),
        "currency": told.currency,
        "customers": len(found),
        "came_again": again,
        "orders": int(found.orders.sum()),
        "revenue": decimal_text(sum(found.spent.tolist()), told.currency),
        "days": days,
        "margins": rows.margins_of(told),
        "profit": rows.profit_of(told),
        "cells": [rows.cell_of(one, told) for one in told.cells],
        "groups": rows.groups_of(told),
        "why_no_forecast": None if told.model else sentences.why_none(len(found), again, days),
        "parameters": rows.parameters_of(told),
        "alive": told.alive,
        "ahead": [rows.ahead_of(one, told) for one in told.ahead],
        "unlike": told.unlike,
        "backtest": rows.backtest_of(told),
        "top": [rows.one_of(one, told) for one in told.top],
        "other_currencies": [
            {"currency": row["currency"], "orders": row["orders"] - row["unlinked_orders"]}
            for row in sorted(told.currencies, key=lambda row: str(row["currency"]))
            if row["currency"] != told.currency and row["orders"] > row["unlinked_orders"]
        ],
        "unlinked": [
            {"currency": row["currency"], "orders": row["unlinked_orders"]}
            for row in told.currencies
            if row["unlinked_orders"]
        ],
    }
    return known | {
        "sentence": sentences.finding(known, _plain),
        "is_trusted": told.model is not None and sentences.is_trusted(known["backtest"]),
        "proof": sentences.proof(known["backtest"]) if told.model else None,
        "ranking": sentences.ranking(known["backtest"]),
        "notes": sentences.notes(known, _plain),
        "definitions": sentences.DEFINITIONS,
    }


def _plain(amount: str, currency: str) -> str:
    return f"{Decimal(amount):,} {currency}"
