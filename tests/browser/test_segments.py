"""Five browsers and a robot in the demonstration shop, and what the marketer is told of them afterwards.

Each browser notes for itself what it did; the reports and the exports have to tell the same, no more and no less.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Response, expect

from tests.browser.chat import Chat, visit
from tests.browser.conftest import a_browser
from tests.running import Duologue, Told, until

ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
COUNTED = ("page_view", "exposed", "message", "answer", "understanding", "purchase")
BLANKET, SOCKS = "product-fold-blanket.html", "product-path-socks.html"


@dataclass
class Shopper:
    """One person's browser, and a note of everything that they did and that has to be in the log."""

    browser: BrowserContext
    shop_url: str
    did: Counter[str] = field(default_factory=Counter)
    spent: int = 0
    """In cents."""
    _chat: Chat | None = None

    @property
    def chat(self) -> Chat:
        assert self._chat is not None
        return self._chat

    async def arrive(self) -> None:
        self._chat = await visit(self.browser, f"{self.shop_url}/index.html")

    async def agree(self) -> None:
        """Says yes in the shop's own banner; the page that is open counts from then on."""
        async with self.chat.page.expect_response(_is_events):
            await self.chat.page.get_by_role("button", name="Agree", exact=True).click()
        self._viewed()

    async def agree_in_the_chat(self) -> None:
        async with self.chat.page.expect_response(_is_events):
            await self.chat.widget.locator("#agree").click()
        self._viewed()

    async def view(self, page: str) -> None:
        async with self.chat.page.expect_response(_is_events):
            await self.chat.page.goto(f"{self.shop_url}/{page}")
        self._viewed()

    async def ask(self, question: str) -> None:
        if not await self.chat.panel.is_visible():
            await self.chat.open()
        await self.chat.ask(question)
        self.did += Counter(message=1, answer=1, understanding=1)

    async def buy(self, product: str, *, name: str, email: str) -> None:
        """Through the shop's own pages: the product, the cart, the checkout."""
        page = self.chat.page
        await self.view(product)
        await page.locator(".add-to-cart").click()
        await expect(page.locator("#said")).to_contain_text("Added to your cart")
        await self.view("cart.html")
        total = await page.locator("#cart-total").inner_text()
        await self.view("checkout.html")
        for label, value in (("Full name", name), ("E-mail address", email), ("Street", "1 Road"), ("Town", "Cork")):
            await page.get_by_label(label).fill(value)
        async with page.expect_response(_is_events):
            await page.get_by_role("button", name="Place the order").click()
            await page.wait_for_url("**/thanks.html?order=*")
        self._viewed()
        self.did["purchase"] += 1
        self.spent += round(float(total.removeprefix("€")) * 100)

    def _viewed(self) -> None:
        self.did += Counter(page_view=1, exposed=1)


@dataclass
class Day:
    """What the five did, and what Duologue tells of it."""

    shoppers: dict[str, Shopper]
    segments: dict[str, Any]
    log: list[dict[str, str]]
    robots_dropped: int
    robot_sent: int

    def did(self) -> Counter[str]:
        return sum((one.did for one in self.shoppers.values()), Counter())


@pytest.fixture(scope="module")
async def day(duologue: Duologue, browser: Browser) -> AsyncIterator[Day]:
    await _offer_the_chat_to_everybody(duologue)
    # What other tests did in this shop was before.
    since = datetime.now(UTC).isoformat()
    before = await _segments(duologue)
    names = ("conversing buyer", "conversing visitor", "silent buyer", "passive visitor", "noise")
    shoppers = {name: Shopper(await a_browser(browser), duologue.shop_url) for name in names}
    robot = Shopper(await a_browser(browser, user_agent=ROBOT), duologue.shop_url)
    for one in (*shoppers.values(), robot):
        await one.arrive()

    buyer = shoppers["conversing buyer"]
    await buyer.agree()
    await buyer.ask("Do you ship to Norway?")
    await buyer.ask("and how long does it take?")
    await buyer.buy(BLANKET, name="Alice Archer", email="alice@customers.example")
    asking = shoppers["conversing visitor"]
    await asking.ask("Do you ship to Norway?")
    await asking.agree_in_the_chat()
    silent = shoppers["silent buyer"]
    await silent.agree()
    await silent.buy(SOCKS, name="Bob Baker", email="bob@customers.example")
    passive = shoppers["passive visitor"]
    await passive.agree()
    await passive.view("products.html")
    await passive.view("shipping.html")
    await shoppers["noise"].agree()
    await robot.agree()

    segments = await _segments(duologue, "--since", since)
    log = await duologue.cli("export", "interactions", "--format", "csv", "--since", since)
    assert log.code == 0, log.stderr
    yield Day(
        shoppers,
        segments,
        list(csv.DictReader(io.StringIO(log.stdout))),
        robots_dropped=segments["dropped"]["robot"] - before["dropped"]["robot"],
        robot_sent=robot.did.total(),
    )
    for one in (*shoppers.values(), robot):
        await one.browser.close()


