"""Files that visitors send: `POST /v1/files`, and who may have one again: its sender and the staff, to save it only."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import asdict

from aiohttp import web

from bot.errors import StoreUnavailable
from bot.gateway.audit import audited
from bot.gateway.bearer import visitors_only
from bot.gateway.file_names import as_attachment, clean_name
from bot.gateway.file_types import TEXT, FileType, PlainText, contradicts, type_of
from bot.gateway.house import HOUSE, House, problem
from bot.gateway.origins import preflight
from bot.gateway.staff import staff_only
from bot.gateway.uploads import UPLOADS, Given, Patience, Piece, Refused, given_by, in_pieces
from bot.interactions import ConversationId
from bot.store import files as store
from bot.store.audit import Act, of_conversation
from bot.store.conversations import Conversation
from bot.store.counts import count_drop
from bot.store.files import CONVERSATION_BYTES, CONVERSATION_FILES, File, FileId
from bot.store.sites import Site
from bot.store.staff import Member

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}
TAKEN = "Files are PNG, JPEG, WebP, PDF or plain text in UTF-8."
REMOVED_BY_THE_WAY = 2
"""Files that nobody sent on, removed with each upload: one more than an upload can leave behind."""
routes = web.RouteTableDef()
log = logging.getLogger(__name__)


@routes.options("/v1/files")
@routes.options("/v1/files/{id}")
async def ask_first(request: web.Request) -> web.StreamResponse:
    return await preflight(request)


@routes.post("/v1/files")
@visitors_only
async def upload(request: web.Request, site: Site, conversation: Conversation) -> web.StreamResponse:
    house = request.app[HOUSE]
    try:
        if not site.chat.files:
            raise Refused(403, "not_allowed", "This site takes no files; `duologue site set KEY files=true` lets it.")
        with request.app[UPLOADS].one_of(conversation.id):
            kept = await _keep(request, conversation)
    except Refused as refused:
        await house.store.write(count_drop, site.key, door="files", reason=refused.code, at=house.now())
        headers = None if refused.retry_s is None else {"Retry-After": str(refused.retry_s)}
        return problem(refused.status, refused.code, refused.detail, headers=headers)
    await tidy(house, at_most=REMOVED_BY_THE_WAY)
    return web.json_response(asdict(kept), status=201)


@routes.get("/v1/files/{id}")
@visitors_only
async def own_file(request: web.Request, site: Site, conversation: Conversation) -> web.StreamResponse:
    found = await request.app[HOUSE].store.read(store.of_visitor, conversation.id, request.match_info["id"])
    return _unknown() if found is None else download(request, found)


@routes.get("/v1/staff/files/{id}")
@staff_only("agent")
async def file_for_staff(request: web.Request, member: Member) -> web.StreamResponse:
    found = await request.app[HOUSE].store.read(store.of_message, request.match_info["id"])
    if found is None:
        return _unknown()
    return await download_by_staff(request, member, found)


async def download_by_staff(request: web.Request, member: Member, file: File) -> web.Response:
    """As `download`, and kept in the audit log."""
    conversation = await request.app[HOUSE].store.read(store.sent_in, file.id)
    if conversation is not None:
        await audited(request, member, Act.READ_FILE, of_conversation(conversation))
    return download(request, file)


def download(request: web.Request, file: File) -> web.Response:
    """The file to be saved, never shown: whatever is in its bytes, no page of ours runs it."""
    named = {"Content-Disposition": as_attachment(file.name), "Content-Length": str(file.size)}
    charset = "utf-8" if file.type == TEXT.media else None
    body = _contents(request, file)
    return web.Response(body=body, headers=HEADERS | named, content_type=file.type, charset=charset)


async def tidying(app: web.Application) -> AsyncIterator[None]:
    """Removes at start what was uploaded and never sent; what comes later goes with later uploads."""
    task = asyncio.create_task(tidy(app[HOUSE]))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _keep(request: web.Request, conversation: Conversation) -> File:
    patience = Patience(request.app[UPLOADS])
    return await keep(request.app[HOUSE], conversation.id, await given_by(request, patience), patience)


async def keep(
    house: House, conversation: ConversationId, given: Given, patience: Patience, *, staff: str | None = None
) -> File:
    """Stores the file as it arrives; what is refused half way, or breaks off, is removed again."""
    async with aclosing(in_pieces(given, patience)) as pieces:
        first = await anext(pieces)
        type, name = _what(first, given)
        contents = Contents(type)
        contents.check(first)
        shelf = await Shelf.begin(house, conversation, name=name, type=type, staff=staff)
        try:
            await shelf.add(first)
            async for piece in pieces:
                contents.check(piece)
                await shelf.add(piece)
        except BaseException:
            # Cancelled too: the browser hung up, or the house closes.
            await shelf.clear()
            raise
    return File(shelf.file, name, type.media, shelf.size)


def _what(first: Piece, given: Given) -> tuple[FileType, str]:
    """What it is and what it is called; Refused when it is nothing, or not what it is said to be."""
    if not first.content:
        raise Refused(400, "empty", "The file is empty.")
    type = type_of(first.content)
    name = clean_name(given.name) or f"file.{type.endings[0]}"
    if contradicts(type, name=name, declared=given.declared):
        raise Refused(415, "mismatch", "The file is not what its name or its declared type says. " + TAKEN)
    return type, name


class Contents:
    """Whether a file goes on as what its first bytes said."""

    def __init__(self, type: FileType) -> None:
        self._text = PlainText() if type is TEXT else None

    def check(self, piece: Piece) -> None:
        if self._text is not None and not self._text.takes(piece.content, last=piece.is_last):
            raise Refused(415, "wrong_type", TAKEN)


class Shelf:
    """A file on its way into the store."""

    def __init__(self, house: House, conversation: ConversationId, file: FileId) -> None:
        self._house, self._conversation, self.file = house, conversation, file
        self.size = 0

    @classmethod
    async def begin(
        cls, house: House, conversation: ConversationId, *, name: str, type: FileType, staff: str | None
    ) -> "Shelf":
        file = await house.store.write_in_order(
            conversation, store.begin, conversation, name=name, type=type.media, at=house.now(), staff=staff
        )
        if file is None:
            raise _full()
        return cls(house, conversation, file)

    async def add(self, piece: Piece) -> None:
        self.size += len(piece.content)
        if not await self._house.store.write_in_order(
            self._conversation, store.add_piece, self.file, piece.number, piece.content, last=piece.is_last
        ):
            raise _full()

    async def clear(self) -> None:
        await self._house.store.write_in_order(self._conversation, store.discard, self.file)


async def _contents(request: web.Request, file: File) -> AsyncIterator[bytes]:
    held, number = 0, 0
    while held < file.size:
        content = await request.app[HOUSE].store.read(store.piece, file.id, number)
        if content is None:
            # Forgotten meanwhile: the connection is cut, since half a file must not look whole.
            raise ConnectionError("the file is gone")
        yield content
        held, number = held + len(content), number + 1


async def tidy(house: House, *, at_most: int | None = None) -> None:
    try:
        removed = 0
        while removed != at_most and await house.store.write(store.discard_unused, at=house.now()):
            removed += 1
    except StoreUnavailable as error:
        log.warning("files that were never sent could not be removed: %s", error)


def _full() -> Refused:
    most = CONVERSATION_BYTES // 1024 // 1024
    return Refused(429, "full", f"One chat keeps at most {most} MB in {CONVERSATION_FILES} files.")


def _unknown() -> web.Response:
    return problem(404, "unknown", "There is no such file.")
