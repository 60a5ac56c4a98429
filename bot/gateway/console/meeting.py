"""Who else has a conversation open, and who writes in it: for each of those who look at it, the others."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass

from bot.gateway.onlookers import Onlookers, Screen, tell
from bot.gateway.screens import drawn
from bot.interactions import ConversationId

TYPES_FOR_S = 8.0
"""Whoever goes on typing says so every three seconds."""


@dataclass(frozen=True)
class Typing:
    name: str
    what: str
    ends: asyncio.TimerHandle


class Meetings:
    def __init__(self, onlookers: Onlookers) -> None:
        self._onlookers = onlookers
        self._typing: defaultdict[ConversationId, dict[str, Typing]] = defaultdict(dict)

    def typing(self, conversation: ConversationId, who: str, name: str, what: str) -> None:
        before = self._typing.get(conversation, {}).pop(who, None)
        if before is not None:
            before.ends.cancel()
        if what and self._onlookers.of(conversation):
            ends = asyncio.get_running_loop().call_later(TYPES_FOR_S, self.typing, conversation, who, "", "")
            self._typing[conversation][who] = Typing(name, what, ends)
        if not self._typing.get(conversation):
            self._typing.pop(conversation, None)
        if what != (before.what if before else ""):
            self.show(conversation)

    def show(self, conversation: ConversationId) -> None:
        """Tells each of those who look at it of the others."""
        screens = self._onlookers.of(conversation)
        members = {screen.member.id: screen.member.name for screen in screens}
        for me in members:
            others = sorted(name for id, name in members.items() if id != me)
            writing = [one for who, one in self._typing.get(conversation, {}).items() if who != me]
            html = drawn("console/here.html", others=others, writing=writing)
            tell(_of(me, screens), {"type": "pieces", "html": html})


def _of(member: str, screens: set[Screen]) -> set[Screen]:
    return {screen for screen in screens if screen.member.id == member}
