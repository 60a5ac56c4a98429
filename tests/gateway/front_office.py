"""The pages for the staff on a real store, and a browser that looks at them."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from aiohttp import CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.conversation import Effect
from bot.gateway import rights, screens
from bot.gateway.boards import doors as boards
from bot.gateway.console import doors
from bot.gateway.house import HOUSE, House
from bot.gateway.hub import Hub
from bot.gateway.onlookers import Onlookers
from bot.gateway.presence import Presence
from bot.gateway.readings import Readings
from bot.gateway.rooms import ROOMS, Rooms
from bot.gateway.uploads import UPLOADS, Uploads
from bot.interactions import Microseconds
from bot.settings import Settings
from bot.store.conversations import Conversation, Message, begin
from bot.store.staff import NewMember, add_member, sign_in
from bot.store.store import Store
from bot.store.turns import receive
from tests.cast import SHOP, Person, at

BEING_COUNTED = 202
FRAME = "00000000-0000-4000-8000-{:012}"


class FakeRooms:
    """Keeps what the visitor would have been told."""

    def __init__(self) -> None:
        self.presence = Presence()
        self.hub = Hub()
        self.readings = Readings(self.hub)
        self.onlookers = Onlookers()
        self.shown: list[Message] = []
        self.told: list[tuple[Effect, str | None]] = []

    def show(self, conversation: str, messages: list[Message]) -> None:
        self.shown += [message for message in messages if message.sender != "note"]

    def carry_out(self, conversation: Conversation, effects: tuple[Effect, ...], *, name: str | None = None) -> None:
        self.told += [(effect, name) for effect in effects]


class Clock:
    def __init__(self) -> None:
        self.at = at()

    def __call__(self) -> Microseconds:
        return self.at


class Office:
    """The house with its pages, at noon until `clock.at` is set."""

    def __init__(self, store: Store, home: Path, *, public_url: str = "") -> None:
        self.store, self.rooms, self.clock = store, FakeRooms(), Clock()
        settings = Settings.model_validate({"home": home, "public_url": public_url})
        self.app = web.Application(middlewares=[screens.staff_pages])
        self.app[HOUSE] = House(settings, store, self.clock)
        self.app[ROOMS] = cast(Rooms, self.rooms)
        self.app[UPLOADS] = Uploads()
        for door in (*doors.DOORS, *boards.DOORS):
            self.app.add_routes(door.routes)
        rights.refuse_undeclared(self.app)

    async def hire(self, person: Person) -> NewMember:
        return await self.store.write(add_member, person.name, person.role, at=at())

    async def conversation(self, *said: str, page: str | None = None) -> Conversation:
        """A conversation in which a visitor said this."""
        conversation, _ = await self.store.write(begin, SHOP, at=at(), language="en", page=page)
        for number, text in enumerate(said):
            await self.store.write(
                receive, conversation.id, frame=FRAME.format(number), text=text, page=page, at=at(seconds=number)
            )
        return conversation

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[TestServer]:
        server = TestServer(self.app)
        await server.start_server()
        try:
            yield server
        finally:
            await server.close()


class Browser:
    """Keeps cookies, says where a form comes from, and goes nowhere by itself."""

    def __init__(self, server: TestServer, *, address: str = "") -> None:
        self._client: TestClient[Any, web.Application] = TestClient(server, cookie_jar=CookieJar(unsafe=True))
        self.address = address or str(server.make_url("")).rstrip("/")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The server is the test's; only this browser ends.
        await self._client.session.close()

    async def get(self, path: str, **headers: str) -> "Page":
        """The page, as a browser has it in the end: one that says that it looks again by itself is looked at again."""
        while (page := await self._ask("GET", path, headers, None)).status == BEING_COUNTED:
            pass  # it is only told after a while
        return page

    async def post(self, path: str, fields: Mapping[str, str] | bytes = b"", **headers: str) -> "Page":
        return await self._ask("POST", path, {"Origin": self.address} | headers, fields)

    async def is_signed_in(self, office: Office, member: NewMember) -> None:
        """Signed in, without the second that checking a password takes."""
        secret = await office.store.write(sign_in, member, at=at())
        self._client.session.cookie_jar.update_cookies({"duologue": secret}, URL(self.address))

    async def sign_in(self, member: NewMember, **fields: str) -> "Page":
        return await self.post("/console/sign-in", {"name": member.name, "password": member.password} | fields)

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], data: Mapping[str, str] | bytes | None
    ) -> "Page":
        named = {name.replace("_", "-"): value for name, value in headers.items() if value}
        async with self._client.request(method, path, headers=named, data=data, allow_redirects=False) as answer:
            return Page(answer.status, answer.headers.copy(), await answer.read())


class Page:
    def __init__(self, status: int, headers: Any, content: bytes) -> None:
        self.status, self.headers, self.content = status, headers, content
        self.text = content.decode("utf-8", "replace")

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))

    @property
    def words(self) -> str:
        """What a reader sees, in one line."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.text))

    def field(self, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found is not None, f"The page has no field {name}."
        return found.group(1)
