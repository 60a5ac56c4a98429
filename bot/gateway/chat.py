"""The chat's socket: `wss /v1/chat`. A frame is stored before it is acknowledged, and pushed by seq."""

from aiohttp import WSMsgType, web

from bot.errors import StoreUnavailable
from bot.gateway import frames
from bot.gateway.frames import BadFrame, Hello, parse
from bot.gateway.house import HOUSE
from bot.gateway.hub import Line
from bot.gateway.poll import poll
from bot.gateway.refusals import Farewell, Problem
from bot.gateway.rooms import ROOMS
from bot.gateway.session import Session, enter
from bot.store.conversations import Gone

HELLO_WITHIN_S = 10.0
HEARTBEAT_S = 30.0
routes = web.RouteTableDef()


@routes.get("/v1/chat", allow_head=False)
async def chat(request: web.Request) -> web.StreamResponse:
    socket = web.WebSocketResponse(max_msg_size=frames.FRAME_BYTES + 1, heartbeat=HEARTBEAT_S, compress=False)
    if not socket.can_prepare(request):
        return await poll(request)
    await socket.prepare(request)
    rooms = request.app[ROOMS]
    line = Line(socket)
    rooms.sockets.add(line)
    try:
        hello = await _hello(socket)
        session = await enter(request.app[HOUSE], rooms, line, hello, origin=request.headers.get("Origin"))
        await _listen(session, socket)
    except Farewell as farewell:
        await line.close(farewell.code, farewell.why)
    except StoreUnavailable:
        await line.close(1012, "the store can't be read; resume by seq")
    finally:
        rooms.hub.leave(line)
        rooms.sockets.discard(line)
        line.drop()
    return socket


async def _hello(socket: web.WebSocketResponse) -> Hello:
    try:
        first = await socket.receive(timeout=HELLO_WITHIN_S)
        if first.type is WSMsgType.TEXT and isinstance(hello := parse(first.data), Hello):
            return hello
        why = "the first frame has to be hello"
    except TimeoutError:
        why = "no hello came"
    except BadFrame as bad:
        why = f"the first frame has to be hello ({bad})"
    raise Farewell(4400, why[:120])


async def _listen(session: Session, socket: web.WebSocketResponse) -> None:
    async for incoming in socket:
        if incoming.type is not WSMsgType.TEXT:
            session.refuse(Problem("bad_frame", "Frames are text: one JSON object each."), None)
            continue
        try:
            frame = parse(incoming.data)
        except BadFrame as bad:
            session.refuse(Problem("bad_frame", str(bad)), bad.id)
            continue
        try:
            await session.take(frame)
        except StoreUnavailable:
            told = Problem("unavailable", "This could not be stored. Please send it again.")
            session.refuse(told, frames.id_of(frame))
        except Gone:
            raise Farewell(4401, "this conversation was forgotten") from None
