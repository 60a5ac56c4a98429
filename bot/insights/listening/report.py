"""Listening: what people talk of, need, object to, praise and complain of; their mood; what no page answers.

`listening` gives a `told.Listening`.
"""

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.insights.listening import feedback, missed, sentiment
from bot.insights.listening.by import Values, by_told, values_by, wanted_dimension
from bot.insights.listening.groups import Said, count, kinds_told
from bot.insights.listening.meaning import Ears, Questions
from bot.insights.listening.reading import Window, make_tables, unwilling_of
from bot.insights.listening.told import Listening, Row
from bot.insights.log.reading import ask
from bot.insights.segments import main_currency
from bot.insights.window import BEGINNING, span_of
from bot.interactions import Microseconds, as_datetime, rfc3339
from bot.store.pages_of_rows import Span
from bot.store.store import Store
from bot.store.told_facts import words_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


@dataclass(frozen=True)
class _Counted:
    currency: str
    said: Said
    moods: sentiment.Moods
    rated: feedback.Rated
    askers: list[missed.Asker]
    values: Values | None


async def listening(
    store: Store,
    site: str,
    since: str | None = None,
    until: str | None = None,
    *,
    log: Path | None = None,
    ears: Ears | None = None,
    by: str | None = None,
    now: Microseconds | None = None,
) -> Listening:
    """What people of the window said, against as many days right before it; without `since` against nothing.

    `ears` understand meanings: without them only the same words are alike, and no question is told of. `by` is one of
    by.BY. `log` is the folder of the log; without it all is read from the store. Days after `now` are not told.
    """
    dimension = wanted_dimension(by)
    span = span_of(site, since, until)
    window = _window(span)
    today = as_datetime(now or Microseconds(time.time_ns() // 1_000)).date()
    unmeasured = await unwilling_of(store, span.site)
    questions = await ears.questions(store, span) if ears else None
    asking = Asking(window, unmeasured, ears, questions, dimension, today)
    whole = Span(span.site, BEGINNING, span.until)
    answer = await ask(store, log, whole, asking.asked)
    words = await store.read(words_of, _places(answer.told.said))
    told = _told(answer.told, words, questions, span, window, today)
    told["as_of"] = None if answer.as_of is None else rfc3339(answer.as_of)
    told["by"] = by_told(dimension, answer.told.values) if dimension and answer.told.values else None
    return told


def _window(span: Span) -> Window:
    """The window before is as long as the window, and ends where it begins."""
    if span.since == BEGINNING:
        return Window(span.since, span.until, None)
    return Window(span.since, span.until, max(0, 2 * span.since - span.until))


@dataclass(frozen=True)
class Asking:
    window: Window
    unmeasured: "pa.Table"
    ears: Ears | None
    questions: Questions | None
    dimension: str | None
    today: date

    def asked(self, connection: "duckdb.DuckDBPyConnection") -> _Counted:
        # Imported here, in a thread: it takes a second, and most of what the gateway does never needs it.
        from bot.insights.log.questions.asked import rows_of
        from bot.insights.log.questions.segments import currencies

        window = self.window
        currency = main_currency(rows_of(connection, currencies))
        talked = make_tables(connection, window, currency, self.unmeasured)
        since = None if window.before is None else as_datetime(Microseconds(window.since)).date()
        until = min(as_datetime(Microseconds(window.until - 1)).date(), self.today)
        return _Counted(
            currency,
            count(connection, talked, self.ears),
            sentiment.read(connection, since, until),
            feedback.read(connection, window),
            missed.askers_of(connection, self.questions),
            values_by(connection, self.dimension) if self.dimension else None,
        )


def _places(said: Said) -> list[tuple[str, int]]:
    """Of the messages whose words are quoted whole."""
    quotes = (one for some in said.quotes.values() for one in some)
    return sorted({(one.conversation, one.seq) for one in quotes if one.text is None and one.seq is not None})


def _told(
    counted: _Counted,
    words: dict[tuple[str, int], str],
    questions: Questions | None,
    span: Span,
    window: Window,
    today: date,
) -> Listening:
    said, compares = counted.said, window.before is not None
    listed, in_all = missed.told(questions, counted.askers, counted.currency)
    talked = said.talked
    return {
        "label": "descriptive",
        "site": span.site,
        "since": rfc3339(span.since),
        "until": rfc3339(span.until),
        "as_of": None,
        "before": _before(window),
        "currency": counted.currency,
        "people": talked.people,
        "people_before": talked.people_before,
        "messages": talked.messages,
        "left_out": {
            "robots_and_staff": talked.robots_and_staff,
            "unwilling": talked.unwilling,
            "of_nobody": talked.of_nobody,
        },
        "kinds": kinds_told(said, words, counted.currency, compares=compares),
        "sentiment": sentiment.told(counted.moods, today, compares=compares),
        "unanswered": listed,
        "unanswered_in_all": in_all,
        "feedback": feedback.told(counted.rated),
        "by": None,
    }


def _before(window: Window) -> Row | None:
    if window.before is None:
        return None
    return {"since": rfc3339(Microseconds(window.before)), "until": rfc3339(Microseconds(window.since))}
