"""When a site's people answer: changed by an admin, with the line of the audit log that says so."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from bot.interactions import Microseconds
from bot.site_settings import SiteSettings
from bot.store.audit import Act, record
from bot.store.sites import Site, change_settings


def change_opening(
    connection: Connection,
    key: str,
    change: Callable[[dict[str, Any]], SiteSettings],
    *,
    by: str,
    what: str,
    at: Microseconds,
) -> Site | None:
    """The site with its hours changed; None when there is none of this key. What `change` raises changes nothing."""
    site = change_settings(connection, key, change)
    if site is not None:
        record(connection, at=at, staff=by, act=Act.CHANGED_HOURS, subject=f"site:{key}", detail=what)
    return site
