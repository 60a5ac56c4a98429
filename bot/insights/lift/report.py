"""`duologue insights lift`: whether the chat makes people buy, of all who were drawn, and how far to believe it."""

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.insights.lift.adjusted import Adjusted, adjusted
from bot.insights.lift.beforehand import columns_of
from bot.insights.lift.conversion import conversion_ratio
from bot.insights.lift.estimates import Label
from bot.insights.lift.figures import Figure, Unit, alike, compared, figure
from bot.insights.lift.hidden import told_of
from bot.insights.lift.notes import notes_of
from bot.insights.lift.reading import Drawees, Experiment, Flags, experiment_of
from bot.insights.lift.sentences import verdict
from bot.insights.lift.sides import Side, side
from bot.insights.lift.verdict import Lift, Verdict, lift_of
from bot.insights.window import span_of
from bot.interactions import Microseconds, rfc3339
from bot.money import DIGITS
from bot.store.experiments import Guess, Period, guess_of, periods
from bot.store.pages_of_rows import Span
from bot.store.store import Store


@dataclass(frozen=True)
class Asked:
    """Which experiment, of which days. `was_before`: the window began in an earlier one, which is left out."""

    span: Span
    period: Period
    was_before: Period | None
    is_whole: bool
    """From the experiment's first day on: only then does its plan say when it is read."""


async def lift(
    store: Store, site: str, since: str | None = None, until: str | None = None, *, log: Path | None = None
) -> dict[str, Any]:
    """The report as plain values. Only people drawn since the holdout last changed in the window are compared.

    `log` is the folder of the log; without it all is read from the store. `as_of` is null when everything is in it that
    was stored when it was asked.
    """
    _, _, told = await looked_at(store, span_of(site, since, until), log=log)
    return told


async def looked_at(store: Store, whole: Span, *, log: Path | None) -> tuple[Asked, Experiment, dict[str, Any]]:
    """What was asked, those who were drawn, and the report about them: all of one look."""
    asked = asked_of(await store.read(periods, whole.site), whole)
    guess = await store.read(guess_of, asked.span.site, asked.period.since)
    experiment = await experiment_of(store, asked.span, log=log)
    return asked, experiment, await asyncio.to_thread(_told, experiment, asked, guess)


def asked_of(known: list[Period], whole: Span) -> Asked:
    """The latest experiment that the window touches, and the days of it that are in the window."""
    in_time = [one for one in known if one.since < whole.until] or known[:1] or [Period(whole.since, 0.0)]
    period = in_time[-1]
    before = next((one for one in reversed(in_time[:-1]) if whole.since < period.since), None)
    since = max(whole.since, period.since)
    span = Span(whole.site, Microseconds(since), Microseconds(max(since + 1, whole.until)))
    return Asked(span, period, before, is_whole=since == period.since)


def _told(experiment: Experiment, asked: Asked, guess: Guess | None) -> dict[str, Any]:
    people, currency = experiment.people, experiment.currency
    offered, held_out = _side(people, people.offered), _side(people, ~people.offered)
    planned = guess.planned if guess is not None and asked.is_whole else None
    found = lift_of(offered, held_out, holdout=asked.period.holdout, planned=planned)
    like = _adjusted(experiment) if found.verdict is Verdict.NOBODY_HELD_OUT else None
    figures = _figures(found, like, experiment, offered, held_out, 10.0 ** -DIGITS.get(currency, 2))
    difference = None if like is None else like.difference
    sentence = verdict(found, (offered.buyers, offered.people), (held_out.buyers, held_out.people), difference)
    return {
        "label": _label(found, like).value,
        "site": asked.span.site,
        "since": rfc3339(asked.span.since),
        "until": rfc3339(asked.span.until),
        "as_of": None if experiment.as_of is None else rfc3339(experiment.as_of),
        "last_day": rfc3339(Microseconds(asked.span.until - 1))[:10],
        "experiment": rfc3339(asked.period.since),
        "holdout": asked.period.holdout,
        "verdict": found.verdict.value,
        "sentence": sentence,
        "notes": [*notes_of(found, experiment, asked.period, asked.was_before, planned), *told_of(like)],
        "currency": currency,
        "people": {
            "offered": offered.people,
            "held_out": held_out.people,
            "in_both_arms": int(people.in_both_arms.sum()),
        },
        "exposed": _by_arm(people, people.exposed),
        "talked": {"offered": offered.talked, "held_out": held_out.talked},
        "buyers": {"offered": offered.buyers, "held_out": held_out.buyers},
        "sample_ratio": asdict(found.ratio_check),
        "guess": None if guess is None else asdict(guess) | {"at": rfc3339(guess.at)},
        "overlap": None if like is None else asdict(like.overlap),
        "rows": [asdict(one) for one in figures],
    }


def _figures(
    found: Lift, like: Adjusted | None, experiment: Experiment, offered: Side, held_out: Side, scale: float
) -> list[Figure]:
    shown = compared(found, offered, held_out, scale)
    if found.verdict is Verdict.NOBODY_HELD_OUT:
        shown = alike(like)
    if found.verdict not in (Verdict.NOBODY_DRAWN, Verdict.FAULTY):
        talkers, silent = _by_talking(experiment.people)
        naive = conversion_ratio(talkers, silent, Label.DESCRIPTIVE)
        why = "nobody talked, or nobody who was silent bought"
        shown.append(figure("naive_change", Unit.CHANGE, Label.DESCRIPTIVE, naive, why))
    why = "no page view was counted in these days"
    return [*shown, figure("covered", Unit.SHARE, Label.DESCRIPTIVE, experiment.covered, why)]


def _label(found: Lift, like: Adjusted | None) -> Label:
    if found.conversion is not None:
        return Label.RANDOMIZED
    return Label.ADJUSTED if like is not None else Label.DESCRIPTIVE


def _side(people: Drawees, mine: Flags) -> Side:
    return side(people.spent[mine], bought=people.bought[mine], talked=people.talked[mine], before=people.before[mine])


def _by_talking(people: Drawees) -> tuple[Side, Side]:
    """Those offered who talked, and those who did not, as other tools compare them."""
    bought = people.bought.astype(np.float64)
    return side(bought[people.offered & people.talked]), side(bought[people.offered & ~people.talked])


def _adjusted(experiment: Experiment) -> Adjusted | None:
    people, first_views = experiment.people, experiment.first_views
    if first_views is None:
        return None
    return adjusted(columns_of(people, first_views), people.talked_first, people.bought)


def _by_arm(people: Drawees, flags: Flags) -> dict[str, int]:
    return {"offered": int((flags & people.offered).sum()), "held_out": int((flags & ~people.offered).sum())}
