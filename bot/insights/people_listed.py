"""The people behind a number of the dashboard, and what one of them did: asked of the log as it is now."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.insights.log.reading import ask
from bot.insights.margins import margin_of
from bot.insights.segments import DEFAULT_CURRENCY, Segment
from bot.insights.window import span_of
from bot.money import decimal_text
from bot.store.store import Store

if TYPE_CHECKING:
    import duckdb

WHO = {
    **{one.value.replace(" ", "-"): (one,) for one in Segment},
    "talked": (Segment.CONVERSING_BUYER, Segment.CONVERSING_VISITOR),
    "silent": (Segment.SILENT_BUYER, Segment.PASSIVE_VISITOR),
    "bought": (Segment.CONVERSING_BUYER, Segment.SILENT_BUYER),
    "everybody": tuple(one for one in Segment if one is not Segment.NOISE),
}
"""Which people, as an address names them: the segments that they are in."""
SORTS = {
    "spent": "Revenue", "margin": "Margin", "orders": "Orders", "visits": "Visits", "views": "Pages seen",
    "answered": "Messages answered", "last": "Last seen",
}  # fmt: skip
PAGE = 50


@dataclass(frozen=True)
class People:
    """A page of them; `total` is how many there are in all. `rows` are as the log's question names their columns."""

    currency: str
    total: int
    rows: tuple[dict[str, Any], ...]


async def people_listed(
    store: Store,
    site: str,
    since: str,
    until: str,
    *,
    who: str,
    sort: str,
    skip: int = 0,
    limit: int = PAGE,
    log: Path | None = None,
    where: tuple[str, ...] = (),
) -> People:
    """People of `who`, one of WHO, by `sort`, one of SORTS, in the currency of most purchases."""
    given = (",".join(one.value for one in WHO[who]), sort, str(limit), str(skip), *where)
    return (await ask(store, log, span_of(site, since, until), lambda log: _listed(log, given))).told


def _listed(connection: "duckdb.DuckDBPyConnection", given: tuple[str, ...]) -> People:
    from bot.insights.log.questions.asked import rows_of
    from bot.insights.log.questions.listed import listed
    from bot.insights.log.questions.segments import currencies

    currency = _currency(rows_of(connection, currencies))
    rows = rows_of(connection, listed, currency, *given)
    return People(currency, rows[0]["total"] if rows else 0, tuple(_told(row, currency) for row in rows))


def _currency(money: list[dict[str, Any]]) -> str:
    """That of most purchases."""
    main = min(money, key=lambda row: (-row["orders"], row["currency"]), default=None)
    return main["currency"] if main is not None and main["orders"] else DEFAULT_CURRENCY


def _told(row: dict[str, Any], currency: str) -> dict[str, Any]:
    """With the money as text, margin as far as it is known."""
    return row | margin_of([row], currency) | {"revenue": decimal_text(row["spent"], currency), "currency": currency}


@dataclass(frozen=True)
class Talk:
    """A conversation, in microseconds and counts; not a word of it."""

    conversation: str
    first: int
    last: int
    said: int
    answers: int


@dataclass(frozen=True)
class Person:
    """One of them, and their conversations in the window, the latest first."""

    row: dict[str, Any]
    talks: tuple[Talk, ...]


async def person_in(
    store: Store, site: str, since: str, until: str, person: str, *, log: Path | None = None
) -> Person | None:
    """What the log has of one person in the window; None when it has nothing."""
    return (await ask(store, log, span_of(site, since, until), lambda log: _person(log, person))).told


def _person(connection: "duckdb.DuckDBPyConnection", person: str) -> Person | None:
    from bot.insights.log.questions import listed
    from bot.insights.log.questions.asked import rows_of
    from bot.insights.log.questions.segments import currencies

    currency = _currency(rows_of(connection, currencies))
    rows = rows_of(connection, listed.one, currency, person)
    if not rows:
        return None
    found = rows_of(connection, listed.talks_of, person)
    talks = [Talk(*(row[name] for name in ("conversation", "first", "last", "said", "answers"))) for row in found]
    return Person(_told(rows[0], currency), tuple(sorted(talks, key=lambda talk: (-talk.last, talk.conversation))))
