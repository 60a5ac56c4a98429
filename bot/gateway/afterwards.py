"""What is written while the answer is on its way already, so that nobody waits for it."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)
_under_way: set[asyncio.Task[None]] = set()


def afterwards(what: str, writing: Coroutine[Any, Any, None]) -> None:
    """Lets it be written; `what` it is stands in the log when it can't be. The store's orderly end waits for it."""
    task = asyncio.create_task(writing, name=what)
    # The loop alone would let go of it half way.
    _under_way.add(task)
    task.add_done_callback(_ended)


def _ended(task: asyncio.Task[None]) -> None:
    _under_way.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s could not be written: %s", task.get_name(), type(error).__name__)
