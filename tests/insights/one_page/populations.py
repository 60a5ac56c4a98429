"""Invented days of a shop, the same on every machine: what is true of them is what the test says."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from bot.insights.one_page.reading import Days, Group
from bot.insights.one_page.shares import Mean
from bot.interactions import Microseconds
from bot.store.pages_of_rows import Span
from bot.store.score_figures import Scores
from tests.cast import SHOP

HATS, SOCKS, CARE = ("https://shop.example/hats", "https://shop.example/socks", "https://shop.example/care")
DEVICES, CHANNELS = ("mobile", "desktop"), ("search", "direct", "social")
SPAN = Span(SHOP, Microseconds(0), Microseconds(1))
Open = Mapping[str, float]


def some_days(
    seed: int, *, people: int = 2_000, buys: float = 0.1, talks: Open | None = None, stays_open: Open | None = None
) -> Days:
    """People who buy and talk by chance; `talks` by device, `stays_open` of the 100 questions asked on each page."""
    random = np.random.default_rng(seed)
    device, channel = random.integers(0, 2, people), random.integers(0, 3, people)
    shares = np.array([(talks or {}).get(one, 0.2) for one in DEVICES])
    talked, bought = random.random(people) < shares[device], random.random(people) < buys
    spent = np.where(bought, np.round(random.lognormal(8, 0.7, people)), 0.0)
    scores = random.binomial(100, 0.6, 200)
    return Days(
        SPAN,
        visits=people,
        talked=_mean(spent[talked]),
        silent=_mean(spent[~talked]),
        paid=_mean(spent[bought]),
        talking_buyers=int((talked & bought).sum()),
        silent_buyers=int((~talked & bought).sum()),
        groups=tuple(
            Group(name, value, int(mine.sum()), int((talked & mine).sum()), _mean(spent[bought & mine]))
            for name, values, of in (("device", DEVICES, device), ("channel", CHANNELS, channel))
            for number, value in enumerate(values)
            for mine in [of == number]
        ),
        pages={"rows": [_page(random, url, (stays_open or {}).get(url, 0.1)) for url in (HATS, SOCKS, CARE)]},
        scores={int(one): Scores(int((scores == one).sum())) for one in np.unique(scores)},
    )


def _mean(spent: Any) -> Mean:
    return Mean(len(spent), float(spent.sum()), float((spent**2).sum()))


def _page(random: np.random.Generator, url: str, share: float) -> dict[str, Any]:
    left = int(random.binomial(100, share))
    asked = [{"flag": "unanswered_question", "sentence": "Is there a warmer one?", "times": 2}] if left > 1 else []
    return {"url": url, "crawled": True, "title": "", "questions": 100, "unanswered": left, "flags": asked}
