"""How much people bring, and how unlike each other they are in it: what the error of a mean is made of."""

import ibis
from ibis.expr import types as ir

from bot.insights.log.questions.asked import Asked, one_if
from bot.insights.log.questions.segments import first_known, in_segments


def spending(asked: Asked, currency: str) -> ir.Table:
    """(talked, people, buyers, revenue, squares, paid, paid_squares) of those who were answered (1) and the others (0).

    Noise is left out. `squares` is the sum of the squared revenues, in minor units; what is `paid` is of buyers alone.
    """
    found = in_segments(asked, currency)
    found = found.filter(found.segment != "noise").mutate(talked=one_if(found.answered > 0))
    spent, paid = found.spent.cast("float64"), _paid(found).cast("float64")
    return found.group_by("talked").agg(
        people=found.count(), buyers=found.bought.sum(), revenue=found.spent.sum(), squares=(spent * spent).sum(),
        paid=_paid(found).sum(), paid_squares=(paid * paid).sum(),
    )  # fmt: skip


def spending_by(asked: Asked, currency: str, dimension: str) -> ir.Table:
    """(known, people, talked, buyers, revenue, squares) of each value that is known, noise left out.

    `revenue` and `squares` are of the buyers alone.
    """
    found, first = in_segments(asked, currency), first_known(asked, dimension)
    found = found.filter(found.segment != "noise").inner_join(first, found.person == first.whose)
    spent = _paid(found)
    return found.group_by("known").agg(
        people=found.count(), talked=one_if(found.answered > 0).sum(), buyers=found.bought.sum(), revenue=spent.sum(),
        squares=(spent.cast("float64") * spent.cast("float64")).sum(),
    )  # fmt: skip


def _paid(found: ir.Table) -> ir.IntegerValue:
    """What a buyer spent; of all others nothing, also where they got back more than they paid."""
    return ibis.ifelse(found.bought == 1, found.spent, ibis.literal(0, "int64"))
