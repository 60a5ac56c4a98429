"""Files as a test writes them, taken in by the store of the test."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.insights.imports.command import Done, Wanted, import_file
from bot.insights.imports.faults import Faults
from bot.store.profiles import find_profile
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.tables import interactions, purchases
from tests.cast import SHOP, at


def bought(connection: Connection) -> list[tuple[Any, ...]]:
    """(id, type, value, currency, customer) of all that is kept of orders."""
    table = purchases.c
    rows = select(table.id, table.type, table.value, table.currency, table.customer).order_by(table.id)
    return [tuple(row) for row in connection.execute(rows)]


def logged(connection: Connection) -> list[tuple[Any, ...]]:
    """(type, source, customer, value) of the log."""
    table = interactions.c
    rows = select(table.type, table.source, table.customer, table.value).order_by(table.source_id)
    return [tuple(row) for row in connection.execute(rows)]


@dataclass
class Taking:
    """Takes files in; `faults` are those of the last one."""

    store: Store
    folder: Path
    faults: list[tuple[int, str]] = field(default_factory=list)

    async def __call__(
        self, text: str | bytes, kind: str = "orders", *, currency: str | None = "EUR", **more: Any
    ) -> Done:
        file = self.folder / "file"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        wanted = Wanted(kind, SHOP, file, "file", currency=currency, **more)
        with Faults() as faults:
            done = await import_file(self.store, wanted, faults, folder=self.folder, now=at)
        self.faults = [(one.line, one.problem) for one in faults.first]
        return done

    async def spent(self, customer: str) -> dict[str, int]:
        profile = await self.store.read(find_profile, f"customer:{SHOP}:{customer}")
        return {} if profile is None else profile.spent


@pytest.fixture
def take(store: Store, shop: Site, tmp_path: Path) -> Taking:
    return Taking(store, tmp_path)
