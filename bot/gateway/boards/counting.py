"""Waits for what takes long, and never leaves a reader before an empty page.

    counted = await count(house, ("customers", site.key, ...), make)  # make: an async function of no arguments
    if isinstance(counted, Counting):
        return being_counted(request, counted, member)                # a page that asks again by itself

Answers are kept as `recent.py` does: asked once for all who want them, given again for a while with the moment that
they are of, and never again once anything was erased or corrected. Of a small log they are always those of now.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.gateway.boards.recent import Key, Recent
from bot.gateway.house import House
from bot.gateway.screens import draw
from bot.insights.log.progress import progress
from bot.insights.log.reading import FOLDER, NoLogYet
from bot.interactions import Microseconds
from bot.store.interactions import newest
from bot.store.staff import Member
from bot.store.store import Store

PATIENCE_S = 6.0
"""So long a reader waits for the page itself, then for one that says that it is being counted."""
AGAIN_S = 3
"""Seconds until that page asks again."""
SMALL = 200_000
"""Up to so many rows any question is answered in a second: whatever happens, it is asked anew."""
MINUTE_US = 60 * 1_000_000


@dataclass(frozen=True)
class Counted[T]:
    """`as_of`: when it was asked, where that is a minute ago or longer; None for now."""

    told: T
    as_of: Microseconds | None


@dataclass(frozen=True)
class Counting:
    """It is not there yet. `share` of it is done, from 0 to 1; None where that is not known."""

    sentence: str
    share: float | None = None


_answers: WeakKeyDictionary[Store, Recent[Any]] = WeakKeyDictionary()


async def count[T](
    house: House, key: Key, make: Callable[[], Awaitable[T]], *, patience_s: float = PATIENCE_S
) -> Counted[T] | Counting:
    """What `make` tells; the same `key`, which has all that is asked for in it, has the same answer."""
    answers = _answers.get(house.store)
    if answers is None:
        answers = _answers[house.store] = Recent(house.store)
    now, rows = house.now(), await house.store.read(newest)
    if rows <= SMALL:
        key = (*key, str(rows))
    try:
        report = await asyncio.wait_for(answers.report(key, make, now=now), patience_s)
    except TimeoutError:
        return Counting("There is a lot to count, and it is on its way.")
    except NoLogYet as error:
        return Counting(str(error), await asyncio.to_thread(progress, house.settings.home / FOLDER, rows))
    return Counted(report.told, None if now - report.at < MINUTE_US else report.at)


def being_counted(request: web.Request, counting: Counting, member: Member) -> web.Response:
    """The page that asks again by itself, without a script."""
    page = draw(
        request, "boards/counting.html", member=member, status=202, counting=counting, address=request.path_qs,
        again_s=AGAIN_S,
    )  # fmt: skip
    page.headers["Refresh"] = str(AGAIN_S)
    return page
