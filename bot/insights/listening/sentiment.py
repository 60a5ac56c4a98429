"""The mood over time: of every day, week or month, whether it changed, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.insights.changes import TOO_FEW
from bot.insights.lift.estimates import Estimate
from bot.insights.listening.moods import Mood, detectable, difference
from bot.insights.listening.told import Sentiment, Shift, Step, Turn
from bot.insights.listening.turning import Turning, turning
from bot.insights.one_page.shares import beyond_chance
from bot.insights.over_time import first_of, step_for, steps_between
from bot.insights.percents import signed

if TYPE_CHECKING:
    import duckdb

DAY_US = 86_400_000_000
BEFORE, TURN = "before", "turn"
# The words are constants of this module.
# ruff: noqa: S608
_NUMBERS = {
    "day": f"ts_us // {DAY_US}",
    "week": f"(ts_us // {DAY_US} + 3) // 7",
    "month": "year(make_timestamp(ts_us)) * 12 + month(make_timestamp(ts_us)) - 1",
}
_EACH = "SELECT person, {what}, avg(sentiment) AS mood, count(*) AS messages FROM heard WHERE sentiment IS NOT NULL"
_SUMS = "count(*), sum(messages)::BIGINT, sum(mood), sum(mood * mood)"


@dataclass(frozen=True)
class Days:
    """The first and the last day that are looked at."""

    since: date
    until: date


@dataclass(frozen=True)
class Moods:
    """`steps` by their numbers; the whole window's, and that of the window before."""

    step: str
    days: Days | None
    steps: Mapping[int, Mood]
    whole: Mood
    before: Mood


def read(connection: "duckdb.DuckDBPyConnection", since: date | None, until: date) -> Moods:
    """Asked of `heard`. `since` None: the first day on which anybody said anything; no days where nobody ever did."""
    now = "SELECT min(ts_us) // $1 FROM heard WHERE now AND sentiment IS NOT NULL"
    ((first,),) = connection.execute(now, [DAY_US]).fetchall()
    whole = {now: Mood(*sums) for now, *sums in connection.execute(_by("now AS one")).fetchall()}
    both = whole.get(True, Mood()), whole.get(False, Mood())
    if first is None:
        return Moods("day", None, {}, *both)
    begun = date.fromordinal(date(1970, 1, 1).toordinal() + int(first))
    days = Days(begun if since is None else since, max(until, begun))
    step = step_for((days.until - days.since).days + 1)
    rows = connection.execute(_by(f"{_NUMBERS[step]} AS one", "now")).fetchall()
    return Moods(step, days, {int(number): Mood(*sums) for number, *sums in rows}, *both)


def _by(what: str, *conditions: str) -> str:
    where = "".join(f" AND {one}" for one in conditions)
    return f"WITH each AS ({_EACH.format(what=what)}{where} GROUP BY ALL) SELECT one, {_SUMS} FROM each GROUP BY one"


def told(moods: Moods, today: date, *, compares: bool) -> Sentiment:
    """Steps, changes and the turn are one family of looks: where nothing changes, one report of twenty claims any."""
    steps = _steps(moods)
    held = [moods.steps.get(number, Mood()) for number, _, _ in steps]
    looks = {str(place): difference(held[place], held[place - 1]) for place in range(1, len(held))}
    if compares:
        looks[BEFORE] = difference(moods.whole, moods.before)
    turn = turning(held)
    looks[TURN] = turn.estimate if turn else None
    clear = beyond_chance({name: one for name, one in looks.items() if one is not None})
    shifts = {name: _shift(one, is_clear=name in clear) for name, one in looks.items()}
    turned = _turn(turn, steps) if turn and TURN in clear else None
    low, high = moods.whole.interval or (None, None)
    change = shifts.get(BEFORE)
    return {
        "step": moods.step,
        "people": moods.whole.people,
        "mean": moods.whole.mean,
        "low": low,
        "high": high,
        "before": moods.before.mean,
        "before_people": moods.before.people,
        "change": change,
        "detectable": detectable(moods.whole, moods.before) if compares else None,
        "steps": [
            _step(one, step, moods.step, today, shifts.get(str(place)))
            for place, (one, step) in enumerate(zip(held, steps, strict=True))
        ],
        "turn": turned,
        "sentence": _sentence(moods.whole, change, turned),
    }


def _steps(moods: Moods) -> list[tuple[int, date, date]]:
    return [] if moods.days is None else list(steps_between(moods.days.since, moods.days.until, moods.step))


def _step(mood: Mood, step: tuple[int, date, date], name: str, today: date, change: Shift | None) -> Step:
    number, first, last = step
    is_whole = first == first_of(number, name) and last == first_of(number + 1, name) - timedelta(days=1) < today
    low, high = mood.interval or (None, None)
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "is_whole": is_whole,
        "people": mood.people,
        "messages": mood.messages,
        "mean": mood.mean if mood.people > 1 else None,
        "low": low,
        "high": high,
        "change": change,
    }


def _shift(found: Estimate | None, *, is_clear: bool) -> Shift:
    if found is None:
        return {"difference": None, "low": None, "high": None, "p": None, "found": None, "told": TOO_FEW}
    way = "better" if found.value > 0 else "worse"
    size = f"{signed(found.value)} ({signed(found.low)} to {signed(found.high)})"
    return {
        "difference": found.value,
        "low": found.low,
        "high": found.high,
        "p": found.p,
        "found": way if is_clear else None,
        "told": f"{way}: {size}" if is_clear else f"no clear change: {size}",
    }


def _turn(found: Turning, steps: Sequence[tuple[int, date, date]]) -> Turn:
    one = found.estimate
    return {
        "on": steps[found.place][1].isoformat(),
        "before": found.before,
        "after": found.after,
        "difference": one.value,
        "low": one.low,
        "high": one.high,
        "p": one.p or 0.0,
    }


def _sentence(whole: Mood, change: Shift | None, turn: Turn | None) -> str:
    if whole.mean is None:
        return "Nobody said anything in this window."
    if turn is not None:
        way = "better" if turn["difference"] > 0 else "worse"
        size = f"{signed(turn['after'])} after {signed(turn['before'])}"
        return f"From {turn['on']} on people sound {way} than before: {size}."
    now = f"The mood of {whole.people:,} people is {signed(whole.mean)}, from \N{MINUS SIGN}1 to 1"
    if change is None:
        return f"{now}. No change over time is clear."
    if change["found"]:
        return f"{now}, and {change['found']} than in the window before: {change['told']}."
    return f"{now}. Against the window before: {change['told']}."
