"""What each channel and campaign cost, whom it brought, and what they bought: by a rule that is named.

The figures describe. That an order came after an arrival does not say that the arrival made it.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigurationError
from bot.insights.channels.rows import rows_of
from bot.insights.log.reading import ask
from bot.insights.segments import main_currency
from bot.insights.window import span_of
from bot.interactions import Microseconds, rfc3339
from bot.money import decimal_text
from bot.store.pages_of_rows import Span
from bot.store.spend import spent_between
from bot.store.store import Store

if TYPE_CHECKING:
    import duckdb

DAY_US = 86_400_000_000
RULES = {
    "first": "all to the first arrival in the 90 days before the order",
    "last": "all to the last arrival before the order",
    "linear": "the same part to each arrival in the 90 days before the order",
}
"""The rules of attribution, in words. Direct arrivals get credit only where there is no other."""
LOOK_BACK_US = 90 * DAY_US

type Row = dict[str, Any]
type Told = tuple[str, list[Row], list[Row], list[Row]]


async def channels(
    store: Store,
    site: str,
    since: str | None = None,
    until: str | None = None,
    *,
    log: Path | None = None,
    rule: str = "first",
) -> dict[str, Any]:
    """Spend, people and orders of each channel, and of its campaigns; in the currency of most purchases.

    `unattributed` are orders that nobody gets credit for; `other_currencies` is spend that can't be set against them;
    `incremental` sets the spend against the sales that the chat made, where a lot tells how many these are.
    """
    if rule not in RULES:
        raise ConfigurationError(f'There is no rule "{rule[:40]}"; there are {", ".join(RULES)}.')
    whole = span_of(site, since, until)
    longer = Span(whole.site, Microseconds(max(0, whole.since - LOOK_BACK_US)), whole.until)
    answer = await ask(store, log, longer, _asked(rule, whole.since))
    currency, reached, credited, money = answer.told
    # Days are kept whole: one that the window only begins or ends in counts.
    spent = await store.read(spent_between, whole.site, whole.since // DAY_US, (whole.until - 1) // DAY_US)
    ours = [one for one in spent if one.currency == currency]
    unknown = [row for row in credited if row["channel"] is None]
    unlinked = [row for row in money if row["currency"] == currency]
    told = {
        "label": "descriptive",
        "site": whole.site,
        "since": rfc3339(whole.since),
        "until": rfc3339(whole.until),
        "as_of": None if answer.as_of is None else rfc3339(answer.as_of),
        "rule": rule,
        "rule_means": RULES[rule],
        "currency": currency,
        "spend": decimal_text(sum(one.amount for one in ours), currency),
        "rows": rows_of(currency, ours, reached, credited),
        "unattributed": {
            "no_arrival_known": _left([(row["orders"], row["revenue"]) for row in unknown], currency),
            "nobody_known": _left([(row["unlinked_orders"], row["unlinked_revenue"]) for row in unlinked], currency),
        },
        "other_currencies": [
            {"channel": one.channel, "campaign": one.campaign, "spend": decimal_text(one.amount, one.currency),
             "currency": one.currency}
            for one in spent if one.currency != currency
        ],
    }  # fmt: skip
    return told | {"incremental": await _incremental(store, site, since, until, log, sum(one.amount for one in ours))}


def _left(found: list[tuple[float, int]], currency: str) -> Row:
    return {
        "orders": round(sum(orders for orders, _ in found)),
        "revenue": decimal_text(sum(revenue for _, revenue in found), currency),
        "currency": currency,
    }


def _asked(rule: str, since: int) -> "Callable[[duckdb.DuckDBPyConnection], Told]":
    def question(connection: "duckdb.DuckDBPyConnection") -> Told:
        # Imported here, in a thread: it takes a second, and most of what the gateway does never needs it.
        from bot.insights.log.questions import credit
        from bot.insights.log.questions.asked import rows_of

        whole = rows_of(connection, credit.currencies, str(since))
        currency = main_currency(whole)
        return (
            currency,
            rows_of(connection, credit.reached, currency, rule, str(since)),
            rows_of(connection, credit.credit, currency, rule, str(since)),
            whole,
        )

    return question


async def _incremental(
    store: Store, site: str, since: str | None, until: str | None, log: Path | None, spend: int
) -> Row:
    """What was paid for each sale that there would not have been without the chat; None where no lot tells."""
    await asyncio.to_thread(_load)
    from bot.insights.lift.report import lift

    told = await lift(store, site, since, until, log=log)
    found = next((row for row in told["rows"] if row["name"] == "conversion_difference"), None)
    if told["label"] != "randomized" or found is None or found["value"] is None:
        return {"label": None, "sales": None, "low": None, "high": None, "cost": None, "why": told["sentence"]}
    offered = told["people"]["offered"]
    sales, low, high = (None if found[name] is None else found[name] * offered for name in ("value", "low", "high"))
    cost = None
    if sales is not None and low is not None and low > 0 and spend:
        cost = decimal_text(round(spend / sales), told["currency"])
    why = None if cost is not None else _why_no_cost(low, spend)
    return {"label": "randomized", "sales": sales, "low": low, "high": high, "cost": cost, "why": why}


def _why_no_cost(low: float | None, spend: int) -> str:
    if not spend:
        return "No spend was told for these days."
    return "It may be that the chat made no sale at all: the interval has none in it."


def _load() -> None:
    import bot.insights.lift.report  # noqa: F401
