"""Who buys how much and how often: recency, frequency and money in cells, the share of the best, months, cohorts."""

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions.asked import DAY_US, Asked, one_if
from bot.insights.log.questions.people import people

FIFTHS, TENTHS = 5, 10


def rfm_cells(asked: Asked, currency: str) -> ir.Table:
    """(recency, frequency, people, revenue): buyers in fifths, 5 the best, of the last purchase and of the orders."""
    found = _buyers(asked, currency)
    late = ibis.window(order_by=[found.last_purchase, found.person])
    often = ibis.window(order_by=[found.orders, found.spent, found.person])
    found = found.mutate(
        recency=ibis.ntile(FIFTHS).over(late) + 1, frequency=ibis.ntile(FIFTHS).over(often) + 1
    )  # fmt: skip
    return found.group_by("recency", "frequency").agg(people=found.count(), revenue=found.spent.sum())


def deciles(asked: Asked, currency: str) -> ir.Table:
    """(decile, people, revenue): 1 is the tenth of the buyers who spent most."""
    found = _buyers(asked, currency)
    most = ibis.window(order_by=[found.spent.desc(), found.person])
    found = found.mutate(decile=ibis.ntile(TENTHS).over(most) + 1)
    return found.group_by("decile").agg(people=found.count(), revenue=found.spent.sum())


def months(asked: Asked) -> ir.Table:
    """(month, people, buyers, conversion) of each month in UTC."""
    rows = asked.by_person(_in_months(asked))
    each = rows.group_by("month", "person").agg(net=rows.net.sum())
    found = each.group_by("month").agg(people=each.count(), buyers=one_if(each.net > 0).sum())
    return found.mutate(conversion=found.buyers.cast("float64") / found.people)


def cohorts(asked: Asked, currency: str) -> ir.Table:
    """(cohort, later, people, revenue): by the month of the first purchase in the window, so many months later."""
    rows = asked.by_person(asked.money.filter(lambda row: (row.currency == currency) & (row.purchase == 1)))
    rows = rows.mutate(month=month_of(rows))
    first = rows.group_by("person").agg(cohort=rows.month.min()).select("cohort", whose="person")
    rows = rows.inner_join(first, rows.person == first.whose)
    rows = rows.mutate(later=rows.month - rows.cohort)
    return rows.group_by("cohort", "later").agg(people=rows.person.nunique(), revenue=rows.net.sum())


def month_of(rows: ir.Table) -> ir.IntegerValue:
    """Months since the year 0, which can be subtracted."""
    return (rows.at.year() * 12 + rows.at.month() - 1).cast("int64")


def _in_months(asked: Asked) -> ir.Table:
    rows = asked.done
    nothing, refund = ibis.literal(0, "int64"), -ibis.coalesce(rows.value, 0)
    net = ibis.cases(
        (rows.type == "purchase", ibis.coalesce(rows.value, 0)), (rows.type == "refund", refund), else_=nothing
    )
    rows = rows.select("visitor", "alone", month=month_of(rows), net=net)
    return rows.group_by("visitor", "alone", "month").agg(net=rows.net.sum())


def _buyers(asked: Asked, currency: str) -> ir.Table:
    """Who paid more than they got back, and in days (UTC) when last."""
    found = people(asked, currency).filter(lambda row: row.spent > 0)
    paid = asked.by_person(asked.money.filter(lambda row: (row.purchase == 1) & (row.currency == currency)))
    last = paid.group_by("person").agg(last_purchase=(paid.ts_us // DAY_US).max()).rename(whose="person")
    return found.inner_join(last, found.person == last.whose)
