"""The conversation score over time and by version of the bot, with its parts: of a site, or of what was said on a page.

What was said on a page counts as one conversation there, in the week or month in which its visitor last said something.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from bot.interactions import Microseconds, as_datetime
from bot.store.pages_of_rows import Span
from bot.store.score_figures import DAY_US, Scores, scores_by_day
from bot.store.store import Store

WEEKLY = 190
"""Days of a window that is told by weeks; a longer one is told by months."""
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Step:
    """A week, from Monday on, or a month: from `first` to `last`, as much of it as is in the window."""

    first: date
    last: date
    scores: Scores


@dataclass(frozen=True)
class Version:
    """What was had with one version of the bot, and when first and last; `bot` is None where none was noted."""

    bot: str | None
    first: date
    last: date
    scores: Scores


@dataclass(frozen=True)
class ScoresOverTime:
    """`name` is week or month; there is a step for each from the first conversation to the last."""

    name: str
    steps: tuple[Step, ...]
    versions: tuple[Version, ...]

    @property
    def whole(self) -> Scores:
        return sum((one.scores for one in self.steps), Scores())

    def as_json(self) -> dict[str, Any]:
        return {
            "step": self.name,
            "steps": [_days(one) | told(one.scores) for one in self.steps],
            "bots": [{"bot": one.bot} | _days(one) | told(one.scores) for one in self.versions],
        }


async def scores_over_time(store: Store, span: Span, pages: Sequence[str] | None = None) -> ScoresOverTime:
    """Of all conversations of the site, or of what was said at the addresses `pages`; robots and staff left out."""
    rows = await store.read(scores_by_day, span, pages)
    since, until = as_datetime(span.since).date(), as_datetime(Microseconds(span.until - 1)).date()
    name = step_of(span)
    found = [(EPOCH + timedelta(days=day), bot, scores) for day, bot, scores in rows]
    return ScoresOverTime(name, tuple(_steps(found, name, since, until)), tuple(_versions(found)))


def step_of(span: Span) -> str:
    return "week" if (span.until - span.since) / DAY_US <= WEEKLY else "month"


def first_of(day: date, step: str) -> date:
    """The first day of the step that the day is in."""
    return day.replace(day=1) if step == "month" else day - timedelta(days=day.weekday())


def told(scores: Scores) -> dict[str, Any]:
    """`{"score", "conversations", "parts", "counted"}`: the mean, of how many, and the shares that make it."""
    return {
        "score": scores.mean,
        "conversations": scores.conversations,
        "parts": parts(scores),
        "counted": asdict(scores.counts),
    }


def parts(scores: Scores) -> dict[str, float | None]:
    """Of all of them together: shares from 0 to 1, follow-ups and pitches a conversation. None: nothing to judge."""
    counts, number = scores.counts, scores.conversations
    words = counts.visitor_words + counts.our_words
    return {
        "voice": _share(counts.visitor_words, words) if counts.our_words else None,
        "answered": _share(counts.answered, counts.questions),
        "replied": _share(counts.replied, counts.waiting),
        "followed": _share(counts.follow_ups, number),
        "pitches": _share(counts.pitches, number),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _days(one: Step | Version) -> dict[str, str]:
    return {"from": one.first.isoformat(), "to": one.last.isoformat()}


def _steps(found: Sequence[tuple[date, str | None, Scores]], name: str, since: date, until: date) -> Iterator[Step]:
    if not found:
        return
    by_step: dict[date, Scores] = {}
    for day, _, scores in found:
        first = first_of(day, name)
        by_step[first] = by_step.get(first, Scores()) + scores
    first, end = min(by_step), max(by_step)
    while first <= end:
        following = first_of(first + timedelta(days=31 if name == "month" else 7), name)
        yield Step(max(first, since), min(following - timedelta(days=1), until), by_step.get(first, Scores()))
        first = following


def _versions(found: Sequence[tuple[date, str | None, Scores]]) -> list[Version]:
    """The one that answered last comes first."""
    made: dict[str | None, Version] = {}
    for day, bot, scores in found:
        known = made.get(bot)
        made[bot] = Version(bot, known.first if known else day, day, (known.scores if known else Scores()) + scores)
    return sorted(made.values(), key=lambda one: (one.bot is None, -one.last.toordinal(), one.bot or ""))
