"""Open lists of conversations: the rows that have changed, drawn once, and what the tabs count, are pushed to them."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import web

from bot.errors import StoreUnavailable
from bot.gateway.console.naming import names_in
from bot.gateway.console.narrowing import TABS, shown
from bot.gateway.house import HOUSE
from bot.gateway.onlookers import Listing, Screen, tell
from bot.gateway.rooms import ROOMS
from bot.gateway.screens import drawn
from bot.gateway.valued import weigh
from bot.interactions import ConversationId
from bot.store.queue import Listed, counts, of_ids, of_view
from bot.store.waiting_now import how_many_wait
from bot.who_is_next import told

EVERY_S, COUNTED_EVERY_S = 0.25, 2.0
"""Counting is the dearest of it, and nobody waits for a number."""
AT_ONCE = 50
"""More than a page has at once, a list is told to fetch itself."""
OLD: dict[str, Any] = {"type": "list"}


class Lists:
    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._changed: set[ConversationId] = set()
        self._is_handed_over = self._are_counts_old = False
        self._counted_at = float("-inf")
        self._waiting = 0
        self._task: asyncio.Task[None] | None = None

    def changed(self, conversation: ConversationId) -> None:
        self._changed.add(conversation)
        self._wake()

    def handed_over(self) -> None:
        self._is_handed_over = True
        self._wake()

    def _wake(self) -> None:
        if self._task is None:
            self._task = asyncio.create_task(self._keep_telling(), name="lists")

    def _screens(self) -> list[Screen]:
        return [one for one in self._app[ROOMS].onlookers.screens if one.lists is not None]

    async def _keep_telling(self) -> None:
        """Tells the first change at once, then what has changed meanwhile, until nothing does."""
        try:
            while self._changed or self._is_handed_over or self._are_counts_old:
                try:
                    await self._tell()
                    await self._tell_counts_in_time()
                except StoreUnavailable:
                    tell(self._screens(), OLD)
                await asyncio.sleep(EVERY_S)
        finally:
            self._task = None

    async def _tell(self) -> None:
        if self._is_handed_over:
            self._is_handed_over = False
            await self._tell_how_many_wait()
        ids, self._changed = sorted(self._changed), set()
        self._are_counts_old |= bool(ids)
        screens = self._screens()
        if not ids or not screens:
            return
        if len(ids) > AT_ONCE:
            tell(screens, OLD)
            return
        await self._tell_rows(ids, screens)

    async def _tell_rows(self, ids: Sequence[ConversationId], screens: Iterable[Screen]) -> None:
        house = self._app[HOUSE]
        await weigh(house)
        at = house.now()
        rows = await house.store.read(of_ids, ids)
        common = {
            "who": await names_in(house.store, rows),
            "now": at,
            "why": {one.id: told(one.waiting, since=one.since, at=at) for one in rows if one.since is not None},
        }
        for (listing, member, me), those in _alike(screens, rows).items():
            has = await house.store.read(of_view, listing.wanted, member=member, at=at, among=ids)
            html = "".join(drawn("console/row.html", one=one, me=me, **common) for one in rows if one.id in has)
            gone = [one for one in ids if one not in has]
            tell(those, {"type": "rows", "html": html, "gone": gone, "first": listing.first})

    async def _tell_counts_in_time(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._are_counts_old and now - self._counted_at >= COUNTED_EVERY_S:
            self._are_counts_old, self._counted_at = False, now
            await self._tell_counts()

    async def _tell_counts(self) -> None:
        store, at = self._app[HOUSE].store, self._app[HOUSE].now()
        by_member: defaultdict[str, list[Screen]] = defaultdict(list)
        for one in self._screens():
            by_member[one.member.id].append(one)
        for member, screens in by_member.items():
            counted = shown(await store.read(counts, member=member, at=at))
            for one in screens:
                if one.lists is not None:
                    tab = next(tab for tab in TABS if tab.key == one.lists.wanted.tab)
                    html = drawn("console/tabs.html", tabs=TABS, tab=tab, counts=counted)
                    tell([one], {"type": "pieces", "html": html})

    async def _tell_how_many_wait(self) -> None:
        count = await self._app[HOUSE].store.read(how_many_wait)
        frame = {"type": "waiting", "count": count, "more": count > self._waiting}
        self._waiting = count
        tell(self._app[ROOMS].onlookers.screens, frame)


def _alike(screens: Iterable[Screen], rows: Sequence[Listed]) -> dict[tuple[Listing, str, str], list[Screen]]:
    """Those to whom the same rows look the same: a member's own say "You", and their tab has theirs alone."""
    owners = {one.staff for one in rows}
    alike: defaultdict[tuple[Listing, str, str], list[Screen]] = defaultdict(list)
    for one in screens:
        if one.lists is not None:
            member = one.member.id if one.lists.wanted.tab == "mine" else ""
            alike[one.lists, member, one.member.name if one.member.name in owners else ""].append(one)
    return dict(alike)
