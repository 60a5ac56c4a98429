"""Who converses and who buys: every person of a window in one of five segments, asked of the log.

The figures describe; they don't say that talking made anybody buy.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigurationError
from bot.insights.log.reading import ask
from bot.insights.margins import margin_of
from bot.insights.window import span_of
from bot.interactions import rfc3339
from bot.money import decimal_text
from bot.store.counts import drops_of
from bot.store.store import Store

if TYPE_CHECKING:
    import duckdb

DEFAULT_CURRENCY = "EUR"
BY = ("channel", "campaign", "page", "country", "language", "device")
VALUES_SHOWN = 50
"""Of a dimension, those with the most people; the rest is one sum."""


class Segment(StrEnum):
    CONVERSING_BUYER = "conversing buyer"
    CONVERSING_VISITOR = "conversing visitor"
    SILENT_BUYER = "silent buyer"
    PASSIVE_VISITOR = "passive visitor"
    NOISE = "noise"
    """Robots, staff, and one page view and nothing else; a buyer is never noise."""


@dataclass(frozen=True)
class Deeds:
    """What one person did, as far as it decides their segment."""

    views: int = 0
    acted: bool = False
    answered: int = 0
    noise: bool = False
    spent: Mapping[str, int] = field(default_factory=dict)


def segment_of(deeds: Deeds) -> Segment:
    """The segment of one person; `log/questions/segments.py` has the same for all of a window."""
    if any(value > 0 for value in deeds.spent.values()):
        return Segment.CONVERSING_BUYER if deeds.answered else Segment.SILENT_BUYER
    if deeds.noise or (deeds.views <= 1 and not deeds.acted and not deeds.answered):
        return Segment.NOISE
    return Segment.CONVERSING_VISITOR if deeds.answered else Segment.PASSIVE_VISITOR


type Row = dict[str, Any]


@dataclass(frozen=True)
class _Told:
    """What the log answered: rows as the questions name their columns."""

    currency: str
    segments: list[Row]
    currencies: list[Row]
    others: list[Row]
    by: list[Row]
    refunds_alone: int


async def segments(
    store: Store,
    site: str,
    since: str | None = None,
    until: str | None = None,
    *,
    log: Path | None = None,
    by: str | None = None,
    where: tuple[str, ...] = (),
    currency: str | None = None,
) -> dict[str, Any]:
    """The five segments of a window, always in the same order, in the currency of most purchases.

    `log` is the folder of the log; without it all is read from the store. Further currencies and orders of nobody known
    stand beside; so do dialogues (two answered messages) and what was dropped as noise before anything was stored. With
    `by`, one of BY, also the figures of each of its values, noise left out. `where` leaves only people of whom the
    first that is known is this ("channel=search"; "channel=~" where nothing is); what is of nobody known is then not
    told. `currency` is another than that of most purchases, so that two windows can be compared. `as_of` is null when
    everything is in it that was stored when it was asked.
    """
    if by is not None and by not in BY:
        raise ConfigurationError(f'There are no segments by "{by[:40]}"; there are by {", ".join(BY)}.')
    whole = span_of(site, since, until)
    answer = await ask(store, log, whole, lambda connection: _asked(connection, by, where, currency))
    drops = await store.read(drops_of, whole.site, whole.since, whole.until)
    dropped: Counter[str] = Counter()
    for drop in drops:
        dropped[drop.reason] += drop.count if drop.door == "events" else 0
    window = {
        "label": "descriptive",
        "since": rfc3339(whole.since),
        "until": rfc3339(whole.until),
        "as_of": None if answer.as_of is None else rfc3339(answer.as_of),
    }
    beside = {"dropped": {reason: dropped[reason] for reason in ("robot", "staff")}}
    return window | _report(answer.told) | beside | ({} if by is None else {"by": _by(answer.told, by)})


def _asked(
    connection: "duckdb.DuckDBPyConnection", by: str | None, where: tuple[str, ...], currency: str | None
) -> _Told:
    # Imported here, in a thread: it takes a second, and most of what the gateway does never needs it.
    from bot.insights.log.questions import segments as questions
    from bot.insights.log.questions.asked import rows_of
    from bot.insights.log.questions.people import refunds_alone

    money = rows_of(connection, questions.currencies)
    currency = currency or main_currency(money)
    others = any(row["linked"] and row["currency"] != currency for row in money)
    refunds = rows_of(connection, refunds_alone)
    return _Told(
        currency,
        rows_of(connection, questions.segments, currency, *where),
        [] if where else money,
        rows_of(connection, questions.revenue_by_currency, currency, *where) if others else [],
        [] if by is None else rows_of(connection, questions.segments_by, currency, by, *where),
        refunds[0]["refunds"],
    )


def main_currency(money: Iterable[Row]) -> str:
    """Of what the question `currencies` told the one of most purchases."""
    main = min(money, key=lambda row: (-row["orders"], row["currency"]), default=None)
    return str(main["currency"]) if main is not None and main["orders"] else DEFAULT_CURRENCY


def _report(told: _Told) -> dict[str, Any]:
    found = {row["segment"]: row for row in told.segments}
    buyers = found.get(Segment.CONVERSING_BUYER, {})
    return {
        "rows": [_row(segment, found.get(segment, {}), told.currency) for segment in Segment],
        "other_currencies": [
            {
                "segment": row["segment"],
                "revenue": decimal_text(row["revenue"], row["currency"]),
                "currency": row["currency"],
            }
            for row in sorted(told.others, key=lambda row: (list(Segment).index(row["segment"]), row["currency"]))
            if row["currency"] != told.currency
        ],
        "unlinked": [
            {
                "purchases": row["unlinked_orders"],
                "revenue": decimal_text(row["unlinked_revenue"], row["currency"]),
                "currency": row["currency"],
            }
            for row in sorted(told.currencies, key=lambda row: str(row["currency"]))
            if row["unlinked"]
        ],
        "refunds_without_order": told.refunds_alone,
        "dialogues": {
            segment.value: found.get(segment, {}).get("dialogues", 0)
            for segment in (Segment.CONVERSING_BUYER, Segment.CONVERSING_VISITOR)
        },
        "before_purchase": {
            "people": buyers.get("before", 0),
            "revenue": decimal_text(buyers.get("before_revenue", 0), told.currency),
            "currency": told.currency,
        },
    }


def _row(segment: Segment, found: Row, currency: str) -> Row:
    return {
        "segment": segment.value,
        "people": found.get("people", 0),
        "visits": found.get("visits", 0),
        "revenue": decimal_text(found.get("revenue", 0), currency),
        "currency": currency,
        "orders": found.get("orders", 0),
    } | margin_of([found] if found else [], currency)


def _by(told: _Told, dimension: str) -> dict[str, Any]:
    values: dict[str | None, list[Row]] = {}
    for row in told.by:
        if row["segment"] != Segment.NOISE:
            values.setdefault(row["known"], []).append(row)
    ranked = sorted(values, key=lambda value: (-_sum(values[value], "people"), value is None, value or ""))
    shown, rest = ranked[:VALUES_SHOWN], ranked[VALUES_SHOWN:]
    return {
        "dimension": dimension,
        "rows": [{"value": value} | _figures(values[value], told.currency) for value in shown],
        "other_values": len(rest),
        "other": _figures([row for value in rest for row in values[value]], told.currency),
    }


def _figures(rows: Iterable[Row], currency: str) -> Row:
    held = list(rows)
    talked = [row for row in held if row["segment"] in (Segment.CONVERSING_BUYER, Segment.CONVERSING_VISITOR)]
    bought = [row for row in held if row["segment"] in (Segment.CONVERSING_BUYER, Segment.SILENT_BUYER)]
    return {
        "people": _sum(held, "people"),
        "visits": _sum(held, "visits"),
        "conversed": _sum(talked, "people"),
        "bought": _sum(bought, "people"),
        "conversing_buyers": _sum((row for row in talked if row in bought), "people"),
        "conversed_before_purchase": _sum(held, "before"),
        "orders": _sum(held, "orders"),
        "revenue": decimal_text(_sum(held, "revenue"), currency),
        "currency": currency,
    } | margin_of(held, currency)


def _sum(rows: Iterable[Row], name: str) -> int:
    return sum(row[name] for row in rows)
