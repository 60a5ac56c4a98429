"""How the conversations of a site went: their scores, how they spread, and those to look at first."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.errors import ConfigurationError
from bot.insights.score_words import MEANINGS, mean_json
from bot.insights.scores_over_time import scores_over_time
from bot.insights.window import span_of
from bot.interactions import rfc3339
from bot.store.score_figures import Scored, Scores, lowest, scores_by_value
from bot.store.sites import find_site
from bot.store.store import Store

BANDS = ((0, 19), (20, 39), (40, 59), (60, 79), (80, 100))
LISTED = 10
PAGE = 50


async def conversations(store: Store, site: str, since: str | None = None, until: str | None = None) -> dict[str, Any]:
    """The site's score is the mean of its conversations', each counted once; None when there is none to judge.

    A conversation belongs to the window in which its visitor last said something.
    """
    whole = span_of(site, since, until)
    if await store.read(find_site, whole.site) is None:
        raise ConfigurationError(f'There is no site "{site[:40]}"; `duologue site list` shows those there are.')
    by_value = await store.read(scores_by_value, whole)
    found = sum(by_value.values(), Scores())
    return {
        "label": "descriptive",
        "since": rfc3339(whole.since),
        "until": rfc3339(whole.until),
        **mean_json(found),
        "bands": [_band(by_value, low, high) for low, high in BANDS],
        "lowest": [_listed(one) for one in await store.read(lowest, whole, LISTED)],
        "over_time": (await scores_over_time(store, whole)).as_json(),
        "definitions": MEANINGS,
    }


@dataclass(frozen=True)
class Listed:
    """A page of conversations, the lowest score first; `total` is how many there are in all."""

    total: int
    rows: tuple[Scored, ...]


async def conversations_between(
    store: Store, site: str, since: str, until: str, band: tuple[int, int], *, skip: int = 0
) -> Listed:
    """Those that the report counts in a band of scores, both ends of it included; PAGE after the first `skip`."""
    whole, (low, high) = span_of(site, since, until), band
    by_value = await store.read(scores_by_value, whole)
    total = _band(by_value, low, high)["conversations"]
    return Listed(total, tuple(await store.read(lowest, whole, PAGE, between=band, skip=skip)))


def _band(by_value: Mapping[int, Scores], low: int, high: int) -> dict[str, int]:
    number = sum(scores.conversations for value, scores in by_value.items() if low <= value <= high)
    return {"from": low, "to": high, "conversations": number}


def _listed(one: Scored) -> dict[str, Any]:
    return asdict(one) | {"at": rfc3339(one.at)}
