"""One Chromium and one running Duologue for all browser tests; every test has browsers of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from tests.browser.host_pages import host_site  # noqa: F401
from tests.browser.torn import line, site  # noqa: F401
from tests.running import Duologue, chromium, duologue  # noqa: F401

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PERSON = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
"""Without a screen Chromium says so in its name, and a browser without a screen is a robot to the gateway."""
PATIENCE_MS = 15_000
# What is expected of a page is waited for as long as what is done on it: its own five seconds are a busy machine's.
expect.set_options(timeout=PATIENCE_MS)

NewBrowser = Callable[..., Awaitable[BrowserContext]]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": chromium(), "args": FLAGS.split(), "headless": True}


async def a_browser(browser: Browser, **more: Any) -> BrowserContext:
    """A browser of somebody's own: no cookie, no storage, nothing cached."""
    context = await browser.new_context(**{"user_agent": PERSON, "locale": "en-IE"} | more)
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture
async def new_browser(browser: Browser) -> AsyncIterator[NewBrowser]:
    """Makes browsers, and closes them after the test."""
    made: list[BrowserContext] = []

    async def new(**more: Any) -> BrowserContext:
        made.append(await a_browser(browser, **more))
        return made[-1]

    yield new
    for context in made:
        await context.close()
