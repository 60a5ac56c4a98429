"""Shares and changes as people read them."""

NBSP = "\N{NO-BREAK SPACE}"


def percent(share: float, digits: int = 1) -> str:
    """The share as people read it: 12.3 %. A minus is one."""
    text = f"{share * 100:,.{digits}f}"
    text = text.removeprefix("-") if not float(text.replace(",", "")) else text
    return text.replace("-", "\N{MINUS SIGN}") + f"{NBSP}%"


def signed(value: float, digits: int = 2) -> str:
    """With its sign, a minus being one: +0.13. What is rounded to nothing has none: 0.00."""
    text = f"{value:+.{digits}f}"
    return text.replace("-", "\N{MINUS SIGN}") if float(text) else text[1:]
