"""What every door of the gateway shares: the store, the settings, the clock, the sites."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.gateway.bodies import is_storable
from bot.gateway.senders import Senders
from bot.gateway.tickets import Tickets
from bot.interactions import Microseconds, SiteKey, microseconds
from bot.settings import Settings
from bot.store.sites import Site, all_sites, find_site
from bot.store.store import Store

SITE_IS_FRESH_S = 2.0


def now() -> Microseconds:
    return microseconds(datetime.now(UTC))


@dataclass
class House:
    settings: Settings
    store: Store
    now: Callable[[], Microseconds] = now
    senders: Senders = field(default_factory=Senders)
    tickets: Tickets = field(default_factory=Tickets)
    valued: dict[SiteKey, tuple[Microseconds, dict[str, int]]] = field(default_factory=dict)
    """What a site's top tenth of buyers have spent at least, by currency, and when that was counted."""
    _sites: dict[str, tuple[float, Site]] = field(default_factory=dict)
    _origins: tuple[float, frozenset[str]] = (0.0, frozenset())

    async def site(self, key: object) -> Site | None:
        """The site of this key. Remembered for two seconds, so that a change by the command line is soon seen."""
        if not isinstance(key, str) or not is_storable(key):
            return None
        asked_at, site = self._sites.get(key, (0.0, None))
        if site is None or time.monotonic() - asked_at > SITE_IS_FRESH_S:
            site = await self.store.read(find_site, key)
            if site is None:
                return None
            self._sites[key] = (time.monotonic(), site)
        return site

    def changed(self, key: str) -> None:
        """This gateway has changed the site itself: it goes by it at once."""
        self._sites.pop(key, None)

    async def is_listed(self, origin: str) -> bool:
        """Whether any site has this origin; as fresh as `site`."""
        asked_at, origins = self._origins
        if time.monotonic() - asked_at > SITE_IS_FRESH_S or origin not in origins:
            origins = frozenset(one for site in await self.store.read(all_sites) for one in site.origins)
            self._origins = (time.monotonic(), origins)
        return origin in origins


HOUSE = web.AppKey("house", House)


def problem(status: int, code: str, detail: str, *, headers: dict[str, str] | None = None) -> web.Response:
    """A refusal that says what is wrong: `{"error": code, "detail": sentence}`."""
    return web.json_response({"error": code, "detail": detail}, status=status, headers=headers)


def from_json(body: bytes | str) -> Any:
    """The value, or ValueError: also for NaN, which Python would take, and for nesting that exhausts the stack."""
    try:
        return json.loads(body, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
