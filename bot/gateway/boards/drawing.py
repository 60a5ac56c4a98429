"""Draws charts in a process of its own, one at a time, and keeps the last ones: the event loop never waits for one."""

import asyncio
import multiprocessing
import os
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

KEPT = 64
NICENESS = 10
IDLE_S = 60.0
"""How long the process waits for another chart; it holds some hundred megabytes."""
_pool: list[ProcessPoolExecutor] = []
_ending: list[asyncio.TimerHandle] = []
_drawn: OrderedDict[object, str] = OrderedDict()


async def drawn_once(key: object, draw: Callable[..., str], /, *given: object, **how: bool) -> str:
    """What `draw` gives for these values, which have to be plain; the same `key` is drawn once."""
    if key in _drawn:
        _drawn.move_to_end(key)
        return _drawn[key]
    picture = await asyncio.wrap_future(_submit(draw, given, how))
    _end_later()
    _drawn[key] = picture
    if len(_drawn) > KEPT:
        _drawn.popitem(last=False)
    return picture


def _end_later() -> None:
    while _ending:
        _ending.pop().cancel()
    _ending.append(asyncio.get_running_loop().call_later(IDLE_S, end))


def end() -> None:
    """Ends the process; the next chart starts a new one."""
    while _pool:
        _pool.pop().shutdown(wait=False, cancel_futures=True)


def _submit(draw: Callable[..., str], given: tuple[object, ...], how: dict[str, bool]) -> Future[str]:
    for _ in range(2):
        if not _pool:
            # Spawned: a fork would take the threads' locks along.
            context = multiprocessing.get_context("spawn")
            _pool.append(ProcessPoolExecutor(1, mp_context=context, initializer=os.nice, initargs=(NICENESS,)))
        try:
            return _pool[0].submit(_call, draw, given, how)
        except BrokenProcessPool:
            end()
    raise BrokenProcessPool("Charts can't be drawn: their process ended twice.")


def _call(draw: Callable[..., str], given: tuple[object, ...], how: dict[str, bool]) -> str:
    return draw(*given, **how)
