"""Reads a file as it comes: a piece of it is held at a time, and nobody is waited for without end."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.gateway.file_names import name_in_form
from bot.gateway.file_types import UNDECLARED
from bot.gateway.pace import Pace
from bot.interactions import ConversationId
from bot.store.files import PIECE_BYTES

FILE_BYTES = 10 * 1024 * 1024
FORM_BYTES = 64 * 1024
"""What a form adds around its file."""
BURST, PER_SECOND = 20, 0.1
PACES = 10_000
AT_ONCE = 32
IDLE_S, WHOLE_S = 30.0, 600.0
_CHUNK_BYTES = 64 * 1024
# How a body or a form that is broken, or breaks off, shows itself.
_MALFORMED = (ValueError, AssertionError, LookupError, RuntimeError, EOFError, ConnectionError,
              HttpProcessingError, web.RequestPayloadError)  # fmt: skip


class Refused(Exception):
    """This file is not taken; `code` is what it is counted under."""

    def __init__(self, status: int, code: str, detail: str, *, retry_s: int | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.retry_s = status, code, detail, retry_s


@dataclass(frozen=True)
class Given:
    """A file as it is sent: what it is said to be, and its bytes as they arrive."""

    name: str
    declared: str
    chunks: AsyncIterator[bytes]


@dataclass(frozen=True)
class Piece:
    number: int
    content: bytes
    is_last: bool


class Uploads:
    """What goes on at the door for files: how fast each conversation sends, and how many send at once."""

    def __init__(self, *, idle_s: float = IDLE_S, whole_s: float = WHOLE_S) -> None:
        self.idle_s, self.whole_s = idle_s, whole_s
        self._paces: OrderedDict[ConversationId, Pace] = OrderedDict()
        self._going_on = 0

    @contextmanager
    def one_of(self, conversation: ConversationId) -> Iterator[None]:
        """A place for one upload; Refused when there is none now."""
        if not self._pace_of(conversation).take():
            raise Refused(429, "rate_limited", "That is many files at once. Please wait a little.", retry_s=10)
        if self._going_on >= AT_ONCE:
            raise Refused(503, "unavailable", "Many files arrive just now. Please try again.", retry_s=5)
        self._going_on += 1
        try:
            yield
        finally:
            self._going_on -= 1

    def _pace_of(self, conversation: ConversationId) -> Pace:
        pace = self._paces.pop(conversation, None) or Pace(burst=BURST, per_second=PER_SECOND)
        self._paces[conversation] = pace
        if len(self._paces) > PACES:
            self._paces.popitem(last=False)
        return pace


UPLOADS = web.AppKey("uploads", Uploads)


class Patience:
    """How long a browser is waited for: a while for the next bytes, and a longer one for all of them."""

    def __init__(self, uploads: Uploads) -> None:
        self._clock = asyncio.get_running_loop().time
        self._idle_s, self._end = uploads.idle_s, self._clock() + uploads.whole_s

    async def wait[T](self, what: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout_at(min(self._end, self._clock() + self._idle_s)):
                return await what
        except TimeoutError as error:
            raise Refused(408, "too_slow", "The file did not arrive in time. Please send it again.") from error
        except _MALFORMED as error:
            raise Refused(400, "malformed", "The file did not arrive whole. Please send it again.") from error


async def given_by(request: web.Request, patience: Patience) -> Given:
    """The file of a form, or the body itself with its name in `?name=`; Refused when it says that it is too large."""
    is_form = request.content_type == "multipart/form-data"
    if (request.content_length or 0) > FILE_BYTES + (FORM_BYTES if is_form else 0):
        raise too_large()
    if not is_form:
        return Given(request.query.get("name", ""), request.content_type, request.content.iter_any())
    form = await patience.wait(request.multipart())
    part = await patience.wait(form.next())
    if not isinstance(part, BodyPartReader) or (name := name_in_form(part)) is None:
        raise Refused(400, "empty", "The form has no file in it, or something else before it.")
    declared = part.headers.get("Content-Type", UNDECLARED).partition(";")[0].strip()
    return Given(name, declared, _chunks(form, part))


async def _chunks(form: MultipartReader, part: BodyPartReader) -> AsyncIterator[bytes]:
    while not part.at_eof():
        yield await part.read_chunk(_CHUNK_BYTES)
    if await form.next() is not None:
        raise Refused(400, "malformed", "A form has one file. Send each by itself.")


async def in_pieces(given: Given, patience: Patience) -> AsyncGenerator[Piece]:
    """The file in pieces of the same size, the last one shorter, or empty when the file is; Refused past 10 MB."""
    held, size, number = bytearray(), 0, 0
    while (chunk := await patience.wait(anext(given.chunks, None))) is not None:
        size += len(chunk)
        if size > FILE_BYTES:
            raise too_large()
        held += chunk
        while len(held) > PIECE_BYTES:
            yield Piece(number, bytes(held[:PIECE_BYTES]), is_last=False)
            del held[:PIECE_BYTES]
            number += 1
    yield Piece(number, bytes(held), is_last=True)


def too_large() -> Refused:
    return Refused(413, "too_large", f"A file has at most {FILE_BYTES // 1024 // 1024} MB.")
