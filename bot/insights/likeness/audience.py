"""The people most alike as a list that an ad platform takes: hashed addresses, of those alone who agreed to it.

What a visitor agrees to in the chat is to be measured and remembered, not to be shown to a third party. That the shop
has to have asked for; it says who agreed by a file, and nobody else is in the list.
"""

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.errors import ConfigurationError, DuologueError
from bot.insights.likeness.report import SEEDS, people_like
from bot.interactions import Microseconds
from bot.store.audit import Act, record
from bot.store.order_addresses import addresses_of
from bot.store.store import Store

COLUMNS = {"google": "Email", "meta": "email"}
"""Of Google Ads' Customer Match and of Meta's customer lists: the header that each knows hashed addresses by."""


class NoLift(DuologueError):
    """The model ranks no better than chance, so its list would be anybody's."""


def hashed(address: str) -> str:
    """SHA-256 in small hexadecimal digits, of the address without blanks around it and in small letters."""
    return hashlib.sha256(address.strip().lower().encode("utf-8", "replace")).hexdigest()


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


async def write_audience(
    store: Store, site: str, platform: str, agreed: Path | None, *,
    until: str | None, seed: str | None, log: Path, now: Microseconds,
) -> int:  # fmt: skip
    """Writes the list to standard output; gives the exit code. Refused without a lift and without who agreed."""
    if platform not in COLUMNS:
        raise ConfigurationError(f'There is no list for "{platform[:20]}"; there are {", ".join(COLUMNS)}.')
    if agreed is None:
        raise ConfigurationError(
            "Nobody's address goes to an ad platform without their consent. Give --agreed FILE, with the addresses of "
            "who agreed to that, one a line."
        )
    consent = agreed_in(agreed)
    told, whole, _ = await people_like(store, site, until, seed=seed or SEEDS[0], log=log)
    if told.judged is None or told.alike is None or not told.judged.lifts:
        raise NoLift(
            "No list was written: tried on the past, these people are no more alike than any others. "
            f"See duologue insights likeness --site {site}."
        )
    addresses = await store.read(addresses_of, whole.site, told.alike.first)
    kept = [address for address in addresses.values() if hashed(address) in consent]
    if not kept:
        raise DuologueError("No list was written: nobody of the most alike left an address that is among the agreed.")
    await store.write(
        record, at=now, staff=None, act=Act.EXPORTED, subject=f"export:audience-{platform}", detail=str(whole.site)
    )
    sys.stdout.write(audience_list(platform, kept))
    sys.stderr.write(
        f"{len(set(kept)):,} addresses of the {len(told.alike.first):,} most alike: {len(addresses):,} left one, "
        "the others' owners did not agree.\n"
    )
    return 0
