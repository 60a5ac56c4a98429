"""The people behind a number: those of some segments, with what they did in the window, a page of them at a time."""

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions.asked import Asked, one_if
from bot.insights.log.questions.over_time import NOT_THEIRS
from bot.insights.log.questions.segments import in_segments, picked
from bot.interactions import Kind

SORTS = ("spent", "margin", "orders", "visits", "views", "answered", "last")
"""What people may be sorted by, the largest or the latest first."""


def listed(asked: Asked, currency: str, segments: str, sort: str, limit: str, skip: str, *where: str) -> ir.Table:
    """`limit` people of `segments` (with commas between them) after the first `skip`; `total` is how many there are.

    `last` is when they last did something in the window, in microseconds; None of who never did.
    """
    found = picked(asked, in_segments(asked, currency), *where)
    found = _told(asked, found.filter(found.segment.isin(segments.split(","))))
    found = found.mutate(total=found.person.count().over(ibis.window()))
    order = found[sort].cast("int64")
    # Who never did anything comes last, on every engine.
    order = ibis.coalesce(order, ibis.literal(-1, "int64")) if sort == "last" else order
    return found.order_by([order.desc(), found.person]).limit(int(limit), offset=int(skip))


def one(asked: Asked, currency: str, person: str) -> ir.Table:
    """The same of one person; no row when they did nothing in the window."""
    found = in_segments(asked, currency)
    return _told(asked, found.filter(found.person == person))


def _told(asked: Asked, found: ir.Table) -> ir.Table:
    last = _last(asked)
    found = found.left_join(last, found.person == last.whose)
    return found.select(
        "person", "segment", "visits", "views", "answered", "orders", "spent", "margin", "margins", "priced", "last"
    )


def _last(asked: Asked) -> ir.Table:
    rows = asked.done.filter(lambda row: row.type.notin(NOT_THEIRS))
    rows = rows.group_by("visitor", "alone").agg(last=rows.ts_us.max())
    rows = asked.by_person(rows)
    return rows.group_by("person").agg(last=rows.last.max()).rename(whose="person")


def talks_of(asked: Asked, person: str) -> ir.Table:
    """(conversation, first, last, said, answers) of one person, whichever browser they talked in."""
    rows = asked.done.filter(lambda row: row.conversation.notnull())
    rows = rows.select(
        "visitor", "alone", "conversation", "ts_us",
        said=one_if(rows.type == Kind.MESSAGE.value), answers=rows.answers,
    )  # fmt: skip
    rows = asked.by_person(rows)
    rows = rows.filter(rows.person == person)
    return rows.group_by("conversation").agg(
        first=rows.ts_us.min(), last=rows.ts_us.max(), said=rows.said.sum(), answers=rows.answers.sum()
    )
