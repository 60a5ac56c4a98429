"""Who the best customers are: what is true of them more often, or less often, than of everybody."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.insights.log.reading import ask
from bot.insights.profiles.costly import Costly, costly_in, costly_told
from bot.insights.profiles.costs import Costs, costs_of
from bot.insights.profiles.everybody import ATTRIBUTES, Tables, make_tables
from bot.insights.profiles.facts import Known, known_of
from bot.insights.profiles.groups import KINDS, SPENDING, Group, compared_in
from bot.insights.profiles.over_represented import LEVEL, Compared
from bot.insights.profiles.sentences import finding, sentence_of
from bot.insights.profiles.silent import Best, best_in, quiet_in, quiet_told
from bot.insights.segments import main_currency
from bot.insights.window import span_of
from bot.interactions import Microseconds, rfc3339
from bot.money import decimal_text
from bot.store.pages_of_rows import Span
from bot.store.store import Store
from bot.store.told_facts import words_of

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class _Told:
    currency: str
    tables: Tables
    groups: list[tuple[Group, list[Compared]]]
    costly: Costly
    best: list[Best]


async def profiles(
    store: Store,
    site: str,
    since: str | None = None,
    until: str | None = None,
    *,
    log: Path | None = None,
    costs: Costs | None = None,
    now: Microseconds | None = None,
) -> dict[str, Any]:
    """The groups with their attributes against everybody who is no noise and agrees to be measured. Descriptive.

    `log` is the folder of the log; without it all is read from the store. With `costs`, the most profitable are those
    of whom most is left when they were served. Who was silent is told as of `now`, or of the window's end. Of a group
    of fewer than ten `attributes` is empty and `verdict` "too_few".
    """
    span = span_of(site, since, until)
    known = await known_of(store, span.site)
    costs = await costs_of(store, span.site, costs)
    answer = await ask(store, log, span, lambda connection: _asked(connection, known, costs))
    told = answer.told
    end = Microseconds(min(span.until, time.time_ns() // 1_000 if now is None else now))
    whole = Span(span.site, Microseconds(0), end)
    quiet = (await ask(store, log, whole, lambda connection: quiet_in(connection, told.best, known, end))).told
    words = await store.read(words_of, [one.question for one in quiet if one.question])
    return {
        "label": "descriptive",
        "since": rfc3339(span.since),
        "until": rfc3339(span.until),
        "as_of": None if answer.as_of is None else rfc3339(answer.as_of),
        "currency": told.currency,
        "people": told.tables.people,
        "left_out": told.tables.left_out,
        "groups": [_group(group, values, told.currency, costs) for group, values in told.groups],
        "costly": costly_told(told.costly, costs, told.currency),
        "silent": quiet_told(quiet, words, told.currency),
    }


def _asked(connection: "duckdb.DuckDBPyConnection", known: Known, costs: Costs) -> _Told:
    # Imported here, in a thread: it takes a second, and most of what the gateway does never needs it.
    from bot.insights.log.questions.asked import rows_of
    from bot.insights.log.questions.segments import currencies

    currency = main_currency(rows_of(connection, currencies))
    tables = make_tables(connection, currency, known, costs)
    groups = [compared_in(connection, kind) for kind in KINDS]
    return _Told(
        currency,
        tables,
        groups,
        costly_in(connection),
        best_in(connection, groups[0][0]),
    )


def _group(group: Group, values: list[Compared], currency: str, costs: Costs) -> dict[str, Any]:
    found = sorted((one for one in values if one.is_over or one.is_under), key=lambda one: -abs((one.ratio or 0) - 1))
    return {
        "group": group.kind.name,
        "ranked_by": "spent" if group.kind is SPENDING else _profit(costs, currency),
        "verdict": "too_few" if group.is_few else "judged",
        "sentence": sentence_of(group, currency),
        "people": group.people,
        "of": group.of,
        "amount": decimal_text(group.amount, currency),
        "share": group.amount / group.whole if group.whole > 0 else None,
        "least": decimal_text(group.least, currency),
        "compared": sum(one.ratio is not None for one in values),
        "level": LEVEL,
        "findings": [finding(one) for one in found],
        "attributes": list(_attributes(values)),
    }


def _profit(costs: Costs, currency: str) -> str:
    return "margin_less_service" if costs.is_set_in(currency) else "margin"


def _attributes(values: Iterable[Compared]) -> Iterable[dict[str, Any]]:
    held = list(values)
    for attribute, meaning in ATTRIBUTES.items():
        of_it = [one for one in held if one.counted.attribute == attribute]
        if not of_it:
            continue
        known = of_it[0].counted
        yield {
            "attribute": attribute,
            "meaning": meaning,
            "known": {"group": known.group_known, "everybody": known.everybody_known},
            "values": [_value(one) for one in of_it],
        }


def _value(one: Compared) -> dict[str, Any]:
    counted = one.counted
    return {
        "value": counted.value,
        "group": counted.group,
        "everybody": counted.everybody,
        "share": counted.group / counted.group_known if counted.group_known else None,
        "share_of_everybody": counted.everybody / counted.everybody_known,
        "ratio": one.ratio,
        "low": one.low,
        "high": one.high,
        "found": "more" if one.is_over else "less" if one.is_under else None,
    }
