"""Every person of the window: what they looked at, whether they talked and were answered, what they paid."""

from datetime import timedelta

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions.asked import FAR, Asked, one_if
from bot.interactions import Kind
from bot.visits import IDLE_LIMIT

PAUSE_US = IDLE_LIMIT // timedelta(microseconds=1)
UNMOVED = (
    Kind.PAGE_VIEW.value, Kind.PRESENT.value, Kind.EXPOSED.value, Kind.CONSENT.value, Kind.ANSWER.value,
    Kind.STATUS.value,
)  # fmt: skip
"""Looking, and what the browser, the bot or the shop does by itself: whoever has only this did nothing but look."""
OF_DEEDS = (
    "visitor", "alone", "ts_us", "id", "type", "conversation", "answers", "answered_before", "said_before",
)  # fmt: skip
"""What of the log they are made of: an engine that is told of less plans sooner."""
DEEDS = ("views", "visits", "acted", "answered", "first_answer")


def people(asked: Asked, currency: str) -> ir.Table:
    """One row a person. `answered` messages of theirs; `first_answer`, when they first got one; `first_purchase`.

    `spent` and `margin`, both less refunds, are in minor units of `currency`, in which there were `priced` orders, of
    which `margins` tell a margin. `bought` is 1 when in any currency they paid more than they got back. What never
    happened was FAR in the future.
    """
    deeds = asked.by_person(_deeds(asked))
    paid = _paid(asked, currency)
    both = ibis.union(
        deeds.select("person", "marked", *DEEDS, **{name: _none(name) for name in PAID}),
        paid.select("person", "marked", *PAID, **{name: _none(name) for name in DEEDS}).select(
            "person", "marked", *DEEDS, *PAID
        ),
    )
    found = both.group_by("person").agg(
        **{name: _together(both[name]) for name in ("marked", *DEEDS, *PAID)},
    )
    marked = asked.marked_people
    found = found.left_join(marked, found.person == marked.marked_person)
    noise = ibis.greatest(found.marked, one_if(found.marked_person.notnull()))
    return found.mutate(marked=noise).drop("marked_person")


PAID = ("spent", "margin", "bought", "orders", "priced", "margins", "first_purchase")
_FIRSTS = ("first_answer", "first_purchase")
_EVER = ("marked", "acted", "bought")


def _none(name: str) -> ir.IntegerValue:
    return ibis.literal(FAR if name in _FIRSTS else 0, "int64")


def _together(column: ir.Column) -> ir.Value:
    name = column.get_name()
    if name in _FIRSTS:
        return column.min()
    return column.max() if name in _EVER else column.sum()


def _deeds(asked: Asked) -> ir.Table:
    """What each browser did, a row each."""
    done = asked.done.select(*OF_DEEDS)
    parts = [_views(done), _acts(done), _answers(done), _answers_before(done)]
    whole = ("visitor", "alone", *DEEDS)
    wide = [part.mutate(**{name: _none(name) for name in DEEDS if name not in part.columns}) for part in parts]
    rows = ibis.union(*(part.select(*whole) for part in wide))
    return rows.group_by("visitor", "alone").agg(**{name: _together(rows[name]) for name in DEEDS})


