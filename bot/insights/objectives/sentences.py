"""What is said of an objective: its numbers in their units, and how it stands in one sentence or two."""

from collections.abc import Mapping
from typing import Any

from bot.insights.objectives.measures import MEANINGS, Measure, Unit
from bot.insights.objectives.status import Status
from bot.insights.percents import NBSP, percent

Told = Mapping[str, Any]


def in_unit(value: float | None, unit: Unit, currency: str | None, *, digits: int | None = None) -> str:
    """The number as people read it; a dash where there is none."""
    if value is None:
        return "–"
    match unit:
        case Unit.SHARE:
            return percent(value, 1 if digits is None else digits)
        case Unit.MONEY:
            return f"{value:,.2f}".replace("-", "\N{MINUS SIGN}") + f"{NBSP}{currency}"
    return f"{value:,.0f}"


def change_in_unit(value: float | None, unit: Unit, currency: str | None) -> str:
    """A difference: of shares in points, with its sign."""
    if value is None:
        return "–"
    sign = "+" if value > 0 else ""
    if unit is Unit.SHARE:
        return f"{sign}{percent(value).removesuffix(f'{NBSP}%')}{NBSP}points"
    return f"{sign}{in_unit(value, unit, currency)}".replace("-", "\N{MINUS SIGN}")


def with_interval(told: Told | None, unit: Unit, currency: str | None, *, change: bool = False) -> str:
    """12.3 % (11.0 % to 13.6 %); without the brackets where there is no interval."""
    if told is None:
        return "–"
    words = change_in_unit if change else in_unit
    value = words(told["value"], unit, currency)
    if told["low"] is None:
        return value
    return f"{value} ({words(told['low'], unit, currency)} to {words(told['high'], unit, currency)})"


def sentence(row: Told) -> str:
    """How it stands, beginning with its status; `row` is one of the report's."""
    unit, currency = Unit(row["unit"]), row["currency"]
    value, target = with_interval(row["value"], unit, currency), in_unit(row["target"], unit, currency)
    by_lot = row["label"] == "randomized"
    gained = with_interval(row["gain"], unit, currency, change=True)
    wanted = change_in_unit(row["target"] - row["baseline"]["value"], unit, currency)
    so_far = (
        f"by lot the chat made {gained}, and {wanted} is wanted" if by_lot else f"{value}, and the target is {target}"
    )
    match Status(row["status"]):
        case Status.NOT_STARTED:
            return f"Not started: it begins on {row['since']}."
        case Status.TOO_FEW:
            return f"Too few to judge: {_few(row)}."
        case Status.REACHED:
            return f"Reached: {so_far}."
        case Status.MISSED:
            return f"Missed: {so_far}."
        case Status.ENDED:
            seen = f" It stood at {value}, and the target was {target}." if row["value"] else ""
            return f"Ended: closed on {row['closed']['at'][:10]}, before its last day.{seen}"
        case Status.WAITS:
            return "Guess first what the chat changes (page Lift); how sales stand by lot is then told here."
    comes = f"; if it goes on so, {_projected(row, unit, currency)} by {row['until']}" if not by_lot else ""
    return f"{row['status'].capitalize()}: {so_far}{comes}."


def _projected(row: Told, unit: Unit, currency: str | None) -> str:
    return "it comes to " + with_interval(row["projected"], unit, currency)


def _few(row: Told) -> str:
    meaning, seen = MEANINGS[Measure(row["measure"])], row["judged"]
    if seen < meaning.fewest:
        return f"{seen:,} {meaning.judged_by}, and it takes {meaning.fewest:,}"
    if row["by_lot"] is not None and not row["by_lot"]["enough"]:
        return "fewer than 100 buyers in an arm of the lot"
    if row["days_left"] and row["days_passed"] < row["least_days"]:
        days = row["least_days"]
        return f"{row['days_passed']} of {days} {'day' if days == 1 else 'days'} that it takes have passed"
    if row["days_left"]:
        return "nothing can be foretold yet"
    return "the target was met, but chance alone may have done it"


def detectable_sentence(row: Told) -> str:
    """Whether what comes by the last day can show the smallest change that matters."""
    unit, currency = Unit(row["unit"]), row["currency"]
    smallest = change_in_unit(row["smallest"], unit, currency).removeprefix("+")
    if row["detectable"] is None:
        return f"Whether a change of {smallest} can be seen is not known yet: nothing was seen to judge it by."
    found = change_in_unit(row["detectable"], unit, currency).removeprefix("+")
    if row["can_show"]:
        return f"By {row['until']} a change of {found} or more can be told from chance: enough for {smallest}."
    return (
        f"By {row['until']} only a change of {found} or more can be told from chance, and {smallest} matters: wait "
        "longer, or take in more of the site."
    )
