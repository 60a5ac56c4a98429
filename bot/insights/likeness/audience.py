"""The people most alike as a list that an ad platform takes: hashed addresses, of those alone who agreed to it.

What a visitor agrees to in the chat is to be measured and remembered, not to be shown to a third party. That the shop
has to have asked for: it tells the store who agreed (bot/store/ad_consents.py), or names them in a file.
"""

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigurationError, DuologueError
from bot.insights.likeness.report import SEEDS, likeness_and_first
from bot.interactions import Microseconds, SiteKey
from bot.store.ad_consents import agreeing, tidy
from bot.store.audit import Act, record
from bot.store.order_addresses import addresses_of
from bot.store.store import Store

COLUMNS = {"google": "Email", "meta": "email"}
"""Of Google Ads' Customer Match and of Meta's customer lists: the header that each knows hashed addresses by."""
PLATFORMS = {"google": "Google Ads", "meta": "Meta"}


class NoLift(DuologueError):
    """The model ranks no better than chance, or there were too few to try it: its list would be anybody's."""


class NobodyAgreed(DuologueError):
    """Of the most alike nobody left an address and agreed to this."""


@dataclass(frozen=True)
class Audience:
    """The file, and how many of the `alike` left an address (`reachable`) and are in it (`listed`)."""

    text: str
    alike: int
    reachable: int
    listed: int

    @property
    def sentence(self) -> str:
        return (
            f"{self.listed:,} addresses of the {self.alike:,} most alike: {self.reachable:,} left one, "
            "the others' owners did not agree."
        )


def hashed(address: str) -> str:
    """SHA-256 in small hexadecimal digits, of the address in small letters without blanks."""
    return hashlib.sha256(tidy(address).encode("utf-8", "replace")).hexdigest()


def audience_list(platform: str, addresses: Iterable[str]) -> str:
    """The file: a header and a hash a line, each once, in the order of the hashes, which tells nobody's rank."""
    lines = sorted({hashed(address) for address in addresses})
    return "\r\n".join([COLUMNS[platform], *lines, ""])


def agreed_in(path: Path) -> frozenset[str]:
    """Who agreed, as hashes: a file with an address a line, or the first column of a CSV."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} can't be read; give a text file with an address a line.") from error
    cells = (line.partition(",")[0].strip().strip('"') for line in text.splitlines())
    found = frozenset(hashed(cell) for cell in cells if "@" in cell)
    if not found:
        raise ConfigurationError(f"{path} has no e-mail address in it, so nobody agreed; give an address a line.")
    return found


async def audience(
    store: Store, site: SiteKey, platform: str, people: Iterable[str], *, agreed: frozenset[str] | None = None
) -> Audience:
    """Of these people who agreed: as the store knows, or is among the hashes `agreed`; NobodyAgreed when none did.

    Who wants no more mail is left out whatever a file says.
    """
    alike = list(people)
    addresses = await store.read(addresses_of, site, alike)
    willing = await store.read(agreeing, site, addresses)
    kept = [one for who, one in addresses.items() if who in willing or (agreed is not None and hashed(one) in agreed)]
    if not kept:
        raise NobodyAgreed(
            "No list was written: nobody of the most alike left an address and agreed that an ad platform learns of it."
        )
    return Audience(audience_list(platform, kept), len(alike), len(addresses), len(set(map(hashed, kept))))


async def write_audience(
    store: Store, site: str, platform: str, agreed: Path | None, *,
    until: str | None, seed: str | None, log: Path, now: Microseconds,
) -> int:  # fmt: skip
    """Writes the list to standard output; gives the exit code. Refused without a lift and without who agreed."""
    if platform not in COLUMNS:
        raise ConfigurationError(f'There is no list for "{platform[:20]}"; there are {", ".join(COLUMNS)}.')
    named = None if agreed is None else agreed_in(agreed)
    told, first = await likeness_and_first(store, site, until, seed=seed or SEEDS[0], log=log)
    if not told["lifts"]:
        raise NoLift(f"No list was written. {told['sentence']} See duologue insights likeness --site {site}.")
    try:
        made = await audience(store, told["site"], platform, first, agreed=named)
    except NobodyAgreed as error:
        raise NobodyAgreed(f"{error} {HOW}") from error
    await store.write(
        record, at=now, staff=None, act=Act.EXPORTED, subject=f"export:audience-{platform}", detail=told["site"]
    )
    sys.stdout.write(made.text)
    sys.stderr.write(f"{made.sentence}\n")
    return 0


HOW = (
    "Tell who agreed by duologue import contacts (a column ads_consent) or POST /v1/consents, or name them: "
    "--agreed FILE, an address a line."
)