def _views(done: ir.Table) -> ir.Table:
    """What was looked at, a row for each PAUSE_US of the clock: nobody pauses within one, so few rows need an order."""
    rows = done.filter(done.type == Kind.PAGE_VIEW.value).mutate(slot=done.ts_us // PAUSE_US)
    rows = rows.group_by("visitor", "alone", "slot").agg(
        views=rows.count(), begun=rows.ts_us.min(), ended=rows.ts_us.max()
    )  # fmt: skip
    order = ibis.window(group_by=[rows.visitor, rows.alone], order_by=rows.slot)
    rows = rows.mutate(place=ibis.row_number().over(order), last=rows.ended.lag().over(order))
    begins = one_if((rows.place == 0) | (rows.begun - rows["last"] >= PAUSE_US))
    return rows.select("visitor", "alone", "views", visits=begins)


def _acts(done: ir.Table) -> ir.Table:
    rows = done.filter(done.type != Kind.PAGE_VIEW.value)
    rows = rows.group_by("visitor", "alone", "type").agg(said_before=rows.said_before.max())
    return rows.select("visitor", "alone", acted=one_if(rows.type.notin(UNMOVED) | (rows.said_before == 1)))


def _answers(done: ir.Table) -> ir.Table:
    """Messages with an answer after them in their conversation, and answers with a message before them."""
    rows = done.filter((done.type == Kind.MESSAGE.value) | (done.answers == 1))
    said = rows.type == Kind.MESSAGE.value
    where = ibis.window(group_by=[rows.visitor, rows.alone, rows.conversation])
    rows = rows.select(
        "visitor", "alone", "ts_us", "id", said=one_if(said),
        last=ibis.ifelse(said, ibis.literal(0, "int64"), rows.id).max().over(where),
        first=ibis.ifelse(said, rows.id, ibis.literal(FAR, "int64")).min().over(where),
    )  # fmt: skip
    return rows.select(
        "visitor", "alone", answered=one_if((rows.said == 1) & (rows.id < rows.last)),
        first_answer=ibis.ifelse((rows.said == 0) & (rows.id > rows.first), rows.ts_us, ibis.literal(FAR, "int64")),
    )  # fmt: skip


def _answers_before(done: ir.Table) -> ir.Table:
    """What was said and answered before anything was agreed to comes with the consent, counted."""
    rows = done.filter(done.answered_before > 0)
    return rows.select("visitor", "alone", answered=rows.answered_before, first_answer=rows.ts_us)


def paid_by_currency(asked: Asked) -> ir.Table:
    """(person, marked, currency, net, margin, orders, margins, first_purchase)."""
    rows = less_refunds(asked.money)
    first = ibis.ifelse(rows.purchase == 1, rows.ts_us, ibis.literal(FAR, "int64"))
    rows = rows.group_by("visitor", "alone", "currency").agg(
        net=rows.net.sum(), margin=rows.kept.sum(), margins=one_if(rows.margin.notnull()).sum(),
        orders=rows.purchase.sum(), first_purchase=first.min(),
    )  # fmt: skip
    rows = asked.by_person(rows)
    return rows.group_by("person", "currency").agg(
        marked=rows.marked.max(), net=rows.net.sum(), margin=rows.margin.sum(), orders=rows.orders.sum(),
        margins=rows.margins.sum(), first_purchase=rows.first_purchase.min(),
    )  # fmt: skip


def refunds_alone(asked: Asked) -> ir.Table:
    """One row: how many refunds are of orders that are not in the window, or in another currency."""
    rows = asked.money
    return (
        rows.filter(rows.purchase == 0)
        .anti_join(rows.filter(rows.purchase == 1), ["order", "currency"])
        .agg(refunds=ibis._.count())
    )


def less_refunds(rows: ir.Table) -> ir.Table:
    """The rows of money with `back`, what was given back of the same order (null for nothing), and `kept`, the margin
    less the part that this took: refunded / paid, at most all.

    In whole minor units, half of one up, so that sums are the same on every engine.
    """
    given = rows.filter(rows.purchase == 0)
    given = given.group_by(of="order", into="currency").agg(back=(-given.net).sum())
    rows = rows.left_join(given, [rows.order == given.of, rows.currency == given["into"]])
    back, told = ibis.coalesce(rows.back, 0), ibis.coalesce(rows.margin, 0)
    part = told.cast("float64") * back.cast("float64") / ibis.greatest(rows.net, 1).cast("float64")
    lost = ibis.cases(
        ((rows.margin.isnull()) | (back <= 0), ibis.literal(0, "int64")),
        (back >= rows.net, told),
        else_=(part + 0.5).floor().cast("int64"),
    )
    return rows.mutate(kept=told - lost)


def _paid(asked: Asked, currency: str) -> ir.Table:
    rows = paid_by_currency(asked)
    ours, nothing = rows.currency == currency, ibis.literal(0, "int64")
    return rows.group_by("person").agg(
        marked=rows.marked.max(),
        spent=ibis.ifelse(ours, rows.net, nothing).sum().cast("int64"),
        margin=ibis.ifelse(ours, rows.margin, nothing).sum().cast("int64"),
        bought=one_if(rows.net > 0).max(),
        orders=rows.orders.sum().cast("int64"),
        priced=ibis.ifelse(ours, rows.orders, nothing).sum().cast("int64"),
        margins=ibis.ifelse(ours, rows.margins, nothing).sum().cast("int64"),
        first_purchase=rows.first_purchase.min(),
    )
