"""How the segments of a window came about, day by day, week by week or month by month (UTC)."""

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions.asked import DAY_US, Asked, one_if
from bot.insights.log.questions.buyers import month_of
from bot.insights.log.questions.segments import in_segments, picked
from bot.interactions import Kind

STEPS = ("day", "week", "month")
MONDAY = 3
"""Days from a Monday to the first of January 1970, a Thursday."""
NOT_THEIRS = (
    Kind.ANSWER.value, Kind.UNDERSTANDING.value, Kind.UNANSWERED.value, Kind.HANDOVER.value, Kind.REFUND.value,
    Kind.STATUS.value,
)  # fmt: skip
"""What bot, staff and shop do: nobody is there because of it."""


def over_time(asked: Asked, currency: str, step: str, *where: str) -> ir.Table:
    """(step, segment, people, buyers, revenue): who was there, who of the buyers ordered, and orders less refunds.

    A person is all the time in the segment that they have in the whole window. `step` is the number of days, weeks that
    begin on Monday, or months (since the year 0) to the first of January 1970 or from it.
    """
    found = picked(asked, in_segments(asked, currency), *where).select("segment", whose="person")
    rows = asked.by_person(ibis.union(_seen(asked, step), _paid(asked, currency, step)))
    each = rows.group_by("step", "person").agg(
        seen=rows.seen.max(), orders=rows.orders.sum(), revenue=rows.revenue.sum()
    )  # fmt: skip
    each = each.inner_join(found, each.person == found.whose)
    return each.group_by("step", "segment").agg(
        people=each.seen.sum(),
        buyers=one_if((each.orders > 0) & each.segment.isin(("conversing buyer", "silent buyer"))).sum(),
        revenue=each.revenue.sum(),
    )


def _seen(asked: Asked, step: str) -> ir.Table:
    rows = asked.done.filter(lambda row: row.type.notin(NOT_THEIRS))
    rows = rows.select("visitor", "alone", step=step_of(rows, step)).distinct()
    nothing = ibis.literal(0, "int64")
    return rows.mutate(seen=ibis.literal(1, "int64"), orders=nothing, revenue=nothing)


def _paid(asked: Asked, currency: str, step: str) -> ir.Table:
    rows = asked.money
    ours = ibis.ifelse(rows.currency == currency, rows.net, ibis.literal(0, "int64"))
    rows = rows.select("visitor", "alone", step=step_of(rows, step), purchase=rows.purchase, ours=ours)
    found = rows.group_by("visitor", "alone", "step").agg(
        orders=rows.purchase.sum().cast("int64"), revenue=rows.ours.sum().cast("int64")
    )
    return found.mutate(seen=ibis.literal(0, "int64")).select("visitor", "alone", "step", "seen", "orders", "revenue")


def step_of(rows: ir.Table, step: str) -> ir.IntegerValue:
    """The number of the day, week or month in which something happened."""
    if step == "month":
        return month_of(rows)
    days = (rows.ts_us // DAY_US).cast("int64")
    return days if step == "day" else ((days + MONDAY) // 7).cast("int64")
