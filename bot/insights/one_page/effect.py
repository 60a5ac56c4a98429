"""Whether talking made a difference: what the report about lift found, as it labels it."""

from collections.abc import Mapping
from typing import Any

from bot.insights.lift.estimates import Estimate, Label
from bot.insights.lift.table import guess_told
from bot.insights.lift.verdict import Verdict
from bot.insights.one_page.findings import Finding, Part, State, found

PAGE = "/insights/lift"
STATES = {
    Verdict.MORE: State.FOUND,
    Verdict.LESS: State.FOUND,
    Verdict.NO_DIFFERENCE: State.NOTHING,
    Verdict.NOBODY_HELD_OUT: State.FOUND,
    Verdict.TOO_FEW: State.TOO_FEW,
}
"""All others have nothing that may be told."""
BY_LOT = (
    "Share of buyers among those offered the chat less that among those held out by lot, everybody drawn counted, in "
    "the experiment that runs. Interval by Newcombe, right however often one looks."
)
BY_LIKENESS = (
    "Talkers against people alike in first page, who sent them, campaign, hour and earlier orders (AIPW). What is not "
    "known of them may still be the reason."
)
NONE = "Nobody was held out by lot, so there is no proof; people alike can be compared once enough talk and buy."


def effect(told: Mapping[str, Any], *, is_hidden: bool) -> Finding:
    """`told` is the report about lift. `is_hidden`: who has seen the result can't guess it any more."""
    verdict, rows = Verdict(told["verdict"]), {row["name"]: row for row in told["rows"]}
    label, people = Label(told["label"]), told["people"]["offered"] + told["people"]["held_out"]
    row = rows.get("conversion_difference") or rows.get("adjusted_difference")
    state = STATES.get(verdict, State.ABSENT)
    if verdict is Verdict.NOBODY_HELD_OUT and (row is None or row["value"] is None):
        state = State.TOO_FEW
    if is_hidden and state is not State.ABSENT:
        return _finding(State.HIDDEN, _waits(people), label, people)
    sentence = " ".join(filter(None, [_since(told), told["sentence"], guess_told(dict(told))]))
    finding = _finding(state, sentence, label, people)
    if state is State.TOO_FEW or row is None or row["value"] is None or state is State.ABSENT:
        return finding
    estimate = Estimate(row["value"], row["low"], row["high"], label, row["p"])
    if not estimate.sign:
        return Finding(**vars(finding) | _numbers(estimate) | {"state": State.NOTHING})
    return found(finding, estimate, "points")


def _finding(state: State, sentence: str, label: Label, people: int) -> Finding:
    definition = {Label.RANDOMIZED: BY_LOT, Label.ADJUSTED: BY_LIKENESS}.get(label, NONE)
    return Finding("effect", Part.EFFECT, state, sentence, definition, label, people, PAGE)


def _numbers(told: Estimate) -> dict[str, Any]:
    return {"unit": "points", "value": told.value, "low": told.low, "high": told.high, "p": told.p}


def _since(told: Mapping[str, Any]) -> str:
    if told["since"].startswith("1970") or told["verdict"] in (Verdict.NOBODY_DRAWN, Verdict.FAULTY):
        return ""
    return f"Since {told['since'][:10]}:"


def _waits(people: int) -> str:
    return (
        f"{people:,} people are in the experiment. Guess first what the chat changes (page Lift); the result then "
        "stands here, beside the guess."
    )
