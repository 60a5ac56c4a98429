"""What brought people here and what they bought after it: touches, and the credit that a rule gives each for an order.

A touch is an arrival from outside. A direct one (nothing is known of where from) gets credit only where there is no
other: an address that is typed was learned somewhere.
"""

from dataclasses import replace

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions import segments
from bot.insights.log.questions.asked import Asked, one_if
from bot.insights.log.questions.people import PAUSE_US, less_refunds
from bot.interactions import Kind

RULES = ("first", "last", "linear")
"""All credit to the first touch, to the last one, or the same part to each."""
LOOK_BACK_US = 90 * 86_400_000_000
"""How long before an order a touch may have been to get credit for it."""
DIRECT = "direct"
WHOLE, NOTHING = ibis.literal(1, "int64"), ibis.literal(0, "int64")


def touches(asked: Asked) -> ir.Table:
    """(toucher, touched, id, channel, campaign): arrivals, one for many from one place within half an hour."""
    rows = asked.done
    rows = rows.filter((rows.type == Kind.PAGE_VIEW.value) & rows.channel.notnull())
    rows = asked.by_person(rows.select("visitor", "alone", "ts_us", "id", "channel", "campaign"))
    rows = rows.mutate(campaign=ibis.coalesce(rows.campaign, ""))
    order = ibis.window(group_by=[rows.person, rows.channel, rows.campaign], order_by=[rows.ts_us, rows.id])
    rows = rows.mutate(place=ibis.row_number().over(order), last=rows.ts_us.lag().over(order))
    rows = rows.filter((rows.place == 0) | (rows.ts_us - rows.last >= PAUSE_US))
    return rows.select("id", "channel", "campaign", toucher="person", touched="ts_us")


def reached(asked: Asked, currency: str, rule: str, since: str) -> ir.Table:
    """(channel, campaign, people, conversed, both, answered, conversations) from `since` on, of who is no noise.

    `both` conversed and bought; `answered` messages. With `linear` a person counts under each of their touches by its
    part. A null channel is whom no arrival is known of.
    """
    asked = _later(asked, since)
    found = segments.in_segments(asked, currency)
    found = found.filter(found.segment != "noise")
    found = found.select(
        "person", "answered", conversed=one_if(found.answered > 0),
        both=one_if((found.answered > 0) & (found.bought == 1)),
    )  # fmt: skip
    talks = _talks(asked)
    found = found.left_join(talks, found.person == talks.talker).drop("talker")
    credited = _credited(touches(asked).mutate(of="toucher"), rule).drop("of", "touched", "id")
    rows = found.left_join(credited, found.person == credited.toucher)
    part = WHOLE.cast("float64") / ibis.coalesce(rows.parts, WHOLE)
    return rows.group_by("channel", "campaign").agg(
        people=part.sum(), conversed=(part * rows.conversed).sum(), both=(part * rows.both).sum(),
        answered=(part * rows.answered).sum(), conversations=(part * ibis.coalesce(rows.talks, NOTHING)).sum(),
    )  # fmt: skip


def credit(asked: Asked, currency: str, rule: str, since: str) -> ir.Table:
    """(channel, campaign, orders, revenue, margin, margins) of the orders from `since` (`ts_us`) on, less refunds.

    What the rule divides stays whole: parts are in minor units, and what is left over is the first touches'. A null
    channel is what nobody gets credit for: the orders of people of whom no arrival is known, in the time before.
    """
    bought = orders(asked, currency).filter(lambda row: row.ordered >= int(since))
    arrived = touches(asked)
    both = bought.inner_join(
        arrived,
        [
            bought.person == arrived.toucher,
            arrived.touched <= bought.ordered,
            bought.ordered - arrived.touched < LOOK_BACK_US,
        ],
    )
    credited = _credited(both.select("toucher", "touched", "id", "channel", "campaign", of="sale"), rule)
    credited = credited.drop("toucher", "touched", "id")
    rows = bought.left_join(credited, bought.sale == credited.of)
    parts, place = ibis.coalesce(rows.parts, WHOLE), ibis.coalesce(rows.place, NOTHING)
    return rows.group_by("channel", "campaign").agg(
        orders=(WHOLE.cast("float64") / parts).sum(),
        revenue=_part(rows.left, place, parts).sum().cast("int64"),
        margin=_part(rows.kept, place, parts).sum().cast("int64"),
        margins=(one_if(rows.margin.notnull()).cast("float64") / parts).sum(),
    )


def first_touches(asked: Asked) -> ir.Table:
    """(toucher, touched, channel, campaign): of everybody the arrival that has all credit by the rule "first"."""
    return _credited(touches(asked).mutate(of="toucher"), "first").select("toucher", "touched", "channel", "campaign")


def currencies(asked: Asked, since: str) -> ir.Table:
    """Of each currency the purchases from `since` on, and what is of nobody known: see segments.currencies."""
    return segments.currencies(_later(asked, since))


def orders(asked: Asked, currency: str) -> ir.Table:
    """(sale, person, ordered, left, margin, kept): orders of who is known; `left` and `kept` are less refunds."""
    rows = less_refunds(asked.money.filter(lambda row: row.currency == currency))
    rows = rows.filter(rows.purchase == 1)
    left = ibis.greatest(rows.net - ibis.coalesce(rows.back, NOTHING), NOTHING)
    rows = asked.by_person(rows.select("visitor", "alone", "margin", "kept", sale="id", ordered="ts_us", left=left))
    return rows.drop("marked")


def _later(asked: Asked, since: str) -> Asked:
    return replace(asked, log=asked.log.filter(asked.log.ts_us >= int(since)))


def _talks(asked: Asked) -> ir.Table:
    """(talker, talks): in how many conversations each person said something."""
    rows = asked.done.filter(lambda row: (row.type == Kind.MESSAGE.value) & row.conversation.notnull())
    rows = asked.by_person(rows.select("visitor", "alone", "conversation"))
    return rows.group_by(talker="person").agg(talks=rows.conversation.nunique())


def _credited(rows: ir.Table, rule: str) -> ir.Table:
    """Of the touches of each `of` those that get credit, with their `place` among the `parts`, from 0."""
    group = ibis.window(group_by=rows.of)
    rows = rows.mutate(known=one_if(rows.channel != DIRECT).max().over(group))
    rows = rows.filter((rows.channel != DIRECT) | (rows.known == 0))
    order = ibis.window(group_by=rows.of, order_by=[rows.touched, rows.id])
    rows = rows.mutate(place=ibis.row_number().over(order), parts=rows.count().over(ibis.window(group_by=rows.of)))
    rows = rows.drop("known")
    if rule == "linear":
        return rows
    chosen = rows.filter(rows.place == (NOTHING if rule == "first" else rows.parts - 1))
    return chosen.mutate(place=NOTHING, parts=WHOLE)


def _part(amount: ir.IntegerValue, place: ir.IntegerValue, parts: ir.IntegerValue) -> ir.IntegerValue:
    """The share of the touch at this place of an amount that is divided into so many parts; together they are it."""
    sign = ibis.ifelse(amount < 0, ibis.literal(-1, "int64"), WHOLE)
    whole = amount.abs()
    each = (whole - whole % parts) // parts
    return sign * (each + one_if(place < whole % parts))
