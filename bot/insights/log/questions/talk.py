"""How people talk with us: what about, in how many turns, how soon they are answered; and where they came from."""

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions.asked import Asked, one_if
from bot.insights.log.questions.people import people
from bot.insights.log.questions.segments import first_known, in_segments
from bot.interactions import Kind


def topics(asked: Asked) -> ir.Table:
    """(intent, messages, people, sentiment): what was understood, and its mean sentiment in whole ten-thousandths."""
    rows = asked.happened.filter(lambda row: (row.type == Kind.UNDERSTANDING.value) & row.intent.notnull())
    mood = (rows.sentiment * 10_000).round().cast("int64")
    found = rows.group_by("intent").agg(
        messages=rows.count(),
        conversations=rows.conversation.nunique(),
        judged=rows.sentiment.count(),
        moods=mood.sum().cast("float64"),
    )
    return found.mutate(
        sentiment=found.moods / ibis.ifelse(found.judged == 0, ibis.null("int64"), found.judged * 10_000)
    )


def dialogues(asked: Asked) -> ir.Table:
    """(turns, conversations): how often the sides took turns in each conversation; from 3 on it is a dialogue."""
    rows = asked.happened.filter(lambda row: (row.type == Kind.MESSAGE.value) | (row.answers == 1))
    rows = rows.filter(rows.conversation.notnull())
    order = ibis.window(group_by=rows.conversation, order_by=rows.id)
    rows = rows.select(
        "conversation", "id", said=one_if(rows.type == Kind.MESSAGE.value), place=ibis.row_number().over(order)
    )
    order = ibis.window(group_by=rows.conversation, order_by=rows.id)
    rows = rows.mutate(before=rows.said.lag().over(order))
    changes = one_if((rows.place > 0) & (rows.said != rows.before))
    each = rows.group_by("conversation").agg(turns=changes.sum())
    return each.group_by("turns").agg(conversations=each.count())


def response_times(asked: Asked) -> ir.Table:
    """One row: messages, those answered, and the mean and the sum of the time to the next answer, in microseconds."""
    rows = asked.happened.filter(lambda row: (row.type == Kind.MESSAGE.value) | (row.answers == 1))
    rows = rows.filter(rows.conversation.notnull())
    order = ibis.window(group_by=rows.conversation, order_by=rows.id)
    rows = rows.select("conversation", "id", "ts_us", "answers", place=ibis.row_number().over(order))
    order = ibis.window(group_by=rows.conversation, order_by=rows.id)
    rows = rows.mutate(said=rows.answers.lag().over(order), since=rows.ts_us.lag().over(order))
    ends = (rows.place > 0) & (rows.answers == 1) & (rows.said == 0) & (rows.ts_us >= rows.since)
    found = rows.agg(
        messages=one_if(rows.answers == 0).sum(),
        answered=one_if(ends).sum(),
        waited=ibis.ifelse(ends, rows.ts_us - rows.since, ibis.literal(0, "int64")).sum().cast("float64"),
    )
    return found.mutate(mean=found.waited / ibis.ifelse(found.answered == 0, ibis.null("int64"), found.answered))


def channels(asked: Asked, currency: str) -> ir.Table:
    """(known, people, conversed, buyers, revenue, margin) of each channel, noise left out."""
    found, first = in_segments(asked, currency), first_known(asked, "channel")
    found = found.filter(found.segment != "noise").left_join(first, found.person == first.whose)
    return found.group_by("known").agg(
        people=found.count(), conversed=one_if(found.answered > 0).sum(), buyers=found.bought.sum(),
        revenue=found.spent.sum(), margin=found.margin.sum(),
    )  # fmt: skip


def moments(asked: Asked, currency: str) -> ir.Table:
    """(arm, people, buyers, revenue, squares) of everybody who was drawn, by the arm in which they first were seen.

    `squares` is the sum of the squared revenues in major units: what a variance is made of. Noise counts too: a lot
    was drawn for them.
    """
    rows = asked.done.filter(lambda row: (row.type == Kind.EXPOSED.value) & row.arm.isin(("offered", "held_out")))
    rows = asked.by_person(rows.select("visitor", "alone", "ts_us", "id", "arm"))
    order = ibis.window(group_by=rows.person, order_by=[rows.ts_us, rows.id])
    rows = rows.mutate(place=ibis.row_number().over(order))
    drawn = rows.filter(rows.place == 0).select("arm", whose="person")
    found = people(asked, currency)
    found = drawn.left_join(found, drawn.whose == found.person)
    spent = ibis.coalesce(found.spent, ibis.literal(0, "int64"))
    return found.group_by("arm").agg(
        people=found.count(), buyers=one_if(spent > 0).sum(), revenue=spent.sum(),
        squares=((spent.cast("float64") / 100) * (spent.cast("float64") / 100)).sum(),
    )  # fmt: skip
