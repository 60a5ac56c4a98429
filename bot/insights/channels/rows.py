"""Spend, people and orders of each channel set beside each other, and what that comes to for each."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.insights.margins import margin_of
from bot.money import decimal_text
from bot.store.spend import Spent

COUNTED = ("people", "conversations", "conversed", "both", "answered", "orders")
PER = {"visitor": "people", "conversation": "conversations", "conversing_buyer": "both", "answer": "answered",
       "order": "orders"}  # fmt: skip

type Row = dict[str, Any]


def rows_of(
    currency: str, spent: Sequence[Spent], reached: Iterable[Row], credited: Iterable[Row]
) -> list[dict[str, Any]]:
    """A row for each channel that has anything, those that cost most first, each with its `campaigns`.

    Spend of a channel without a campaign is its own, and in no row of its campaigns. Numbers of people may have parts
    where the rule is linear.
    """
    parts = _together(spent, [*reached, *credited])
    whole = sum(one.amount for one in spent)
    channels: dict[str, dict[str, Row]] = {}
    for (channel, campaign), row in parts.items():
        channels.setdefault(channel, {})[campaign] = row
    found = []
    for channel, campaigns in channels.items():
        row = _figures(campaigns.values(), currency, whole)
        named = [
            {"campaign": one["campaign"]} | _figures([one], currency, whole)
            for folded, one in sorted(campaigns.items(), key=lambda item: (-item[1]["spend"], -item[1]["people"]))
            if folded
        ]
        found.append({"channel": channel} | row | {"campaigns": named})
    return sorted(found, key=lambda row: (-float(row["spend"] or 0), -row["people"], row["channel"]))


def _together(spent: Sequence[Spent], told: Iterable[Row]) -> dict[tuple[str, str], Row]:
    parts: dict[tuple[str, str], Row] = {}
    for one in spent:
        _row(parts, one.channel, one.campaign)["spend"] += one.amount
        _row(parts, one.channel, one.campaign)["has_spend"] = True
    for row in told:
        if row["channel"] is not None:
            kept = _row(parts, row["channel"], row["campaign"])
            for name in (*COUNTED, "revenue", "margin", "margins"):
                kept[name] += row.get(name) or 0
    return parts


def _row(parts: dict[tuple[str, str], Row], channel: str, campaign: str) -> Row:
    names = (*COUNTED, "revenue", "margin", "margins", "spend")
    # A campaign is written by hand in many places: capitals make no other one.
    new = dict.fromkeys(names, 0) | {"has_spend": False, "campaign": campaign}
    return parts.setdefault((channel, campaign.casefold()), new)


def _figures(rows: Iterable[Mapping[str, Any]], currency: str, whole: int) -> Row:
    held = list(rows)
    sums = {name: sum(row[name] for row in held) for name in (*COUNTED, "revenue", "margin", "margins", "spend")}
    has_spend = any(row["has_spend"] for row in held)
    spend = sums["spend"] if has_spend else None
    margin = margin_of(
        [{"margin": sums["margin"], "margins": round(sums["margins"]), "priced": round(sums["orders"])}], currency
    )
    return {
        "spend": None if spend is None else decimal_text(spend, currency),
        "share_of_budget": spend / whole if spend is not None and whole else None,
        **{name: round(sums[name], 3) for name in COUNTED},
        "revenue": decimal_text(sums["revenue"], currency),
        **margin,
        "currency": currency,
        "cost_per": {name: _cost(spend, sums[of], currency) for name, of in PER.items()},
        "return": _return(spend, sums),
    }


def _cost(spend: int | None, count: float, currency: str) -> str | None:
    return None if spend is None or count <= 0 else decimal_text(round(spend / count), currency)


def _return(spend: int | None, sums: Mapping[str, Any]) -> Row | None:
    """What came back of each unit spent, less that unit: of the margin where that of all orders is known."""
    if not spend:
        return None
    of = "margin" if round(sums["margins"]) == round(sums["orders"]) and sums["orders"] else "revenue"
    return {"value": round((sums[of] - spend) / spend, 4), "of": of}
