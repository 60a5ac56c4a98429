"""The conversations that go on in this process: their sockets, their turns, and who of the staff is there."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from bot.conversation import Effect
from bot.engine.client import EngineClient
from bot.gateway.frames import message_frame, owner_frame
from bot.gateway.house import House
from bot.gateway.hub import Hub, Line
from bot.gateway.mailboxes import Mailboxes
from bot.gateway.onlookers import Onlookers
from bot.gateway.pace import Pace
from bot.gateway.presence import Presence
from bot.gateway.readings import Readings
from bot.gateway.scoring import Scoring
from bot.gateway.turns import Turns
from bot.gateway.waiting import Waiting
from bot.interactions import ConversationId
from bot.store.conversations import Conversation, Message
from bot.store.readings import read_up_to
from bot.store.staff import name_of
from bot.store.turns import Closed
from bot.understanding.listener import Listener

BURST, PER_SECOND = 200, 5.0
"""Messages of one conversation: far above what anybody types, far below what would hurt the others."""
PACES = 10_000


class Rooms:
    def __init__(self, house: House, engine: EngineClient, listener: Listener) -> None:
        self.hub = Hub()
        self.mailboxes = Mailboxes(self.hub)
        self.readings = Readings(self.hub)
        self.presence = Presence()
        self.waiting = Waiting(house, self.presence)
        self.scoring = Scoring(house)
        self.onlookers = Onlookers()
        self.sockets: set[Line] = set()
        self.turns = Turns(house, engine, listener, self.hub, self.readings, self._closed)
        self._house = house
        self._paces: OrderedDict[ConversationId, Pace] = OrderedDict()

    def pace_of(self, conversation: ConversationId) -> Pace:
        """One pace for all sockets of a conversation, kept over reconnects."""
        pace = self._paces.pop(conversation, None) or Pace(burst=BURST, per_second=PER_SECOND)
        self._paces[conversation] = pace
        if len(self._paces) > PACES:
            self._paces.popitem(last=False)
        return pace

    def carry_out(self, conversation: Conversation, effects: Iterable[Effect], *, name: str | None = None) -> None:
        """Tells whom it concerns. `name` is the member of staff who owns the conversation now."""
        for effect in effects:
            if effect is Effect.TELL_VISITOR_WHO_OWNS:
                outlook = self.waiting.outlook(conversation.site)
                self.hub.push(conversation.id, owner_frame(conversation, name=name, outlook=outlook))
                self.onlookers.handed_over(conversation.id)

    async def owner(self, conversation: Conversation) -> dict[str, Any]:
        """The frame that says who owns it now, for who was not there when it changed."""
        staff = conversation.standing.staff
        name = None if staff is None else await self._house.store.read(name_of, staff)
        return owner_frame(conversation, name=name, outlook=await self.waiting.look(conversation.site))

    async def seen(self, conversation: ConversationId) -> int:
        """How far the other side has read: for who was not there when it did."""
        return self.readings.remember(conversation, await self._house.store.read(read_up_to, conversation))

    def show(self, conversation: ConversationId, messages: Iterable[Message]) -> None:
        self.scoring.changed(conversation)
        self.onlookers.changed(conversation)
        for message in messages:
            if message.sender != "note":
                self.hub.push(conversation, message_frame(message))

    def _closed(self, closed: Closed) -> None:
        self.show(closed.conversation.id, closed.messages)
        self.carry_out(closed.conversation, closed.effects)

    async def close(self) -> None:
        """Says goodbye to every browser; each comes back by itself and resumes by seq."""
        self.mailboxes.close()
        await asyncio.gather(*(line.close(1012, "restarting; resume by seq") for line in list(self.sockets)))
        await self.turns.stop()


ROOMS = web.AppKey("rooms", Rooms)
