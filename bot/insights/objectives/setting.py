"""Sets an objective down, or changes it, from what a form or a command gives; every fault is told in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.insights.objectives.estimates import Baseline
from bot.insights.objectives.measures import MEANINGS, Measure, Unit
from bot.insights.objectives.numbers import day_given, number_given
from bot.insights.objectives.reading import Before, Wanted, baseline_before
from bot.insights.objectives.report import EPOCH
from bot.insights.objectives.scopes import CHANNELS, LONGEST, About, Scope, pages_given
from bot.insights.objectives.sentences import change_in_unit, in_unit
from bot.insights.segments import DEFAULT_CURRENCY
from bot.interactions import Microseconds, rfc3339
from bot.money import is_currency
from bot.store import objectives as kept
from bot.store.objectives import MOST_OPEN, Alike, Contract, NotAdded, Objective
from bot.store.sites import Site
from bot.store.staff import Member
from bot.store.store import Store

NAME_LENGTH, WHY_LENGTH = 120, 500
LONGEST_DAYS, EARLIEST, LATEST = 1_096, timedelta(days=366), timedelta(days=366)
"""That it lasts, and how far from today its first day is at most."""
FIELDS = ("name", "measure", "scope", "within", "since", "until", "currency", "baseline", "target", "smallest")
NUMBERS = {"baseline": "The baseline", "target": "The target", "smallest": "The smallest change that matters"}
"""What they are called in sentences."""
CHANGEABLE = ("name", "until", "target", "smallest")
"""And the owner. What is counted, of what and since when stays: else it is another objective."""

type Faults = list[str]


@dataclass(frozen=True)
class Given:
    """What was given, so far as it is right by itself; the numbers are still text, for what they are set against."""

    name: str
    wanted: Wanted
    currency: str | None

    @property
    def unit(self) -> Unit:
        return MEANINGS[self.wanted.measure].unit


async def set_down(
    store: Store,
    site: Site,
    fields: Mapping[str, str],
    *,
    owner: Member | None,
    staff: str | None,
    now: Microseconds,
    log: Path | None,
) -> Objective | Faults:
    """The new objective, or every fault of what was given (`FIELDS`); then nothing is kept.

    Without a baseline it is what as many days before the first one (before today, where that is to come) had.
    """
    today = date.fromisoformat(rfc3339(now)[:10])
    given, numbers = _given(site, fields, today), _numbers(fields)
    faults = [fault for some in (given, numbers) if isinstance(some, list) for fault in some]
    if owner is None:
        faults.append("Say whose it is: the name of one of the staff.")
    if faults or isinstance(given, list) or isinstance(numbers, list) or owner is None:
        return faults
    before = await _before(store, log, given, numbers.get("baseline"), today, now)
    if isinstance(before, list):
        return before
    contract = _contract(given, numbers, before, owner)
    if isinstance(contract, list):
        return contract
    made = await store.write(kept.add_objective, site.key, contract, staff=staff, at=now)
    return _made(made)


def _made(made: Objective | Alike | NotAdded) -> Objective | Faults:
    if made is NotAdded.MANY:
        return [f"The site has {MOST_OPEN} objectives that are open; close one first."]
    if made is NotAdded.OWNER:
        return ["Its owner is not of the staff any more; give it to another."]
    if isinstance(made, Alike):
        one = made.known
        return [f"“{one.name}” counts the same in days that overlap ({one.since} to {one.until}): change or close it."]
    assert isinstance(made, Objective)
    return made


async def change(
    store: Store, known: Objective, fields: Mapping[str, str], *, owner: Member | None, staff: str | None,
    now: Microseconds,
) -> Faults:  # fmt: skip
    """Changes what is given of CHANGEABLE, and the owner where one is given; the faults, and then nothing is."""
    if known.closed_at is not None:
        return [closed_sentence(known)]
    unit = MEANINGS[Measure(known.measure)].unit
    faults: Faults = []
    values: dict[str, Any] = {}
    for name in CHANGEABLE:
        if name in fields:
            read = _changed(name, fields[name], unit, known, now)
            faults += [read] if isinstance(read, Refused) else []
            values[name] = read
    if faults:
        return faults
    faults = _against(
        unit, known.currency, baseline=known.baseline, target=values.get("target", known.target),
        smallest=values.get("smallest", known.smallest),
    )  # fmt: skip
    if faults:
        return faults
    new = {name: value for name, value in values.items() if value != getattr(known, name)}
    if owner is not None and owner.id != known.owner:
        new["owner"] = owner.id
    if not new:
        return []
    if await store.write(kept.change_objective, known, new, staff=staff, at=now):
        return []
    return [await who_was_first(store, known.id)]


async def close(store: Store, known: Objective, why: str, *, staff: str | None, now: Microseconds) -> Faults:
    """Closes it for good, with a reason if there is one."""
    told = _line(why)
    if len(told) > WHY_LENGTH:
        return [f"The reason has {len(told):,} characters; write {WHY_LENGTH} at most."]
    if await store.write(kept.close_objective, known.id, told, staff=staff, at=now):
        return []
    return [await who_was_first(store, known.id)]


async def who_was_first(store: Store, id: str) -> str:
    """What to say to who changes, or closes, what another has changed or closed before them."""
    now = await store.read(kept.find_objective, id)
    if now is None:
        return "This objective is gone."
    if now.closed_at is not None:
        return closed_sentence(now)
    at = rfc3339(now.changed_at or now.created_at)[:16].replace("T", " ")
    by = now.changed_by or "The command line"
    return f"{by} was first, at {at} UTC, so nothing of yours was kept. Look at what it says now, and change it again."


def closed_sentence(known: Objective) -> str:
    assert known.closed_at is not None
    by = known.closed_by or "the command line"
    return f"“{known.name}” was closed on {rfc3339(known.closed_at)[:10]} by {by}, for good; set down a new one."


class Refused(str):
    """A sentence that says what is wrong."""

    __slots__ = ()


def _given(site: Site, fields: Mapping[str, str], today: date) -> Given | Faults:
    name, measure, about = _name(fields.get("name", "")), _measure(fields.get("measure", "")), _about(site, fields)
    days = _days(fields.get("since", ""), fields.get("until", ""), today)
    currency = _currency(fields.get("currency", ""), measure)
    faults = [str(one) for one in (name, measure, about, days, currency) if isinstance(one, Refused)]
    if faults or isinstance(days, Refused) or isinstance(about, Refused) or not isinstance(measure, Measure):
        return faults
    first, last = days
    wanted = Wanted(
        site.key, measure, about, first.toordinal() - EPOCH, (last - first).days + 1, str(currency or "")
    )  # fmt: skip
    return Given(str(name), wanted, None if currency is None else str(currency))


def _name(text: str) -> str:
    name = _line(text)
    if not name:
        return Refused("Give it a name, e.g. More dialogues in spring.")
    if len(name) > NAME_LENGTH:
        return Refused(f"The name has {len(name):,} characters; write {NAME_LENGTH} at most.")
    return name


def _line(text: str) -> str:
    """In one line, without what is not seen or turns the line around."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def _measure(text: str) -> Measure | Refused:
    try:
        return Measure(text.strip().lower())
    except ValueError:
        there = ", ".join(Measure)
        return Refused(f"The measure is “{text.strip()[:40]}”; there are {there}. Three questions find the right one.")


