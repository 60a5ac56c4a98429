"""Towards which objectives a person or a conversation counted: for exports, a row of which may name them.

Counted is who made the number larger: the people that awareness and leads count, who had a dialogue, came back or
brought money, and the conversations that were solved or made somebody content. Not all of whom a share is.
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.insights.log.reading import ask
from bot.insights.objectives.measures import Measure
from bot.insights.objectives.reading import shortened_log, words_for
from bot.insights.objectives.report import wanted_of
from bot.insights.window import BEGINNING
from bot.interactions import Microseconds, SiteKey
from bot.store.objectives import Objective, objectives_of
from bot.store.pages_of_rows import Span
from bot.store.store import Store

if TYPE_CHECKING:
    import duckdb

OF_CONVERSATIONS = (Measure.FEEDBACK, Measure.SUPPORT)


@dataclass(frozen=True)
class Towards:
    """Ids of objectives, in the order in which they are listed; people are "c:ID" (customers) or "v:ID" (browsers)."""

    people: dict[str, tuple[str, ...]]
    conversations: dict[str, tuple[str, ...]]


async def towards(store: Store, span: Span, *, log: Path | None) -> Towards:
    """For all objectives whose days the span touches, each by all of its own days up to the end of the span.

    `log` is the folder of the log; without it all is read from the store. A question to the log for each objective.
    """
    people: defaultdict[str, list[str]] = defaultdict(list)
    talks: defaultdict[str, list[str]] = defaultdict(list)
    for one in await store.read(objectives_of, SiteKey(span.site)):
        theirs = wanted_of(one).span
        if theirs.since >= span.until or theirs.until <= span.since:
            continue
        found = talks if Measure(one.measure) in OF_CONVERSATIONS else people
        for unit in await _counted(store, log, one, span.until):
            found[unit].append(one.id)
    return Towards(*({unit: tuple(ids) for unit, ids in some.items()} for some in (people, talks)))


async def _counted(store: Store, log: Path | None, one: Objective, until: Microseconds) -> list[str]:
    wanted = wanted_of(one)
    ends = min(one for one in (wanted.span.until, until, one.closed_at) if one is not None)
    if ends <= wanted.span.since:
        return []

    def asked(connection: "duckdb.DuckDBPyConnection") -> list[str]:
        from bot.insights.log.questions.asked import sql_of
        from bot.insights.objectives.questions import units

        shortened_log(connection, wanted)
        sql = f"SELECT unit FROM ({sql_of(units, *words_for(wanted))}) WHERE value > 0 ORDER BY unit"  # noqa: S608
        return [row[0] for row in connection.execute(sql).fetchall()]

    answer = await ask(store, log, Span(wanted.site, BEGINNING, Microseconds(ends)), asked)
    return answer.told
