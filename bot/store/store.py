"""The store as the rest of the product holds it: open it, ask it, write to it, close it."""

from collections.abc import Callable
from typing import Concatenate

from sqlalchemy import Connection

from bot.store.database import parse_url, readers_for, unavailable
from bot.store.tidying import Tidying
from bot.store.writer import Writer


class Store:
    """The record of everything. `read` and `write` take a function of bot/store and its arguments."""

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self._readers = readers_for(self.url)
        self._writer = Writer(self._readers)
        self._tidying = Tidying(self._writer, self._readers.erase_traces)

    async def read[**P, T](
        self, ask: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        try:
            return await self._readers.run(lambda connection: ask(connection, *args, **kwargs))
        except Exception as error:
            raise unavailable(error) or error from error

    async def write[**P, T](
        self, act: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Runs `act` and commits it to disk; only then returns what it returned."""
        return await self.write_in_order("", act, *args, **kwargs)

    async def write_in_order[**P, T](
        self, key: str, act: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`; acts of the same key (a conversation) are done in the order they were asked for."""
        return await self._writer.write(lambda connection: act(connection, *args, **kwargs), key=key)

    async def erase_traces(self) -> None:
        """Clears what was erased before from the files that SQLite still has it in. PostgreSQL sees to that itself."""
        try:
            await self._readers.erase_traces()
        except Exception as error:
            raise unavailable(error) or error from error
        self._tidying.begin()

    async def settled(self) -> None:
        """Waits until the index of words has forgotten what was erased; `erase_traces` does not, since it can take
        some seconds where a million messages are."""
        await self._tidying.settled()

    async def close(self) -> None:
        await self._tidying.end()
        await self._writer.close()
        await self._readers.close()
