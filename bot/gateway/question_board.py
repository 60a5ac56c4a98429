"""The unanswered questions of each site as the console shows them: grouped beside the event loop, kept for a minute."""

import asyncio
import logging
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from bot.errors import DuologueError
from bot.gateway.house import House
from bot.interactions import Microseconds, SiteKey
from bot.pages.answering.librarian import encoder_of
from bot.pages.questions.unanswered import Group, Report, unanswered
from bot.store.pages_of_rows import Span
from bot.store.question_marks import digest_of, is_settled, marks_of
from bot.store.sites import Site
from bot.store.store import Store
from bot.store.worth import worth_of

DAYS = 90
DAY_US = 86_400 * 1_000_000
MOST_QUESTIONS, MOST_WORDINGS = 20_000, 5_000
"""Fewer than the command looks at: this runs beside visitors who wait for answers."""
FRESH_FOR_US = 60 * 1_000_000
WAIT_S = 4.0
"""How long a page waits for a first count; after that it says that it is counted."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ranked:
    """A group with its place: `rank` is how often it was asked times what its askers are worth on average."""

    key: str
    group: Group
    rank: float
    buyers: int


@dataclass(frozen=True)
class Board:
    at: Microseconds
    report: Report
    groups: tuple[Ranked, ...]

    def find(self, key: str) -> Ranked | None:
        return next((one for one in self.groups if one.key == key), None)


@dataclass
class _Site:
    board: Board | None = None
    counting: asyncio.Task[None] | None = field(default=None, repr=False)


_of: WeakKeyDictionary[Store, dict[SiteKey, _Site]] = WeakKeyDictionary()


async def board_of(house: House, site: Site) -> Board | None:
    """The questions as they were a minute ago at most, or as they are; None when the first count is not done yet."""
    known = _of.setdefault(house.store, {}).setdefault(site.key, _Site())
    fresh = known.board is not None and house.now() - known.board.at <= FRESH_FOR_US
    if not fresh and known.counting is None:
        known.counting = asyncio.create_task(_count(house, site, known), name=f"questions-{site.key}")
    if known.board is None and known.counting is not None:
        await asyncio.wait([known.counting], timeout=WAIT_S)
    return known.board


async def count_again(house: House, site: Site) -> None:
    """Counts anew after staff have settled something, and returns when that shows."""
    known = _of.setdefault(house.store, {}).setdefault(site.key, _Site())
    if known.counting is not None:
        # It may have begun before what was settled.
        await asyncio.wait([known.counting])
    known.counting = asyncio.create_task(_count(house, site, known), name=f"questions-{site.key}")
    await asyncio.wait([known.counting], timeout=WAIT_S)


async def _count(house: House, site: Site, known: _Site) -> None:
    at = house.now()
    try:
        marks = await house.store.read(marks_of, site.key)
        report = await unanswered(
            house.store,
            lambda: encoder_of(house.settings.home / "models"),
            Span(site.key, Microseconds(at - DAYS * DAY_US), Microseconds(at + DAY_US)),
            most=MOST_QUESTIONS,
            most_wordings=MOST_WORDINGS,
            settled=lambda row: is_settled(site, marks, row),
        )
        worth = await house.store.read(worth_of, site.key, report.askers)
        known.board = Board(at, report, await asyncio.to_thread(_ranked, site, report, worth))
    except DuologueError as error:
        log.warning("the unanswered questions of %s can't be counted: %s", site.key, error)
    except Exception:
        log.exception("the unanswered questions of %s can't be counted", site.key)
    finally:
        known.counting = None


def _ranked(site: Site, report: Report, worth: list[int]) -> tuple[Ranked, ...]:
    found = []
    for group in report.groups:
        people = [worth[number] for number in group.whole.people]
        rank = group.whole.times * sum(people) / len(people)
        buyers = sum(one > 1 for one in people)
        found.append(Ranked(digest_of(site, group.whole.text), group, rank, buyers))
    # Sorted by the rank alone: the order of the report, which is by people, settles what is equal.
    return tuple(sorted(found, key=lambda one: -one.rank))
