"""What was known of people before they could talk: the columns by which talkers are compared with people alike."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import numpy as np
import numpy.typing as npt

from bot.insights.lift.reading import Drawees, Flags
from bot.insights.lift.sides import Numbers
from bot.visits import page_of

if TYPE_CHECKING:
    import pyarrow as pa

PAGES = 8
"""First pages with a column of their own, the most frequent; the others share one."""
SENT_BY = ("search", "own", "elsewhere", "nobody")
SEARCHES = ("google.", "bing.", "duckduckgo.", "ecosia.", "yahoo.", "qwant.", "startpage.", "search.")
MINUTE_US, DAY_MINUTES = 60_000_000, 1_440
WEEK, THURSDAY, SATURDAY = 7, 3, 5
"""1970-01-01 was a Thursday; Monday is 0."""

type Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Told:
    """A text of each person, each different one kept once: `texts[place]`; the last is None, of who was not seen."""

    texts: list[str | None]
    place: Codes

    def codes(self, found: Iterable[int]) -> Codes:
        """What was found of each text, for each person."""
        return np.fromiter(found, dtype=np.int64, count=len(self.texts))[self.place]


def columns_of(people: Drawees, first_views: "pa.Table") -> Numbers:
    """A row for each person: first page, who sent them, campaign, hour, weekend, what they had brought before."""
    urls, referrers = (_told(people, first_views, name) for name in ("url", "referrer"))
    spent = np.log1p(np.maximum(0, people.before))
    return np.column_stack([*_pages(urls), *_arrivals(urls, referrers), *_moments(people), spent]).astype(np.float64)


def _told(people: Drawees, first_views: "pa.Table", name: str) -> _Told:
    import pyarrow.compute as pc

    row = pc.index_in(people.browsers, value_set=first_views["browser"])
    known = pc.dictionary_encode(first_views[name].combine_chunks())
    texts = known.dictionary.to_pylist()
    return _Told([*texts, None], pc.fill_null(known.indices.take(row), len(texts)).to_numpy().astype(np.int64))


def _pages(urls: _Told) -> Iterator[Flags]:
    names = [_page(one) for one in urls.texts]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    page = urls.codes(numbers[name] for name in names)
    # Counted in the order of people: of two that are as frequent, the one that was seen earlier comes first.
    for number, _ in Counter(page.tolist()).most_common(PAGES):
        yield page == number


def _page(url: str | None) -> str:
    with suppress(ValueError):
        return page_of(url) if url is not None else ""
    return ""


def _arrivals(urls: _Told, referrers: _Told) -> Iterator[Flags]:
    """A column for each of SENT_BY, and one for campaigns; all are no of whom nothing was seen."""
    codes: dict[str | None, int] = {None: -1}
    here, there = (
        told.codes([codes.setdefault(_host(one), len(codes)) for one in told.texts]) for told in (urls, referrers)
    )
    seen = urls.place < len(urls.texts) - 1
    readable = seen & (here >= 0) & (there >= 0)
    nobody = readable & (there == codes.get("", -2))
    own = readable & ~nobody & (here == there)
    known = referrers.codes(any(name in (_host(one) or "") for name in SEARCHES) for one in referrers.texts) == 1
    search = readable & ~nobody & ~own & known
    yield from (search, own, seen & ~(search | own | nobody), nobody)
    yield urls.codes(_is_campaign(one) for one in urls.texts) == 1


def _host(url: str | None) -> str | None:
    """Empty where the address has none; None of what is no address."""
    with suppress(ValueError):
        return urlsplit(url or "").hostname or ""
    return None


def _is_campaign(url: str | None) -> bool:
    with suppress(ValueError):
        return any(name.startswith("utm_") for name in parse_qs(urlsplit(url or "").query))
    return False


def _moments(people: Drawees) -> Iterator[Numbers | Flags]:
    minute = people.at // MINUTE_US
    turns = [2 * pi * (number // 60 + number % 60 / 60) / 24 for number in range(DAY_MINUTES)]
    for around in (sin, cos):
        yield np.array([around(turn) for turn in turns])[minute % DAY_MINUTES]
    yield (minute // DAY_MINUTES + THURSDAY) % WEEK >= SATURDAY
