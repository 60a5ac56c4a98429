"""What each measure counts, asked of the log: a row for each person or conversation, and their sums by day."""

from collections.abc import Callable

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions.asked import DAY_US, Asked, one_if
from bot.insights.log.questions.segments import first_known, in_segments
from bot.insights.objectives.measures import Measure
from bot.interactions import Kind

BACK_US = 180 * DAY_US
"""So long before an order the one before it may be, for its buyer to have come back."""
CONTENT = 4
"""Stars, of five."""
TRIED = "rasa"
"""What was said in Rasa's own shell is no visitor's."""


def by_day(asked: Asked, measure: str, since: str, currency: str, scope: str, *within: str) -> ir.Table:
    """(day, n, total, squares, above): of the units that count, by the day since 1970 on which each first did."""
    rows = units(asked, measure, since, currency, scope, *within)
    value = rows.value.cast("float64")
    return (
        rows.group_by(day=rows["at"] // DAY_US)
        .agg(n=rows.count(), total=value.sum(), squares=(value * value).sum(), above=one_if(rows.value > 0).sum())
        .order_by("day")
    )


def units(asked: Asked, measure: str, since: str, currency: str, scope: str, *within: str) -> ir.Table:
    """(unit, at, value) of each person ("c:ID", "v:ID") or conversation of the days from `since` (microseconds) on.

    `value` is 1 or 0 of what is a share, 1 of what is counted, minor units of what is money. The log may begin earlier
    where a measure asks what was before.
    """
    return _UNITS[Measure(measure)](Asked(asked.log, asked.who, asked.span), int(since), currency, scope, within)


def _window(asked: Asked, since: int) -> Asked:
    return Asked(asked.log.filter(asked.log.ts_us >= since), asked.who, asked.span)


def _people(asked: Asked, since: int, currency: str, scope: str, within: tuple[str, ...]) -> ir.Table:
    """Everybody of the window whom the objective is about, with their segment, and when they first did anything."""
    now = _window(asked, since)
    found = _of_scope(now, in_segments(now, currency), scope, within)
    rows = now.done.group_by("visitor", "alone").agg(ts_us=ibis._.ts_us.min())
    rows = now.by_person(rows)
    begun = rows.group_by(whose="person").agg(began=rows.ts_us.min())
    return found.inner_join(begun, found.person == begun.whose).drop("whose")


def _of_scope(now: Asked, found: ir.Table, scope: str, within: tuple[str, ...]) -> ir.Table:
    """Of these (`person`, …) those who were on the pages; or came by the campaign or channel, as segments have it."""
    match scope:
        case "pages":
            rows = now.done.filter(now.done.page.isin(within))
            theirs = now.by_person(rows.select("visitor", "alone")).select(whose="person").distinct()
        case "campaign" | "channel":
            first = first_known(now, scope)
            theirs = first.filter(first.known.lower() == within[0].lower()).select("whose")
        case _:
            return found
    return found.semi_join(theirs, found.person == theirs.whose)


def _reached(asked: Asked, since: int, currency: str, scope: str, within: tuple[str, ...]) -> ir.Table:
    found = _people(asked, since, currency, scope, within)
    found = found.filter(found.marked == 0)
    return found.select(unit="person", at="began", value=ibis.literal(1, "int64"))


def _in_dialogue(asked: Asked, since: int, currency: str, scope: str, within: tuple[str, ...]) -> ir.Table:
    found = _people(asked, since, currency, scope, within)
    found = found.filter(found.segment != "noise")
    return found.select(unit="person", at="began", value=one_if(found.answered >= 2))


def _sales(asked: Asked, since: int, currency: str, scope: str, within: tuple[str, ...]) -> ir.Table:
    found = _people(asked, since, currency, scope, within)
    found = found.filter(found.segment != "noise")
    return found.select(unit="person", at="began", value=found.spent.cast("int64"))


def _leads(asked: Asked, since: int, currency: str, scope: str, within: tuple[str, ...]) -> ir.Table:
    rows = asked.done.filter(asked.done.type == Kind.CONTACT.value)
    rows = asked.by_person(rows.select("visitor", "alone", "ts_us"))
    found = rows.group_by("person").agg(ts_us=rows.ts_us.min(), mark=rows.marked.max())
    marked = asked.marked_people
    found = found.filter(found.mark == 0).anti_join(marked, found.person == marked.marked_person)
    found = _of_scope(_window(asked, since), found.filter(found.ts_us >= since), scope, within)
    return found.select(unit="person", at="ts_us", value=ibis.literal(1, "int64"))


def _came_back(asked: Asked, since: int, currency: str, scope: str, within: tuple[str, ...]) -> ir.Table:
    money = asked.money.filter(asked.money.purchase == 1)
    orders = asked.by_person(money.select("visitor", "alone", "ts_us"))
    now = orders.filter(orders.ts_us >= since)
    found = now.group_by("person").agg(began=now.ts_us.min(), last=now.ts_us.max())
    found = _of_scope(_window(asked, since), found, scope, within)
    both = found.inner_join(orders.select(whose="person", ordered="ts_us"), [("person", "whose")])
    earlier = (both.ordered // DAY_US < both["last"] // DAY_US) & (both.ordered >= both["last"] - BACK_US)
    return both.group_by(unit="person").agg(at=both.began.min(), value=one_if(earlier).max())


def _content(asked: Asked, since: int, currency: str, scope: str, within: tuple[str, ...]) -> ir.Table:
    rows = _said(asked, since, scope, within)
    # The quote before a name is never escaped, as it would be within somebody's words.
    stars = rows.data.re_extract('"stars": ?([1-5])[,}]', 1)
    rows = rows.mutate(stars=stars).filter(lambda row: (row.type == Kind.RATING.value) & (row.stars != ""))
    order = ibis.window(group_by=rows.conversation, order_by=rows.id.desc())
    rows = rows.mutate(place=ibis.row_number().over(order))
    rows = rows.filter(rows.place == 0)
    return rows.select(unit="conversation", at="ts_us", value=one_if(rows.stars.cast("int64") >= CONTENT))


def _solved(asked: Asked, since: int, currency: str, scope: str, within: tuple[str, ...]) -> ir.Table:
    rows = _said(asked, since, scope, within)
    to = rows.data.re_extract('"to": ?"([a-z]+)"', 1)
    person = (rows.type == Kind.HANDOVER.value) & to.isin(("nobody", "staff"))
    said = rows.type.isin((Kind.MESSAGE.value, Kind.PRESS.value))
    never = ibis.literal(2**62, "int64")
    found = rows.group_by("conversation").agg(
        first=ibis.ifelse(said, rows.ts_us, never).min(),
        said=one_if(said).sum(),
        answered=rows.answers.sum(),
        trouble=one_if(person | (rows.type == Kind.UNANSWERED.value)).sum(),
    )
    found = found.filter(found.said > 0)
    return found.select(
        unit="conversation", at="first", value=one_if((found.answered > 0) & (found.trouble == 0))
    )  # fmt: skip


def _said(asked: Asked, since: int, scope: str, within: tuple[str, ...]) -> ir.Table:
    """What happened in conversations of the window that count: those of robots and staff don't."""
    now = _window(asked, since)
    rows = now.happened.filter(lambda row: row.conversation.notnull() & (row.source != TRIED))
    known = now.done.filter(now.done.conversation.notnull()).select("visitor", "alone", "conversation")
    whose = now.by_person(known)
    marked = now.marked_people
    staff = whose.filter(whose.marked == 1).select(left_out="conversation")
    theirs = whose.semi_join(marked, whose.person == marked.marked_person).select(left_out="conversation")
    out = ibis.union(staff, theirs).distinct()
    rows = rows.anti_join(out, rows.conversation == out.left_out)
    if scope == "pages":
        here = now.happened.filter(now.happened.page.isin(within)).select(here="conversation").distinct()
        return rows.semi_join(here, rows.conversation == here.here)
    if scope != "site":
        people = _of_scope(now, whose, scope, within).select(here="conversation").distinct()
        return rows.semi_join(people, rows.conversation == people.here)
    return rows


_UNITS: dict[Measure, Callable[[Asked, int, str, str, tuple[str, ...]], ir.Table]] = {
    Measure.AWARENESS: _reached,
    Measure.ENGAGEMENT: _in_dialogue,
    Measure.FEEDBACK: _content,
    Measure.LEADS: _leads,
    Measure.SALES: _sales,
    Measure.LOYALTY: _came_back,
    Measure.SUPPORT: _solved,
}
