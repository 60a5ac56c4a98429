"""Reads the demonstration shop into its site's pages; not again while its pages and its address are the same."""

import asyncio
import contextlib
import hashlib
import sys

from bot.errors import DuologueError
from bot.project import SITE_PAGES
from bot.settings import LOOPBACK, Settings


async def read_the_shop(settings: Settings) -> None:
    """Crawls it over HTTP, as any site is."""
    if not SITE_PAGES.is_dir():
        return
    kept = settings.home / "run" / "shop-was-read.txt"
    state = fingerprint(settings)
    if kept.exists() and kept.read_text(encoding="utf-8") == state:
        return
    allowed = f"{LOOPBACK}:{settings.port + 1}"
    crawl = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "crawl", settings.shop_url + "/", "--allow-host", allowed, "--quiet"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, told = await crawl.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            crawl.kill()
        await crawl.wait()
        raise
    if crawl.returncode != 0:
        raise DuologueError(f"The shop's pages could not be read: {told.decode(errors='replace').strip()}")
    kept.write_text(state, encoding="utf-8")


def fingerprint(settings: Settings) -> str:
    """Of the pages, and of where they are read from and kept."""
    digest = hashlib.sha256(f"{settings.shop_url}\0{settings.store_url}\0".encode())
    for file in sorted(SITE_PAGES.iterdir()):
        if file.is_file():
            content = file.read_bytes()
            digest.update(f"{file.name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
