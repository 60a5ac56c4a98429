"""A socket's way out: in order, held until the welcome, and no slow reader holds up anybody."""

import asyncio
import json
from datetime import timedelta
from typing import Any

from bot.gateway.hub import WAITING_FRAMES, Hub, Line
from bot.interactions import ConversationId

TALK = ConversationId("talk")


class Socket:
    """Takes frames as aiohttp's does; reads nothing more after `stall`."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.closed: int | None = None
        self.reads = asyncio.Event()
        self.reads.set()

    async def send_str(self, text: str) -> None:
        await self.reads.wait()
        self.frames.append(json.loads(text))

    async def close(self, *, code: int, message: bytes) -> None:
        self.closed = code


def a_line() -> tuple[Socket, Line]:
    socket = Socket()
    return socket, Line(socket)  # type: ignore[arg-type]


def message(seq: int) -> dict[str, Any]:
    return {"type": "message", "seq": seq}


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_is_pushed_before_the_welcome_comes_after_it_and_once():
    socket, line = a_line()
    for seq in (3, 4, 5):
        line.push(message(seq))

    line.welcome({"type": "welcome", "seq": 4}, last_seq=4)
    await settle()

    assert [frame.get("seq") for frame in socket.frames] == [4, 5]
    assert [frame["type"] for frame in socket.frames] == ["welcome", "message"]


async def test_a_socket_closes_after_what_was_sent_before():
    socket, line = a_line()
    line.send(message(1))

    await line.close(4401, "forgotten")

    assert (socket.frames, socket.closed) == ([message(1)], 4401)


async def test_who_does_not_read_is_closed_and_the_others_go_on():
    slow, line = a_line()
    quick, other = a_line()
    hub = Hub()
    for one in (line, other):
        hub.join(TALK, one)
        one.welcome({"type": "welcome", "seq": 0}, last_seq=0)
    await settle()
    slow.reads.clear()

    for seq in range(1, WAITING_FRAMES + 3):
        hub.push(TALK, message(seq))
        await asyncio.sleep(0)
    await settle()

    assert slow.closed == 1013
    assert quick.closed is None and len(quick.frames) == WAITING_FRAMES + 3


async def test_ending_a_line_waits_for_nobody_and_still_comes_after_what_was_sent():
    slow, line = a_line()
    slow.reads.clear()
    line.send(message(1))

    line.end(4401, "signed out")
    await settle()
    before = slow.closed
    slow.reads.set()
    await settle()

    assert before is None
    assert (slow.frames, slow.closed) == ([message(1)], 4401)


async def test_nobody_is_told_of_another_conversation():
    socket, line = a_line()
    hub = Hub()
    hub.join(TALK, line)
    line.welcome({"type": "welcome", "seq": 0}, last_seq=0)

    hub.push(ConversationId("another"), message(1))
    hub.leave(line)
    hub.push(TALK, message(1))
    await settle()

    assert [frame["type"] for frame in socket.frames] == ["welcome"]


async def test_who_left_is_away_since_then_and_who_was_not_here_since_we_began():
    now = 100.0
    hub = Hub(clock=lambda: now)
    _, first = a_line()
    _, second = a_line()
    hub.join(TALK, first)
    hub.join(TALK, second)

    now = 160.0
    hub.leave(first)
    with_one_window = hub.away_for(TALK)
    hub.leave(second)
    now = 190.0

    assert with_one_window == timedelta(0)
    assert hub.away_for(TALK) == timedelta(seconds=30)
    assert hub.away_for(ConversationId("other")) == timedelta(seconds=90)