def test_each_of_the_five_is_in_their_segment_with_what_they_spent(day: Day) -> None:
    spent = {name: f"{one.spent / 100:.2f}" for name, one in day.shoppers.items()}

    told = [{name: row[name] for name in ("segment", "people", "visits", "revenue")} for row in day.segments["rows"]]
    assert told == [{"segment": name, "people": 1, "visits": 1, "revenue": spent[name]} for name in day.shoppers]
    assert {row["currency"] for row in day.segments["rows"]} == {"EUR"}


def test_only_the_buyers_spent_anything(day: Day) -> None:
    spenders = {name for name, one in day.shoppers.items() if one.spent > 0}

    assert spenders == {"conversing buyer", "silent buyer"}
    assert day.segments["unlinked"] == []


def test_a_robot_is_counted_as_dropped_and_is_nobody(day: Day) -> None:
    people = sum(row["people"] for row in day.segments["rows"])

    assert day.robots_dropped == day.robot_sent == 2
    assert people == 5


@pytest.mark.parametrize("kind", COUNTED)
def test_the_export_has_one_row_for_everything_that_was_done(day: Day, kind: str) -> None:
    exported = Counter(row["type"] for row in day.log)

    assert exported[kind] == day.did()[kind]


def test_no_row_of_the_export_is_there_twice(day: Day) -> None:
    what = Counter((row["type"], row["conversation"], row["seq"]) for row in day.log if row["seq"])

    assert len({row["id"] for row in day.log}) == len(day.log)
    assert {key: count for key, count in what.items() if count > 1} == {}


def test_a_purchase_in_the_export_names_who_bought_and_for_how_much(day: Day) -> None:
    bought = {row["value"]: row for row in day.log if row["type"] == "purchase"}
    talked = {row["visitor"] for row in day.log if row["type"] == "message" and row["visitor"]}

    paid = {name: f"{day.shoppers[name].spent / 100:.2f}" for name in ("conversing buyer", "silent buyer")}
    assert bought[paid["conversing buyer"]]["visitor"] in talked
    assert bought[paid["silent buyer"]]["visitor"] not in {"", *talked}
    assert all(row["customer"] and row["currency"] == "EUR" for row in bought.values())


async def _offer_the_chat_to_everybody(duologue: Duologue) -> None:
    """No holdout, so that nobody's place in the test depends on a lot. The new name shows when it holds."""
    origins = ("--origin", duologue.shop_url, "--origin", duologue.shop_url.replace("127.0.0.1", "localhost"))
    told = await duologue.cli("site", "add", "demo", *origins, "--name", "Teasel Mill", "--holdout", "0")
    assert told.code == 0, told.stderr

    async def seen() -> bool:
        return bool((await duologue.hello())["settings"]["name"] == "Teasel Mill")

    await until(seen, within_s=10, what="the gateway has seen that the site changed")


async def _segments(duologue: Duologue, *window: str) -> dict[str, Any]:
    told: Told = await duologue.cli("insights", "segments", "--output", "json", *window)
    assert told.code == 0, told.stderr
    return dict(json.loads(told.stdout))


def _is_events(response: Response) -> bool:
    return response.url.endswith("/v1/events") and response.status == 200
