"""What everybody did who was drawn into an experiment: from the draw on, and what they had paid before it.

Three steps, each asked of what the one before found: `draws` are the browsers that the lot put into an arm, `drawees`
the people they are, `payments` what these paid. `log` may begin before the draws, for what was paid then.
"""

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions.asked import FAR, MONEY, Asked, one_if
from bot.interactions import Kind

DRAWS = ibis.table(
    {"visitor": "string", "drawn_at": "int64", "drawn_arm": "string", "noise": "int64"}, name="draws"
)  # fmt: skip
DRAWEES = ibis.table(
    {
        "person": "string", "at": "int64", "arm": "string", "browser": "string", "in_both_arms": "int64",
        "noise": "int64",
    },
    name="drawees",
)  # fmt: skip
PAYMENTS = ibis.table(
    {
        "person": "string", "currency": "string", "net": "int64", "before": "int64", "orders": "int64",
        "bought_at": "int64",
    },
    name="payments",
)  # fmt: skip
ASKED_BY = (Kind.MESSAGE.value, Kind.PRESS.value)


def drawees(asked: Asked, draws: ir.Table = DRAWS) -> ir.Table:
    """(person, at, arm, browser, in_both_arms, noise): the person's first browser decides when and into which arm."""
    rows = asked.by_person(draws.mutate(alone=ibis.null("string"), browser_drawn=draws.visitor))
    order = ibis.window(group_by=rows.person, order_by=[rows.drawn_at, rows.browser_drawn])
    rows = rows.mutate(place=ibis.row_number().over(order))
    first, nothing = rows.place == 0, ibis.literal("")
    found = rows.group_by("person").agg(
        at=rows.drawn_at.min(),
        arm=ibis.ifelse(first, rows.drawn_arm, nothing).max(),
        browser=ibis.ifelse(first, rows.browser_drawn, nothing).max(),
        lowest=rows.drawn_arm.min(), highest=rows.drawn_arm.max(), noise=rows.noise.max(),
    )  # fmt: skip
    return found.select(
        "person", "at", "arm", "browser", "noise", in_both_arms=one_if(found.lowest != found.highest)
    ).select(*DRAWEES.columns)


def payments(asked: Asked, drawn: ir.Table = DRAWEES) -> ir.Table:
    """(person, currency, net, before, orders, bought_at): `before` is what they paid before they were drawn."""
    rows = asked.done.filter(lambda row: row.type.isin(MONEY) & row.currency.notnull())
    purchase, nothing = rows.type == Kind.PURCHASE.value, ibis.literal(0, "int64")
    value = ibis.coalesce(rows.value, nothing)
    rows = rows.select(
        "visitor", "alone", "ts_us", "currency",
        purchase=one_if(purchase), paid=ibis.ifelse(purchase, value, -value),
    )  # fmt: skip
    rows = _of_drawees(asked, rows, drawn)
    after = rows.ts_us >= rows.drawn_at
    ordered = after & (rows.purchase == 1)
    return rows.group_by("person", "currency").agg(
        net=ibis.ifelse(after, rows.paid, nothing).sum(),
        before=ibis.ifelse(after, nothing, rows.paid).sum(),
        orders=one_if(ordered).sum(),
        bought_at=ibis.ifelse(ordered, rows.ts_us, ibis.literal(FAR, "int64")).min(),
    )


def orders(_: Asked, paid: ir.Table = PAYMENTS) -> ir.Table:
    """(currency, orders) of those who were drawn, after it."""
    return paid.filter(paid.orders > 0).group_by("currency").agg(orders=paid.orders.sum())


def deeds(asked: Asked, currency: str, drawn: ir.Table = DRAWEES, paid: ir.Table = PAYMENTS) -> ir.Table:
    """A row for everybody drawn, in the order they were: arm, whether the button was logged, when they first were
    answered and first ordered (FAR: never), what they brought in the currency and before, whether they bought in any.
    """
    found = _deeds(asked, currency, drawn, paid)
    found = found.select(
        "at", "arm", "browser", "in_both_arms", "noise", "spent", "before", "bought", "bought_at", "exposed",
        "talked_at",
    )  # fmt: skip
    return found.order_by("at", "browser")


def listed(
    asked: Asked, currency: str, arm: str, what: str, drawn: ir.Table = DRAWEES, paid: ir.Table = PAYMENTS
) -> ir.Table:
    """(person, at, exposed, talked_at, bought, bought_at, spent) of those of the arm to whom `what` happened, who
    brought most first: drawn, exposed (the button was logged), talked (they were answered) or bought.
    """
    found = _deeds(asked, currency, drawn, paid)
    happened = {
        "drawn": found.exposed >= 0, "exposed": found.exposed == 1, "talked": found.talked_at < FAR,
        "bought": found.bought == 1,
    }  # fmt: skip
    found = found.filter(found.arm == arm, happened[what])
    return found.select("person", "at", "exposed", "talked_at", "bought", "bought_at", "spent").order_by(
        ibis.desc("spent"), "person"
    )


