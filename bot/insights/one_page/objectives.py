"""What is wanted, and how it stands: the objectives that run in these days, those that end next first."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from bot.insights.lift.estimates import Label
from bot.insights.objectives.report import standing
from bot.insights.objectives.status import Status
from bot.insights.one_page.findings import Finding, Part, State
from bot.insights.one_page.questions import shortened
from bot.interactions import Microseconds, microseconds, rfc3339
from bot.store.objectives import Objective, objectives_of
from bot.store.pages_of_rows import Span
from bot.store.sites import Site
from bot.store.store import Store

MOST = 3
"""A page has room for few, and each of them asks the log."""
JUDGED = (Status.ON_COURSE, Status.BEHIND, Status.REACHED, Status.MISSED)
STATES = dict.fromkeys(JUDGED, State.FOUND) | {Status.TOO_FEW: State.TOO_FEW, Status.WAITS: State.HIDDEN}
"""All others have nothing that could be judged."""
UNITS = {"share": "share", "count": "people", "money": "money"}


async def wanted(
    store: Store, site: Site, span: Span, *, log: Path | None, today: date, currency: str, is_hidden: bool
) -> list[Finding]:
    """A finding for each of the first `MOST`, as it stood when `today` began. `is_hidden`: sales by lot wait.

    What is foretold is foretold of whole days, and that of today is none yet.
    """
    now = min(span.until, microseconds(datetime.combine(today, time(), UTC)))
    first, last = rfc3339(span.since)[:10], rfc3339(Microseconds(span.until - 1))[:10]
    running = [one for one in await store.read(objectives_of, site.key) if _is_of(one, first, last, span)]
    rows = [
        await standing(store, site, one, log=log, now=now, shows_unguessed=not is_hidden)
        for one in sorted(running, key=lambda one: (one.until, one.id))[:MOST]
    ]
    return [finding_of(row, number, currency) for number, row in enumerate(rows, 1)]


def _is_of(one: Objective, first: str, last: str, span: Span) -> bool:
    return one.since <= last and one.until >= first and (one.closed_at is None or one.closed_at >= span.since)


def finding_of(row: Mapping[str, Any], number: int, currency: str) -> Finding:
    """The row of the report about objectives as a finding: what was gained by lot, else the value so far."""
    status, label = Status(row["status"]), Label(row["label"])
    told = row["gain"] if label is Label.RANDOMIZED else row["value"]
    state = STATES.get(status, State.ABSENT)
    if state is State.FOUND and (told is None or row["currency"] not in (None, currency)):
        # The page's numbers are in one currency; the sentence has it in its own.
        state = State.ABSENT
    numbers = {"unit": UNITS[row["unit"]], **told} if state is State.FOUND else {}
    return Finding(
        f"objective_{number}", Part.OBJECTIVES, state, f"“{shortened(row['name'])}”: {row['sentence']}",
        row["definition"], label, row["n"], f"/insights/objectives/{row['id']}", **numbers,
    )  # fmt: skip
