"""One worker a conversation: takes the lowest open turn, asks the engine, closes the turn, pushes what it caused."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from bot.card_numbers import is_masked, is_nothing_else
from bot.engine.client import TurnCall, TurnResult
from bot.errors import EngineUnavailable, StoreUnavailable
from bot.gateway.cards import cards_of
from bot.gateway.house import House
from bot.gateway.hub import Hub
from bot.gateway.readings import Readings
from bot.gateway.site_names import SiteNames
from bot.interactions import ConversationId, Kind, TurnId, Understanding
from bot.spoken import Language, language_of
from bot.store import turns as outbox
from bot.store.turns import Closed, OpenTurn, Outcome, Reply
from bot.understanding.listener import Listener, combine

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 2.0
APOLOGY = {
    "en": Reply("Sorry, I can't answer right now. I have kept your message and asked a person to look at it."),
    "de": Reply(
        "Entschuldigung, ich kann gerade nicht antworten. Ihre Nachricht ist gespeichert, und ich habe das Team "
        "gebeten, sie sich anzusehen."
    ),
}
CARD_NUMBER = {
    "en": (
        "Please do not send card numbers here. I have made yours unreadable, but for the last four digits.",
        "That was a card number again; it is unreadable now. Nobody here needs it.",
    ),
    "de": (
        "Bitte schicken Sie hier keine Kartennummern. Ihre ist jetzt bis auf vier Ziffern unlesbar.",
        "Das war wieder eine Kartennummer; sie ist jetzt unlesbar. Hier braucht sie niemand.",
    ),
}
CARD_ONLY = "/share_card"
"""What the engine is told of a message that is a card number and nothing else: there is nothing to understand."""
log = logging.getLogger(__name__)


class Engine(Protocol):
    async def take_turn(self, call: TurnCall) -> TurnResult: ...


@dataclass
class InFlight:
    """A turn that the engine works on, and what actions have added to it so far: nothing of it is stored yet."""

    turn: OpenTurn
    understanding: Understanding | None = None
    noted: list[tuple[Kind, dict[str, Any]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    from_pages: dict[str, Any] | None = None
    wants_person: str | None = None
    language: Language | None = None
    heard: asyncio.Future[Understanding] | None = None
    told: dict[str, str] = field(default_factory=dict)
    """Corrections of facts, which only who knows them can hear."""
    forgets: list[str] = field(default_factory=list)
    forgets_all: bool = False


class Turns:
    """`announce` is told of every closed turn, so that sockets and staff see what happened."""

    def __init__(
        self,
        house: House,
        engine: Engine,
        listener: Listener,
        hub: Hub,
        readings: Readings,
        announce: Callable[[Closed], None],
    ) -> None:
        self._house, self._engine, self._listener, self._hub = house, engine, listener, hub
        self._readings, self._announce = readings, announce
        self._names = SiteNames(house)
        self._workers: dict[ConversationId, asyncio.Task[None]] = {}
        self._woken: set[ConversationId] = set()
        self._in_flight: dict[str, InFlight] = {}
        self._stopped = False
        self.closed = 0

    async def resume(self) -> None:
        """Takes up what a crash or a restart left open."""
        self._stopped = False
        for conversation in await self._house.store.read(outbox.unfinished):
            self.wake(conversation)

    def wake(self, conversation: ConversationId) -> None:
        self._woken.add(conversation)
        # A request that is still answered while we stop may store a message: the next start takes up its turn.
        if conversation not in self._workers and not self._stopped:
            self._workers[conversation] = asyncio.create_task(self._work(conversation))

    def in_flight(self, call: str | None) -> InFlight | None:
        """The turn that an action speaks for; None once it was closed or tried anew."""
        return self._in_flight.get(call) if call is not None else None

    async def stop(self) -> None:
        """Leaves what is open to the next start."""
        self._stopped = True
        for worker in list(self._workers.values()):
            worker.cancel()
        await asyncio.gather(*self._workers.values(), return_exceptions=True)

    async def _work(self, conversation: ConversationId) -> None:
        try:
            # Whoever wakes us while we look finds the conversation in `_woken`, and we look once more.
            while conversation in self._woken:
                self._woken.discard(conversation)
                await self._until_none_is_open(conversation)
        finally:
            del self._workers[conversation]
        if conversation in self._woken:
            self.wake(conversation)

    async def _until_none_is_open(self, conversation: ConversationId) -> None:
        pause = FIRST_PAUSE_S
        while True:
            try:
                turn = await self._house.store.read(outbox.next_open, conversation)
                if turn is None:
                    return
                closed = await self._take(turn)
            except (EngineUnavailable, StoreUnavailable) as error:
                log.warning("turn not closed, trying again in %.1f s: %s", pause, error)
            except Exception:
                # A fault of ours must not leave the visitor without an end: the deadline still closes the turn.
                log.exception("turn not closed, trying again in %.1f s", pause)
            else:
                pause = FIRST_PAUSE_S
                if closed is not None:
                    self.closed += 1
                    self._announce(closed)
                    await self._erase(closed)
                if turn.is_last:
                    return  # whoever opened another since then has woken us
                continue
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _erase(self, closed: Closed) -> None:
        """Clears the traces of what was forgotten, and ends the windows of who was."""
        if closed.erased:
            await self._house.store.erase_traces()
        for gone in closed.forgotten.conversations if closed.forgotten else ():
            await self._hub.close(gone, 4401, "forgotten")

    async def _take(self, turn: OpenTurn) -> Closed | None:
        """Answers the turn and closes it; past its deadline, closes it with an apology."""
        store, conversation = self._house.store, turn.conversation.id
        left_s = self._house.settings.deadline_s - (self._house.now() - turn.opened_at) / 1_000_000
        if left_s > 0:
            try:
                async with asyncio.timeout(left_s):
                    outcome = await self._ask(turn)
            except EngineUnavailable:
                await store.write_in_order(conversation, outbox.tried, turn.id)
                raise
            except TimeoutError:
                pass
            else:
                return await store.write_in_order(conversation, outbox.close, turn, outcome, at=self._house.now())
        log.error("turn %s of conversation %s: no answer in time", turn.id, conversation)
        apology = APOLOGY[await self._language(turn)]
        return await store.write_in_order(conversation, outbox.give_up, turn, apology, at=self._house.now())

    async def _ask(self, turn: OpenTurn) -> Outcome:
        # A new name for each attempt: an action that is late from an earlier one must not add to this one.
        name = f"{turn.id}.{turn.attempts}"
        flight = self._in_flight[name] = InFlight(turn, language=await self._language(turn))
        if turn.mode == "answer":
            self._readings.read(turn.conversation.id, turn.seq)
            self._hub.push(turn.conversation.id, {"type": "typing", "from": "bot"})
        payload = turn.payload or (CARD_ONLY if is_nothing_else(turn.text) else None)
        call = TurnCall(
            turn=TurnId(name),
            text=payload or turn.text,
            mode=turn.mode,
            trusted=payload is not None,
            state=turn.dialogue,
            page={"url": turn.page, "title": ""} if turn.page else None,
            facts={},
            language=flight.language,
        )
        names = await self._names.of(turn.conversation.site)
        listening = flight.heard = asyncio.ensure_future(self._listener.listen(turn.text, names))
        try:
            result = await self._engine.take_turn(call)
            heard = await listening
        finally:
            listening.cancel()
            del self._in_flight[name]
        return Outcome(
            replies=(*_warned(turn, flight.language), *(_reply(message) for message in result.messages)),
            understanding=combine(
                flight.understanding or result.understanding, _corrected(heard, flight.told), turn.text
            ),
            actions=tuple(result.actions),
            decided=result.decided,
            bot=result.bot,
            dialogue=result.state,
            noted=tuple(flight.noted),
            notes=tuple(flight.notes),
            from_pages=flight.from_pages,
            wants_person=flight.wants_person,
            forgets=tuple(flight.forgets),
            forgets_all=flight.forgets_all,
        )

    async def _language(self, turn: OpenTurn) -> Language:
        """What to answer in: as the visitor writes, else as their browser or the site has it."""
        # What a page says is in the page's language, whoever asked for it.
        said = [one.text for one in reversed(turn.history) if one.sender == "visitor" or not one.sources]
        site = await self._house.site(turn.conversation.site)
        return language_of(turn.text, said, turn.conversation.language, site.chat.language if site else None)


def _corrected(heard: Understanding, told: dict[str, str]) -> Understanding:
    return replace(heard, facts=tuple((dict(heard.facts) | told).items())) if told else heard


def _warned(turn: OpenTurn, language: Language | None) -> list[Reply]:
    """Whoever sends the number of a card is told not to; the second time in other words."""
    if turn.mode != "answer" or not is_masked(turn.text):
        return []
    said = [one.text for one in turn.history if one.sender == "bot"]
    first, second = CARD_NUMBER[language or "en"]
    # The one that was not said last.
    return [Reply(second if first in said and second not in said[said.index(first) :] else first)]


def _reply(message: Any) -> Reply:
    sources = (message.custom or {}).get("sources", [])
    return Reply(
        text=message.text or "",
        sources=tuple(sources),
        buttons=tuple(message.buttons),
        cards=cards_of(message.custom),
    )
