"""The panel beside a conversation, as its page draws it and as it is pushed to the pages that are open."""

from typing import Any

from bot.conversation_score import Counts, score_of
from bot.gateway.console.visitor import about, amount, evidence
from bot.gateway.house import House
from bot.gateway.screens import drawn
from bot.insights.score_words import part_rows
from bot.insights.scores import counts_now
from bot.store.conversations import Conversation


async def panel(house: House, conversation: Conversation) -> dict[str, Any]:
    """What `console/about.html` shows, beside the conversation itself."""
    counts = await counts_now(house.store, conversation.id) or Counts()
    return {
        "about": await about(house, conversation),
        "amount": amount,
        "evidence": evidence,
        "score": score_of(counts),
        "parts": part_rows(counts),
    }


async def panel_piece(house: House, conversation: Conversation) -> dict[str, Any]:
    """The frame that brings it up to date; it is the same for all who look."""
    at = f"/console/conversations/{conversation.id}"
    values = await panel(house, conversation)
    html = drawn("console/about.html", conversation=conversation, at=at, now=house.now(), **values)
    return {"type": "pieces", "html": html}
