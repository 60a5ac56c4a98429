"""The reports that a command may ask for: how each is made, and drawn for people.

What only some need is imported where it is needed: the numbers' libraries take half a second.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bot.insights.channels.table import draw_channels
from bot.insights.conversation_table import draw_conversations
from bot.insights.conversations import conversations
from bot.insights.fixes_table import draw_fixes
from bot.insights.page_ranks import fixes
from bot.insights.page_table import draw_pages
from bot.insights.pages import Critic, pages, unjudged
from bot.insights.profiles.costs import Costs
from bot.insights.profiles.table import draw_profiles
from bot.insights.segment_table import draw_segments
from bot.insights.segments import segments
from bot.interactions import microseconds
from bot.store.store import Store

if TYPE_CHECKING:
    from bot.insights.listening.meaning import Ears

type Told = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """What is asked for. `critic` judges the pages' words, `log` is the log's folder; `by` and `rule` are options."""

    site: str
    since: str | None = None
    until: str | None = None
    log: Path | None = None
    critic: Critic = unjudged
    costs: Costs | None = None
    by: str | None = None
    rule: str | None = None
    ears: "Ears | None" = None
    """What understands meanings, for listening."""

    @property
    def span(self) -> tuple[str, str | None, str | None]:
        return self.site, self.since, self.until


@dataclass(frozen=True)
class Report:
    """How it is made and drawn. `takes`: the options it has; `judges`: conversations have to be judged before."""

    make: Callable[[Store, Wish], Awaitable[Told]]
    draw: Callable[[Told, TextIO], None]
    takes: frozenset[str] = frozenset()
    judges: bool = False
    is_of_log: bool = True
    """Asks the log, which is brought up to date first."""


async def _segments(store: Store, wish: Wish) -> Told:
    return await segments(store, *wish.span, log=wish.log, by=wish.by)


async def _pages(store: Store, wish: Wish) -> Told:
    return await pages(store, *wish.span, critic=wish.critic, today=_today())


async def _fixes(store: Store, wish: Wish) -> Told:
    return await fixes(store, *wish.span)


async def _conversations(store: Store, wish: Wish) -> Told:
    return await conversations(store, *wish.span)


async def _lift(store: Store, wish: Wish) -> Told:
    from bot.insights.lift.report import lift

    return await lift(store, *wish.span, log=wish.log)


async def _value(store: Store, wish: Wish) -> Told:
    from bot.insights.value.report import value

    return await value(store, *wish.span, log=wish.log, costs=wish.costs)


async def _likeness(store: Store, wish: Wish) -> Told:
    from bot.insights.likeness.report import SEEDS, likeness

    return await likeness(store, wish.site, wish.until, seed=wish.by or SEEDS[0], log=wish.log)


async def _profiles(store: Store, wish: Wish) -> Told:
    from bot.insights.profiles.report import profiles

    return await profiles(store, *wish.span, log=wish.log, costs=wish.costs)


async def _channels(store: Store, wish: Wish) -> Told:
    from bot.insights.channels.report import channels

    return await channels(store, *wish.span, log=wish.log, rule=wish.rule or "first")


async def _listening(store: Store, wish: Wish) -> Told:
    from bot.insights.listening.report import listening

    return dict(await listening(store, *wish.span, log=wish.log, ears=wish.ears, by=wish.by))


async def _objectives(store: Store, wish: Wish) -> Told:
    from bot.insights.objectives.report import objectives

    return await objectives(store, *wish.span, log=wish.log, now=microseconds(datetime.now(UTC)))


async def _one_page(store: Store, wish: Wish) -> Told:
    from bot.insights.one_page.report import one_page

    return await one_page(store, *wish.span, log=wish.log, today=_today())


def _draw_lift(told: Told, out: TextIO) -> None:
    from bot.insights.lift.table import draw_lift

    draw_lift(told, out)


def _draw_value(told: Told, out: TextIO) -> None:
    from bot.insights.value.table import draw_value

    draw_value(told, out)


def _draw_likeness(told: Told, out: TextIO) -> None:
    from bot.insights.likeness.table import draw_likeness

    draw_likeness(told, out)


def _draw_listening(told: Told, out: TextIO) -> None:
    from bot.insights.listening.table import draw_listening

    draw_listening(told, out)


def _draw_objectives(told: Told, out: TextIO) -> None:
    from bot.insights.objectives.table import draw_objectives

    draw_objectives(told, out)


def _draw_one_page(told: Told, out: TextIO) -> None:
    from bot.insights.one_page.table import draw_report

    draw_report(told, out)


def _today() -> date:
    return datetime.now(UTC).date()


BY, RULE = frozenset({"by"}), frozenset({"rule"})
REPORTS = {
    "segments": Report(_segments, draw_segments, BY),
    "profiles": Report(_profiles, draw_profiles),
    "pages": Report(_pages, draw_pages, judges=True, is_of_log=False),
    "fixes": Report(_fixes, draw_fixes, judges=True, is_of_log=False),
    "conversations": Report(_conversations, draw_conversations, judges=True, is_of_log=False),
    "lift": Report(_lift, _draw_lift),
    "value": Report(_value, _draw_value),
    "likeness": Report(_likeness, _draw_likeness, BY),
    "channels": Report(_channels, draw_channels, RULE),
    "listening": Report(_listening, _draw_listening, BY),
    "objectives": Report(_objectives, _draw_objectives),
    "report": Report(_one_page, _draw_one_page, judges=True),
}
