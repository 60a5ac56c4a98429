"""The ways in which people see a page, and a talk in which everything that the panel can show is shown."""

from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import FilePayload, Locator, expect

from tests.browser.chat import Chat, visit
from tests.browser.conftest import NewBrowser
from tests.browser.host_pages import HostSite

NOTE: FilePayload = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"What the label says."}
PROGRAM: FilePayload = {"name": "setup.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ\x90\x00"}


@dataclass(frozen=True)
class Mode:
    """`browser` is what the person has set, `page` the page that they are on."""

    page: str = "plain"
    browser: dict[str, Any] = field(default_factory=dict)

    async def visit(self, site: HostSite, new_browser: NewBrowser) -> Chat:
        return await visit(await new_browser(**({"reduced_motion": "reduce"} | self.browser)), site.page(self.page))


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MODES = {
    "light": Mode(),
    "dark": Mode(browser={"color_scheme": "dark"}),
    "phone": Mode(browser=PHONE),
    "rtl": Mode(page="arabic"),
    "zoom400": Mode(browser={"viewport": {"width": 320, "height": 256}}),
    "forced": Mode(browser={"forced_colors": "active"}),
    "strict": Mode(page="strict"),
}


async def talk(chat: Chat) -> None:
    """A question, its answer with sources, a refusal with a button, and the question about remembering."""
    await chat.ask("Do you ship to Norway?")
    await chat.ask("Do you sell kayaks?")
    await expect(chat.widget.locator("#consent")).to_be_visible()


async def attach(chat: Chat, *files: FilePayload) -> None:
    """As the file dialog does it: chosen for the next message."""
    async with chat.page.expect_file_chooser() as chooser:
        await chat.widget.locator("#attach").click()
    await (await chooser.value).set_files(list(files))


async def everything(chat: Chat) -> None:
    """A file that is taken, one that is not, and a person who was asked for."""
    await attach(chat, NOTE)
    await expect(chat.widget.locator("#files li")).to_have_count(1)
    await chat.widget.locator("#human").click()
    await expect(chat.widget.locator("#banner")).not_to_be_empty()
    await attach(chat, PROGRAM)
    await expect(chat.widget.locator("#status.bad")).to_be_visible()


async def more(chat: Chat, entry: str) -> None:
    await chat.widget.locator("#more").click()
    await chat.widget.locator(f"#{entry}").click()


def star(chat: Chat, number: int) -> Locator:
    return chat.widget.locator(".stars button").nth(number - 1)
