"""The desk in the gateway: what actions ask for is looked up, or kept with the open turn until it closes."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.desk import Call, Fact, Manner, PageAnswer, PersonSought, Telling
from bot.gateway.house import House, now
from bot.gateway.looked_at import looked_at
from bot.gateway.orders import Orders
from bot.gateway.question import question_of
from bot.gateway.turns import Turns
from bot.gateway.waiting import Waiting
from bot.interactions import Interaction, Kind, Microseconds, SiteKey, Understanding
from bot.orders import OrderSought
from bot.pages.answering.answer import Answer
from bot.pages.answering.librarian import Librarian
from bot.pages.answering.rephrase import Rephraser
from bot.settings import load
from bot.store.counts import count_drop
from bot.store.feedback import may_be_asked
from bot.store.forget import is_led_by_link
from bot.store.interactions import append
from bot.store.memory import remembered
from bot.store.sites import Site, all_sites
from bot.store.store import Store
from bot.understanding.corrections import corrected, no_longer
from bot.waits import outlook

KINDS = {str(kind): kind for kind in Kind}


class GatewayDesk:
    """Speaks for the open turns of this gateway."""

    def __init__(
        self,
        house: House,
        turns: Turns,
        librarian: Librarian,
        waiting: Waiting,
        rephraser: Rephraser | None = None,
    ) -> None:
        self._house, self._turns, self._librarian, self._waiting = house, turns, librarian, waiting
        self._rephraser = rephraser
        self._orders = Orders(house)
        self._outside = OutsideDesk(house.store, librarian, house.now)

    async def heard(self, call: Call, understanding: Understanding) -> None:
        flight = self._turns.in_flight(call.turn)
        if flight is not None:
            flight.understanding = understanding
        elif call.turn is None:
            await self._outside.heard(call, understanding)

    async def answer(self, call: Call) -> PageAnswer:
        flight = self._turns.in_flight(call.turn)
        if flight is None:
            return await self._outside.answer(call)
        turn = flight.turn
        asked = question_of(turn)
        site = turn.conversation.site
        answer = await self._librarian.answer(site, asked.text, asked.history, asked.page, asked.within)
        found = await self._reworded(site, asked.text, answer)
        data: dict[str, Any] = {"confidence": round(found.confidence, 4), "pages": [one.url for one in found.sources]}
        asked_back = {"options": list(found.options)} if found.options else {}
        flight.from_pages = {"answered": found.answered} | data | asked_back | looked_at(answer)
        if not found.answered and not (await self.told(call)).is_of_self(call.text):
            flight.noted.append((Kind.UNANSWERED, data))
        return found

    async def _reworded(self, site: SiteKey, question: str, answer: Answer) -> PageAnswer:
        """The answer as a language model says it, where operator and site want that and it says what the pages say."""
        said = answer.said
        own = await self._house.site(site)
        # What is asked back, or only found, is not to be said with more certainty than the page does.
        plain = said.answered and not said.options and said.manner is Manner.PLAIN
        if self._rephraser is None or own is None or not own.chat.rephrase or not plain:
            return said
        reworded = await self._rephraser.reword(question, answer)
        if isinstance(reworded, PageAnswer):
            return reworded
        await self._house.store.write(count_drop, site, door="rephrase", reason=reworded, at=self._house.now())
        return said

    async def ask_person(self, call: Call, *, reason: str) -> PersonSought:
        flight = self._turns.in_flight(call.turn)
        if flight is None:
            return PersonSought(None)
        flight.wants_person = reason
        found = await self._waiting.look(flight.turn.conversation.site)
        return PersonSought(found.wait_s, found.open, found.opens)

    async def order(self, call: Call, *, number: str | None, email: str | None) -> OrderSought:
        flight = self._turns.in_flight(call.turn)
        if flight is None:
            return OrderSought()
        sought = await self._orders.look(flight.turn.conversation, number, email)
        if sought.found is not None or (number and email and not sought.is_refused):
            flight.noted.append((Kind.ORDER, {"found": sought.found is not None}))
        return sought

    async def may_ask_feedback(self, call: Call) -> bool:
        flight = self._turns.in_flight(call.turn)
        if flight is None:
            return False
        site = await self._house.site(flight.turn.conversation.site)
        return site is not None and site.chat.rating and await self._house.store.read(
            may_be_asked, flight.turn.conversation
        )  # fmt: skip

    async def note(self, call: Call, text: str) -> None:
        flight = self._turns.in_flight(call.turn)
        if flight is not None:
            flight.notes.append(text)

    async def recall(self, call: Call) -> tuple[Fact, ...]:
        flight = self._turns.in_flight(call.turn)
        if flight is None:
            return ()
        told = await self._house.store.read(remembered, flight.turn.conversation.id, flight.language)
        return tuple(Fact(one.id, one.text, one.value) for one in told)

    async def told(self, call: Call) -> Telling:
        flight = self._turns.in_flight(call.turn)
        if flight is None or flight.heard is None:
            return Telling()
        heard = dict((await asyncio.shield(flight.heard)).facts)
        known = {fact.id: fact.value for fact in await self.recall(call)}
        text = flight.turn.text
        flight.told |= {kind: value for kind, value in corrected(text, known) if kind not in heard}
        facts = tuple((heard | flight.told).items())
        outdated = tuple(kind for kind in no_longer(text, known) if kind not in dict(facts))
        return Telling(facts, outdated, flight.turn.conversation.memory)

    async def forget(self, call: Call, *, fact: str | None) -> None:
        flight = self._turns.in_flight(call.turn)
        if flight is not None and fact is None:
            flight.forgets_all = True
        elif flight is not None and fact is not None:
            flight.forgets.append(fact)

    async def erases_all(self, call: Call) -> bool:
        flight = self._turns.in_flight(call.turn)
        return flight is None or not await self._house.store.read(is_led_by_link, flight.turn.conversation.id)

    async def record(self, call: Call, *, kind: str, data: dict[str, str | int | float | None]) -> None:
        flight = self._turns.in_flight(call.turn)
        if flight is not None:
            flight.noted.append((KINDS[kind], dict(data)))


class OutsideDesk:
    """For calls without an open turn (`rasa shell`): each is its own transaction, marked `rasa`, about nobody."""

    def __init__(
        self, store: Store, librarian: Librarian, now: Callable[[], Microseconds], *, migrate: bool = False
    ) -> None:
        self._store, self._librarian, self._now = store, librarian, now
        self._to_migrate = migrate

    async def heard(self, call: Call, understanding: Understanding) -> None:
        await self._write(
            call, Kind.UNDERSTANDING, {"intent": understanding.intent, "confidence": understanding.confidence}
        )

    async def answer(self, call: Call) -> PageAnswer:
        site = await self._site()
        if site is None:
            return PageAnswer(False, 0.0)
        # Nothing is kept of what was asked before: an option that is chosen would be a question of its own.
        return replace((await self._librarian.answer(site.key, call.text)).said, options=())

    async def ask_person(self, call: Call, *, reason: str) -> PersonSought:
        await self._write(call, Kind.HANDOVER, {"to": "nobody", "reason": reason})
        site = await self._site()
        found = outlook(site.chat.opening_hours if site else None, (), present=False, at=self._now())
        return PersonSought(found.wait_s, found.open, found.opens)

    async def order(self, call: Call, *, number: str | None, email: str | None) -> OrderSought:
        # Whoever talks in a shell is nobody's customer; orders are told in the chat alone.
        return OrderSought()

    async def may_ask_feedback(self, call: Call) -> bool:
        return False

    async def note(self, call: Call, text: str) -> None:
        # Nobody of the staff reads what is tried in a shell.
        pass

    async def recall(self, call: Call) -> tuple[Fact, ...]:
        return ()

    async def told(self, call: Call) -> Telling:
        return Telling()

    async def forget(self, call: Call, *, fact: str | None) -> None:
        # Nothing is kept of who talks in a shell.
        pass

    async def erases_all(self, call: Call) -> bool:
        return True

    async def record(self, call: Call, *, kind: str, data: dict[str, str | int | float | None]) -> None:
        await self._write(call, KINDS[kind], dict(data))

    async def _site(self) -> Site | None:
        if self._to_migrate:
            # Imported here: the gateway finds its store up to date, and starts without what changes tables.
            from bot.store.migrate import upgrade

            await self._store.write(upgrade)
            self._to_migrate = False
        sites = await self._store.read(all_sites)
        # Whoever talks in a shell talks about the demonstration, unless there is only something else.
        return next((site for site in sites if site.key == "demo"), sites[0] if sites else None)

    async def _write(self, call: Call, kind: Kind, data: dict[str, Any]) -> None:
        site = await self._site()
        if site is None:
            return
        row = Interaction(
            at=self._now(), site=site.key, kind=kind, source="rasa", source_id=f"{call.message}:{kind}", data=data
        )
        await self._store.write(append, [row])


def standalone() -> OutsideDesk:
    """The desk of an action server that runs by itself (`python -m rasa_sdk --actions actions`)."""
    settings = load()
    store = Store(settings.store_url)
    return OutsideDesk(store, Librarian(store, settings), now, migrate=True)
