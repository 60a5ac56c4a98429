"""The effect on those who talked: that of the offer, divided by how many more talked because of it (Wald, with the
interval of the delta method). Offering must work through talking alone, and keep nobody from talking."""

from bot.insights.lift.estimates import Estimate, Label, around
from bot.insights.lift.sides import Side

STRONG = 10.0
"""The square of the z of the difference in talking; below it the quotient goes anywhere (Staiger and Stock, 1997)."""


def conversion_of_talkers(offered: Side, held_out: Side) -> Estimate | None:
    """Change in the share who buy among those who talk because they were offered it; None when too few talked.

    Also None when more buy by it than talk by it: then the offer does something beside making people talk.
    """
    found = _wald(
        offered,
        held_out,
        (offered.bought, held_out.bought),
        tuple(_share_variance(one.buyers, one.people) for one in (offered, held_out)),
        tuple(one.talked_bought - one.talked * (one.bought or 0.0) for one in (offered, held_out)),
    )
    if found is None or abs(found.value) > 1:
        return None
    return Estimate(found.value, max(-1.0, found.low), min(1.0, found.high), found.label, found.p)


def revenue_of_talkers(offered: Side, held_out: Side) -> Estimate | None:
    """The same for revenue per visitor who talks because they were offered it; None where that of buyers is."""
    if conversion_of_talkers(offered, held_out) is None:
        return None
    return _wald(
        offered,
        held_out,
        (offered.mean, held_out.mean),
        (offered.variance or 0.0, held_out.variance or 0.0),
        tuple(one.talked_spent - one.talked * (one.mean or 0.0) for one in (offered, held_out)),
    )


def _wald(
    offered: Side,
    held_out: Side,
    outcomes: tuple[float | None, float | None],
    variances: tuple[float, ...],
    products: tuple[float, ...],
) -> Estimate | None:
    if offered.people < 2 or held_out.people < 2 or outcomes[0] is None or outcomes[1] is None:
        return None
    sides = (offered, held_out)
    more = offered.talked / offered.people - held_out.talked / held_out.people
    talk = sum(_share_variance(one.talked, one.people) / one.people for one in sides)
    if more <= 0 or more * more < STRONG * talk:
        return None
    effect = (outcomes[0] - outcomes[1]) / more
    outcome = sum(variance / one.people for variance, one in zip(variances, sides, strict=True))
    both = sum(product / (one.people - 1) / one.people for product, one in zip(products, sides, strict=True))
    variance = (outcome - 2 * effect * both + effect * effect * talk) / more**2
    return around(effect, variance, Label.RANDOMIZED) if variance > 0 else None


def _share_variance(count: int, people: int) -> float:
    share = count / people if people else 0.0
    return share * (1 - share) * people / (people - 1) if people > 1 else 0.0
