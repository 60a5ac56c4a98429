"""How a figure differs from that of other days: both numbers, and whether the change is more than chance.

Descriptive: it says what changed, not why. A share's change has Newcombe's interval, as in the report of lift; a number
of people one of Poisson's, since nobody drew how many came. What comes from fewer than FEW is too few to judge.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

FEW = 10
"""Buyers, or people, on each side: a rule of ours, the same as in the report of lift."""
TOO_FEW = "too few to judge"
NOBODY = "nobody then"
Z = 1.959964
MINUS, SPACE = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Change:
    """What a figure was, as text, and what is to be said of the difference."""

    before: str
    told: str


def of_share(part: int, whole: int, part_before: int, whole_before: int) -> Change | None:
    """The difference of two shares in percentage points; None where there is no share now."""
    if not whole:
        return None
    if not whole_before:
        return Change("–", NOBODY)
    now, then = part / whole, part_before / whole_before
    before = percent(then)
    if min(part, part_before, whole - part, whole_before - part_before) < FEW:
        return Change(before, TOO_FEW)
    (low, high), (low_then, high_then) = _wilson(part, whole), _wilson(part_before, whole_before)
    least = now - then - sqrt((now - low) ** 2 + (high_then - then) ** 2)
    most = now - then + sqrt((high - now) ** 2 + (then - low_then) ** 2)
    told = f"{_signed((now - then) * 100, 1)} points ({_signed(least * 100, 1)} to {_signed(most * 100, 1)})"
    return Change(before, told if least > 0 or most < 0 else f"no clear change: {told}")


def of_count(now: int, then: int) -> Change:
    """The change of a number of people or visits in percent."""
    if not then:
        return Change("0", NOBODY if now else "as then")
    if min(now, then) < FEW:
        return Change(f"{then:,}", TOO_FEW)
    told = f"{_signed((now / then - 1) * 100)}{SPACE}%"
    is_clear = abs(now - then) > Z * sqrt(now + then)
    return Change(f"{then:,}", told if is_clear else f"no clear change: {told}")


def of_money(now: str, then: str, currency: str, buyers: int, buyers_then: int) -> Change:
    """The change of a sum in percent. A few large orders move it: nothing is said of chance."""
    before = f"{Decimal(then):,}{SPACE}{currency}"
    if min(buyers, buyers_then) < FEW or Decimal(then) <= 0:
        return Change(before, TOO_FEW if buyers or buyers_then else "as then")
    return Change(before, f"{_signed(float(Decimal(now) / Decimal(then) - 1) * 100)}{SPACE}%")


def percent(share: float) -> str:
    return f"{share:.1%}".replace("%", f"{SPACE}%")


def _wilson(part: int, whole: int) -> tuple[float, float]:
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return middle - half, middle + half


def _signed(value: float, digits: int = 0) -> str:
    text = f"{abs(value):,.{digits}f}"
    if not float(text.replace(",", "")):
        return text
    return f"{'+' if value > 0 else MINUS}{text}"