def _about(site: Site, fields: Mapping[str, str]) -> About | Refused:
    try:
        scope = Scope(fields.get("scope", "").strip() or Scope.SITE)
    except ValueError:
        return Refused(f"It is about “{fields['scope'][:40]}”; there are {', '.join(Scope)}.")
    within = fields.get("within", "")
    if scope is Scope.SITE:
        return About()
    if scope is Scope.PAGES:
        pages = pages_given(within, site.origins)
        return Refused(pages) if isinstance(pages, str) else About(scope, pages)
    value = _line(within)
    if scope is Scope.CHANNEL and value.lower() not in CHANNELS:
        return Refused(f"“{value[:40]}” is no channel; write one of {', '.join(CHANNELS)}.")
    if not value or len(value) > LONGEST:
        return Refused("Write the campaign as its addresses have it (utm_campaign), e.g. gift_guide.")
    return About(scope, (value.lower() if scope is Scope.CHANNEL else value,))


def _days(since: str, until: str, today: date) -> tuple[date, date] | Refused:
    first = day_given(since, "The first day") if since.strip() else today
    if isinstance(first, str):
        return Refused(first)
    if not today - EARLIEST <= first <= today + LATEST:
        return Refused(f"It begins on {first}; that is more than a year from today.")
    last = _last_day(until, first, today)
    return last if isinstance(last, Refused) else (first, last)


def _last_day(text: str, first: date, today: date) -> date | Refused:
    last = day_given(text, "The last day") if text.strip() else "Give its last day, e.g. 2026-12-31."
    if isinstance(last, str):
        return Refused(last)
    if last < first:
        return Refused(f"It ends on {last}, before it begins on {first}.")
    if last < today:
        return Refused(f"Its last day, {last}, is past; what is over can’t be wanted any more.")
    if (last - first).days >= LONGEST_DAYS:
        return Refused(f"It lasts {(last - first).days + 1:,} days; three years are the most.")
    return last


