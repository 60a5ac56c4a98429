"""Who wants no more mail from a site. Kept as a digest, so that it outlives the address without being one."""

import hashlib
import hmac

from sqlalchemy import Connection, insert, select

from bot.interactions import Microseconds, SiteKey
from bot.store.ad_consents import withdraw
from bot.store.mail_tables import mail_stops
from bot.store.tables import sites


def stop(connection: Connection, site: SiteKey, address: str, *, at: Microseconds) -> None:
    """From now on nothing is mailed to this address for the site's visitors. Leaving it in a chat again does not
    change that: anybody can type anybody's address there."""
    if not is_stopped(connection, site, address):
        connection.execute(insert(mail_stops).values(site=site, digest=_digest(connection, site, address), at=at))
        withdraw(connection, site, address, at=at)


def is_stopped(connection: Connection, site: SiteKey, address: str) -> bool:
    digest = _digest(connection, site, address)
    found = select(mail_stops.c.at).where(mail_stops.c.site == site, mail_stops.c.digest == digest)
    return connection.execute(found).first() is not None


def _digest(connection: Connection, site: SiteKey, address: str) -> str:
    salt = connection.execute(select(sites.c.salt).where(sites.c.key == site)).scalar_one()
    return hmac.new(salt.encode(), address.strip().casefold().encode(), hashlib.sha256).hexdigest()
