"""A desk that remembers what it was asked, and answers what the test told it."""

import asyncio
from dataclasses import dataclass, field

from bot.desk import Call, Fact, PageAnswer, PersonSought, Source, Telling
from bot.hours import Opening
from bot.interactions import Understanding
from bot.orders import Order, OrderSought

RETURNS = PageAnswer(
    answered=True,
    confidence=0.9,
    text="You can return anything within 30 days.",
    sources=(Source("https://shop.example/returns", "Returns", "You can return anything within 30 days."),),
)
UNKNOWN = PageAnswer(answered=False, confidence=0.1, sources=(Source("https://shop.example/", "Home", "Welcome."),))
NOTHING_TOLD = Telling()


@dataclass
class FakeDesk:
    """`asked` lists every call as (method, call, ...) in order; `raises` makes every answer fail."""

    page_answer: PageAnswer = RETURNS
    orders: list[OrderSought] = field(default_factory=list)
    """What is found of the orders asked for, one after the other; then none."""
    customers_order: Order | None = None
    """Told without any question, as to a customer whom the site vouches for."""
    feedback_fits: bool = False
    facts: tuple[Fact, ...] = ()
    telling: Telling = NOTHING_TOLD
    wait_s: int | None = 30
    open: bool | None = None
    opens: Opening | None = None
    by_link: bool = False
    """Whether a mail's link led to the conversation."""
    raises: Exception | None = None
    sleeps_s: float = 0.0
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def reset(self) -> None:
        self.__init__()  # type: ignore[misc]

    def calls(self, method: str) -> list[tuple[object, ...]]:
        return [entry[1:] for entry in self.asked if entry[0] == method]

    async def heard(self, call: Call, understanding: Understanding) -> None:
        self.asked.append(("heard", call, understanding))
        if self.raises:
            raise self.raises

    async def answer(self, call: Call) -> PageAnswer:
        await self._ask("answer", call)
        return self.page_answer

    async def ask_person(self, call: Call, *, reason: str) -> PersonSought:
        await self._ask("ask_person", call, reason)
        return PersonSought(self.wait_s, self.open, self.opens)

    async def order(self, call: Call, *, number: str | None, email: str | None) -> OrderSought:
        await self._ask("order", call, number, email)
        if self.customers_order is not None:
            return OrderSought(self.customers_order)
        return self.orders.pop(0) if self.orders and number and email else OrderSought()

    async def may_ask_feedback(self, call: Call) -> bool:
        await self._ask("may_ask_feedback", call)
        return self.feedback_fits

    async def note(self, call: Call, text: str) -> None:
        await self._ask("note", call, text)

    async def recall(self, call: Call) -> tuple[Fact, ...]:
        await self._ask("recall", call)
        return self.facts

    async def told(self, call: Call) -> Telling:
        await self._ask("told", call)
        return self.telling

    async def forget(self, call: Call, *, fact: str | None) -> None:
        await self._ask("forget", call, fact)

    async def erases_all(self, call: Call) -> bool:
        return not self.by_link

    async def record(self, call: Call, *, kind: str, data: dict[str, str | int | float | None]) -> None:
        await self._ask("record", call, kind, data)

    async def _ask(self, *entry: object) -> None:
        self.asked.append(entry)
        if self.sleeps_s:
            await asyncio.sleep(self.sleeps_s)
        if self.raises:
            raise self.raises
