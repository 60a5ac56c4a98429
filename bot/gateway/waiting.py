"""What a visitor who wants a person is told: whether the site is open, and how long it is likely to take."""

import logging
from dataclasses import dataclass

from bot.errors import StoreUnavailable
from bot.gateway.house import House
from bot.gateway.presence import Presence
from bot.hours import Hours
from bot.interactions import Microseconds, SiteKey
from bot.store.waits import latest_waits
from bot.waits import Outlook, Wait, outlook

FRESH_FOR_US = 60 * 1_000_000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Seen:
    hours: Hours | None = None
    waits: tuple[Wait, ...] = ()
    at: Microseconds | None = None
    """When the waits were read."""


class Waiting:
    """Remembers a site's waits for a minute; who of the staff is there, and the hours, are looked at each time."""

    def __init__(self, house: House, presence: Presence) -> None:
        self._house, self._presence = house, presence
        self._seen: dict[SiteKey, _Seen] = {}

    async def look(self, key: SiteKey) -> Outlook:
        """How it stands now. Never fails: without the store, it goes by what was known before."""
        try:
            await self._look(key)
        except StoreUnavailable as error:
            log.warning("waits can't be read, going by those known before: %s", error)
        return self.outlook(key)

    def outlook(self, key: SiteKey) -> Outlook:
        """How it stands, by the hours and waits that were looked at last."""
        seen, at = self._seen.get(key, _Seen()), self._house.now()
        return outlook(seen.hours, seen.waits, present=self._presence.is_anybody_here(at), at=at)

    async def _look(self, key: SiteKey) -> None:
        site, at = await self._house.site(key), self._house.now()
        seen = self._seen.get(key, _Seen())
        hours = None if site is None else site.chat.opening_hours
        is_fresh = seen.at is not None and 0 <= at - seen.at < FRESH_FOR_US
        # Before it is read: whoever asks meanwhile goes by what was known, and does not read it as well.
        self._seen[key] = _Seen(hours, seen.waits, seen.at if is_fresh else at)
        if not is_fresh:
            waits = await self._house.store.read(latest_waits, key, at=at, hours=hours)
            self._seen[key] = _Seen(hours, tuple(waits), at)
