"""The chat without WebSockets, what goes: `POST /v1/chat` takes one frame and answers with what it led to."""

import asyncio

from aiohttp import web

from bot.gateway.bearer import open_to_visitors, token_of, who_asks
from bot.gateway.bodies import read_body
from bot.gateway.frames import FRAME_BYTES, AnyFrame, BadFrame, Hello, parse
from bot.gateway.house import HOUSE, problem
from bot.gateway.hub import Way
from bot.gateway.origins import preflight
from bot.gateway.poll import Frame, frames_answer
from bot.gateway.rooms import ROOMS
from bot.gateway.session import Session, enter

BODY_WITHIN_S = 10.0
routes = web.RouteTableDef()


class Answer(Way):
    """The frames that one POST is answered with: its own, and what was pushed while it was acted on."""

    def __init__(self, *, welcomed: bool) -> None:
        super().__init__()
        self.frames: list[Frame] = []
        if welcomed:
            self._held = None

    def send(self, frame: Frame) -> None:
        self.frames.append(frame)

    async def close(self, code: int, why: str) -> None:
        """Nothing to close: the answer is on its way, and the next request is sent away."""


@routes.options("/v1/chat")
async def ask_first(request: web.Request) -> web.StreamResponse:
    return await preflight(request)


@routes.post("/v1/chat")
@open_to_visitors
async def take_frame(request: web.Request) -> web.StreamResponse:
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            body = await read_body(request, FRAME_BYTES)
    except TimeoutError:
        return problem(408, "too_slow", "The frame did not come in time.")
    if body is None:
        return problem(413, "too_large", f"A frame has at most {FRAME_BYTES // 1024} KiB.")
    try:
        frame = parse(body.decode())
    except UnicodeDecodeError:
        return problem(400, "bad_frame", "A frame is text in UTF-8: one JSON object.")
    except BadFrame as bad:
        return problem(400, "bad_frame", str(bad))
    return await (_hello(request, frame) if isinstance(frame, Hello) else _act(request, frame))


async def _hello(request: web.Request, hello: Hello) -> web.Response:
    house, rooms, answer = request.app[HOUSE], request.app[ROOMS], Answer(welcomed=False)
    try:
        await enter(house, rooms, answer, hello, origin=request.headers.get("Origin"))
        assert answer.conversation is not None
        # Nothing has happened since the welcome, for nothing was waited for: from here on the mailbox has it.
        with rooms.mailboxes.open(answer.conversation, seq=answer.frames[0]["seq"]) as box:
            box.leave_bookmark(box.end)
            return frames_answer(answer.frames, box.mark(box.end))
    finally:
        rooms.hub.leave(answer)


async def _act(request: web.Request, frame: AnyFrame) -> web.Response:
    site, conversation = await who_asks(request)
    house, rooms, answer = request.app[HOUSE], request.app[ROOMS], Answer(welcomed=True)
    rooms.hub.join(conversation.id, answer)
    try:
        await Session(house, rooms, answer, site, conversation.id, token_of(request)).take(frame)
    finally:
        rooms.hub.leave(answer)
    return frames_answer(answer.frames)
