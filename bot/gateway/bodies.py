"""Reads a request's body, up to a limit, and makes its texts such that the store can hold them."""

import math
import re
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from bot.interactions import Microseconds, microseconds

# PostgreSQL holds no NUL, and half a surrogate pair is no character in UTF-8.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


async def read_body(request: web.Request, limit: int) -> bytes | None:
    """The body; None when it is longer than `limit` bytes, of which no more is read."""
    if (request.content_length or 0) > limit:
        return None
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > limit:
                return None
    except web.RequestPayloadError:
        # It says that it is compressed and is not.
        return b""
    return bytes(body)


def storable(text: str) -> str:
    return _UNSTORABLE.sub("", text)


def is_storable(text: str) -> bool:
    return _UNSTORABLE.search(text) is None


def storable_json(value: Any) -> Any:
    """The same value with storable texts; ValueError for a number that JSON has no word for (1e999)."""
    match value:
        case str():
            return storable(value)
        case dict():
            return {storable(name): storable_json(inner) for name, inner in value.items()}
        case list():
            return [storable_json(inner) for inner in value]
        case float() if not math.isfinite(value):
            raise ValueError("a number is too large")
        case _:
            return value


def moment(text: str) -> Microseconds:
    """The time of an RFC 3339 text; ValueError when it is none, has no offset, or is of no time we could mean."""
    read = datetime.fromisoformat(text.upper())
    if read.tzinfo is None:
        raise ValueError("give the time with its offset, e.g. 2026-03-02T12:00:00Z")
    if not EARLIEST <= read < LATEST:
        raise ValueError("the time is before 1970 or after 2199")
    return microseconds(read)
