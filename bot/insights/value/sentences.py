"""The value of customers in words: what was found, what it is not good for, what each figure means."""

from collections.abc import Callable
from typing import Any

type Money = Callable[[str, str], str]
FAR_OFF = 0.5
"""A total that was wrong by more than this in the backtest is not one to plan with."""
UNLIKE = 0.3

DEFINITIONS = {
    "customers": "People with an order that was not given back whole, in the currency of most orders.",
    "alive": "How many of them can be expected to order again ever, by how often they used to and since when they "
    "have not (BG/NBD). Who ordered once counts as one who may.",
    "orders": "Transactions that they are expected to make; several orders of a day are one.",
    "value": "Those orders times what each customer spends on one (Gamma-Gamma), less refunds. Revenue, not profit.",
    "profit": "So far: margins less refunds, less what serving them cost (minutes of staff, answers of the bot), less "
    "what was spent on campaigns, as far as each is known. Of one customer the spend is their part of that on the "
    "channel and campaign of their first known arrival (rule: first); what brought no customer is nobody's, and taken "
    "off the total. Ahead: the value times what profit has been of revenue so far.",
    "interval": "95 %, by the delta method for what the model does not know and by simulation for chance. It takes "
    "the model to be right; the backtest says how far it was.",
    "backtest": "The model learned the first half of the time alone and foretold the second, of the customers who "
    "were there by then.",
    "recency": "Buyers in fifths by the day of their last order, 5 the latest.",
    "frequency": "Buyers in fifths by how many orders they made, then by what they spent; 5 the most.",
}


def finding(told: dict[str, Any], money: Money) -> str:
    """The report in one sentence."""
    if not told["customers"]:
        return "Nobody has ordered yet, so there is no value to tell."
    if told["why_no_forecast"]:
        return str(told["why_no_forecast"])
    if not is_trusted(told["backtest"]):
        return (
            f"What {told['customers']:,} customers will bring can't be foretold well here: tried on the last "
            f"{told['backtest']['days']} days, the forecast was {_off(told['backtest']['total_error'])}."
        )
    last = told["ahead"][-1]
    alive = told["alive"]
    who = f"{told['customers']:,} customers" if alive is None else f"{alive:,.0f} of {told['customers']:,} customers"
    still = "" if alive is None else " may still order, and"
    what = (
        f"{last['orders']['value']:,.0f} orders"
        if last["value"] is None
        else f"{money(last['value']['value'], told['currency'])} "
        f"({money(last['value']['low'], told['currency'])} to {money(last['value']['high'], told['currency'])})"
    )
    return f"{who}{still} are expected to bring {what} in the next {last['days']} days."


def is_trusted(test: dict[str, Any] | None) -> bool:
    """Whether the forecast is one to plan with, as far as the backtest can say."""
    return test is None or abs(test["total_error"] or 0) <= FAR_OFF


def why_none(customers: int, again: int, days: int) -> str:
    return (
        f"Too few to judge what is to come: {customers:,} customer{'' if customers == 1 else 's'}, of whom {again:,} "
        f"came again, in {days:,} days. A forecast takes 50, of whom 20 came again, and four weeks."
    )


def proof(test: dict[str, Any] | None) -> str:
    """What the backtest says, for who reads nothing else of it."""
    if test is None:
        return "There are too few customers in the first half of the time to say how well this would have foretold."
    off = "" if test["total_error"] is None else f" {_off(test['total_error'])}"
    naive = (
        "" if test["naive_error"] is None else f"; that all go on as before would have been {_off(test['naive_error'])}"
    )
    bad = "" if is_trusted(test) else f" Don't plan with it.{_why_off(test)}"
    expected = f"{test['expected_orders']:,.0f} orders expected, {test['orders']:,} came"
    return f"In the last {test['days']} days the forecast was{off or ' not to be judged'} ({expected}){naive}.{bad}"


def _why_off(test: dict[str, Any]) -> str:
    """That most of the fault is of those who had ordered once, where it is."""
    missed, whole = test["once_expected"] - test["once_orders"], test["expected_orders"] - test["orders"]
    if whole <= 0 or missed < whole / 2:
        return ""
    return (
        f" Most of the fault is in the {test['once_people']:,} who had ordered once: {test['once_expected']:,.0f} "
        f"orders were expected of them, {test['once_orders']:,} came. The model takes nobody to leave after a first "
        "order, and here many do."
    )