def _currency(text: str, measure: Measure | Refused) -> str | None:
    if measure is not Measure.SALES:
        return None
    code = text.strip().upper() or DEFAULT_CURRENCY
    return code if is_currency(code) else Refused(f"The currency is “{text.strip()[:10]}”; write its code, e.g. EUR.")


def _numbers(fields: Mapping[str, str]) -> dict[str, float] | Faults:
    """Those of NUMBERS that are given, read as the measure has them; none where it is not known what they are of."""
    measure = _measure(fields.get("measure", ""))
    if isinstance(measure, Refused):
        return {}
    unit, currency = MEANINGS[measure].unit, _currency(fields.get("currency", ""), measure)
    known = None if isinstance(currency, Refused) else currency
    read = {
        name: number_given(fields.get(name, ""), unit, what, known)
        for name, what in NUMBERS.items()
        if name != "baseline" or fields.get(name, "").strip()
    }
    numbers = {name: value for name, value in read.items() if not isinstance(value, str)}
    faults = [value for value in read.values() if isinstance(value, str)]
    if not faults and "baseline" in numbers and not isinstance(currency, Refused):
        faults = _against(unit, known, **numbers)
    return faults or numbers


async def _before(
    store: Store, log: Path | None, given: Given, value: float | None, today: date, now: Microseconds
) -> "tuple[Before, Wanted | None] | Faults":
    """The baseline, and the days that it is of; as it was given, if it was."""
    if value is not None:
        return Before(Baseline(value)), None
    days = days_before(given.wanted, today)
    found = await baseline_before(store, log, days, now=now)
    if found.baseline is None:
        return [f"{found.why}, so there is no baseline: give it, as you know or guess it."]
    return found, days


def days_before(wanted: Wanted, today: date) -> Wanted:
    """As many days right before its first one; right before today where that is to come."""
    ends = min(wanted.first, today.toordinal() - EPOCH)
    return Wanted(wanted.site, wanted.measure, wanted.about, ends - wanted.days, wanted.days, wanted.currency)


def _contract(
    given: Given, numbers: Mapping[str, float], before: "tuple[Before, Wanted | None]", owner: Member
) -> Contract | Faults:
    (found, days), unit, wanted = before, given.unit, given.wanted
    base = found.baseline
    assert base is not None
    target, smallest = numbers["target"], numbers["smallest"]
    faults = _against(unit, given.currency, baseline=base.value, target=target, smallest=smallest)
    if faults:
        return faults
    first, last = (_iso(day) for day in (wanted.first, wanted.first + wanted.days - 1))
    return Contract(
        given.name, wanted.measure.value, wanted.about.scope.value, "\n".join(wanted.about.within), owner.id,
        given.currency, base.value, base.low, base.high, base.n, base.variance,
        None if days is None else _iso(days.first), None if days is None else _iso(days.first + days.days - 1),
        target, smallest, first, last,
    )  # fmt: skip


def _against(unit: Unit, currency: str | None, *, baseline: float, target: float, smallest: float) -> Faults:
    """What is wrong with the numbers beside each other."""
    said, was = in_unit(target, unit, currency), in_unit(baseline, unit, currency)
    if target <= baseline:
        hint = (
            f" Shares are written in percent: 12 for {in_unit(0.12, unit, None, digits=0)}."
            if unit is Unit.SHARE
            else ""
        )
        return [f"The target, {said}, is not above the baseline, {was}; more is better of every measure.{hint}"]
    wanted, least = (change_in_unit(one, unit, currency).removeprefix("+") for one in (target - baseline, smallest))
    if smallest <= 0:
        return ["The smallest change that matters is nothing; say from how much on it would matter."]
    if smallest > target - baseline + 1e-12:
        return [f"The smallest change that matters, {least}, is more than what is wanted, {wanted}."]
    return []


def _changed(name: str, text: str, unit: Unit, known: Objective, now: Microseconds) -> Any:
    match name:
        case "name":
            return _name(text)
        case "until":
            last = _last_day(text, date.fromisoformat(known.since), date.fromisoformat(rfc3339(now)[:10]))
            return last if isinstance(last, Refused) else last.isoformat()
    value = number_given(text, unit, NUMBERS[name], known.currency)
    return Refused(value) if isinstance(value, str) else value


def _iso(day: int) -> str:
    return date.fromordinal(day + EPOCH).isoformat()
