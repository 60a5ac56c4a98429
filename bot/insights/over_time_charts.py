"""The charts of the dashboard's first page: what each one found as its title, and the series that it draws."""

from dataclasses import replace
from datetime import date
from types import ModuleType

from bot.insights.changes import FEW, percent
from bot.insights.charts import lines, panels, stacks
from bot.insights.charts.times import OverTime as Chart
from bot.insights.charts.times import Series
from bot.insights.over_time import COUNTED, SILENT, TALKED, OverTime, Step
from bot.insights.segments import Segment
from bot.money import DIGITS

KINDS: dict[str, ModuleType] = {"people": panels, "conversion": lines, "revenue": stacks}
"""The charts by name, and how each is drawn."""
BUYERS = (Segment.CONVERSING_BUYER, Segment.SILENT_BUYER)
TITLES = {
    Segment.CONVERSING_BUYER: "Conversing buyers",
    Segment.CONVERSING_VISITOR: "Conversing visitors",
    Segment.SILENT_BUYER: "Silent buyers",
    Segment.PASSIVE_VISITOR: "Passive visitors",
}


def charts_of(told: OverTime, people: dict[str, int], since: date, until: date) -> dict[str, Chart]:
    """By name; none when nothing happened. `people` are those of each segment in the whole window.

    A week that the window cuts, or one that is not over, would look like a fall: it is in the table alone.
    """
    if not told.steps:
        return {}
    window = f"{since} to {until}, UTC. Descriptive: it says what was, not why."
    whole, everything = tuple(step for step in told.steps if step.is_whole), told
    if 1 < len(whole) < len(told.steps):
        told, window = replace(told, steps=whole), f"Only whole {told.name}s. {window}"
    return {
        "people": _people(told, people, window),
        "conversion": _conversion(told, people, window),
        **(
            {"revenue": _revenue(told, everything, window)}
            if any(any(one.revenue.values()) for one in told.steps)
            else {}
        ),
    }


def _people(told: OverTime, people: dict[str, int], window: str) -> Chart:
    everybody = sum(people.get(one, 0) for one in COUNTED)
    talked, bought = (sum(people.get(one, 0) for one in which) for which in (TALKED, BUYERS))
    title = f"{_count(everybody, 'person', 'people')} came, {talked:,} talked with us and {bought:,} bought"
    subtitle = f"People of each segment who were there each {told.name}, each strip in its own measure. {window}"
    series = [Series(TITLES[one], one, tuple(float(step.people.get(one, 0)) for step in told.steps)) for one in COUNTED]
    return Chart(title, subtitle, _days(told), told.name, tuple(series))


def _conversion(told: OverTime, people: dict[str, int], window: str) -> Chart:
    subtitle = f"Share of the people who were there each {told.name} who ordered then. {window}"
    groups = (("Talked with us", Segment.CONVERSING_BUYER, TALKED), ("Did not talk", Segment.PASSIVE_VISITOR, SILENT))
    series = [Series(name, colour, tuple(step.conversion(of) for step in told.steps)) for name, colour, of in groups]
    return Chart(conversion_found(people), subtitle, _days(told), told.name, tuple(series), "share")


def conversion_found(people: dict[str, int]) -> str:
    """How often talkers and others bought in the whole window; nothing is claimed of few."""
    talked, silent = (sum(people.get(one, 0) for one in which) for which in (TALKED, SILENT))
    buyers, others = people.get(Segment.CONVERSING_BUYER, 0), people.get(Segment.SILENT_BUYER, 0)
    if not buyers + others:
        return "Nobody bought in these days"
    if min(buyers, others) < FEW or not talked or not silent:
        return (
            f"Too few to judge: {_count(buyers, 'buyer', 'buyers')} among who talked, {others:,} among who did not"
        )  # fmt: skip
    shares = f"{percent(buyers / talked)} against {percent(others / silent)}"
    times = (buyers / talked) / (others / silent)
    if 0.9 <= times <= 1.1:
        return f"Who talked bought about as often as who did not: {shares}"
    more = f"{times:.1f} times as often as" if times > 1 else "less often than"
    return f"Who talked bought {more} who did not: {shares}"


def _revenue(told: OverTime, everything: OverTime, window: str) -> Chart:
    """The title is of the whole window, also where only whole steps are drawn."""
    sums = {one: sum(step.revenue.get(one, 0) for step in everything.steps) for one in Segment}
    takings = sums[Segment.CONVERSING_BUYER] + sums[Segment.SILENT_BUYER]
    title = f"Revenue of each {told.name}, less what was given back"
    if min(sums[one] for one in BUYERS) >= 0 and takings > 0:
        title = f"{percent(sums[Segment.CONVERSING_BUYER] / takings)} of what buyers paid came from who talked with us"
    subtitle = f"Revenue less refunds of each {told.name} in {told.currency}, by segment. {window}"
    digits = DIGITS.get(told.currency, 2)
    series = [
        Series(TITLES[one], one, tuple(_major(step, one, digits) for step in told.steps))
        for one in (*BUYERS, *(one for one in COUNTED if one not in BUYERS and sums[one]))
    ]
    return Chart(title, subtitle, _days(told), told.name, tuple(series), "money")


def _major(step: Step, segment: Segment, digits: int) -> float:
    return float(step.revenue.get(segment, 0) / 10**digits)


def _days(told: OverTime) -> tuple[str, ...]:
    return tuple(step.first.isoformat() for step in told.steps)


def _count(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"
