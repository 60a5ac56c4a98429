"""What has changed on the open console pages, drawn once for all who look at it."""

import asyncio
import contextlib
from typing import Any

from aiohttp import web

from bot.conversation import Owner
from bot.errors import StoreUnavailable
from bot.gateway.console.lists import Lists
from bot.gateway.console.live_visitors import LiveVisitors
from bot.gateway.console.meeting import Meetings
from bot.gateway.console.panel import panel_piece
from bot.gateway.console.transcript import Day, by_day, kind_and_size
from bot.gateway.house import HOUSE
from bot.gateway.on_pages import on_pages
from bot.gateway.onlookers import Screen, tell
from bot.gateway.rooms import ROOMS
from bot.gateway.screens import drawn
from bot.interactions import ConversationId, VisitorId
from bot.store.conversations import Conversation, find
from bot.store.inbox import understood
from bot.store.reviews import of_turns
from bot.store.staff import name_of

LOOKED_BACK = 30
PANEL_AFTER_S = 0.3
RUNS_SHOWN = 3
"""The end of the transcript is sent whole: what was understood of a message comes after it, and so does "Seen"."""
AGAIN: dict[str, Any] = {"type": "again"}
"""Tells a page to fetch itself: a fragment would not do."""


async def paint(app: web.Application, known: ConversationId, screens: set[Screen]) -> None:
    """Sends these screens the end of the transcript, and the banner and the composer as their member has them."""
    store = app[HOUSE].store
    conversation = await store.read(find, known)
    if conversation is None:
        tell(screens, AGAIN)
        return
    said, _ = await store.read(understood, known, after=max(0, conversation.seq - LOOKED_BACK))
    days = _end_of(by_day(said), is_cut=conversation.seq > LOOKED_BACK)
    staff = conversation.standing.staff
    owner = await store.read(name_of, staff) if staff else None
    common = {"conversation": conversation, "standing": conversation.standing, "now": app[HOUSE].now()}
    if days:
        answered = [one.reply_to for one, _ in said if one.reply_to]
        reviewed = await store.read(of_turns, known, answered)
        html = drawn(
            "console/said.html",
            days=days,
            reviewed=reviewed,
            kind_and_size=kind_and_size,
            **_address(conversation),
            **common,
        )
        tell(screens, {"type": "pieces", "html": html, "into": "said", "seq": conversation.seq})
    elif said:
        tell(screens, AGAIN)
    for mine in (True, False):
        theirs = {screen for screen in screens if _owns(screen, conversation) is mine}
        if theirs:
            tell(
                theirs,
                {"type": "pieces", "html": _standing(mine=mine, owner=owner, **_address(conversation), **common)},
            )


def _standing(**values: Any) -> str:
    """Who owns it, and what this lets one do."""
    draft = {"note": False}
    return "".join(drawn(f"console/{name}.html", draft=draft, **values) for name in ("banner", "kinds", "send"))


def _owns(screen: Screen, conversation: Conversation) -> bool:
    return conversation.standing.owner is Owner.STAFF and conversation.standing.staff == screen.member.id


def _address(conversation: Conversation) -> dict[str, str]:
    return {"at": f"/console/conversations/{conversation.id}"}


def _end_of(days: list[Day], *, is_cut: bool) -> list[Day]:
    """The last runs, by day. A run whose beginning was not looked at is left out: its name is its first seq."""
    runs = [(day, run) for day in days for run in day.runs][1 if is_cut else 0 :][-RUNS_SHOWN:]
    kept = [Day(day.at, tuple(run for its, run in runs if its is day)) for day in days]
    return [day for day in kept if day.runs]


class FragmentPainter:
    """One task a conversation that is looked at: what changes while it draws is drawn once, after."""

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._meetings = Meetings(app[ROOMS].onlookers)
        self._lists = Lists(app)
        self._live_visitors = LiveVisitors(app)
        self._dirty: set[ConversationId] = set()
        self._tasks: dict[ConversationId, asyncio.Task[None]] = {}
        self._panels: dict[ConversationId, asyncio.Task[None]] = {}
        self._visitors: dict[ConversationId, VisitorId | None] = {}
        """Of the conversations that were drawn and are looked at."""
        on_pages(app[HOUSE]).heard = self.went_on

    def changed(self, conversation: ConversationId) -> None:
        self._lists.changed(conversation)
        self._draw(conversation)

    def went_on(self, visitor: VisitorId) -> None:
        looked_at = self._app[ROOMS].onlookers.of
        self._visitors = {one: whose for one, whose in self._visitors.items() if looked_at(one)}
        for one in [one for one, whose in self._visitors.items() if whose == visitor]:
            self._draw(one)
        self._live_visitors.changed()

    def _draw(self, conversation: ConversationId) -> None:
        if not self._app[ROOMS].onlookers.of(conversation):
            return
        self._dirty.add(conversation)
        if conversation not in self._tasks:
            self._tasks[conversation] = asyncio.create_task(self._paint(conversation), name="fragments")

    def handed_over(self, conversation: ConversationId) -> None:
        self.changed(conversation)
        self._lists.handed_over()

    def typing(self, conversation: ConversationId, who: str, name: str, what: str) -> None:
        self._meetings.typing(conversation, who, name, what)

    def met(self, conversation: ConversationId) -> None:
        self._meetings.show(conversation)
        # For who has just come: what happened since their page was drawn.
        self._draw(conversation)

    async def _paint_panel(self, conversation: ConversationId) -> None:
        """Words come first: a message, what was understood of it and its answer are one panel, after them."""
        await asyncio.sleep(PANEL_AFTER_S)
        del self._panels[conversation]
        house, screens = self._app[HOUSE], set(self._app[ROOMS].onlookers.of(conversation))
        if not screens:
            return
        with contextlib.suppress(StoreUnavailable):
            if (known := await house.store.read(find, conversation)) is not None:
                self._visitors[conversation] = known.visitor
                tell(screens, await panel_piece(house, known))

    async def _paint(self, conversation: ConversationId) -> None:
        try:
            while conversation in self._dirty:
                self._dirty.discard(conversation)
                screens = set(self._app[ROOMS].onlookers.of(conversation))
                try:
                    await paint(self._app, conversation, screens)
                except StoreUnavailable:
                    tell(screens, AGAIN)
        finally:
            del self._tasks[conversation]
            if conversation not in self._panels:
                self._panels[conversation] = asyncio.create_task(self._paint_panel(conversation), name="panel")
