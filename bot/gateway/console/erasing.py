"""Erasing a person with all that is known of them, and giving them all of it. Agents ask for it, admins do it."""

from tempfile import TemporaryFile
from uuid import UUID, uuid4

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.console.naming import profiles_of, who
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission, may
from bot.gateway.rooms import ROOMS
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.gateway.staff import speak
from bot.insights.person_file import write_person
from bot.store.audit import Act, of_conversation
from bot.store.conversations import Conversation, find
from bot.store.forget import forget_person, reach
from bot.store.staff import Member
from bot.store.whole_person import asked_to_erase, everything, holdings

AT = "/console/conversations/{id:[A-Za-z0-9_-]{1,64}}"
WORD = "erase"
"""What is typed to confirm: nobody types it by mistake."""
routes = web.RouteTableDef()


@routes.get(f"{AT}/erase")
@only_for("agent")
async def look(request: web.Request, member: Member) -> web.Response:
    return await _page(request, member, await _conversation(request))


@routes.post(f"{AT}/ask-to-erase")
@only_for("agent")
async def ask(request: web.Request, member: Member) -> web.Response:
    """Leaves a note for the admins, once however often it is sent."""
    known, given = await _conversation(request), await form(request)
    try:
        frame = str(UUID(given.get("id", "")))
    except ValueError as error:
        raise web.HTTPBadRequest from error
    asked = await request.app[HOUSE].store.read(asked_to_erase, known.id)
    if asked is None:
        text = f"{member.name} asks an admin to erase this person: {AT.partition('{')[0]}{known.id}/erase"
        await speak(request.app, member, known.id, frame=frame, text=text, note=True)
        await audited(request, member, Act.ASKED_TO_ERASE, of_conversation(known.id))
    return redirect(f"/console/conversations/{known.id}#end")


@routes.post(f"{AT}/erase")
@only_for("admin")
async def erase(request: web.Request, member: Member) -> web.Response:
    """Erases the person at once, from every table and from the files that the database still has it in."""
    known, typed = await _conversation(request), (await form(request)).get("typed", "")
    if typed.strip().casefold() != WORD:
        return await _page(request, member, known, status=400, problem=f"Nothing was erased. Type {WORD} to confirm.")
    house, rooms = request.app[HOUSE], request.app[ROOMS]
    gone = await house.store.write_in_order(known.id, forget_person, known.id, staff=member.id, at=house.now())
    await house.store.erase_traces()
    for conversation in gone.conversations:
        await rooms.hub.close(conversation, 4401, "forgotten")
    return draw(request, "console/erased.html", member=member, gone=gone)


@routes.get(f"{AT}/everything.zip")
@only_for("admin")
async def pack(request: web.Request, member: Member) -> web.Response:
    """As `give`, with a page to read and the files that were sent."""
    known, house = await _conversation(request), request.app[HOUSE]
    whose = await house.store.read(reach, known.id)
    if whose is None:
        raise web.HTTPNotFound
    await audited(request, member, Act.EXPORTED, of_conversation(known.id))
    # It has no name on the disk, and is gone with the answer.
    file = TemporaryFile(dir=house.settings.home)  # noqa: SIM115  the answer closes it
    await write_person(house.store, whose, file, at=house.now())
    file.seek(0)
    headers = {"Content-Disposition": 'attachment; filename="everything-about-one-person.zip"'}
    return web.Response(body=file, content_type="application/zip", headers=headers)


@routes.get(f"{AT}/everything.json")
@only_for("admin")
async def give(request: web.Request, member: Member) -> web.Response:
    """All that is kept of the person, to be handed to them."""
    known, house = await _conversation(request), request.app[HOUSE]
    body = await house.store.read(everything, known.id, at=house.now())
    if body is None:
        raise web.HTTPNotFound
    await audited(request, member, Act.EXPORTED, of_conversation(known.id))
    headers = {"Content-Disposition": 'attachment; filename="everything-about-one-person.json"'}
    return web.Response(body=body, content_type="application/json", charset="utf-8", headers=headers)


async def _page(
    request: web.Request, member: Member, known: Conversation, *, status: int = 200, problem: str = ""
) -> web.Response:
    store = request.app[HOUSE].store
    held = await store.read(holdings, known.id)
    if held is None:
        raise web.HTTPNotFound
    return draw(
        request,
        "console/erase.html",
        member=member,
        status=status,
        conversation=known,
        who=who(known, await profiles_of(request, [known])),
        held=held,
        asked=await store.read(asked_to_erase, known.id),
        may_erase=may(member.role, Permission.ADMINISTER),
        word=WORD,
        frame=str(uuid4()),
        problem=problem,
    )


async def _conversation(request: web.Request) -> Conversation:
    found = await request.app[HOUSE].store.read(find, request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound
    return found
