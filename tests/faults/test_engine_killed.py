"""The engine dies while it thinks. Nothing that a visitor said waits for it, and nothing is lost with it."""

import asyncio
import os
import signal
import time

from tests.faults.conftest import NewTalker, engine_pid, everything_runs, kill
from tests.faults.promises import broken_promises
from tests.faults.talker import Talker
from tests.running import Duologue

ACK_WITHIN_S = 1.0


async def _in_mid_turn(duologue: Duologue, talker: Talker, text: str) -> tuple[int, int]:
    """Says `text` to an engine that has stopped to think; the engine's pid and the message's seq."""
    await everything_runs(duologue)
    pid = await engine_pid(duologue)
    os.kill(pid, signal.SIGSTOP)
    typing = len([frame for frame in talker.frames if frame["type"] == "typing"])
    seq = await talker.acked(await talker.say(text))
    await talker.until(
        lambda: len([frame for frame in talker.frames if frame["type"] == "typing"]) > typing,
        what="the engine was asked",
    )
    return pid, seq


async def test_a_message_is_kept_and_answered_when_the_engine_is_killed_in_mid_turn(
    duologue: Duologue, talker: Talker
) -> None:
    pid, seq = await _in_mid_turn(duologue, talker, "Do you ship to Norway?")

    kill(pid)
    answer = await talker.answered(seq)

    assert "Norway" in answer["text"]
    assert await engine_pid(duologue) != pid
    assert await broken_promises(duologue, talker) == []


async def test_messages_are_acknowledged_at_once_while_there_is_no_engine(duologue: Duologue, talker: Talker) -> None:
    pid, _ = await _in_mid_turn(duologue, talker, "hello")
    kill(pid)

    waits = []
    for text in ("Do you ship to Norway?", "and how long does it take?", "what can you do?"):
        began = time.monotonic()
        await talker.acked(await talker.say(text))
        waits.append(time.monotonic() - began)
    unanswered = [frame for frame in talker.frames if frame["type"] == "message" and frame["from"] == "bot"]
    await talker.all_answered()

    assert unanswered == []
    assert max(waits) < ACK_WITHIN_S, waits
    assert await broken_promises(duologue, talker) == []


async def test_a_killed_engine_holds_up_nobody_for_ever(duologue: Duologue, new_talker: NewTalker) -> None:
    talkers = [new_talker(f"visitor {number}") for number in range(12)]
    await asyncio.gather(*(one.welcomed() for one in talkers))
    pid, _ = await _in_mid_turn(duologue, talkers[0], "hello")
    for one in talkers:
        await one.acked(await one.say("Do you ship to Norway?"))

    kill(pid)
    await asyncio.gather(*(one.all_answered() for one in talkers))

    assert await broken_promises(duologue, *talkers) == []
