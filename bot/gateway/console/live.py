"""The socket of an open console page: `/console/live`. What changes on the page comes over it as pieces of HTML."""

import re
from dataclasses import asdict
from typing import Any, Literal
from urllib.parse import parse_qsl

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.conversation import StaffSaid, advance, refusal_in
from bot.gateway.console.fragments import FragmentPainter
from bot.gateway.console.live_visitors import AT as VISITORS
from bot.gateway.console.narrowing import Unclear, narrowed_from
from bot.gateway.console.signed_in import sign_in_of, watch_sign_ins
from bot.gateway.house import HOUSE
from bot.gateway.hub import Line
from bot.gateway.onlookers import Listing, Screen
from bot.gateway.rooms import ROOMS
from bot.gateway.screens import is_own_origin
from bot.gateway.sign_in import only_for
from bot.interactions import ConversationId
from bot.store.choices import choices_of
from bot.store.conversations import find
from bot.store.labels import all_labels
from bot.store.staff import Member
from bot.store.team import team
from bot.store.waiting_now import how_many_wait

FRAME_BYTES = 4_096
HELLO_WITHIN_S = 10.0
HEARTBEAT_S = 30.0
CONVERSATION = re.compile(r"/console/conversations/([A-Za-z0-9_-]{1,64})")
routes = web.RouteTableDef()


class Told(BaseModel):
    """What a page says: first its ticket and where it is, then what its member does there."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    ticket: str = Field("", max_length=64)
    look: str | None = Field(None, max_length=2_048)
    read: int = Field(0, ge=0, le=2**31 - 1)
    typing: Literal["reply", "note", ""] | None = None


@routes.get("/console/live", allow_head=False)
@only_for("agent")
async def live(request: web.Request, member: Member) -> web.StreamResponse:
    socket = web.WebSocketResponse(max_msg_size=FRAME_BYTES, heartbeat=HEARTBEAT_S, compress=False)
    if not is_own_origin(request) or not socket.can_prepare(request):
        raise web.HTTPForbidden
    await socket.prepare(request)
    rooms, line = request.app[ROOMS], Line(socket)
    rooms.sockets.add(line)
    screen = Screen(line, member, sign_in_of(request))
    try:
        first = await _first(socket)
        if first is None or not request.app[HOUSE].tickets.take(first.ticket, member.id):
            await line.close(4403, "the first frame has a ticket, which the page carries and which is good once")
            return socket
        rooms.onlookers.painter = rooms.onlookers.painter or FragmentPainter(request.app)
        await _look(request.app, screen, first.look or "", await _welcome(request.app, member))
        watch_sign_ins(request.app)
        async for incoming in socket:
            if (told := _parsed(incoming)) is None:
                await line.close(4400, "frames are text: one JSON object each")
                break
            rooms.presence.seen(member.id, request.app[HOUSE].now())
            await _do(request.app, screen, told)
    finally:
        rooms.onlookers.leave(screen)
        rooms.sockets.discard(line)
        line.drop()
    return socket


async def _welcome(app: web.Application, member: Member) -> dict[str, Any]:
    store = app[HOUSE].store
    chosen = await store.read(choices_of, member.id)
    return {"type": "welcome", "count": await store.read(how_many_wait)} | asdict(chosen)


async def _first(socket: web.WebSocketResponse) -> Told | None:
    try:
        return _parsed(await socket.receive(timeout=HELLO_WITHIN_S))
    except TimeoutError:
        return None


def _parsed(incoming: Any) -> Told | None:
    try:
        return Told.model_validate_json(incoming.data)
    except (ValidationError, TypeError):
        return None


async def _do(app: web.Application, screen: Screen, told: Told) -> None:
    rooms = app[ROOMS]
    if told.look is not None:
        await _look(app, screen, told.look)
    if told.read and screen.looks_at is not None:
        known = await app[HOUSE].store.read(find, screen.looks_at)
        if known is not None:
            rooms.readings.read(known.id, min(told.read, known.seq))

    if told.typing is not None and screen.looks_at is not None:
        await _typing(app, screen, screen.looks_at, told.typing)


async def _look(app: web.Application, screen: Screen, path: str, *greetings: dict[str, Any]) -> None:
    """From now on the screen is told of what is at this address."""
    onlookers, conversation = app[ROOMS].onlookers, await _conversation(app, path)
    lists = await _listing(app, path)
    for frame in greetings:
        screen.line.send(frame)
    onlookers.look(screen, conversation, lists=lists, watches=path.partition("?")[0] == VISITORS)


async def _typing(app: web.Application, screen: Screen, id: ConversationId, what: str) -> None:
    """Tells the colleagues, and the visitor when it is an answer by who owns the conversation."""
    rooms, known = app[ROOMS], await app[HOUSE].store.read(find, id)
    words = f"is typing a {what}" if what else ""
    rooms.onlookers.typing(id, screen.member.id, screen.member.name, words)
    if what == "reply" and known is not None:
        _, effects = advance(known.standing, StaffSaid(screen.member.id))
        if refusal_in(effects) is None:
            rooms.hub.push(id, {"type": "typing", "from": "staff"})


async def _listing(app: web.Application, path: str) -> Listing | None:
    """What the list at this address shows; None for every other page, and for a view that there is not."""
    page, _, query = path.partition("?")
    if page != "/console":
        return None
    store, given = app[HOUSE].store, dict(parse_qsl(query))
    try:
        wanted = narrowed_from(given, await store.read(all_labels), await store.read(team))
    except Unclear:
        return None
    return Listing(wanted, first="after" not in given)


async def _conversation(app: web.Application, path: str) -> ConversationId | None:
    """The conversation at this address of ours; None for every other page, and for one that is not there."""
    found = CONVERSATION.fullmatch(path)
    known = None if found is None else await app[HOUSE].store.read(find, found.group(1))
    return None if known is None else known.id
