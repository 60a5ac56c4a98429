"""Which channel, campaign, country, language or device differs from the others in who converses, who buys, how much."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from bot.insights.lift.estimates import Estimate, Label
from bot.insights.one_page.findings import Finding, Part, State, found, points
from bot.insights.one_page.questions import shortened
from bot.insights.one_page.reading import DIMENSIONS, Days, Group
from bot.insights.one_page.shares import Mean, Share, means_differ, shares_differ
from bot.insights.percents import percent

PAGE = "/insights?by="
FEWEST_PEOPLE, FEWEST_BUYERS, MOST_VALUES, MOST_TOLD = 30, 30, 5, 4
DEFINITION = (
    "People of one channel, campaign, country, language or device (the five with the most people of each, 30 people or "
    "buyers at least), less all others. Shares: Newcombe’s interval, Fisher’s test; means: Welch’s. Holm’s correction."
)


@dataclass(frozen=True)
class Look:
    """One group, and what it is compared in: "bought", "conversed" or "spent" (by each buyer)."""

    dimension: str
    value: str
    what: str


def looks_at_groups(now: Days) -> dict[Look, Estimate]:
    """Each group that is large enough, in all that can be compared, against all others."""
    looks: dict[Look, Estimate] = {}
    for group in _largest(now):
        others = now.people - group.people
        if others < FEWEST_PEOPLE:
            continue
        for what, mine, theirs in (("bought", group.spent.of, now.buyers), ("conversed", group.talked, now.talked.of)):
            one, other = Share(mine, group.people), Share(theirs - mine, others)
            looks[Look(group.dimension, group.value, what)] = shares_differ(one, other)
        if min(group.spent.of, now.buyers - group.spent.of) >= FEWEST_BUYERS:
            looks[Look(group.dimension, group.value, "spent")] = means_differ(*_spent(group, now))
    return looks


def _largest(now: Days) -> list[Group]:
    found: list[Group] = []
    for dimension in DIMENSIONS:
        enough = [one for one in now.groups if one.dimension == dimension and one.people >= FEWEST_PEOPLE]
        found += sorted(enough, key=lambda one: (-one.people, one.value))[:MOST_VALUES]
    return found


def _spent(group: Group, now: Days) -> tuple[Mean, Mean]:
    """What each buyer of the group spent, and each other one, in major units."""
    mine, scale = group.spent, now.scale
    rest = Mean(now.buyers - mine.of, now.paid.total - mine.total, now.paid.squares - mine.squares)
    return tuple(Mean(one.of, one.total * scale, one.squares * scale**2) for one in (mine, rest))  # type: ignore[return-value]


def differing(looks: Mapping[Look, Estimate], claimed: Set[Look], now: Days) -> list[Finding]:
    """A sentence for each group that differs, the surest first; one that none does, where some were looked at."""
    groups = {(one.dimension, one.value): one for one in now.groups}
    ranked = sorted(claimed, key=lambda look: _surest_first(look, looks[look]))
    # Of one dimension the surest: where mobiles ask more often, all others ask less often.
    first = {(look.dimension, look.what): look for look in reversed(ranked)}
    surest = [look for look in ranked if first[look.dimension, look.what] is look][:MOST_TOLD]
    told = [_told(look, looks[look], groups[look.dimension, look.value], now) for look in surest]
    if looks and not told:
        sentence = f"No channel, campaign, country, language or device stands out beyond chance ({len(looks)} looks)."
        told = [
            Finding(
                "groups", Part.PEOPLE, State.NOTHING, sentence, DEFINITION, Label.DESCRIPTIVE, now.people,
                f"{PAGE}channel",
            )
        ]  # fmt: skip
    return told


def _surest_first(look: Look, told: Estimate) -> tuple[float, bool, str]:
    # Of two groups that are all there is, both are as sure but for the last digits, and who does more is named.
    return float(f"{told.p or 0.0:.9g}"), told.value < 0, str(look)


def _told(look: Look, told: Estimate, group: Group, now: Days) -> Finding:
    whose, up, part = f"{look.dimension} “{shortened(look.value)}”", told.value > 0, Part.PEOPLE
    often = "more often" if up else "less often"
    match look.what:
        case "spent":
            one, other = _spent(group, now)
            low, high = sorted((abs(told.low), abs(told.high)))
            sentence = (
                f"Buyers of the {whose} spent {'more' if up else 'less'}: {one.value:,.2f} {now.currency} each, the "
                f"others {other.value:,.2f} ({low:,.2f} to {high:,.2f} {'more' if up else 'less'})."
            )
        case "bought":
            share = percent(group.spent.of / group.people)
            sentence = f"People of the {whose} bought {often} than the others: {share} of them, {_apart(told)}."
        case _:
            share, part = percent(group.talked / group.people), Part.TALK
            sentence = f"People of the {whose} conversed {often} than the others: {share} of them, {_apart(told)}."
    n = group.spent.of if look.what == "spent" else group.people
    finding = Finding(
        f"group_{look.what}", part, State.FOUND, sentence, DEFINITION, Label.DESCRIPTIVE, n, PAGE + look.dimension
    )
    return found(finding, told, "money" if look.what == "spent" else "points")


def _apart(told: Estimate) -> str:
    """14.3 points more (8.6 to 20.7 points): beside a share alone, the interval would be taken for the share's."""
    number = percent(abs(told.value)).removesuffix("\N{NO-BREAK SPACE}%")
    return f"{number} points {'more' if told.value > 0 else 'less'} ({points(told)})"
