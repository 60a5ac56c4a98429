"""The report about channels in sentences."""

from collections.abc import Callable
from typing import Any

DEFINITIONS = {
    "spend": "What was told of the channel's campaigns, by whole days. Share of budget: of all spend in this currency.",
    "people": "People who are no noise, under the arrival in these days that the rule names. With linear in parts.",
    "conversations": "Those in which these people said something.",
    "conversed": "Of these people, those of whom a message was answered.",
    "both": "Of those, who also bought.",
    "answered": "Their messages that bot or staff answered.",
    "orders": "Orders of these days, each given to arrivals in the 90 days before it by the rule that is named.",
    "revenue": "What these orders brought, less their refunds.",
    "margin": "What the shop told of their margin, less what refunds took of it.",
    "return": "(margin − spend) / spend where the margin of all these orders is known, else of the revenue: said so.",
    "unattributed": "Orders with no known arrival in the 90 days before, and those of nobody known. In no channel.",
    "incremental": "Spend over the sales that the chat made, by the lot of the holdout. Only the total can be told.",
}

UNATTRIBUTED = {"no_arrival_known": "of people of whom no arrival is known", "nobody_known": "of nobody known"}
FEWEST = 10
"""Orders below which no channel is called the best: too few to judge."""


def plain_money(amount: str, currency: str) -> str:
    return f"{amount} {currency}"


def finding(told: dict[str, Any], money: Callable[[str, str], str] = plain_money) -> str:
    """What the page is opened for, in a sentence."""
    paid = [row for row in told["rows"] if row["spend"] is not None and float(row["spend"]) > 0]
    if not told["rows"]:
        return "Nobody came and nothing was spent in these days."
    if not paid:
        return "No spend is known of these days: import it to see what each channel costs."
    judged = [row for row in paid if row["return"] is not None and row["orders"] >= FEWEST]
    spent = money(told["spend"], told["currency"])
    if not judged:
        return f"{spent} were spent, and no channel with spend has {FEWEST} orders: too few to judge."
    best = max(judged, key=lambda row: row["return"]["value"])
    most = "brought most for its money" if len(judged) > 1 else "brought something back"
    return f"Of {spent} spent, the channel {best['channel']} {most}: {_times(best['return'])}."


def left_over(told: dict[str, Any], money: Callable[[str, str], str] = plain_money) -> list[str]:
    """What stands in no channel, so that nothing is left out in silence."""
    lines = [
        f"{_orders(one['orders'])} ({money(one['revenue'], one['currency'])}) {whose}: unattributed."
        for name, whose in UNATTRIBUTED.items()
        if (one := told["unattributed"][name])["orders"]
    ]
    for one in told["other_currencies"]:
        what = f"{one['channel']} ({one['campaign']})" if one["campaign"] else one["channel"]
        spent = money(one["spend"], one["currency"])
        lines.append(f"{spent} for {what} are in another currency than the orders, and set against nothing.")
    return lines


def incremental(told: dict[str, Any], money: Callable[[str, str], str] = plain_money) -> str:
    """What a sale cost that there would not have been without the chat, or why that can't be told."""
    found = told["incremental"]
    if found["cost"] is None:
        return f"Cost of a sale that the chat made: not known. {found['why']}"
    return (
        f"The chat made {found['sales']:,.0f} sales (95 %: {found['low']:,.0f} to {found['high']:,.0f}, "
        f"{found['label']}); for each of them {money(found['cost'], told['currency'])} were spent on campaigns."
    )


def _times(back: dict[str, Any]) -> str:
    times = 1 + back["value"]
    return f"{f'{times:,.0f}' if times >= 10 else f'{times:.2g}'} times what it cost, by {back['of']}"


def _orders(count: float) -> str:
    return f"{count:,g} order{'' if count == 1 else 's'}"
