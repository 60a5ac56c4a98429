"""The one-page report: what the company should know of some days, as findings in the order in which they are read."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.errors import ConfigurationError
from bot.insights.lift.report import lift
from bot.insights.one_page.best import best
from bot.insights.one_page.changes import changed, looks_at_changes
from bot.insights.one_page.customers import bought, brought, came, conversed
from bot.insights.one_page.effect import effect
from bot.insights.one_page.findings import Finding, Part, counted
from bot.insights.one_page.fixes import to_fix
from bot.insights.one_page.groups import differing, looks_at_groups
from bot.insights.one_page.heard import heard
from bot.insights.one_page.objectives import wanted
from bot.insights.one_page.questions import left_open, looks_at_pages, scored, to_mend
from bot.insights.one_page.reading import Days, days_of
from bot.insights.one_page.shares import Share, beyond_chance
from bot.insights.window import BEGINNING, span_of
from bot.interactions import Microseconds, rfc3339
from bot.store.pages_of_rows import Span
from bot.store.sites import INVENTED, find_site
from bot.store.store import Store

DAYS = timedelta(days=30)
WITHOUT_RESULT = frozenset({"nobody_drawn", "faulty"})


async def one_page(
    store: Store,
    site: str,
    since: str | None = None,
    until: str | None = None,
    *,
    log: Path | None = None,
    today: date,
    shows_unguessed: bool = True,
) -> dict[str, Any]:
    """The report of these days (30 up to today, if nobody says) as plain values; `parts` are the page from its top.

    Without `shows_unguessed` the effect of the chat waits for somebody's guess, as on its own page.
    """
    span = span_of(site, *_days(since, until, today))
    known = await store.read(find_site, span.site)
    if known is None:
        raise ConfigurationError(f'There is no site "{site[:40]}"; `duologue site list` shows those there are.')
    if span.since <= BEGINNING:
        raise ConfigurationError(
            f"The report compares with as many days before, and of those before 1970 nothing is known: since is "
            f"{since or until}; give a later day, e.g. 2026-01-31."
        )
    now = await days_of(store, span, log=log, today=today)
    length = span.until - span.since
    earlier = Span(span.site, Microseconds(max(0, span.since - length)), span.since)
    before = await days_of(store, earlier, log=log, today=today, currency=now.currency)
    experiment = await lift(store, site, None, rfc3339(span.until), log=log)
    hidden = not shows_unguessed and experiment["guess"] is None and experiment["verdict"] not in WITHOUT_RESULT
    aims = await wanted(store, known, span, log=log, today=today, currency=now.currency, is_hidden=not shows_unguessed)
    known_best = await best(store, now, log=log)
    said = await heard(store, span, log=log, today=today)
    findings, looked_at = await asyncio.to_thread(findings_of, now, before, experiment, is_hidden=hidden)
    everything = [*findings, *known_best, *aims, *said]
    return {
        "site": site,
        "name": known.name,
        "is_invented": site == INVENTED,
        "since": rfc3339(span.since),
        "until": rfc3339(span.until),
        "first_day": _day(span.since),
        "last_day": _day(Microseconds(span.until - 1)),
        "before": {"first_day": _day(earlier.since), "last_day": _day(Microseconds(earlier.until - 1))},
        "as_of": None if now.as_of is None else rfc3339(now.as_of),
        "currency": now.currency,
        "looked_at": looked_at,
        "findings": [asdict(one) | {"part": one.part.value, "state": one.state.value} for one in everything],
        "shares": shares_who_bought(now),
        "notes": _notes(now),
        "lift": experiment,
    }


def findings_of(
    now: Days, before: Days, experiment: Mapping[str, Any], *, is_hidden: bool
) -> tuple[list[Finding], int]:
    pages, groups, changes = looks_at_pages(now), looks_at_groups(now), looks_at_changes(now, before)
    family = {
        **{f"page {url}": told for url, told in pages.items()},
        **{f"group {look}": told for look, told in groups.items()},
        **{f"change {name}": told for name, told in changes.items()},
    }
    claimed = beyond_chance(family)
    told = [
        came(now, before),
        bought(now),
        conversed(now),
        brought(now),
        *differing(groups, {look for look in groups if f"group {look}" in claimed}, now),
        effect(experiment, is_hidden=is_hidden),
        left_open(now),
        *to_fix(now),
        to_mend(now, pages, {url for url in pages if f"page {url}" in claimed}),
        scored(now),
        *changed(changes, {name for name in changes if f"change {name}" in claimed}, now, before),
    ]
    return [one for one in told if one is not None], len(family)


def shares_who_bought(now: Days) -> list[dict[str, Any]]:
    """Of those who conversed and of the silent, as the chart has them; without those of whom there is nobody."""
    both = (("Conversed", now.talking_buyers, now.talked.of), ("Silent", now.silent_buyers, now.silent.of))
    shares = [(name, Share(buyers, people)) for name, buyers, people in both if people]
    return [
        {"name": name, "value": one.value, "low": one.interval[0], "high": one.interval[1], "of": one.of}
        for name, one in shares
    ]


def parts_of(told: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """The findings by their headings, in the order of the page."""
    by = {part.value: [one for one in told["findings"] if one["part"] == part.value] for part in Part}
    return [(part, findings) for part, findings in by.items() if findings]


def _notes(now: Days) -> list[str]:
    """What has to be known beside the findings, so that nothing is left out in silence."""
    others = [f"{counted(orders, 'order')} in {currency}" for currency, orders in now.other_money if orders]
    return [
        *([f"Money is in {now.currency} alone: {', '.join(others)} not added up."] if others else []),
        *([f"{counted(now.unlinked, 'order')} of nobody known to us, in no figure here."] if now.unlinked else []),
    ]


def _days(since: str | None, until: str | None, today: date) -> tuple[str, str]:
    until = until or today.isoformat()
    if since is None:
        try:
            since = (date.fromisoformat(until[:10]) - DAYS + timedelta(days=1)).isoformat()
        except (ValueError, OverflowError):
            since = until
    return since, until


def _day(at: Microseconds) -> str:
    return rfc3339(at)[:10]
