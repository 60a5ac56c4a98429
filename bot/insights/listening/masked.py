"""Visitors' words as a report may show them: no card, no e-mail address, no long number, and not too long."""

import re

from bot.card_numbers import MASK, mask

LONGEST = 240
_ADDRESS = re.compile(r"\S{0,120}?[\w%+'’&\"-]@[\w.-]{1,250}\w")
"""Rather too much than too little: "ann at-sign shop" without a domain is masked as well."""
_LONG_NUMBER = re.compile(r"\+?\d(?:[ ./()\u00a0\u2009\u202f\u2010-\u2015-]{0,3}\d){6,}")
"""Telephones, accounts, orders: seven digits and more, however they are set apart."""


def masked(text: str) -> str:
    """One line of at most LONGEST characters; what was cut ends in an ellipsis."""
    plain = " ".join(mask(text).split())
    plain = _ADDRESS.sub(MASK * 3, plain)
    plain = _LONG_NUMBER.sub(MASK * 3, plain)
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"
