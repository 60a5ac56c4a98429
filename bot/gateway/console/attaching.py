"""Files that go with an answer: put beside it before it is sent, by the rules for what visitors send."""

from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, web

from bot.conversation import Owner
from bot.gateway.console.conversation import ID, Draft, conversation_of, page
from bot.gateway.console.inserting import frame_of
from bot.gateway.console.transcript import kind_and_size
from bot.gateway.file_names import name_in_form
from bot.gateway.file_types import UNDECLARED
from bot.gateway.files import REMOVED_BY_THE_WAY, keep, tidy
from bot.gateway.frames import FILES_LIMIT
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.screens import form
from bot.gateway.sign_in import only_for
from bot.gateway.uploads import FILE_BYTES, FORM_BYTES, UPLOADS, Given, Patience, Refused
from bot.interactions import ConversationId
from bot.store import files as store
from bot.store.conversations import Conversation
from bot.store.staff import Member

AT = f"/console/conversations/{ID}"
NOT_YOURS = "Files go with an answer, and you don't have this conversation. Take it over first."
routes = web.RouteTableDef()


@routes.post(f"{AT}/attach")
@only_for(Permission.CONVERSE)
async def attach(request: web.Request, member: Member) -> web.Response:
    """Keeps the files of the form until the answer is sent. To a script it tells in JSON what there is now."""
    known = await conversation_of(request)
    mine = known.standing.owner is Owner.STAFF and known.standing.staff == member.id
    fields, problem = await _taken(request, known, member, mine=mine)
    await tidy(request.app[HOUSE], at_most=REMOVED_BY_THE_WAY)
    if "application/json" in request.headers.get("Accept", ""):
        held = await request.app[HOUSE].store.read(store.attached, known.id, member.id)
        told = [{"id": one.id, "name": one.name, "told": kind_and_size(vars(one))} for one in held]
        return web.json_response({"problem": problem, "files": told})
    draft = Draft(fields.get("text", ""), fields.get("kind") == "note", frame_of(fields), fields.get("ready", ""))
    return await page(request, member, status=400 if problem else 200, problem=problem, draft=draft)


@routes.post(f"{AT}/files/{{file:[A-Za-z0-9_-]{{1,64}}}}/remove")
@only_for(Permission.CONVERSE)
async def remove(request: web.Request, member: Member) -> web.Response:
    """Takes a file away that was not sent yet. One that is gone, or was sent, stays as it is."""
    known, given, house = await conversation_of(request), await form(request), request.app[HOUSE]
    held = await house.store.read(store.attached, known.id, member.id)
    for one in held:
        if one.id == request.match_info["file"]:
            await house.store.write_in_order(known.id, store.discard, one.id)
    draft = Draft(given.get("text", ""), given.get("kind") == "note", frame_of(given), given.get("ready", ""))
    return await page(request, member, draft=draft)


async def _taken(
    request: web.Request, known: Conversation, member: Member, *, mine: bool
) -> tuple[dict[str, str], str]:
    """The fields of the form, and why not all of its files are kept."""
    fields: dict[str, str] = {}
    problems: list[str] = []
    patience = Patience(request.app[UPLOADS])
    try:
        if (request.content_length or 0) > FILES_LIMIT * FILE_BYTES + FORM_BYTES:
            raise Refused(413, "too_large", f"At most {FILES_LIMIT} files go at once. Attach them one by one.")
        parts = await patience.wait(request.multipart())
        while (part := await patience.wait(parts.next())) is not None:
            if not isinstance(part, BodyPartReader):
                raise web.HTTPBadRequest
            name = name_in_form(part)
            if name is None:
                fields[part.name or ""] = await _text(part, patience)
            elif name:
                problems += [NOT_YOURS] if not mine else await _keep(request, known, member, name, part, patience)
    except Refused as refused:
        problems.append(refused.detail)
    return fields, " ".join(dict.fromkeys(problems))


async def _keep(
    request: web.Request, known: Conversation, member: Member, name: str, part: BodyPartReader, patience: Patience
) -> list[str]:
    """Why the file is not kept, if it is not; the others are."""
    house = request.app[HOUSE]
    declared = part.headers.get("Content-Type", UNDECLARED).partition(";")[0].strip()
    try:
        if len(await house.store.read(store.attached, known.id, member.id)) >= FILES_LIMIT:
            raise Refused(429, "full", f"An answer has at most {FILES_LIMIT} files.")
        with request.app[UPLOADS].one_of(ConversationId(f"{known.id}:{member.id}")):
            await keep(house, known.id, Given(name, declared, _chunks(part)), patience, staff=member.id)
    except Refused as refused:
        return [f"{name}: {refused.detail}"]
    return []


async def _chunks(part: BodyPartReader) -> AsyncIterator[bytes]:
    while not part.at_eof():
        yield await part.read_chunk(FORM_BYTES)


async def _text(part: BodyPartReader, patience: Patience) -> str:
    held = bytearray()
    while not part.at_eof():
        held += await patience.wait(part.read_chunk(FORM_BYTES))
        if len(held) > FORM_BYTES:
            raise Refused(413, "too_large", "That is too long.")
    return held.decode("utf-8", "replace").replace("\r\n", "\n")
