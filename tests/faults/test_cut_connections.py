"""A connection is torn in the middle of a frame: what arrived whole is kept once, what did not is sent again."""

import asyncio
import json
import os
from uuid import uuid4

import aiohttp
import pytest

from tests.faults.conftest import NewTalker, everything_runs
from tests.faults.promises import broken_promises, transcript
from tests.faults.talker import Talker
from tests.running import Duologue

PLACES = {"before its length": 1, "in its mask": 6, "in its first half": 60, "before its last byte": -1, "after it": 0}


@pytest.mark.parametrize("place", PLACES)
async def test_a_frame_cut_anywhere_is_in_the_transcript_once(duologue: Duologue, place: str) -> None:
    await everything_runs(duologue)
    id, text = str(uuid4()), "Do you ship to Norway?"
    page = {"url": f"{duologue.shop_url}/index.html", "title": "Teasel Mill"}
    frame = _masked(json.dumps({"type": "message", "id": id, "text": text, "page": page}))
    part = frame[: PLACES[place] or len(frame)]
    async with aiohttp.ClientSession() as session:
        welcome = await _send_raw_and_tear(duologue, session, part)

        async with session.ws_connect(f"{duologue.gateway_url}/v1/chat") as socket:
            await socket.send_json({"type": "hello", "site": "demo", "token": welcome["token"], "last_seq": 0})
            await socket.send_json({"type": "message", "id": id, "text": text})
            acks: list[int] = []
            answers: list[int] = []
            while not (acks and answers):
                told = await socket.receive_json(timeout=20)
                for one in (told, *told.get("missed", [])):
                    acks += [one["seq"]] if one["type"] == "ack" else []
                    answers += [one["reply_to"]] if one.get("from") == "bot" and "seq" in one else []
    stored = await transcript(duologue, welcome["conversation"])

    assert [(one["from"], one["seq"]) for one in stored] == [("visitor", acks[0]), ("bot", 2)]
    assert answers == [acks[0]]


async def test_a_visitor_whose_line_breaks_after_every_message_loses_none(
    duologue: Duologue, new_talker: NewTalker
) -> None:
    await everything_runs(duologue)
    talker: Talker = new_talker()
    for number in range(15):
        await talker.welcomed()
        await talker.say(f"Do you ship to Norway? ({number})")
        talker.cut()
    await talker.all_answered()

    assert talker.welcomes > 10
    assert await broken_promises(duologue, talker) == []


async def _send_raw_and_tear(duologue: Duologue, session: aiohttp.ClientSession, part: bytes) -> dict[str, str]:
    """Says hello, writes these bytes and tears the connection at once; the welcome."""
    socket = await session.ws_connect(f"{duologue.gateway_url}/v1/chat")
    await socket.send_json({"type": "hello", "site": "demo", "token": None, "last_seq": 0})
    welcome: dict[str, str] = await socket.receive_json(timeout=10)
    connection = socket._response.connection
    assert connection is not None and connection.transport is not None
    transport = connection.transport
    assert isinstance(transport, asyncio.Transport)
    transport.write(part)
    transport.abort()
    return welcome


def _masked(text: str) -> bytes:
    """A text frame as a browser sends it (RFC 6455), to be cut where we like."""
    payload, mask = text.encode(), os.urandom(4)
    assert 125 < len(payload) < 65_536
    body = bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))
    return bytes((0x81, 0x80 | 126)) + len(payload).to_bytes(2) + mask + body
