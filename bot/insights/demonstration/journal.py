"""One person's rows of the log, as they would have come about, one after the other."""

from random import Random

from bot.insights.demonstration.people import Who
from bot.interactions import Interaction, Kind, Microseconds
from bot.store.invented import SOURCE, Talk
from bot.store.purchases import Notice
from bot.store.sites import INVENTED

SECOND_US = 1_000_000


class Journal:
    """What happened to `who`; `now` goes on with each row."""

    def __init__(self, random: Random, who: Who) -> None:
        self.random, self.who, self.now = random, who, Microseconds(0)
        self.rows: list[Interaction] = []
        self.talks: list[Talk] = []
        self.orders: list[Notice] = []
        self.customer_since: Microseconds | None = None

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one_of[T](self, *some: T) -> T:
        return self.random.choice(some)

    def add(self, kind: Kind, *, after: float = 5, **told: object) -> Microseconds:
        """A row about so many seconds after the last one; its moment."""
        self.now = Microseconds(self.now + round(after * SECOND_US * self.random.uniform(0.5, 1.5)))
        one = Interaction(
            at=self.now,
            site=INVENTED,
            kind=kind,
            source=SOURCE,
            source_id=f"{self.who.number}:{len(self.rows)}",
            visitor=self.who.visitor,
            customer=None if self.customer_since is None else self.who.customer,
            arm=self.who.arm.value,
            **told,  # type: ignore[arg-type]
        )
        self.rows.append(one)
        return self.now
