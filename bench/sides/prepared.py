"""What both sides start from, made once and kept by the hash of what it is made of: the model, the shop's pages."""

import hashlib
import shutil
import sys
from pathlib import Path

from bot.engine.training import train_if_changed
from bot.gateway.preparing import prepare
from bot.interactions import SiteKey
from bot.pages.command import crawl
from bot.project import ROOT, SITE_PAGES
from bot.settings import Settings
from bot.store.sites import add_site
from bot.store.store import Store

CACHE = ROOT / ".bench-cache"
SHOP = "https://shop.example"


async def trained_model() -> Path:
    """The one model that both sides serve."""
    return await train_if_changed(ROOT, CACHE / "models", on_line=lambda line: None)


async def home_with_pages() -> Path:
    """A home whose store holds the demonstration shop, crawled and indexed. To be copied, not used."""
    home = CACHE / f"home-{_fingerprint()}"
    if not home.exists():
        aside = CACHE / f"{home.name}.new"
        shutil.rmtree(aside, ignore_errors=True)
        await _read_the_shop(Settings(home=aside))
        for old in CACHE.glob("home-*"):
            if old != aside:
                shutil.rmtree(old)
        aside.rename(home)
    return home


async def _read_the_shop(settings: Settings) -> None:
    # As a first start leaves it: nobody starts a house for the first time twice.
    await prepare(settings)
    store = Store(settings.store_url)
    try:
        await store.write(add_site, SiteKey("demo"), name="the demonstration shop", origins=(SHOP,), at=1)
        report = await crawl(store, settings, "demo", str(SITE_PAGES), base=SHOP)
    finally:
        await store.close()
    sys.stderr.write(f"The shop was read: {report.pages} pages, {report.passages} passages.\n")


def _fingerprint() -> str:
    files = [SITE_PAGES, ROOT / "bot" / "pages", ROOT / "bot" / "store"]
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for file in sorted(file for folder in files for file in folder.rglob("*") if file.suffix not in ("", ".pyc")):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:20]
