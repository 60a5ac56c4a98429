"""`duologue insights lift`: whether the chat makes people buy, of all who were drawn, and how far to believe it."""

import asyncio
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bot.experiment import Arm
from bot.insights.lift.adjusted import Adjusted, adjusted
from bot.insights.lift.beforehand import columns_of, first_views
from bot.insights.lift.conversion import conversion_ratio
from bot.insights.lift.estimates import Label
from bot.insights.lift.figures import Figure, Unit, alike, compared, figure
from bot.insights.lift.notes import notes_of
from bot.insights.lift.reading import Drawee, Experiment, experiment_of
from bot.insights.lift.sentences import verdict
from bot.insights.lift.sides import Side, side
from bot.insights.lift.verdict import Lift, Verdict, lift_of
from bot.insights.segments import DEFAULT_CURRENCY
from bot.insights.window import span_of
from bot.interactions import Microseconds, SiteKey, rfc3339
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


async def lift(store: Store, site: str, since: str | None = None, until: str | None = None) -> dict[str, Any]:
    """The report as plain values. Only people drawn since the holdout last changed in the window are compared."""
    asked = asked_of(await store.read(periods, SiteKey(site)), span_of(site, since, until))
    guess = await store.read(guess_of, asked.span.site, asked.period.since)
    experiment = await experiment_of(store, asked.span)
    views = {} if any(one.arm is Arm.HELD_OUT for one in experiment.people) else await first_views(store, asked.span)
    return await asyncio.to_thread(_told, experiment, asked, guess, views)


def asked_of(known: list[Period], whole: Span) -> Asked:
    """The latest experiment that the window touches, and the days of it that are in the window."""
    in_time = [one for one in known if one.since < whole.until] or known[:1] or [Period(whole.since, 0.0)]
    period = in_time[-1]
    before = next((one for one in reversed(in_time[:-1]) if whole.since < period.since), None)
    since = max(whole.since, period.since)
    span = Span(whole.site, Microseconds(since), Microseconds(max(since + 1, whole.until)))
    return Asked(span, period, before, is_whole=since == period.since)


def _told(experiment: Experiment, asked: Asked, guess: Guess | None, views: dict[Any, Any]) -> dict[str, Any]:
    orders = experiment.orders
    currency = min(orders, key=lambda one: (-orders[one], one), default=DEFAULT_CURRENCY)
    offered, held_out = (_side(experiment.people, arm, currency) for arm in (Arm.OFFERED, Arm.HELD_OUT))
    planned = guess.planned if guess is not None and asked.is_whole else None
    found = lift_of(offered, held_out, holdout=asked.period.holdout, planned=planned)
    like = _adjusted(experiment, views, currency) if found.verdict is Verdict.NOBODY_HELD_OUT else None
    figures = _figures(found, like, experiment, offered, held_out, 10.0 ** -DIGITS.get(currency, 2))
    difference = None if like is None else like.difference
    sentence = verdict(found, (offered.buyers, offered.people), (held_out.buyers, held_out.people), difference)
    return {
        "label": _label(found, like).value,
        "site": asked.span.site,
        "since": rfc3339(asked.span.since),
        "until": rfc3339(asked.span.until),
        "last_day": rfc3339(Microseconds(asked.span.until - 1))[:10],
        "experiment": rfc3339(asked.period.since),
        "holdout": asked.period.holdout,
        "verdict": found.verdict.value,
        "sentence": sentence,
        "notes": notes_of(found, experiment, asked.period, asked.was_before, currency, planned),
        "currency": currency,
        "people": {"offered": offered.people, "held_out": held_out.people, "in_both_arms": experiment.in_both_arms},
        "exposed": {arm.value: _exposed(experiment.people, arm) for arm in (Arm.OFFERED, Arm.HELD_OUT)},
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


def _side(people: list[Drawee], arm: Arm, currency: str) -> Side:
    mine = [one for one in people if one.arm is arm]
    return side(
        np.array([(one.spent or {}).get(currency, 0) for one in mine], dtype=np.float64),
        bought=np.array([_bought(one) for one in mine], dtype=bool),
        talked=np.array([one.talked_at is not None for one in mine], dtype=bool),
        before=np.array([(one.before or {}).get(currency, 0) for one in mine], dtype=np.float64),
    )


def _bought(one: Drawee) -> bool:
    return any(value > 0 for value in (one.spent or {}).values())


def _by_talking(people: list[Drawee]) -> tuple[Side, Side]:
    """Those offered who talked, and those who did not, as other tools compare them."""
    offered = [one for one in people if one.arm is Arm.OFFERED]
    talked = np.array([one.talked_at is not None for one in offered], dtype=bool)
    bought = np.array([_bought(one) for one in offered], dtype=np.float64)
    return side(bought[talked]), side(bought[~talked])


def _adjusted(experiment: Experiment, views: dict[Any, Any], currency: str) -> Adjusted | None:
    people = experiment.people
    talked = np.array([_talked_first(one) for one in people], dtype=bool)
    bought = np.array([_bought(one) for one in people], dtype=bool)
    return adjusted(columns_of(people, views, currency), talked, bought)


def _talked_first(one: Drawee) -> bool:
    """Whether they were answered before they bought: what came after it did not make them."""
    return one.talked_at is not None and (one.bought_at is None or one.talked_at <= one.bought_at)


def _exposed(people: list[Drawee], arm: Arm) -> int:
    return sum(one.exposed for one in people if one.arm is arm)
