"""Towards which objectives a conversation, or the person who led it, counted: docs/exports.md defines the column."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bot.insights.exports.columns import Column, Type, columns
from bot.insights.objectives.towards import Towards, towards
from bot.interactions import CustomerId, SiteKey, VisitorId
from bot.store.objectives import objectives_of
from bot.store.pages_of_rows import Span
from bot.store.store import Store
from bot.store.visitors import ledger

COLUMNS: tuple[Column, ...] = columns(objectives=Type.JSON)


@dataclass(frozen=True)
class Counted:
    """What counted towards the objectives whose days a window touches; `names` are theirs, by their ids."""

    names: Mapping[str, str]
    towards: Towards
    known: Mapping[VisitorId, CustomerId]

    @classmethod
    async def read(cls, store: Store, span: Span, log: Path | None) -> Self:
        """NoLogYet: too much is new to be counted without the log."""
        names = {one.id: one.name for one in await store.read(objectives_of, SiteKey(span.site))}
        known = await store.read(ledger, span.site) if names else {}
        return cls(names, await towards(store, span, log=log), known)

    def cells_of(self, row: Any) -> tuple[str, ...]:
        """The cells of COLUMNS of the conversation `row`."""
        # As the log's questions name people: who leads two browsers is one.
        customer = self.known.get(row.visitor) if row.visitor else row.customer
        person = f"c:{customer}" if customer else f"v:{row.visitor}"
        counted = {*self.towards.people.get(person, ()), *self.towards.conversations.get(row.id, ())}
        return (json.dumps(sorted(self.names[id] for id in counted), ensure_ascii=False),)
