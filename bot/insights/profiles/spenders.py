"""The best customers alone, for who tells of little more: who spent most, and what is known of them."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.insights.log.reading import ask
from bot.insights.profiles.costs import Costs
from bot.insights.profiles.everybody import make_tables
from bot.insights.profiles.facts import known_of
from bot.insights.profiles.groups import SPENDING, Group, compared_in
from bot.insights.profiles.over_represented import Compared
from bot.store.pages_of_rows import Span
from bot.store.store import Store

if TYPE_CHECKING:
    import duckdb


async def spenders(store: Store, span: Span, currency: str, *, log: Path | None) -> tuple[Group, list[Compared]]:
    """As `profiles` has them in this currency; of a group of few nothing is compared."""
    known = await known_of(store, span.site)

    def asked(connection: "duckdb.DuckDBPyConnection") -> tuple[Group, list[Compared]]:
        make_tables(connection, currency, known, Costs())
        return compared_in(connection, SPENDING)

    return (await ask(store, log, span, asked)).told
