"""Who the best customers are: what is true of them more often, or less often, than of everybody."""

from collections.abc import Sequence
from math import inf, log
from pathlib import Path

from bot.insights.lift.estimates import Label
from bot.insights.one_page.findings import Finding, Part, State, counted
from bot.insights.one_page.questions import shortened
from bot.insights.one_page.reading import Days
from bot.insights.percents import percent
from bot.insights.profiles.groups import Group
from bot.insights.profiles.over_represented import Compared
from bot.insights.profiles.sentences import is_true
from bot.insights.profiles.spenders import spenders
from bot.store.store import Store

PAGE = "/insights/profiles"
MOST_TOLD = 3
DEFINITION = (
    "The tenth of the buyers who spent most, against everybody but noise who agrees to be measured: their share by "
    "that of everybody, of those of whom it is known. All intervals hold at once with 95 % (MOVER-R of exact limits)."
)


async def best(store: Store, now: Days, *, log: Path | None) -> list[Finding]:
    """What stands out of them, after the report about profiles; silent where they are too few to be compared."""
    return standing_out(*await spenders(store, now.span, now.currency, log=log))


def standing_out(group: Group, values: Sequence[Compared]) -> list[Finding]:
    """Of each attribute what is surest: where more have a phone, fewer have a computer. The strongest come first."""
    looked_at = sum(one.ratio is not None for one in values)
    if not looked_at:
        return []
    found = sorted((one for one in values if one.is_over or one.is_under), key=_strongest_first)
    first = {one.counted.attribute: one for one in reversed(found)}
    told = [one for one in found if first[one.counted.attribute] is one][:MOST_TOLD]
    return [_told(one, number, group) for number, one in enumerate(told, 1)] or [_alike(looked_at, group)]


def _strongest_first(one: Compared) -> tuple[float, str, str]:
    """By the end of the interval that is nearest to 1, half as often being as strong as twice."""
    assert one.low is not None and one.high is not None
    end = one.low if one.is_over else one.high
    return -abs(log(end)) if end else -inf, one.counted.attribute, one.counted.value


def _told(one: Compared, number: int, group: Group) -> Finding:
    of, low, high = one.counted, one.low, one.high
    said = is_true(of.attribute, of.value if of.attribute == "device" else f"“{shortened(of.value)}”")
    share, of_all = percent(of.group / of.group_known, 0), percent(of.everybody / of.everybody_known, 0)
    whose = f"{share} of the {group.people:,} best customers"
    if of.group_known < group.people:
        whose = f"Where it is known ({of.group_known:,} of {group.people:,}), {share} of the best customers"
    sentence = f"{whose} {said}, {of_all} of everybody: {one.ratio:.2f} times as often ({low:.2f} to {high:.2f})."
    return Finding(
        f"best_{number}", Part.BEST, State.FOUND, sentence, DEFINITION, Label.DESCRIPTIVE, of.group_known, PAGE,
        "times", one.ratio, low, high,
    )  # fmt: skip


def _alike(looked_at: int, group: Group) -> Finding:
    sentence = (
        f"As far as we know them, the {group.people:,} best customers are like everybody: nothing stands out beyond "
        f"chance ({counted(looked_at, 'value')} compared)."
    )
    return Finding(
        "best", Part.BEST, State.NOTHING, sentence, DEFINITION, Label.DESCRIPTIVE, group.people, PAGE
    )  # fmt: skip
