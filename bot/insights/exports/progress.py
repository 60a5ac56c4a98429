"""How far an export has come: first the rows that are read of the store, then those that DuckDB writes."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.insights.window import ROWS_AT_ONCE

if TYPE_CHECKING:
    import duckdb

LOOKS_EVERY_S = 0.25
READING = 0.9
"""What of an export of the store's rows is reading them; the rest is writing the file."""
SHARE = "share "
"""What a line begins with on which a process tells it."""

type Tell = Callable[[float], None]


class Progress:
    """Tells the share that is done, from 0 to 1. It never goes back, also when a question is put again."""

    def __init__(self, tell: Tell | None = None) -> None:
        self._tell, self._told = tell, 0.0
        self._start = 0.0

    def page_read(self, pages: int, rows: int | None) -> None:
        """So many pages of ROWS_AT_ONCE rows are read; `rows` there are in all, None where nobody knows."""
        if rows:
            self._reached(READING * min(1.0, pages * ROWS_AT_ONCE / rows))

    def all_read(self) -> None:
        """What is told from now on is of writing, which begins here."""
        self._reached(READING)
        self._start = READING

    @contextmanager
    def watching(self, connection: "duckdb.DuckDBPyConnection") -> Iterator[None]:
        """Tells what share of its rows the connection's statement has written, as long as this is open."""
        if self._tell is None:
            yield
            return
        # The second setting keeps it from drawing on the terminal itself.
        connection.execute("SET enable_progress_bar_print = false; SET enable_progress_bar = true")
        ended = threading.Event()
        looking = threading.Thread(target=self._look, args=(connection, ended), name="progress", daemon=True)
        looking.start()
        try:
            yield
        finally:
            ended.set()
            looking.join()

    def _look(self, connection: "duckdb.DuckDBPyConnection", ended: threading.Event) -> None:
        while not ended.wait(LOOKS_EVERY_S):
            # Below 0 it does not know yet.
            share = max(0.0, min(1.0, connection.query_progress() / 100))
            self._reached(self._start + (1 - self._start) * share)

    def _reached(self, share: float) -> None:
        if self._tell is not None and share > self._told:
            self._told = share
            self._tell(share)
