"""Where a conversation belongs: its labels, and what the list can do with it, beside it too."""

from typing import Any

from aiohttp import web

from bot.gateway.house import HOUSE
from bot.snoozing import WAYS
from bot.store.conversations import Conversation
from bot.store.labels import all_labels
from bot.store.queue import of_ids
from bot.store.team import team


async def sorting(request: web.Request, known: Conversation) -> dict[str, Any]:
    """What `console/sorting.html` shows."""
    store, now = request.app[HOUSE].store, request.app[HOUSE].now()
    lines = await store.read(of_ids, [known.id])
    until = lines[0].snoozed_until if lines else None
    return {
        "stuck": lines[0].labels if lines else (),
        "snoozed_until": until if until is not None and until > now else None,
        "labels": await store.read(all_labels),
        "team": await store.read(team),
        "ways": WAYS,
    }
