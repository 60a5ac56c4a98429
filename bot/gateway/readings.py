"""How far bot or staff have read each conversation, so that its visitor is told once, and again with a welcome."""

from collections import OrderedDict
from collections.abc import Iterable

from bot.gateway.hub import Hub
from bot.interactions import ConversationId
from bot.store.conversations import Message

REMEMBERED = 10_000
"""Conversations. Of others only what follows from the store is known: closed turns and what staff said."""


class Readings:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._seqs: OrderedDict[ConversationId, int] = OrderedDict()

    def read(self, conversation: ConversationId, seq: int) -> None:
        """All up to `seq` was read; the visitor is told when that is news."""
        if seq > self._seqs.get(conversation, 0):
            self.remember(conversation, seq)
            self._hub.push(conversation, {"type": "seen", "seq": seq})

    def read_by_staff(self, conversation: ConversationId, shown: Iterable[Message]) -> None:
        """These messages are before a member's eyes. Only the visitor's own count: theirs they know."""
        self.read(conversation, max((one.seq for one in shown if one.sender == "visitor"), default=0))

    def remember(self, conversation: ConversationId, seq: int) -> int:
        """What is known now, of this and of before: how far it was read."""
        known = max(seq, self._seqs.pop(conversation, 0))
        self._seqs[conversation] = known
        if len(self._seqs) > REMEMBERED:
            self._seqs.popitem(last=False)
        return known