def ranking(test: dict[str, Any] | None) -> str | None:
    """Whether the model ranks customers any better than what they have spent; None where nothing was bought."""
    if test is None or test["top_share"] is None:
        return None
    ours, plain = f"{test['top_share']:.1%}", f"{test['past_spend_share']:.1%}"
    shares = f"Its first tenth brought {ours} of the revenue, the tenth with the highest past spend {plain}"
    if test["gain_low"] > 0:
        return f"{shares}: it ranks better than past spend."
    if test["gain_high"] < 0:
        return f"{shares}: to rank customers, plain past spend is better."
    return f"{shares}: no more of a difference than chance makes. To rank customers, plain past spend does as well."


def notes(told: dict[str, Any], money: Money) -> list[str]:
    lines = [
        *(["Nobody seems to leave, or nobody can be told to: no chance to be a customer still is given."]
          if told["ahead"] and told["alive"] is None else []),
        *([f"Who orders often also spends {'more' if told['unlike'] > 0 else 'less'} on an order "
           f"(correlation {told['unlike']:.2f}); the model takes one to tell nothing of the other."]
          if told["unlike"] is not None and abs(told["unlike"]) > UNLIKE else []),
        *(["What they will spend can't be told: too few paid for more than one order, or their orders differ too much."]
          if told["ahead"] and told["ahead"][0]["value"] is None else []),
        *(["The days that are known are too few to say anything of a year ahead."] if len(told["ahead"]) == 1 else []),
        profit(told, money),
        _of_nobody(told, money),
    ]  # fmt: skip
    others = [
        f"{_orders(one['orders'])} in {one['currency']}, and in no figure here: each currency is told by itself."
        for one in told["other_currencies"]
    ]
    unlinked = [f"{_orders(one['orders'])} of nobody known to us, and in no figure here." for one in told["unlinked"]]
    return [*filter(None, lines), *others, *unlinked]


def _of_nobody(told: dict[str, Any], money: Money) -> str:
    wasted = told["profit"]["spend_of_nobody"]
    if not told["profit"]["profit"] or not float(wasted):
        return ""
    return f"{money(wasted, told['currency'])} of that spend brought no customer whose arrival is known."


def _orders(count: int) -> str:
    return f"{count:,} order" + (" is" if count == 1 else "s are")


def profit(told: dict[str, Any], money: Money) -> str:
    """What is known of profit: what was taken off the margins, and what is not known."""
    known, orders = told["margins"]["known"], told["margins"]["orders"]
    if not orders:
        return ""
    if not known:
        return "No order tells its margin, so this is revenue, not profit."
    if known < orders:
        return f"Margins are known of {known:,} of {orders:,} orders, too few for a profit: this is revenue."
    found, currency = told["profit"], told["currency"]
    if found["profit"] is None:
        return "All orders tell their margin, and there is no revenue to hold it against: no profit is told."
    off = [
        *([] if found["service"] is None else [
            f"{money(found['service'], currency)} for serving them ({found['staff_minutes']:,.0f} minutes of staff, "
            f"{found['bot_answers']:,} answers of the bot)"]),
        *([] if found["spend"] is None else [f"{money(found['spend'], currency)} spent on campaigns"]),
    ]  # fmt: skip
    less = f", less {' and '.join(off)}" if off else ""
    return (
        f"So far they left a profit of {money(found['profit'], currency)}, {found['rate']:.1%} of revenue: margins of "
        f"{money(found['margin'], currency)} less refunds{less}.{_unknown(found['missing'])}"
    )


UNKNOWN = {
    "service": " What serving them costs is not set (duologue site set staff_minute_cost, bot_answer_cost), so it is "
    "not taken off.",
    "spend": " What was spent on campaigns was not told (duologue import spend), so it is not taken off.",
}


def _unknown(missing: list[str]) -> str:
    return "".join(UNKNOWN[one] for one in missing if one in UNKNOWN)


def _off(error: float) -> str:
    return f"{abs(error):.1%} too {'high' if error > 0 else 'low'}"
