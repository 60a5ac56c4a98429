"""The console pages that are open: whose they are, what each looks at, and who is told when something changes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from bot.gateway.hub import Line
from bot.interactions import ConversationId
from bot.store.queue import Narrowed
from bot.store.staff import Member


@dataclass(frozen=True)
class Listing:
    """What a list shows. `first`: its first page, to which others may be added."""

    wanted: Narrowed
    first: bool


@dataclass(eq=False)
class Screen:
    """One open page. `looks_at` is the conversation on it, or None for any other page; `lists` what a list shows.

    `watches`: it shows who is on the site.
    """

    line: Line
    member: Member
    sign_in: str
    looks_at: ConversationId | None = None
    lists: Listing | None = None
    watches: bool = False


class Painter(Protocol):
    """Whoever draws what has changed. It is called often, and must return at once."""

    def changed(self, conversation: ConversationId) -> None: ...
    def handed_over(self, conversation: ConversationId) -> None: ...
    def typing(self, conversation: ConversationId, who: str, name: str, what: str) -> None: ...
    def met(self, conversation: ConversationId) -> None: ...


class Onlookers:
    def __init__(self) -> None:
        self.screens: set[Screen] = set()
        self.painter: Painter | None = None
        """Comes with the first screen: until then nobody looks."""
        self._at: defaultdict[ConversationId, set[Screen]] = defaultdict(set)

    def of(self, conversation: ConversationId) -> set[Screen]:
        return self._at.get(conversation, set())

    def look(
        self,
        screen: Screen,
        conversation: ConversationId | None,
        *,
        lists: Listing | None = None,
        watches: bool = False,
    ) -> None:
        self._turn_away(screen)
        self.screens.add(screen)
        screen.looks_at, screen.lists, screen.watches = conversation, lists, watches
        if conversation is not None:
            self._at[conversation].add(screen)
            self._met(conversation)

    def leave(self, screen: Screen) -> None:
        self._turn_away(screen)
        self.screens.discard(screen)

    def _turn_away(self, screen: Screen) -> None:
        if screen.looks_at is None:
            return
        before, screen.looks_at = screen.looks_at, None
        others = self._at[before]
        others.discard(screen)
        if others:
            self._met(before)
        else:
            del self._at[before]

    def _met(self, conversation: ConversationId) -> None:
        if self.painter is not None:
            self.painter.met(conversation)

    def changed(self, conversation: ConversationId) -> None:
        """Something was said, noted, read or understood in it."""
        if self.painter is not None:
            self.painter.changed(conversation)

    def handed_over(self, conversation: ConversationId) -> None:
        """It has another owner, or waits for one."""
        if self.painter is not None:
            self.painter.handed_over(conversation)

    def typing(self, conversation: ConversationId, who: str, name: str, what: str) -> None:
        """`who` (a member's id, or "visitor") writes: "Lena" "is typing a note". Nothing for `what`: no more."""
        if self.painter is not None:
            self.painter.typing(conversation, who, name, what)


def tell(screens: Iterable[Screen], frame: dict[str, Any]) -> None:
    for screen in screens:
        screen.line.send(frame)
