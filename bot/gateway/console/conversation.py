"""One conversation: its transcript, and taking part in it."""

import asyncio
from dataclasses import dataclass
from uuid import UUID, uuid4

from aiohttp import web

from bot.conversation import Effect, Owner
from bot.gateway.audit import audited
from bot.gateway.console.naming import owner_name, profiles_of, who
from bot.gateway.console.panel import panel
from bot.gateway.console.sorting import sorting
from bot.gateway.console.transcript import by_day, kind_and_size
from bot.gateway.files import download_by_staff
from bot.gateway.frames import FILES_LIMIT, MESSAGE_LIMIT, clean
from bot.gateway.house import HOUSE
from bot.gateway.rooms import ROOMS
from bot.gateway.screens import COMPOSER, draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.gateway.staff import act, speak
from bot.project import ROOT
from bot.ready_text import unfilled
from bot.review.taught import intents_of
from bot.store.audit import Act, of_conversation
from bot.store.conversations import PAGE_OF_MESSAGES, Conversation, find
from bot.store.files import attached, of_message
from bot.store.inbox import understood
from bot.store.noise import claim
from bot.store.ready_replies import offered, used
from bot.store.reviews import of_turns
from bot.store.staff import FilesGone, Member

ID = "{id:[A-Za-z0-9_-]{1,64}}"
routes = web.RouteTableDef()


@dataclass(frozen=True)
class Draft:
    """What stands in the form. `frame` is the id under which it is stored once, however often it is sent.

    `ready` is the ready reply that it was begun with.
    """

    text: str
    note: bool
    frame: str
    ready: str = ""


@routes.get(f"/console/conversations/{ID}")
@only_for("agent")
async def conversation(request: web.Request, member: Member) -> web.Response:
    before = request.query.get("before")
    if before is not None and not (before.isascii() and before.isdigit() and len(before) <= 9):
        raise web.HTTPNotFound
    drawn = await page(request, member, before=int(before) if before else None)
    await audited(request, member, Act.OPENED, f"conversation:{request.match_info['id']}")
    return drawn


