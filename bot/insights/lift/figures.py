"""The figures of the report: each with its name, unit, label, interval and definition, in the order they are read."""

from dataclasses import dataclass
from enum import StrEnum

from bot.insights.lift.adjusted import Adjusted
from bot.insights.lift.estimates import Estimate, Label
from bot.insights.lift.sides import Side
from bot.insights.lift.verdict import Lift


class Unit(StrEnum):
    SHARE = "share"
    """From 0 to 1."""
    POINTS = "points"
    """A difference of shares: 0.05 is five percentage points."""
    CHANGE = "change"
    """Relative: 0.5 is half as much again."""
    MONEY = "money"
    TIMES = "times"


@dataclass(frozen=True)
class Figure:
    """`value` is None where there is nothing to tell, and `why` says then why not."""

    name: str
    title: str
    unit: Unit
    label: Label
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    definition: str
    why: str = ""


DEFINITIONS = {
    "conversion_offered": (
        "Bought, of those offered the chat",
        "People whose purchases less refunds are above zero, of all drawn into this arm, whether they talked or not.",
    ),
    "conversion_held_out": (
        "Bought, of those held out",
        "The same of those who, by lot, were not offered the chat.",
    ),
    "conversion_difference": (
        "Difference in buyers",
        "Share of buyers offered less share held out, in percentage points. Interval by Newcombe from Wilson's.",
    ),
    "conversion_change": (
        "Relative difference in buyers",
        "How much more likely people buy when they are offered the chat. Interval by Donner and Zou from Wilson's.",
    ),
    "revenue_offered": ("Revenue per visitor offered", "Purchases less refunds after the draw, by all drawn."),
    "revenue_held_out": ("Revenue per visitor held out", "The same of those held out."),
    "revenue_difference": ("Difference in revenue per visitor", "Offered less held out. Interval by Welch."),
    "revenue_change": (
        "Relative difference in revenue",
        "Revenue per visitor offered by that held out. Interval by the delta method on the logarithm.",
    ),
    "revenue_drawn_again": (
        "Difference in revenue, by drawing again",
        "The same difference with the middle 95 % of 2,000 draws of the same people: shown where buyers are few.",
    ),
    "revenue_steadied": (
        "Difference in revenue, steadied",
        "Less what the people of each arm had brought in the 180 days before they were drawn (CUPED).",
    ),
    "talkers_conversion": (
        "Difference in buyers, of those who talked",
        "The difference by how many more talked since they were offered the chat (Wald). It holds for who talks when "
        "offered, and if the offer does nothing but make people talk.",
    ),
    "talkers_revenue": (
        "Difference in revenue, of those who talked",
        "The same for revenue per visitor.",
    ),
    "adjusted_difference": (
        "Difference in buyers, adjusted",
        "Talkers against people alike in first page, who sent them, campaign, hour and earlier orders (AIPW). What is "
        "not known of them may still be the reason.",
    ),
    "adjusted_change": ("Relative difference in buyers, adjusted", "The same, relative."),
    "e_value": (
        "E-value of the adjusted difference",
        "So many times more likely would something unknown have to make both talking and buying, to be all the reason.",
    ),
    "e_value_of_limit": (
        "E-value of its interval",
        "The same to make the interval reach no difference; 1 says that it does so already.",
    ),
    "naive_change": (
        "Talkers against the silent, biased",
        "How much more likely those who talked bought than those who did not. Who wants to buy asks more, so this is "
        "no effect of the chat; it stands here because other tools show it as one.",
    ),
    "detectable": (
        "Smallest change that can be found",
        "The relative difference in buyers that 8 of 10 experiments of this size and holdout would find.",
    ),
    "covered": ("Traffic covered", "Page views of people who were drawn, of all page views in these days."),
}
"""By name: the title and what it means."""


def figure(
    name: str, unit: Unit, label: Label, found: Estimate | float | None, why: str = "there is too little to tell"
) -> Figure:
    """A line of the report, from an estimate or a number without an interval."""
    title, definition = DEFINITIONS[name]
    if isinstance(found, Estimate):
        return Figure(
            name, title, unit, found.label, found.value, found.low, found.high, found.p, definition
        )  # fmt: skip
    return Figure(name, title, unit, label, found, None, None, None, definition, "" if found is not None else why)


def compared(lift: Lift, offered: Side, held_out: Side, scale: float) -> list[Figure]:
    """Of the arms; empty where they may not be compared. `scale` makes major units of money."""
    if lift.conversion is None or lift.revenue is None:
        return []
    lot = Label.RANDOMIZED
    none_held_bought = "an arm has no buyers"
    few = "fewer than 2 people are in an arm, or all brought the same"
    money = [
        figure("revenue_offered", Unit.MONEY, Label.DESCRIPTIVE, _scaled(offered.mean, scale)),
        figure("revenue_held_out", Unit.MONEY, Label.DESCRIPTIVE, _scaled(held_out.mean, scale)),
        figure("revenue_difference", Unit.MONEY, lot, scaled(lift.revenue.difference, scale), few),
        figure("revenue_change", Unit.CHANGE, lot, lift.revenue.ratio, "an arm brought nothing"),
    ]
    if lift.revenue_is_few:
        again = scaled(lift.revenue_drawn, scale)
        money.append(figure("revenue_drawn_again", Unit.MONEY, lot, again, "an arm has no orders"))
    if lift.steadied is not None:
        money.append(figure("revenue_steadied", Unit.MONEY, lot, scaled(lift.steadied.difference, scale)))
    talked = "too few more talked because they were offered the chat for what it changed"
    return [
        figure("conversion_offered", Unit.SHARE, Label.DESCRIPTIVE, offered.bought),
        figure("conversion_held_out", Unit.SHARE, Label.DESCRIPTIVE, held_out.bought),
        figure("conversion_difference", Unit.POINTS, lot, lift.conversion.difference),
        figure("conversion_change", Unit.CHANGE, lot, lift.conversion.ratio, none_held_bought),
        *money,
        figure("talkers_conversion", Unit.POINTS, lot, lift.talkers_conversion, talked),
        figure("talkers_revenue", Unit.MONEY, lot, scaled(lift.talkers_revenue, scale), talked),
        figure("detectable", Unit.CHANGE, Label.DESCRIPTIVE, lift.detectable, none_held_bought),
    ]


def alike(found: Adjusted | None) -> list[Figure]:
    """Where nobody is held out: people who are alike, and how far that can be trusted."""
    why = "fewer than 50 talked, did not talk, or bought"
    if found is None:
        return [figure("adjusted_difference", Unit.POINTS, Label.ADJUSTED, None, why)]
    return [
        figure("adjusted_difference", Unit.POINTS, Label.ADJUSTED, found.difference),
        figure("adjusted_change", Unit.CHANGE, Label.ADJUSTED, found.ratio),
        figure("e_value", Unit.TIMES, Label.ADJUSTED, found.e_value),
        figure("e_value_of_limit", Unit.TIMES, Label.ADJUSTED, found.e_value_of_limit),
    ]


def scaled(found: Estimate | None, scale: float) -> Estimate | None:
    """The estimate in major units."""
    if found is None:
        return None
    return Estimate(found.value * scale, found.low * scale, found.high * scale, found.label, found.p)


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else value * scale
