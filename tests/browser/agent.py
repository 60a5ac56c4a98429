"""The console in a real browser, as a member of the staff uses it."""

from dataclasses import dataclass

from playwright.async_api import Locator, Page, StorageState

from tests.browser.chat import Seen
from tests.browser.conftest import NewBrowser
from tests.running import Duologue, Staff

_signed_in: dict[tuple[str, Staff], StorageState] = {}


@dataclass
class Agent:
    """One tab in which a member is signed in."""

    page: Page
    seen: Seen
    duologue: Duologue

    @property
    def banner(self) -> Locator:
        return self.page.locator("#banner")

    @property
    def field(self) -> Locator:
        return self.page.locator("#text")

    @property
    def said(self) -> Locator:
        return self.page.locator("#said .message")

    async def open(self, conversation: str) -> None:
        await self.goto(f"/console/conversations/{conversation}")

    async def goto(self, path: str) -> None:
        """Opens the page anew, and waits for its line to the server."""
        await self.page.goto(self.duologue.gateway_url + path)
        await self.is_live()

    async def is_live(self) -> None:
        await self.page.locator("body[data-live]").wait_for()

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name).click()


async def sign_in(duologue: Duologue, new_browser: NewBrowser, staff: Staff, **more: object) -> Agent:
    """By hand once; later by the cookie that it left, since a name may be tried five times a minute only."""
    key = (duologue.gateway_url, staff)
    browser = await new_browser(**{"reduced_motion": "reduce", "storage_state": _signed_in.get(key)} | more)
    page, seen = await browser.new_page(), Seen()
    await page.goto(f"{duologue.gateway_url}/console")
    if "/sign-in" in page.url:
        await page.get_by_label("Name").fill(staff.name)
        await page.get_by_label("Password").fill(staff.password)
        await page.get_by_role("button", name="Sign in").click()
        await page.wait_for_url("**/console")
        _signed_in[key] = await browser.storage_state()
    seen.watch(page)
    return Agent(page, seen, duologue)
