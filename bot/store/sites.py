"""The websites we serve, each with its key, its origins and the secret that signs its purchases."""

import secrets
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Row, insert, select, update

from bot.interactions import Microseconds, SiteKey
from bot.store.tables import sites


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


def add_site(
    connection: Connection,
    key: SiteKey,
    *,
    name: str,
    origins: tuple[str, ...],
    at: Microseconds,
    consent: str = "ask",
    holdout: float = 0.1,
    settings: dict[str, Any] | None = None,
) -> Site:
    """Adds the site, or gives a known one its new name, origins and settings; its secret and lot stay."""
    told = {"name": name, "origins": list(origins), "consent": consent, "holdout": holdout, "settings": settings or {}}
    if find_site(connection, key) is None:
        connection.execute(
            insert(sites).values(
                key=key, secrets=[secrets.token_hex(32)], salt=secrets.token_hex(16), created_at=at, **told
            )
        )
    else:
        connection.execute(update(sites).where(sites.c.key == key).values(**told))
    site = find_site(connection, key)
    assert site is not None
    return site


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
