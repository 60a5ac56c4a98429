"""The window a report looks at, and what happened in it, a page of rows at a time."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta

from bot.errors import ConfigurationError
from bot.interactions import Microseconds, SiteKey, microseconds
from bot.store.interactions import span, window
from bot.store.logged import Logged
from bot.store.pages_of_rows import Span
from bot.store.store import Store

ROWS_AT_ONCE = 1_000
BEGINNING = Microseconds(0)


def span_of(site: str, since: str | None, until: str | None) -> Span:
    """The window from its texts: days ("2026-01-31", in UTC) or moments (RFC 3339).

    A day is meant whole, also the last one; a moment that ends the window is not in it. Without `since` it
    begins with the first thing that happened, without `until` it ends a day from now: clocks differ.
    """
    tomorrow = microseconds(datetime.now(UTC).replace(microsecond=0) + timedelta(days=1))
    begins = BEGINNING if since is None else _moment(since, "since", whole_day=False)
    ends = tomorrow if until is None else _moment(until, "until", whole_day=True)
    if ends <= begins and since is None:
        raise ConfigurationError(f"Nothing is known of the days before 1970: until is {until}; give a later day.")
    if ends <= begins and until is None:
        raise ConfigurationError(f"Nothing is known of what is to come: since is {since}; give an earlier day.")
    if ends <= begins:
        raise ConfigurationError(f"The window ends before it begins: since {since}, until {until}.")
    return Span(SiteKey(site), begins, ends)


def _moment(text: str, name: str, *, whole_day: bool) -> Microseconds:
    try:
        day = date.fromisoformat(text)
        start = datetime.combine(day, time(), UTC)
        return microseconds(start + timedelta(days=1) if whole_day else start)
    except (ValueError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(text)
        # In UTC, of which the first and the last hours that can be written elsewhere have none.
        return microseconds(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError) as error:
        raise ConfigurationError(
            f'{name} is "{text[:40]}"; give a day or a moment, e.g. 2026-01-31 or 2026-01-31T12:00:00Z.'
        ) from error


async def happened(store: Store, whole: Span) -> AsyncIterator[list[Logged]]:
    """Everything of the window in the order of the log, a page at a time: a year takes no more memory than a day."""
    ids = await store.read(span, whole.site, whole.since, whole.until)
    if ids is None:
        return
    after_id, last_id = ids[0] - 1, ids[1]
    while rows := await store.read(
        window, whole.site, whole.since, whole.until, after_id=after_id, last_id=last_id, limit=ROWS_AT_ONCE
    ):
        yield rows
        after_id = rows[-1].id
