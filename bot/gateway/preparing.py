"""Before the gateway serves: tables up to date, the demonstration's site, and, once, a first member of the staff."""

import asyncio
import hashlib
from pathlib import Path

from bot import teasel_mill
from bot.gateway.house import now
from bot.interactions import Microseconds, SiteKey, as_datetime
from bot.settings import LOOPBACK, Settings
from bot.store import staff
from bot.store.schema import is_current
from bot.store.sites import add_site, find_site
from bot.store.store import Store

DEMO = SiteKey("demo")
FIRST_MEMBER = "admin"
SIGN_IN = Path("run") / "sign-in.txt"
"""In the home: the first member's password while it is the one that was given, else empty. For who starts us."""
CHECKED = Path("run") / "sign-in-checked.txt"


async def prepare(settings: Settings) -> None:
    """Makes the store fit to serve; each part is left alone where it is done already."""
    store = Store(settings.store_url)
    try:
        if not await store.read(is_current):
            # Imported here: nearly every start finds the tables as they are to be.
            from bot.store.migrate import upgrade

            await store.write(upgrade)
        await add_demo(store, settings.shop_url, at=now())
        _keep(settings.home / SIGN_IN, await _first_member(settings, store))
    finally:
        await store.close()


async def add_demo(store: Store, shop_url: str, *, at: Microseconds) -> None:
    """Makes the demonstration's site; of one there is, only what follows the port changes."""
    origins = (shop_url, shop_url.replace(LOOPBACK, "localhost"))
    known = await store.read(find_site, DEMO)
    if known is not None and known.settings:
        told = teasel_mill.moved(known.settings, known.origins, shop_url)
    else:
        told = teasel_mill.settings(shop_url, as_datetime(at).date()).as_json()
    name = teasel_mill.NAME if known is None else None
    await store.write(add_site, DEMO, name=name, origins=origins, settings=told, at=at)


async def _first_member(settings: Settings, store: Store) -> str:
    # Kept for whoever may read the home, so that a second start can show it too.
    kept = settings.home / "first-sign-in.txt"
    found = await store.read(staff.by_name, FIRST_MEMBER)
    if found is not None:
        password = kept.read_text(encoding="utf-8").strip() if kept.exists() else ""
        return password if await asyncio.to_thread(_holds, settings.home / CHECKED, found, password) else ""
    member = await store.write(staff.add_member, FIRST_MEMBER, "admin", at=now())
    _keep(kept, member.password + "\n")
    return member.password


def _holds(checked: Path, found: tuple[staff.Member, str], password: str) -> bool:
    """It may have been changed since, or belong to another store that had the same home.

    What was found right is not hashed again while neither has changed: a tenth of a second of each start.
    """
    both = hashlib.sha256(f"{password}\0{found[1]}".encode()).hexdigest()
    if checked.exists() and checked.read_text(encoding="utf-8") == both:
        return True
    holds = staff.is_password_of(found, password)
    if holds:
        _keep(checked, both)
    return holds


def _keep(file: Path, secret: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file.touch(mode=0o600)
    file.write_text(secret, encoding="utf-8")
