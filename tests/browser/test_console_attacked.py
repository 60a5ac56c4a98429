"""What visitors choose never runs in the console: a corpus in every field that they fill, through the real doors."""

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import aiohttp
import jwt
import pytest
from playwright.async_api import Page, expect

from tests.browser.agent import Agent, sign_in
from tests.browser.conftest import NewBrowser
from tests.running import Duologue
from tests.xss_corpus import ADDRESSES, CORPUS

AT_ONCE = 12
"""Strings of one conversation."""
FILES = 4
PAGES = (
    "/console",
    "/console?view=all",
    "/console/keys",
    "/console/me",
    "/console/people",
    "/console/audit",
    "/console/reviews",
    "/console/unanswered",
    "/console/visitors",
    "/console/labels",
    "/console/search?q=hit",
    "/console/search?q=%3Cimg+src%3Dx+onerror%3Dhit%28%29%3E",
    "/insights",
    "/insights/pages",
)
WATCHED = """
window.hits = []; window.refused = [];
window.hit = (...told) => { window.hits.push(String(told)); return ''; };
for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = window.hit;
addEventListener('securitypolicyviolation', (event) =>
  window.refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
FOREIGN = """() => [...document.querySelectorAll('*')].filter((one) =>
  [...one.attributes].some(({ name, value }) => name.startsWith('on') || /^\\s*(javascript|data|vbscript):/i.test(value)
    && !one.matches('link[rel=icon]')) ||
  one.matches('script:not([src^="/static/"]),iframe,object,embed,base,video,audio,style,svg svg,math,frame')
  || one.matches('img:not([src^="/insights/"])')
).map((one) => one.outerHTML.slice(0, 200))"""
TROUBLE = f"() => [...window.hits, ...window.refused, ...({FOREIGN})()]"


def test_the_corpus_is_large() -> None:
    assert len(set(CORPUS)) >= 200


def _parts() -> Iterator[tuple[str, ...]]:
    for first in range(0, len(CORPUS), AT_ONCE):
        yield CORPUS[first : first + AT_ONCE]


class Attacker:
    """A visitor who fills every field that there is with what they hope will run."""

    def __init__(self, duologue: Duologue, session: aiohttp.ClientSession, secret: str) -> None:
        self._duologue, self._session, self._secret = duologue, session, secret

    async def attack(self, strings: tuple[str, ...], address: str) -> str:
        """The conversation in which it was tried."""
        url, agent = f"{self._duologue.gateway_url}/v1/chat", {"User-Agent": _one_line(strings[0])}
        async with self._session.ws_connect(url, headers=agent) as socket:
            page = {"url": address, "title": "".join(strings)[:2_000]}
            hello = {
                "type": "hello",
                "site": "demo",
                "token": None,
                "last_seq": 0,
                "page": page,
                "language": strings[0],
            }
            await socket.send_json(hello)
            welcome = await self._until(socket, lambda frame: frame["type"] == "welcome")
            await self._told(socket, type="consent", measure=True, memory=True)
            await self._told(socket, type="identify", jwt=self._proof(strings))
            for first in range(0, len(strings), FILES):
                some = strings[first : first + FILES]
                files = [await self._upload(welcome["token"], f"{name}.txt") for name in some]
                text = "\n".join(("Do you ship to Norway?", *some))
                await self._told(socket, type="message", text=text, page=page, files=[id for id in files if id])
            await self._told(socket, type="rate", stars=1, words="\n".join(strings))
            await self._told(socket, type="human", reason=strings[-1])
            again = await self._visitor(socket)
        await self._look_at_pages(strings, address, again)
        return str(welcome["conversation"])

    async def _visitor(self, socket: aiohttp.ClientWebSocketResponse) -> str | None:
        id = str(uuid4())
        await socket.send_json({"type": "consent", "id": id, "measure": True, "memory": True})
        found = await self._until(socket, lambda frame: frame["type"] == "consent")
        return found.get("visitor")

    async def _look_at_pages(self, strings: tuple[str, ...], address: str, visitor: str | None) -> None:
        events = [
            {
                "id": str(uuid4()),
                "type": "page_view",
                "url": f"{self._duologue.shop_url}/{number}?q={one}",
                "title": one,
                "referrer": address,
                "name": one,
                "props": {one: one},
            }
            for number, one in enumerate(strings)
        ]
        body = {"site": "demo", "visitor": visitor, "consent": {"measure": True}, "events": events}
        headers = {"Origin": self._duologue.shop_url, "User-Agent": f"Mozilla/5.0 Firefox/140 {_one_line(strings[0])}"}
        async with self._session.post(f"{self._duologue.gateway_url}/v1/events", json=body, headers=headers) as told:
            assert told.status == 200, await told.text()

    async def _upload(self, token: str, name: str) -> str | None:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self._duologue.gateway_url}/v1/files"
        told = await self._session.post(
            url, params={"name": name}, data=io.BytesIO(b"Nothing to see."), headers=headers
        )
        # A name whose ending is another type's is refused; that is as good as being shown.
        return str((await told.json())["id"]) if told.status == 201 else None

    def _proof(self, strings: tuple[str, ...]) -> str:
        seconds = int(time.time())
        claims = {"sub": strings[0] + uuid4().hex, "name": " ".join(strings[:4])[:190], "email": "a@b.example"}
        return jwt.encode(claims | {"iat": seconds, "exp": seconds + 600}, self._secret, "HS256")

    async def _told(self, socket: aiohttp.ClientWebSocketResponse, **frame: Any) -> None:
        id = str(uuid4())
        await socket.send_json(frame | {"id": id})
        await self._until(socket, lambda told: told.get("id") == id and told["type"] in ("ack", "error"))

    async def _until(self, socket: aiohttp.ClientWebSocketResponse, wanted: Any) -> dict[str, Any]:
        while True:
            frame: dict[str, Any] = await socket.receive_json(timeout=30)
            if wanted(frame):
                return frame


def _one_line(text: str) -> str:
    return " ".join(text.encode("ascii", "ignore").decode().split()).replace("\x01", "")


@pytest.fixture(scope="module")
async def attacker(duologue: Duologue) -> AsyncIterator[Attacker]:
    told = await duologue.cli("site", "show", "demo", "--output", "json")
    async with aiohttp.ClientSession() as session:
        yield Attacker(duologue, session, str(json.loads(told.stdout)["secret"]))


@pytest.fixture
async def admin(duologue: Duologue, new_browser: NewBrowser) -> Agent:
    agent = await sign_in(duologue, new_browser, duologue.admin)
    await agent.page.add_init_script(WATCHED)
    return agent


async def test_nothing_that_a_visitor_chose_runs_on_any_page_nor_when_it_comes_while_one_looks(
    duologue: Duologue, attacker: Attacker, admin: Agent
) -> None:
    watched = await attacker.attack(("Hello",), "https://shop.example/")
    await admin.open(watched)
    conversations = [
        await attacker.attack(part, ADDRESSES[number % len(ADDRESSES)]) for number, part in enumerate(_parts())
    ]
    trouble = {"watched": await _trouble(admin.page)}

    for path in (*PAGES, *(f"/console/conversations/{one}" for one in conversations)):
        await admin.page.goto(duologue.gateway_url + path)
        await expect(admin.page.locator("h1").first).to_be_visible()
        await _press_all_that_unfolds(admin.page)
        trouble[path] = await _trouble(admin.page)

    assert {where: found for where, found in trouble.items() if found} == {}
    assert [told for told in admin.seen.complaints if "404" not in told] == []


async def test_what_comes_over_the_line_is_text_too(duologue: Duologue, attacker: Attacker, admin: Agent) -> None:
    url = f"{duologue.gateway_url}/v1/chat"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.send_json({"type": "hello", "site": "demo", "token": None, "last_seq": 0})
        conversation = str((await socket.receive_json(timeout=30))["conversation"])
        await admin.open(conversation)
        await admin.press("Take over")
        await expect(admin.banner).to_contain_text("You have")

        for part in _parts():
            text = "\n".join(part)
            await attacker._told(socket, type="message", text=text)
            await expect(admin.said.last).to_contain_text(part[-1].strip().splitlines()[-1].strip())

    assert await _trouble(admin.page) == []
    assert admin.seen.complaints == []


async def _press_all_that_unfolds(page: Page) -> None:
    await page.evaluate("() => { for (const one of document.querySelectorAll('details')) one.open = true; }")


async def _trouble(page: Page) -> list[str]:
    # A picture that fails, a focus and an animation come after the page: two frames and a task later they were there.
    await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    await asyncio.sleep(0)
    return list(await page.evaluate(TROUBLE))
