"""What a browser's headers say of who uses it: a language, a kind of device, and by the operator's proxy a country."""

import re

from bot.invites import preferred_language

NOWHERE = frozenset({"XX", "ZZ"})
"""What those who tell countries say when they know none."""
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NO_COMPUTER = re.compile(r"smart-?tv|apple ?tv|android tv|googletv|bravia|roku|playstation|xbox|nintendo", re.I)
_TABLET = re.compile(r"ipad|tablet|playbook|silk/|kindle|android(?!.*mobile)", re.I)
_MOBILE = re.compile(r"mobi|iphone|ipod|phone|android", re.I)
_DESKTOP = re.compile(r"windows nt|macintosh|x11|cros|linux", re.I)


def primary_language(accepted: str) -> str | None:
    """Of Accept-Language the first in rank, without region: "de-AT,en;q=0.8" is de. None: not told."""
    first = (preferred_language(None, accepted) or "").lower().partition("-")[0]
    return first if _LANGUAGE.fullmatch(first) else None


def device_of(user_agent: str, is_mobile: str = "") -> str | None:
    """desktop, mobile or tablet; `is_mobile` is the header Sec-CH-UA-Mobile. None: none of them, such as a television.

    An iPad that asks for desktop pages, as they do since 2019, says that it is a Mac, and counts as one.
    """
    if _NO_COMPUTER.search(user_agent):
        return None
    if is_mobile.strip() == "?1":
        return "mobile"
    kinds = (("tablet", _TABLET), ("mobile", _MOBILE), ("desktop", _DESKTOP))
    return next((kind for kind, says in kinds if says.search(user_agent)), None)


def country_of(told: str) -> str | None:
    """The code of ISO 3166 that a proxy told. None for everything else, such as T1, which some say of Tor."""
    code = told.strip().upper()
    return code if told.isascii() and _COUNTRY.fullmatch(code) and code not in NOWHERE else None
