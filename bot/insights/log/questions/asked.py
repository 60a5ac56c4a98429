"""What a question is put to: the log and who is who, on whatever engine has them as tables.

Six rules keep an answer the same on every engine; tests hold the questions to them. Yes and no become numbers by
`one_if`, never by a cast. What `lag` gives for the first row is not relied on: `row_number`, which begins at 0, guards.
Times are whole microseconds (`ts_us`), and money whole minor units. Every order ends in what is unique: `id`, or what
the rows were grouped by. Days and months are those of UTC. ClickHouse is asked with `join_use_nulls = 1`, else a join
that finds nothing gives 0.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ibis
from ibis.expr import types as ir

from bot.interactions import Kind

if TYPE_CHECKING:
    # Not there where another engine is asked.
    import duckdb

    from bot.store.pages_of_rows import Span

type Row = dict[str, Any]

MONEY = (Kind.PURCHASE.value, Kind.REFUND.value)
LOG = {
    name: "int64" if name in ("id", "ts_us", "seq", "value", "answers", "answered_before", "said_before", "margin")
    else {"at": "timestamp(6)", "sentiment": "float64", "confidence": "float64"}.get(name, "string")
    for name in (
        "id", "ts_us", "at", "site", "visitor", "customer", "type", "conversation", "seq", "turn", "url", "arm",
        "value", "currency", "source", "data", "answers", "answered_before", "said_before", "margin", "order", "page",
        "referrer", "campaign", "country", "language", "device", "intent", "sentiment", "confidence", "channel",
    )
}  # fmt: skip
"""The columns of the log; `rows.py` makes them."""
WHO = {"site": "string", "visitor": "string", "customer": "string", "marked": "int64"}
FAR = 2**62
"""Later than anything: what has not happened."""
DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Asked:
    """The log, (site, visitor, customer, marked) of who is who, and the window that is asked about."""

    log: ir.Table
    who: ir.Table
    span: "Span | None" = None
    """None: the tables have nothing else."""

    @property
    def happened(self) -> ir.Table:
        """All of the window, also of nobody known."""
        log, span = self.log, self.span
        if span is None:
            return log
        return log.filter(log.site == span.site, log.ts_us >= span.since, log.ts_us < span.until)

    @property
    def of_site(self) -> ir.Table:
        """Who is who on the site."""
        return self.who if self.span is None else self.who.filter(self.who.site == self.span.site)

    @property
    def done(self) -> ir.Table:
        """What was done by somebody known: `visitor`, or `alone` where only the customer is known.

        That a file told who somebody is, is nothing that they did.
        """
        rows = self.happened.filter(lambda row: (row.type != Kind.IDENTIFIED.value) | (row.source != "import"))
        known = rows.filter(rows.visitor.notnull() | rows.customer.notnull())
        return known.mutate(alone=ibis.ifelse(known.visitor.isnull(), known.customer, ibis.null("string")))

    def by_person(self, rows: ir.Table) -> ir.Table:
        """The rows with `person`: a customer with all their browsers, or a browser of nobody known; and `marked`."""
        who = self.of_site
        who = who.select(browser=who.visitor, whose=who.customer, mark=who.marked)
        found = rows.left_join(who, rows.visitor == who.browser).drop("browser")
        customer = ibis.coalesce(found.whose, found.alone)
        person = ibis.ifelse(customer.notnull(), "c:" + customer, "v:" + found.visitor)
        return found.mutate(person=person, marked=ibis.coalesce(found.mark, 0)).drop(
            "whose", "mark", "visitor", "alone"
        )

    @property
    def marked_people(self) -> ir.Table:
        """(person) of the customers one of whose browsers is a robot's or of staff."""
        who = self.of_site.filter(lambda row: (row.marked == 1) & row.customer.notnull())
        return who.select(marked_person="c:" + who.customer).distinct()

    @property
    def money(self) -> ir.Table:
        """What everybody known paid: (visitor, alone, ts_us, id, currency, order, net, margin, purchase).

        `margin` is what the shop told of a purchase, null where it told none.
        """
        rows = self.done.filter(lambda row: row.type.isin(MONEY) & row.value.notnull() & row.currency.notnull())
        purchase = one_if(rows.type == Kind.PURCHASE.value)
        return rows.select(
            "visitor", "alone", "ts_us", "at", "id", "currency", "order", "margin",
            net=ibis.ifelse(purchase == 1, rows.value, -rows.value), purchase=purchase,
        )  # fmt: skip


def one_if(condition: ir.BooleanValue) -> ir.IntegerValue:
    return ibis.ifelse(condition, ibis.literal(1, "int64"), ibis.literal(0, "int64"))


@lru_cache(256)
def sql_of(question: Callable[..., ir.Table], *given: str) -> str:
    """The question in DuckDB's words, to a log of one site and window. Finding them takes longer than most answers."""
    asked = Asked(ibis.table(LOG, name="log"), ibis.table(WHO, name="who"))
    return str(ibis.to_sql(question(asked, *given), dialect="duckdb"))


def rows_of(connection: "duckdb.DuckDBPyConnection", question: Callable[..., ir.Table], *given: str) -> list[Row]:
    """The answer of an opened log. Whole numbers are such: engines give the sum of large ones as decimals."""
    # Not by `sql`, which plans it twice.
    found = connection.execute(sql_of(question, *given))
    names = [column[0] for column in found.description]
    rows = [[int(one) if isinstance(one, Decimal) else one for one in row] for row in found.fetchall()]
    return [dict(zip(names, row, strict=True)) for row in rows]
