"""What changed against the days before, beyond chance or not."""

from bot.insights.lift.estimates import Estimate, Label
from bot.insights.one_page.findings import Finding, Part, State, counted, found, points
from bot.insights.one_page.reading import Days
from bot.insights.one_page.shares import Mean, Share, means_differ, shares_differ
from bot.insights.percents import percent

PAGE = "/insights"
FEWEST_PEOPLE = 30
BUYERS_OF_A_MEAN = 100
"""Revenue has few large amounts: with fewer buyers its mean is not as a normal distribution has it."""
NAMES = {
    "buyers": ("People bought", "the share who bought"),
    "talkers": ("People conversed", "the share who conversed"),
    "open": ("Questions stayed open", "questions left open"),
    "score": ("Conversations scored", "the conversation score"),
    "revenue": ("People brought", "revenue a person"),
}
DEFINITION = (
    "These days less as many days before, from 30 people, questions or conversations on (revenue: 100 buyers). Shares: "
    "Newcombe’s interval, Fisher’s test; means: Welch’s. Holm’s correction for all that is looked at."
)


def looks_at_changes(now: Days, before: Days) -> dict[str, Estimate]:
    """What can be compared with the days before, by a name of NAMES."""
    looks: dict[str, Estimate] = {}
    for name in ("buyers", "talkers", "open"):
        one, other = _of(name, now), _of(name, before)
        if one is not None and other is not None and min(one.of, other.of) >= FEWEST_PEOPLE:
            looks[name] = shares_differ(one, other)
    if min(now.judged.of, before.judged.of) >= FEWEST_PEOPLE:
        looks["score"] = means_differ(now.judged, before.judged)
    if min(now.buyers, before.buyers) >= BUYERS_OF_A_MEAN:
        looks["revenue"] = means_differ(*(_major(one) for one in (now, before)))
    return looks


def changed(looks: dict[str, Estimate], claimed: set[str], now: Days, before: Days) -> list[Finding]:
    """A sentence for each change that is beyond chance, and one about what was looked at and is not."""
    told = [_change(name, looks[name], now, before) for name in NAMES if name in claimed]
    rest = [NAMES[name][1] for name in NAMES if name in looks and name not in claimed]
    if not looks:
        few = "Nobody came in the days before, so there is nothing to compare with."
        if before.people:
            few = (
                f"Too few to judge what changed: {counted(before.people, 'person', 'people')} came in the days before."
            )
        state = State.TOO_FEW if before.people else State.ABSENT
        return [Finding("changes", Part.CHANGES, state, few, DEFINITION, Label.DESCRIPTIVE, before.people, PAGE)]
    if rest:
        sentence = f"No change beyond chance in {_and(rest)}."
        told.append(
            Finding("changes", Part.CHANGES, State.NOTHING, sentence, DEFINITION, Label.DESCRIPTIVE, now.people, PAGE)
        )
    return told


def _change(name: str, told: Estimate, now: Days, before: Days) -> Finding:
    subject, _ = NAMES[name]
    up = told.value > 0
    match name:
        case "score":
            how = (
                f"{abs(told.value):.0f} points {'higher' if up else 'lower'} than in the days before ({_ends(told, 0)})"
            )
        case "revenue":
            how = f"{abs(told.value):,.2f} {now.currency} {'more' if up else 'less'} each ({_ends(told, 2)})"
        case _:
            often = "more often" if up else "less often"
            how = f"{often} than before: {_shares(name, now, before)} ({points(told)})"
    finding = Finding(
        f"change_{name}", Part.CHANGES, State.FOUND, f"{subject} {how}.", DEFINITION, Label.DESCRIPTIVE,
        now.people, PAGE,
    )  # fmt: skip
    return found(finding, told, {"score": "score", "revenue": "money"}.get(name, "points"))


def _shares(name: str, now: Days, before: Days) -> str:
    one, other = (_of(name, days) for days in (now, before))
    assert one is not None and other is not None
    return f"{percent(one.value)}, and {percent(other.value)} then"


def _of(name: str, days: Days) -> Share | None:
    """The share that is compared under this name; None of nothing."""
    if name == "open":
        return days.open_questions
    return _share(days.buyers if name == "buyers" else days.talked.of, days.people)


def _share(count: int, of: int) -> Share | None:
    return Share(count, of) if of else None


def _major(days: Days) -> Mean:
    spent, scale = days.spent, days.scale
    return Mean(spent.of, spent.total * scale, spent.squares * scale**2)


def _ends(told: Estimate, digits: int) -> str:
    low, high = sorted((abs(told.low), abs(told.high)))
    return f"{low:,.{digits}f} to {high:,.{digits}f}"


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
