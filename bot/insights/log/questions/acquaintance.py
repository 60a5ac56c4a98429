"""What is known of each person by all that they did in the log's window: what likeness is learned from."""

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions.asked import DAY_US, FAR, MONEY, Asked, one_if
from bot.interactions import Kind

HOUR_US = 3_600_000_000
EVENING = 18
COUNTED = ("views", "evenings", "weekends", "said", "opened", "orders", "spent")
DIMENSIONS = ("channel", "country", "language", "device")


def acquaintance(asked: Asked, currency: str) -> ir.Table:
    """A row a person: `first` and `last` seen (ts_us), `days` on which a browser of theirs was here, views (in the
    evening, at weekends; UTC), messages `said`, chats `opened`, `orders`, `spent` less refunds in minor units of
    `currency`, `largest` order, `last_order` (-1: none), the first known of each dimension; `noise` is 1 for robots,
    staff and who only ever looked at one page.
    """
    days = asked.by_person(_days(asked, currency))
    found = days.group_by("person").agg(
        marked=days.marked.max(), first=days["first"].min(), last=days["last"].max(), days=days.count(),
        largest=days.largest.max(), last_order=days.last_order.max(),
        **{name: days[name].sum().cast("int64") for name in COUNTED},
        **{name: days[name].argmin(days[f"{name}_id"], where=days[name].notnull()) for name in DIMENSIONS},
    )  # fmt: skip
    marked = asked.marked_people
    found = found.left_join(marked, found.person == marked.marked_person)
    only_looked = (found.views <= 1) & (found.said + found.opened + found.orders == 0)
    noise = (found.marked == 1) | found.marked_person.notnull() | only_looked
    return found.mutate(noise=one_if(noise)).drop("marked", "marked_person")


def _days(asked: Asked, currency: str) -> ir.Table:
    """Each browser's day: few rows for many, and each is joined to its person once."""
    rows = asked.done
    day = rows.ts_us // DAY_US
    rows = rows.mutate(
        day=day, viewed=one_if(rows.type == Kind.PAGE_VIEW.value),
        late=one_if((rows.ts_us % DAY_US) // HOUR_US >= EVENING),
        # The first of January 1970 was a Thursday.
        free=one_if((day + 3) % 7 >= 5), bought=one_if(rows.type == Kind.PURCHASE.value),
        paid=_paid(rows, currency),
    )  # fmt: skip
    return rows.group_by("visitor", "alone", "day").agg(
        first=rows.ts_us.min(), last=rows.ts_us.max(), views=rows.viewed.sum(),
        evenings=(rows.viewed * rows.late).sum(), weekends=(rows.viewed * rows.free).sum(),
        said=one_if(rows.type == Kind.MESSAGE.value).sum(), opened=one_if(rows.type == Kind.OPENED.value).sum(),
        orders=rows.bought.sum(), spent=rows.paid.sum(), largest=ibis.greatest(rows.paid.max(), 0),
        last_order=ibis.ifelse(rows.bought == 1, rows.ts_us, ibis.literal(-1, "int64")).max(),
        **{name: rows[name].argmin(rows.id, where=_told(rows[name])) for name in DIMENSIONS},
        **{f"{name}_id": ibis.ifelse(_told(rows[name]), rows.id, ibis.literal(FAR, "int64")).min()
           for name in DIMENSIONS},
    )  # fmt: skip


def _told(column: ir.Column) -> ir.BooleanValue:
    return column.notnull() & (column != "")


def _paid(rows: ir.Table, currency: str) -> ir.IntegerValue:
    value = ibis.ifelse(rows.type == Kind.PURCHASE.value, rows.value, -rows.value)
    ours = rows.type.isin(MONEY) & rows.value.notnull() & (rows.currency == currency)
    return ibis.ifelse(ours, value, ibis.literal(0, "int64"))
