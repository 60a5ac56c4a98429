"""When customers ordered: what their value is told from. Several orders of a day are one transaction."""

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions.asked import DAY_US, Asked, one_if
from bot.insights.log.questions.people import paid_by_currency


def histories(asked: Asked, currency: str) -> ir.Table:
    """A row a customer: the days (since 1970, UTC) of the `first` and `last` transaction and the `repeats` after the
    first one; of the repeats that were `paid` for, how many and what they came to (`repeat_spent`).

    `spent` and `margin` are of all, less refunds, of so many `orders`, of which `margins` tell a margin. An order that
    was given back whole is none, and who has only such is no customer. Orders of value 0 are transactions.
    """
    days = asked.by_person(_kept(asked, currency))
    days = days.group_by("person", "day").agg(value=days.value.sum())
    order = ibis.window(group_by=days.person, order_by=[days.day, days.person])
    days = days.mutate(place=ibis.row_number().over(order))
    again, paid = days.place > 0, (days.place > 0) & (days.value > 0)
    nothing = ibis.literal(0, "int64")
    each = days.group_by("person").agg(
        first=days.day.min(), last=days.day.max(), repeats=one_if(again).sum().cast("int64"),
        paid=one_if(paid).sum().cast("int64"),
        repeat_spent=ibis.ifelse(paid, days.value, nothing).sum().cast("int64"),
    )  # fmt: skip
    money = paid_by_currency(asked)
    money = money.filter(money.currency == currency)
    money = money.select(
        whose="person", spent=money.net.cast("int64"), margin=money.margin.cast("int64"),
        orders=money.orders.cast("int64"), margins=money.margins.cast("int64"),
    )  # fmt: skip
    return each.inner_join(money, each.person == money.whose).drop("whose")


def _kept(asked: Asked, currency: str) -> ir.Table:
    """What each browser bought a day, less what was given back of those orders."""
    rows = asked.money
    rows = rows.filter(rows.currency == currency)
    given = rows.filter(rows.purchase == 0)
    given = given.group_by(of="order").agg(back=(-given.net).sum())
    bought = rows.filter(rows.purchase == 1)
    bought = bought.left_join(given, bought.order == given.of)
    left = bought.net - ibis.coalesce(bought.back, ibis.literal(0, "int64"))
    bought = bought.mutate(value=left, day=bought.ts_us // DAY_US)
    bought = bought.filter((bought.net == 0) | (bought.value > 0))
    return bought.group_by("visitor", "alone", "day").agg(value=bought.value.sum().cast("int64"))
