"""The websites we serve, each with its key, its origins and the secret that signs its purchases."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Connection, Row, insert, select, update

from bot.interactions import Microseconds, SiteKey
from bot.site_settings import SiteSettings, stored
from bot.store.experiments import note_holdout
from bot.store.tables import sites

INVENTED = SiteKey("invented")


@dataclass(frozen=True)
class Site:
    """`secrets` sign purchases: newest first, two while they rotate. `crawl` is the one that answers now."""

    key: SiteKey
    name: str
    secrets: tuple[str, ...]
    salt: str
    origins: tuple[str, ...]
    holdout: float
    consent: str
    settings: dict[str, Any]
    crawl: int | None

    @property
    def is_invented(self) -> bool:
        """Whether it is the demonstration's, where nobody ever was."""
        return self.key == INVENTED

    @cached_property
    def chat(self) -> SiteSettings:
        """The settings as the chat goes by them."""
        return stored(self.settings)


def add_site(
    connection: Connection,
    key: SiteKey,
    *,
    at: Microseconds,
    name: str | None = None,
    origins: tuple[str, ...] | None = None,
    consent: str | None = None,
    holdout: float | None = None,
    settings: dict[str, Any] | None = None,
) -> Site:
    """Adds the site, or gives a known one what is told here; what is not told stays, and so do its secret and lot."""
    values: dict[str, Any] = {"name": name, "consent": consent, "holdout": holdout, "settings": settings}
    told = {field: value for field, value in values.items() if value is not None}
    if origins is not None:
        told["origins"] = list(origins)
    if find_site(connection, key) is None:
        new = {"name": key, "origins": [], "consent": "ask", "holdout": 0.1, "settings": {}} | told
        lot = {"secrets": [secrets.token_hex(32)], "salt": secrets.token_hex(16)}
        connection.execute(insert(sites).values(key=key, created_at=at, **lot, **new))
    elif told:
        connection.execute(update(sites).where(sites.c.key == key).values(**told))
    site = find_site(connection, key)
    assert site is not None
    note_holdout(connection, key, site.holdout, at=at)
    return site


def change_settings(connection: Connection, key: str, change: Callable[[dict[str, Any]], SiteSettings]) -> Site | None:
    """The site with its settings changed; None when there is none of this key. Of two changes at once, one waits."""
    row = connection.execute(select(sites.c.settings).where(sites.c.key == key).with_for_update()).one_or_none()
    if row is None:
        return None
    settings = change(row.settings).as_json()
    connection.execute(update(sites).where(sites.c.key == key).values(settings=settings))
    return find_site(connection, key)


def find_site(connection: Connection, key: str) -> Site | None:
    row = connection.execute(select(sites).where(sites.c.key == key)).one_or_none()
    return None if row is None else _site(row)


def all_sites(connection: Connection) -> list[Site]:
    return [_site(row) for row in connection.execute(select(sites).order_by(sites.c.key))]


def _site(row: Row[Any]) -> Site:
    return Site(
        key=SiteKey(row.key),
        name=row.name,
        secrets=tuple(row.secrets),
        salt=row.salt,
        origins=tuple(row.origins),
        holdout=row.holdout,
        consent=row.consent,
        settings=cast(dict[str, Any], row.settings),
        crawl=row.crawl,
    )
