"""The chat without WebSockets, what comes: `GET /v1/chat` waits until there is something to tell.

A browser behind a proxy that blocks WebSockets sees what a socket would show. Messages are read by seq; all other
frames wait in the conversation's mailbox while a browser is between two polls.
"""

import asyncio
import json
import re
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.gateway.bearer import visitors_only
from bot.gateway.frames import message_frame
from bot.gateway.house import HOUSE, problem
from bot.gateway.mailboxes import Kept, Mailbox
from bot.gateway.refusals import Farewell
from bot.gateway.rooms import ROOMS
from bot.store.conversations import Conversation, Gone, Message, find, transcript
from bot.store.sites import Site

LONGEST_WAIT_S = 25
"""Proxies that block WebSockets often cut what is silent for thirty seconds."""
LOOKS_EVERY_S = 1.0
"""How soon the place of a visitor who went away is free: aiohttp tells no handler that its client has gone."""
LAST_SEQ = 2**31 - 1
Frame = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What a poll says of itself: which messages it has, how long it waits, how far it has read the mailbox."""

    after: int
    wait_s: int
    mark: str | None


@visitors_only
async def poll(request: web.Request, site: Site, conversation: Conversation) -> web.StreamResponse:
    """Answers as soon as there is something, else with nothing when the wait is over."""
    asked = _asked(request)
    if asked is None:
        return problem(400, "bad_query", f"after is a seq, wait seconds from 0 to {LONGEST_WAIT_S}.")
    mailboxes = request.app[ROOMS].mailboxes
    if mailboxes.closing:
        # Those that wait were sent home; an empty answer now would only be asked for again at once.
        return problem(503, "unavailable", "The gateway restarts; come again.", headers={"Retry-After": "2"})
    with mailboxes.open(conversation.id, seq=conversation.seq) as box:
        return await _wait(request, conversation, box, asked)


def _asked(request: web.Request) -> Asked | None:
    after, wait = request.query.get("after", "0"), request.query.get("wait", str(LONGEST_WAIT_S))
    if not re.fullmatch("[0-9]{1,10}", after) or int(after) > LAST_SEQ or not re.fullmatch("-?[0-9]{1,18}", wait):
        return None
    return Asked(int(after), min(max(int(wait), 0), LONGEST_WAIT_S), request.query.get("from") or None)


async def _wait(request: web.Request, conversation: Conversation, box: Mailbox, asked: Asked) -> web.Response:
    until = asyncio.get_running_loop().time() + asked.wait_s
    begin = box.begin(asked.mark)
    place = reached = box.end if begin is None else begin
    try:
        while True:
            # Before looking, so that what comes while we look is looked for too.
            bell = box.bell
            frames, reached = await _look(request, conversation, box, asked.after, place)
            if begin is None:
                frames += await _as_it_stands(request, conversation)
            if frames or not await _rings(bell, request, until):
                place = reached
                return frames_answer(frames, box.mark(reached), last=request.app[ROOMS].mailboxes.closing)
    finally:
        if asked.mark is None:
            box.leave_bookmark(place)


async def _look(
    request: web.Request, conversation: Conversation, box: Mailbox, after: int, place: int
) -> tuple[list[Frame], int]:
    """What there is to tell now, and the place in the mailbox that it reaches to."""
    kept, reached = box.after(place)
    said, more = await request.app[HOUSE].store.read(transcript, conversation.id, after=after)
    if box.closed is not None:
        raise Farewell(*box.closed)
    if more:
        # The rest of the messages comes first; what happened between them waits.
        return [message_frame(one) for one in said], place
    return _in_order(said, kept), reached


def _in_order(said: list[Message], kept: list[Kept]) -> list[Frame]:
    """Messages and other frames as they happened."""
    frames, messages = [], deque(said)
    for one in kept:
        while messages and messages[0].seq <= one.seq:
            frames.append(message_frame(messages.popleft()))
        frames.append(one.frame)
    return frames + [message_frame(one) for one in messages]


async def _as_it_stands(request: web.Request, conversation: Conversation) -> list[Frame]:
    """Who owns it now and how far they have read: for a browser that may have missed being told."""
    now, rooms = await request.app[HOUSE].store.read(find, conversation.id), request.app[ROOMS]
    if now is None:
        raise Gone
    seen = await rooms.seen(conversation.id)
    return [await rooms.owner(now), *([{"type": "seen", "seq": seen}] if seen else [])]


async def _rings(bell: asyncio.Event, request: web.Request, until: float) -> bool:
    """Whether something happened in time; not when the visitor went away, or everything ends."""
    time, mailboxes = asyncio.get_running_loop().time, request.app[ROOMS].mailboxes
    while not mailboxes.closing and request.transport is not None and (left := until - time()) > 0:
        with suppress(TimeoutError):
            async with asyncio.timeout(min(left, LOOKS_EVERY_S)):
                await bell.wait()
            return not mailboxes.closing
    return False


def frames_answer(frames: list[Frame], mark: str | None = None, *, last: bool = False) -> web.Response:
    told = {"frames": frames} | ({} if mark is None else {"next": mark})
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    answer = web.json_response(text=text, headers={"Cache-Control": "no-store"})
    if last:
        answer.force_close()
    return answer
