"""Who converses and who buys: every person in one of five segments, and by where they came from."""

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions.asked import MONEY, Asked, one_if
from bot.insights.log.questions.people import paid_by_currency, people
from bot.interactions import Kind

DIMENSIONS = ("channel", "campaign", "page", "country", "language", "device")
"""By the first in the window that is known of a person: what led them here, and what their browser says."""
ON_VIEWS = ("channel", "campaign", "page")
UNKNOWN = "~"
"""The value that stands for nothing known."""


def segments(asked: Asked, currency: str, *where: str) -> ir.Table:
    """A row a segment that has anybody: people, visits, dialogues, who was answered before they bought; money."""
    return _counted(picked(asked, in_segments(asked, currency), *where), "segment")


def segments_by(asked: Asked, currency: str, dimension: str, *where: str) -> ir.Table:
    """The same for each value of the dimension; null is what nothing is known of."""
    found = picked(asked, in_segments(asked, currency), *where)
    first = first_known(asked, dimension)
    return _counted(found.left_join(first, found.person == first.whose).drop("whose"), "segment", "known")


def in_segments(asked: Asked, currency: str) -> ir.Table:
    """Every person with their `segment`. Who bought is never noise; who was answered, whenever, conversed."""
    found = people(asked, currency)
    only_looked = (found.views <= 1) & (found.acted == 0) & (found.answered == 0)
    segment = ibis.cases(
        ((found.bought == 1) & (found.answered > 0), "conversing buyer"),
        (found.bought == 1, "silent buyer"),
        ((found.marked == 1) | only_looked, "noise"),
        (found.answered > 0, "conversing visitor"),
        else_="passive visitor",
    )
    return found.mutate(segment=segment)


def _counted(found: ir.Table, *by: str) -> ir.Table:
    before = (found.answered > 0) & (found.first_answer < found.first_purchase) & (found.bought == 1)
    return found.group_by(*by).agg(
        people=found.count(),
        visits=found.visits.sum(),
        dialogues=one_if(found.answered >= 2).sum(),
        before=one_if(before).sum(),
        before_revenue=ibis.ifelse(before, found.spent, ibis.literal(0, "int64")).sum(),
        orders=found.orders.sum(),
        revenue=found.spent.sum(),
        margin=found.margin.sum(),
        priced=found.priced.sum(),
        margins=found.margins.sum(),
    )


def first_known(asked: Asked, dimension: str) -> ir.Table:
    """(whose, known): of each person the first that is known in the window."""
    rows = asked.done
    rows = rows.filter(rows[dimension].notnull() & (rows[dimension] != ""))
    if dimension in ON_VIEWS:
        rows = rows.filter(rows.type == Kind.PAGE_VIEW.value)
    rows = asked.by_person(rows.select("visitor", "alone", "ts_us", "id", known=rows[dimension]))
    order = ibis.window(group_by=rows.person, order_by=[rows.ts_us, rows.id])
    rows = rows.mutate(place=ibis.row_number().over(order))
    return rows.filter(rows.place == 0).select("known", whose="person")


def picked(asked: Asked, found: ir.Table, *where: str) -> ir.Table:
    """Of these people those of whom the first that is known is this value: "channel=search", "page=~" for nothing."""
    for one in where:
        dimension, _, value = one.partition("=")
        first = first_known(asked, dimension)
        if value == UNKNOWN:
            found = found.anti_join(first, found.person == first.whose)
        else:
            first = first.filter(first.known == value)
            found = found.semi_join(first, found.person == first.whose)
    return found


def currencies(asked: Asked) -> ir.Table:
    """Of each currency the purchases, and what is of nobody known: its money, purchases, and how many rows."""
    rows = asked.happened.filter(lambda row: row.type.isin(MONEY) & row.currency.notnull())
    purchase, unlinked = rows.type == Kind.PURCHASE.value, rows.visitor.isnull() & rows.customer.isnull()
    net = ibis.coalesce(ibis.ifelse(purchase, rows.value, -rows.value), ibis.literal(0, "int64"))
    return rows.group_by("currency").agg(
        orders=one_if(purchase).sum(),
        linked=one_if(~unlinked & rows.value.notnull()).sum(),
        unlinked=one_if(unlinked & rows.value.notnull()).sum(),
        unlinked_orders=one_if(purchase & unlinked).sum(),
        unlinked_revenue=ibis.ifelse(unlinked, net, ibis.literal(0, "int64")).sum(),
    )


def revenue_by_currency(asked: Asked, currency: str, *where: str) -> ir.Table:
    """What each segment brought in each currency, where `currency` is the one that the segments are told in."""
    found, paid = picked(asked, in_segments(asked, currency), *where), paid_by_currency(asked)
    both = paid.select("currency", "net", whose="person").inner_join(
        found.select("person", "segment"), [("whose", "person")]
    )
    return both.group_by("segment", "currency").agg(revenue=both.net.sum())
