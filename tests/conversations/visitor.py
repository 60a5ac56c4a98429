"""Visitors of the running product, each with a browser of their own, and all that came back for what they said."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp
import jwt
from sqlalchemy import Connection, select

from bot.conversation import State
from bot.interactions import ConversationId, Interaction, SiteKey
from bot.store.conversations import find
from bot.store.inbox import understood
from bot.store.interactions import of_conversation
from bot.store.memory import remembered
from bot.store.sites import Site, find_site
from bot.store.store import Store
from bot.store.tables import conversations
from tests.conversations.orders import place_orders
from tests.conversations.script import Conversation, Line
from tests.gateway.visitor import Frame, Visitor

SITE = SiteKey("demo")
HOUR_S = 3600
MANY = 1_000
ERASED = 4401
"""The close code of what nobody may read any more."""


@dataclass(frozen=True)
class Turn:
    """What a line caused: all that the visitor sees, and what the house wrote down with it."""

    said: str
    replies: tuple[Frame, ...]
    before: str
    """The bot's words that the visitor had just read."""
    understanding: dict[str, Any]
    happened: tuple[Interaction, ...]
    waiting: bool
    """Whether a person is asked for, now or before."""
    facts: tuple[str, ...]
    slots: dict[str, Any]
    form: str | None = None
    """The form that waits for an answer."""
    erased: bool = False
    """Whether nothing of the conversation is left."""

    @property
    def text(self) -> str:
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def sources(self) -> list[dict[str, str]]:
        return [source for reply in self.replies for source in reply["sources"]]

    @property
    def buttons(self) -> list[str]:
        return [button["title"] for reply in self.replies for button in reply["buttons"]]


@dataclass
class House:
    """The running product as its conversations are judged: its doors, and the store beside it."""

    gateway: aiohttp.ClientSession
    store: Store
    site: Site

    @property
    def shop_url(self) -> str:
        return self.site.origins[0]

    def proof(self, customer: dict[str, Any]) -> str:
        """What the shop signs of who is signed in there."""
        now = int(time.time())
        return jwt.encode(customer | {"iat": now, "exp": now + HOUR_S}, self.site.secrets[0], "HS256")


@asynccontextmanager
async def opened(gateway_url: str, store_url: str) -> AsyncIterator[House]:
    store = Store(store_url)
    try:
        site = await store.read(find_site, SITE)
        assert site is not None
        async with aiohttp.ClientSession(base_url=gateway_url) as gateway:
            await place_orders(gateway, site)
            yield House(gateway, store, site)
    finally:
        await store.close()


@dataclass
class Talk:
    """One conversation while it is played."""

    house: House
    visitor: Visitor
    id: ConversationId
    page: dict[str, str]
    turns: list[Turn] = field(default_factory=list)

    async def say(self, text: str) -> Turn:
        """Says what is in no file."""
        return await self.take(Line(text, intent=""))

    async def take(self, line: Line) -> Turn:
        """Says the line, or presses the button that it names; what came back."""
        press = line.expected.get("press")
        ack = await (self._press(press) if press else self.visitor.say(line.text, page=self.page))
        assert ack["type"] == "ack", f"“{line.text}” was refused: {ack}"
        turn = await (self._end if line.expected.get("erased") else self._turn)(press or line.text, ack["seq"])
        self.turns.append(turn)
        return turn

    async def _press(self, title: str) -> Frame:
        shown = [button for reply in self.turns[-1].replies for button in reply["buttons"]] if self.turns else []
        ids = [button["id"] for button in shown if button["title"] == title]
        assert ids, f"There is no button “{title}”, but {[button['title'] for button in shown]}"
        id = await self.visitor.send("press", button=ids[0])
        return await self.visitor.until(lambda frame: frame.get("id") == id and frame["type"] in ("ack", "error"))

    async def _end(self, said: str, seq: int) -> Turn:
        """What came before the gateway ended a conversation that it had erased."""
        while (frame := await self.visitor.next())["type"] != "closed":
            pass
        replies = tuple(one for one in self.visitor.frames if _answers(one, seq))
        is_gone = frame["code"] == ERASED and await self.house.store.read(find, self.id) is None
        return Turn(said, replies, "", {}, (), False, (), {}, erased=is_gone)

    async def _turn(self, said: str, seq: int) -> Turn:
        # The turn is closed in one transaction: once the first reply is here, all of it can be read.
        await self.visitor.until(lambda frame: _answers(frame, seq))
        store = self.house.store
        messages, _ = await store.read(understood, self.id, after=seq - 1)
        expected = sum(one.reply_to == seq for one, _ in messages)
        while sum(_answers(frame, seq) for frame in self.visitor.frames) < expected:
            await self.visitor.next()
        rows = await store.read(of_conversation, self.id, limit=MANY)
        now = await store.read(find, self.id)
        dialogue = await store.read(_dialogue, self.id)
        return Turn(
            said=said,
            replies=tuple(frame for frame in self.visitor.frames if _answers(frame, seq)),
            before=self.turns[-1].text if self.turns else "",
            understanding=next((made for one, made in messages if one.seq == seq and made), {}),
            happened=tuple(row.interaction for row in rows if row.interaction.seq == seq),
            waiting=now is not None and now.standing.state is State.WAITING,
            facts=tuple(one.text for one in await store.read(remembered, self.id)),
            slots=_slots(dialogue),
            form=_form(dialogue),
        )


async def meet(house: House, conversation: Conversation) -> Talk:
    """A new visitor, on the page and with the consent that the conversation gives them."""
    given = conversation.given
    visitor = Visitor(cast(Any, house.gateway), site=given.get("site", SITE))
    page = {"url": f"{house.shop_url}/{given.get('page', 'index.html')}", "title": ""}
    welcome = await visitor.connect(page=page, language=given.get("language", "en"))
    if agreed := given.get("consent"):
        await _acked(visitor, "consent", measure="measure" in agreed, memory="memory" in agreed)
    if customer := given.get("customer"):
        await _acked(visitor, "identify", jwt=house.proof(dict(customer)))
    return Talk(house, visitor, ConversationId(welcome["conversation"]), page)


async def _acked(visitor: Visitor, type: str, **fields: Any) -> None:
    id = await visitor.send(type, **fields)
    ack = await visitor.until(lambda frame: frame.get("id") == id)
    assert ack["type"] == "ack", ack


def _answers(frame: Frame, seq: int) -> bool:
    return frame["type"] == "message" and frame.get("reply_to") == seq


def _dialogue(connection: Connection, conversation: str) -> list[dict[str, Any]]:
    """What the engine goes on with at the next line."""
    row = select(conversations.c.dialogue).where(conversations.c.id == conversation)
    return list((connection.execute(row).scalar_one_or_none() or {}).get("events", []))


def _slots(dialogue: list[dict[str, Any]]) -> dict[str, Any]:
    return {event["name"]: event.get("value") for event in dialogue if event["event"] == "slot"}


def _form(dialogue: list[dict[str, Any]]) -> str | None:
    forms = [event.get("name") for event in dialogue if event["event"] == "active_loop"]
    return forms[-1] if forms else None