@routes.get(f"/console/files/{ID}")
@only_for("agent")
async def file(request: web.Request, member: Member) -> web.StreamResponse:
    """A file that a visitor sent, to be saved."""
    found = await request.app[HOUSE].store.read(of_message, request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound
    response = await download_by_staff(request, member, found)
    # Begun here, so that it goes out with the headers of a file instead of those of our pages.
    await response.prepare(request)
    return response


@routes.post(f"/console/conversations/{ID}/{{act:take|give-back|resolve}}")
@only_for("agent")
async def change(request: web.Request, member: Member) -> web.Response:
    known = await conversation_of(request)
    done = await act(request.app, member, known.id, request.match_info["act"])
    if done.refused is not None:
        return await page(request, member, status=409, problem=await _refusal(request, done.refused, done.conversation))
    return redirect(f"/console/conversations/{known.id}#end")


@routes.post(f"/console/conversations/{ID}/{{whose:ours|theirs}}")
@only_for("agent")
async def count_as(request: web.Request, member: Member) -> web.Response:
    """Leaves who led the conversation out of the reports as one of the staff, or takes that back."""
    known = await conversation_of(request)
    ours = request.match_info["whose"] == "ours"
    await request.app[HOUSE].store.write_in_order(known.id, claim, known.id, ours=ours)
    await audited(request, member, Act.COUNTED, of_conversation(known.id), detail=request.match_info["whose"])
    return redirect(f"/console/conversations/{known.id}#about")


@routes.post(f"/console/conversations/{ID}/messages")
@only_for("agent")
async def say(request: web.Request, member: Member) -> web.Response:
    """Says or notes what was written. The form's own id makes a second press of the button harmless."""
    known, given = await conversation_of(request), await form(request)
    text, note = clean(given.get("text", "")), given.get("kind") == "note"
    try:
        frame = str(UUID(given.get("id", "")))
    except ValueError as error:
        raise web.HTTPBadRequest from error
    draft = Draft(given.get("text", ""), note, frame, given.get("ready", ""))
    files = [name.removeprefix("file-") for name in given if name.startswith("file-")]
    if problem := _fault(text, note=note, files=len(files)):
        return await page(request, member, status=400, problem=problem, draft=draft)
    try:
        done, _ = await speak(request.app, member, known.id, frame=frame, text=text, note=note, files=files)
    except FilesGone:
        problem = "Nothing was sent: a file is gone, or was sent already. This is what there is now."
        return await page(request, member, status=409, problem=problem, draft=draft)
    if done.refused is not None:
        problem = await _refusal(request, done.refused, done.conversation)
        return await page(request, member, status=409, problem=problem, draft=draft)
    if draft.ready and done.message is not None:
        await request.app[HOUSE].store.write(used, draft.ready, member.id)
    return redirect(f"/console/conversations/{known.id}#end")


def _fault(text: str, *, note: bool, files: int) -> str:
    """Why this is not sent; empty when it may be."""
    if note and files:
        return "A note carries no files, so nothing was saved. Untick them, or send them with a reply."
    if files > FILES_LIMIT:
        return f"Nothing was sent: an answer has at most {FILES_LIMIT} files. Untick some."
    if not text and not files:
        return "Write something first."
    if len(text) > MESSAGE_LIMIT:
        return f"That is too long: {len(text)} of {MESSAGE_LIMIT} characters."
    if not note and (left := unfilled(text)):
        return f"Nothing was sent: fill in {', '.join(f'{{{{{one}}}}}' for one in left)} first."
    return ""


async def page(
    request: web.Request,
    member: Member,
    *,
    status: int = 200,
    problem: str = "",
    before: int | None = None,
    draft: Draft | None = None,
) -> web.Response:
    """One conversation: its latest messages, or those below `before`. What was refused is kept in the form."""
    store, known = request.app[HOUSE].store, await conversation_of(request)
    # A conversation's seqs have no gaps, so the page before begins a page's length below.
    after = max(0, (before if before is not None else known.seq + 1) - 1 - PAGE_OF_MESSAGES)
    said, _ = await store.read(understood, known.id, after=after)
    shown = [(one, made) for one, made in said if before is None or one.seq < before]
    request.app[ROOMS].readings.read_by_staff(known.id, (one for one, _ in shown))
    profiles, beside = await profiles_of(request, [known]), await panel(request.app[HOUSE], known)
    mine = known.standing.owner is Owner.STAFF and known.standing.staff == member.id
    return draw(
        request,
        "console/conversation.html",
        member=member,
        status=status,
        conversation=known,
        standing=known.standing,
        mine=mine,
        owner=await owner_name(request, known),
        who=beside["about"].name or who(known, profiles),
        days=by_day(shown),
        reviewed=await store.read(of_turns, known.id, [one.reply_to for one, _ in shown if one.reply_to]),
        intents=await asyncio.to_thread(intents_of, ROOT),
        earlier=after + 1 if after else None,
        latest=before is None,
        **beside,
        **await sorting(request, known),
        kind_and_size=kind_and_size,
        problem=problem,
        draft=draft or Draft("", note=False, frame=str(uuid4())),
        ready=await store.read(offered, member.id, known.site),
        composer=COMPOSER.address,
        attached=await store.read(attached, known.id, member.id),
    )


async def conversation_of(request: web.Request) -> Conversation:
    found = await request.app[HOUSE].store.read(find, request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound
    return found


async def _refusal(request: web.Request, refused: Effect, known: Conversation) -> str:
    owner = await owner_name(request, known)
    if owner is not None:
        return f"{owner} has this conversation now, so nothing was done."
    assert refused is Effect.REFUSE_NOT_YOURS
    return "You don't have this conversation, so nothing was done. Take it over first."
