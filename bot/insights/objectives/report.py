"""`duologue insights objectives`: how every objective of a site stands, by its measure and the published rule."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigurationError
from bot.insights.lift.estimates import Label
from bot.insights.objectives.estimates import (
    Baseline,
    Ranged,
    Seen,
    detectable,
    expected_n,
    gain_of,
    projected,
    value_of,
)
from bot.insights.objectives.measures import BY_LOT, MEANINGS, Measure, Unit
from bot.insights.objectives.notes import notes_of
from bot.insights.objectives.reading import Read, Wanted, seen_of
from bot.insights.objectives.scopes import About, Scope
from bot.insights.objectives.sentences import detectable_sentence, sentence
from bot.insights.objectives.status import RULE, STOP_RULE, Standing, Status, least_days, status_of
from bot.insights.window import span_of
from bot.interactions import Microseconds, rfc3339
from bot.store.objectives import Objective, objectives_of
from bot.store.sites import Site, find_site
from bot.store.store import Store

if TYPE_CHECKING:
    from bot.insights.objectives.by_lot import ByLot

EPOCH = date(1970, 1, 1).toordinal()
Row = dict[str, Any]


async def objectives(
    store: Store,
    site: str,
    since: str | None = None,
    until: str | None = None,
    *,
    log: Path | None = None,
    now: Microseconds,
    shows_unguessed: bool = True,
) -> Row:
    """All objectives of the site, those that are open first, each as it stands `now`, or at the end of `until`.

    With `since` only those that end on that day or later, or run on. `log` is the folder of the log; without it all is
    read from the store. Without `shows_unguessed` sales by lot wait for somebody's guess, as on the page Lift.
    """
    span = span_of(site, since, until)
    known = await store.read(find_site, span.site)
    if known is None:
        raise ConfigurationError(f'There is no site "{site[:40]}"; `duologue site list` shows those there are.')
    at = min(now, span.until)
    first = "" if since is None else rfc3339(span.since)[:10]
    last = "9999" if until is None else _day(Microseconds(span.until - 1))
    known_there = await store.read(objectives_of, span.site)
    found = [one for one in known_there if one.until >= first and one.since <= last]
    rows = [await standing(store, known, one, log=log, now=at, shows_unguessed=shows_unguessed) for one in found]
    return {
        "label": Label.DESCRIPTIVE.value,
        "site": site,
        "name": known.name,
        "at": rfc3339(at),
        "as_of": min((row["as_of"] for row in rows if row["as_of"]), default=None),
        "rows": rows,
        "rule": {status.value: meaning for status, meaning in RULE.items()},
        "stop_rule": STOP_RULE,
    }


@dataclass(frozen=True)
class _Found:
    """What was read and computed of one objective."""

    seen: Seen
    value: Ranged | None
    gain: Ranged | None
    foretold: Ranged | None
    lot: "ByLot | None"
    detectable: float | None
    as_of: Microseconds | None = None
    beside: tuple[str, ...] = ()
    """What is to be said of the lot, or of the currency."""


async def standing(
    store: Store,
    site: Site,
    one: Objective,
    *,
    log: Path | None,
    now: Microseconds,
    shows_unguessed: bool = True,
) -> Row:
    """How one objective stands, as plain values: a row of the report."""
    wanted, unit = wanted_of(one), MEANINGS[Measure(one.measure)].unit
    ends = now if one.closed_at is None else Microseconds(min(now, one.closed_at))
    has_begun = ends >= wanted.span.since
    found = await _found(store, log, one, wanted, now=ends, has_begun=has_begun)
    hides = found.lot is not None and found.lot.is_hidden and not shows_unguessed
    stands = _standing(
        one, unit, found, has_begun=has_begun, is_closed=one.closed_at is not None and one.closed_at <= now
    )
    status = Status.WAITS if hides and has_begun else status_of(stands)
    row = _row(one, wanted, found, status, stands.enough, hides=hides)
    row["sentence"] = sentence(row)
    row["detectable_sentence"] = "" if found.seen.is_over or one.closed_at else detectable_sentence(row)
    row["notes"] = [*await notes_of(store, site, one, row), *found.beside]
    return row


async def _found(
    store: Store, log: Path | None, one: Objective, wanted: Wanted, *, now: Microseconds, has_begun: bool
) -> _Found:
    unit, baseline = MEANINGS[wanted.measure].unit, baseline_of(one)
    if not has_begun:
        seen = Seen((), 0, wanted.days)
        return _Found(seen, None, None, None, None, detectable(seen, unit, baseline))
    read = await seen_of(store, log, wanted, now=now)
    seen = read.seen
    value = value_of(seen, unit, planned=None if unit is Unit.COUNT else one.baseline_n)
    foretold = projected(seen, unit, value)
    lot = None
    if wanted.measure is Measure.SALES and wanted.about.scope is Scope.SITE:
        # Imported here: the numbers' library would make the first visitor after a start wait.
        from bot.insights.objectives.by_lot import by_lot

        lot = await by_lot(store, log, wanted, now=now)
    if lot is not None and not isinstance(lot, str):
        ahead = seen.days / seen.whole if seen.whole else None
        found = None if lot.detectable is None or ahead is None else lot.detectable / float(ahead) ** 0.5
        return _Found(seen, value, lot.gain, foretold, lot, found, read.as_of, _currency(one, read))
    gain, beside = None if value is None else gain_of(value, baseline), (*filter(None, [lot]), *_currency(one, read))
    return _Found(seen, value, gain, foretold, None, detectable(seen, unit, baseline), read.as_of, beside)


def _currency(one: Objective, read: Read) -> tuple[str, ...]:
    if not read.currency or read.currency == one.currency:
        return ()
    return (f"Most orders of these days are in {read.currency}; only those in {one.currency} count.",)


def _standing(one: Objective, unit: Unit, found: _Found, *, has_begun: bool, is_closed: bool) -> Standing:
    enough = _judged(one, found.seen) >= MEANINGS[Measure(one.measure)].fewest
    foretold = None if found.foretold is None else found.foretold.value - one.baseline
    if found.lot is not None:
        enough, foretold = found.lot.enough, None if found.gain is None else found.gain.value
    return Standing(
        unit, found.seen.whole, found.seen.days, found.gain, one.target - one.baseline, foretold, enough,
        has_begun=has_begun, is_over=found.seen.is_over, is_closed=is_closed,
    )  # fmt: skip


def _judged(one: Objective, seen: Seen) -> int:
    """How many there are of what the measure is judged by."""
    return seen.above if one.measure == Measure.SALES else seen.n


def _row(one: Objective, wanted: Wanted, found: _Found, status: Status, enough: bool, *, hides: bool) -> Row:
    meaning, seen, lot = MEANINGS[wanted.measure], found.seen, found.lot
    label = Label.DESCRIPTIVE if lot is None else Label.RANDOMIZED
    least = None if hides else found.detectable
    return {
        "id": one.id,
        "name": one.name,
        "status": status.value,
        "label": label.value,
        "measure": one.measure,
        "title": meaning.title,
        "definition": meaning.definition if lot is None else f"{meaning.definition} {BY_LOT}",
        "unit": meaning.unit.value,
        "currency": one.currency,
        "scope": one.scope,
        "within": list(wanted.about.within),
        "about": wanted.about.words,
        "owner": {"id": one.owner, "name": one.owner_name, "left": one.owner_left},
        "since": one.since,
        "until": one.until,
        "days": seen.days,
        "days_passed": seen.whole,
        "days_left": seen.days - seen.whole,
        "least_days": least_days(seen.days),
        "baseline": {
            "value": one.baseline,
            "low": one.baseline_low,
            "high": one.baseline_high,
            "n": one.baseline_n,
            "by": "given" if one.baseline_since is None else "log",
            "since": one.baseline_since,
            "until": one.baseline_until,
        },
        "target": one.target,
        "smallest": one.smallest,
        "first_target": one.first_target,
        "first_until": one.first_until,
        "value": _plain(found.value),
        "n": seen.n,
        "of": meaning.of[0] if seen.n == 1 else meaning.of[1],
        "judged": _judged(one, seen),
        "enough": enough,
        "gain": None if hides else _plain(found.gain),
        "projected": _plain(found.foretold),
        "expected_n": round(expected_n(seen)),
        "detectable": least,
        "can_show": None if least is None else least <= one.smallest,
        "by_lot": None if lot is None or hides else {
            "people": lot.people, "buyers": lot.buyers, "enough": lot.enough, "since": lot.since,
        },
        "closed": None if one.closed_at is None else {
            "at": rfc3339(one.closed_at), "by": one.closed_by, "why": one.closed_why,
        },
        "version": one.version,
        "created": {"at": rfc3339(one.created_at), "by": one.created_by},
        "changed": None if one.changed_at is None else {"at": rfc3339(one.changed_at), "by": one.changed_by},
        "as_of": None if found.as_of is None else rfc3339(found.as_of),
    }  # fmt: skip


def _plain(found: Ranged | None) -> dict[str, float | None] | None:
    return None if found is None else asdict(found)


def wanted_of(one: Objective) -> Wanted:
    """What the objective counts, of which days."""
    first, last = (date.fromisoformat(day).toordinal() - EPOCH for day in (one.since, one.until))
    about = About(Scope(one.scope), tuple(one.within.splitlines()))
    return Wanted(one.site, Measure(one.measure), about, first, last - first + 1, one.currency or "")


def baseline_of(one: Objective) -> Baseline:
    return Baseline(one.baseline, one.baseline_low, one.baseline_high, one.baseline_n, one.baseline_variance)


def open_rows(rows: Sequence[Row]) -> list[Row]:
    """Those that nobody has closed."""
    return [row for row in rows if row["closed"] is None]


def _day(at: Microseconds) -> str:
    return rfc3339(at)[:10]
