"""Everything is told to end, or ends without being told, in the middle of a turn."""

import asyncio
import os
import signal
import time
from contextlib import suppress

import psutil

from tests.faults.conftest import NewTalker, engine_pid, everything_runs
from tests.faults.promises import broken_promises
from tests.faults.talker import Talker
from tests.running import ENDS_WITHIN_S, Duologue, is_alive, until


async def _say_to_a_thinking_engine(duologue: Duologue, new_talker: NewTalker) -> tuple[Talker, int]:
    """A visitor whose message is with an engine that will not answer it; the message's seq."""
    await everything_runs(duologue)
    talker = new_talker()
    await talker.welcomed()
    os.kill(await engine_pid(duologue), signal.SIGSTOP)
    seq = await talker.acked(await talker.say("Do you ship to Norway?"))
    await talker.until(lambda: any(one["type"] == "typing" for one in talker.frames), what="the engine was asked")
    return talker, seq


async def test_an_open_turn_is_answered_by_the_next_start_after_a_stop(
    duologue: Duologue, new_talker: NewTalker
) -> None:
    talker, seq = await _say_to_a_thinking_engine(duologue, new_talker)
    began = time.monotonic()

    code = await duologue.end()  # fails when a process of it is left
    took_s = time.monotonic() - began
    answered_before = talker.book.answer_to(seq)
    await duologue.start()
    answer = await talker.answered(seq)

    assert code == 0
    assert took_s < ENDS_WITHIN_S
    assert answered_before is None
    assert "Norway" in answer["text"]
    assert await broken_promises(duologue, talker) == []


async def test_nothing_outlives_a_supervisor_that_was_killed_and_the_open_turn_is_answered_later(
    duologue: Duologue, new_talker: NewTalker
) -> None:
    talker, seq = await _say_to_a_thinking_engine(duologue, new_talker)
    everything = duologue.all_processes()
    # Asked while all are alive: what the supervisor leaves behind may be a zombie, which has no command line.
    engine = await engine_pid(duologue)
    assert duologue.process is not None

    duologue.process.kill()
    with suppress(ProcessLookupError):
        os.kill(engine, signal.SIGCONT)
    duologue.process.wait()
    await until(lambda: _all_gone(everything), within_s=ENDS_WITHIN_S, what="all its processes are gone")
    await duologue.start()
    await talker.answered(seq)

    assert await broken_promises(duologue, talker) == []


async def test_browsers_are_told_to_come_back_when_it_is_restarted(duologue: Duologue, new_talker: NewTalker) -> None:
    await everything_runs(duologue)
    talkers = [new_talker(f"visitor {number}") for number in range(10)]
    await asyncio.gather(*(one.welcomed() for one in talkers))
    for one in talkers:
        await one.say("Do you ship to Norway?")

    await duologue.end()
    await duologue.start()
    await asyncio.gather(*(one.all_answered() for one in talkers))

    assert [one.close_codes for one in talkers] == [[1012]] * 10
    assert await broken_promises(duologue, *talkers) == []


async def _all_gone(processes: list[psutil.Process]) -> bool:
    return not any(is_alive(one) for one in processes)
