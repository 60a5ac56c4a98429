"""Customers who cost more than they bring, and why, a sentence each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.insights.profiles.costs import Costs
from bot.money import decimal_text

if TYPE_CHECKING:
    import duckdb

LISTED = 1_000
MINUTE_US = 60_000_000
COLUMNS = ("person", "orders", "margin", "served", "staff_us", "bot_answers")


@dataclass(frozen=True)
class Costly:
    """`rows` are the first of `people`, who costs most first; of `unknown` customers the margin is not known whole."""

    rows: list[dict[str, Any]]
    people: int
    unknown: int


def costly_in(connection: "duckdb.DuckDBPyConnection") -> Costly:
    """Of `everybody` those who ordered, and whose margin, known of every order, is less than what serving them cost."""
    is_costly = "priced > 0 AND margins = priced AND margin < served"
    counted = connection.execute(
        f"SELECT count(*) FILTER ({is_costly}), count(*) FILTER (priced > 0 AND margins < priced) FROM everybody"  # noqa: S608
    ).fetchone()
    assert counted is not None
    rows = connection.execute(
        f"""SELECT person, priced, margin, served, staff_us, bot_answers FROM everybody WHERE {is_costly}
        ORDER BY margin - served, person LIMIT {LISTED:d}"""  # noqa: S608
    ).fetchall()
    # Sums of whole numbers are decimals in DuckDB.
    named = [dict(zip(COLUMNS, (person, *map(int, counts)), strict=True)) for person, *counts in rows]
    return Costly(named, *counted)


def costly_told(found: Costly, costs: Costs, currency: str) -> dict[str, Any]:
    return {
        "people": found.people,
        "unknown": found.unknown,
        "costs": {"staff_minute": costs.staff_minute or None, "bot_answer": costs.bot_answer or None},
        "note": _note(costs, currency),
        "rows": [_row(row, costs, currency) for row in found.rows],
    }


def _note(costs: Costs, currency: str) -> str:
    if costs.is_set_in(currency):
        return "Margin less what serving them cost; what was spent on reaching them is not in it."
    if costs.staff_minute or costs.bot_answer:
        return f"What it costs to serve them is set in another currency than {currency}, so margin alone is counted."
    return (
        "What it costs to serve them is not set, so margin alone is counted: "
        "DUOLOGUE_STAFF_MINUTE_COST and DUOLOGUE_BOT_ANSWER_COST."
    )


def _row(row: dict[str, Any], costs: Costs, currency: str) -> dict[str, Any]:
    minutes = row["staff_us"] / MINUTE_US
    return {
        "person": row["person"],
        "orders": row["orders"],
        "margin": decimal_text(row["margin"], currency),
        "staff_minutes": round(minutes, 1),
        "bot_answers": row["bot_answers"],
        "served": decimal_text(row["served"], currency) if costs.is_set_in(currency) else None,
        "result": decimal_text(row["margin"] - row["served"], currency),
        "why": _why(row, minutes, currency),
    }


def _why(row: dict[str, Any], minutes: float, currency: str) -> str:
    orders = "1 order" if row["orders"] == 1 else f"{row['orders']:,} orders"
    margin = f"{orders} left {decimal_text(row['margin'], currency)} {currency} of margin, less refunds"
    if not row["served"]:
        return f"{margin}."
    answers = "1 answer" if row["bot_answers"] == 1 else f"{row['bot_answers']:,} answers"
    cost = f"{decimal_text(row['served'], currency)} {currency}"
    return f"{margin}; {minutes:.1f} minutes of staff and {answers} of the bot cost {cost}."