def _deeds(asked: Asked, currency: str, drawn: ir.Table, paid: ir.Table) -> ir.Table:
    ours, nothing = paid.currency == currency, ibis.literal(0, "int64")
    paid = paid.group_by("person").agg(
        spent=ibis.ifelse(ours, paid.net, nothing).sum().cast("float64"),
        before=ibis.ifelse(ours, paid.before, nothing).sum().cast("float64"),
        bought=one_if(paid.net > 0).max(),
        bought_at=paid.bought_at.min(),
    )
    found = drawn.left_join(paid, "person").drop("person_right")
    found = found.left_join(_shown(asked, drawn), "person").drop("person_right")
    found = found.left_join(_talks(asked, drawn), "person").drop("person_right")
    none, never = ibis.literal(0.0, "float64"), ibis.literal(FAR, "int64")
    return found.select(
        "person", "at", "arm", "browser", "in_both_arms", "noise",
        spent=ibis.coalesce(found.spent, none), before=ibis.coalesce(found.before, none),
        bought=ibis.coalesce(found.bought, nothing), bought_at=ibis.coalesce(found.bought_at, never),
        exposed=ibis.coalesce(found.exposed, nothing), talked_at=ibis.coalesce(found.talked_at, never),
    )  # fmt: skip


def _shown(asked: Asked, drawn: ir.Table) -> ir.Table:
    """(person, exposed) of those for whom the button was logged after the draw."""
    rows = asked.done.filter(lambda row: row.type == Kind.EXPOSED.value)
    rows = rows.group_by("visitor", "alone").agg(ts_us=rows.ts_us.max())
    rows = _of_drawees(asked, rows, drawn)
    rows = rows.filter(rows.ts_us >= rows.drawn_at)
    return rows.mutate(exposed=ibis.literal(1, "int64")).group_by("person").agg(exposed=ibis._.exposed.max())


def _talks(asked: Asked, drawn: ir.Table) -> ir.Table:
    """(person, talked_at): the first answer in the conversation in which they last had said something."""
    rows = asked.done.filter(lambda row: row.conversation.notnull() & (row.type.isin(ASKED_BY) | (row.answers == 1)))
    rows = rows.select(
        "visitor", "alone", "ts_us", "id", "conversation", said=ibis.ifelse(rows.type.isin(ASKED_BY), rows.id, 0)
    )
    rows = _of_drawees(asked, rows, drawn)
    rows = rows.filter(rows.ts_us >= rows.drawn_at)
    anywhere = ibis.cumulative_window(group_by=rows.person, order_by=rows.id)
    here = ibis.cumulative_window(group_by=[rows.person, rows.conversation], order_by=rows.id)
    rows = rows.mutate(last=rows.said.max().over(anywhere), last_here=rows.said.max().over(here))
    rows = rows.filter(rows.said == 0, rows.last > 0, rows.last == rows.last_here)
    return rows.group_by("person").agg(talked_at=rows.ts_us.argmin(rows.id))


def _of_drawees(asked: Asked, rows: ir.Table, drawn: ir.Table) -> ir.Table:
    """The rows of people who were drawn, with `person` and `drawn_at`."""
    when = drawn.select(whose="person", drawn_at="at")
    found = asked.by_person(rows)
    return found.inner_join(when, found.person == when.whose).drop("whose", "marked")


def views_by_arm(asked: Asked) -> ir.Table:
    """(arm, views) of all page views; null of people who were not drawn."""
    rows = asked.happened.filter(lambda row: row.type == Kind.PAGE_VIEW.value)
    return rows.group_by("arm").agg(views=rows.count())


def first_views(asked: Asked, drawn: ir.Table = DRAWEES) -> ir.Table:
    """(browser, url, referrer) of the first page that each browser with which somebody was drawn was seen on."""
    rows = asked.happened.filter(lambda row: (row.type == Kind.PAGE_VIEW.value) & row.visitor.notnull())
    nothing = ibis.literal("")
    texts = {name: ibis.coalesce(rows[name], nothing) for name in ("url", "referrer")}
    rows = rows.select("id", seen="visitor", **texts)
    rows = rows.semi_join(drawn, rows.seen == drawn.browser)
    found = rows.group_by("seen").agg(url=rows.url.argmin(rows.id), referrer=rows.referrer.argmin(rows.id))
    return found.rename(browser="seen")
