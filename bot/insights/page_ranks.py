"""Which page to mend first, by what went wrong on it and for whom: a formula that is published, and its evidence."""

import asyncio
import math
from dataclasses import asdict, dataclass
from typing import Any

from bot.insights.page_tally import Figures, Tally, Wording
from bot.insights.pages import Tallied, tallied
from bot.interactions import rfc3339
from bot.money import decimal_text
from bot.store.score_figures import Scores
from bot.store.store import Store

ANYBODY, BUYER = 1, 3
FEWEST, FEWEST_TALKS = 3, 10
"""People, and conversations for a mean: what is of fewer is too few to judge, and nobody is quoted."""
QUOTED = 3
NORMAL = 1.959964
DEFINITIONS = {
    "points": f"unanswered + handovers + talk. Unanswered: {ANYBODY} for each person who asked on the page what no "
    f"page answered, {BUYER} for who bought in these days. Handovers: 1 for each conversation in which a person was "
    "wanted while the visitor was on the page. Talk: conversations x (the mean score of all other pages - the upper "
    f"limit of this page's) / 100, where that is above 0 and both have {FEWEST_TALKS} conversations or more.",
    "people": "Who asked on the page what no page answered: a customer with all browsers, else a browser, else a "
    "conversation of nobody known.",
    "buyers": "Those of them who paid more than they got back in these days.",
    "score": "The mean conversation score of what was said on the page, with its interval of 95 % "
    "(mean +- 1.96 standard errors), and that of all other pages.",
    "revenue": "What orders brought whose buyer had seen the page in the same visit, by currency, less their refunds. "
    "It is told beside, and is no part of the points.",
    "questions": f"Those that {FEWEST} people or more asked in the same words, most people first, at most {QUOTED}.",
    "few": f"Pages on which something went wrong, for fewer than {FEWEST} people: too few to judge.",
}


@dataclass(frozen=True)
class Mean:
    """Of scores from 0 to 100. `low` and `high` are its interval of 95 %, within what scores can be."""

    score: float
    low: float
    high: float
    conversations: int


async def fixes(store: Store, site: str, since: str | None = None, until: str | None = None) -> dict[str, Any]:
    """The pages of the site with something to mend, the most points first; descriptive.

    Conversations have to be judged before (`judge_all`).
    """
    return await asyncio.to_thread(fixes_told, await tallied(store, site, since, until))


def fixes_told(found: Tallied) -> dict[str, Any]:
    """The report of what was tallied."""
    tally = found.tally
    tally.money.settle()
    sales = _sales(tally)
    buyers, whole = tally.money.buyers(), sum(tally.scores.values(), Scores())
    rows = []
    for number, url in enumerate(tally.names.urls):
        figures, scores = tally.pages[number], tally.scores[number]
        row = ranked(url, figures, scores, less(whole, scores), buyers)
        rows.append(row | {"revenue": sales.get(number, [])})
    some = [row for row in rows if row["points"] > 0]
    first = [row for row in some if _is_enough(row)]
    return {
        "label": "descriptive",
        "since": rfc3339(found.whole.since),
        "until": rfc3339(found.whole.until),
        "rows": sorted(first, key=lambda row: (-row["points"], -row["people"], row["url"])),
        "few": len(some) - len(first),
        "definitions": DEFINITIONS,
    }


def ranked(url: str, figures: Figures, scores: Scores, others: Scores, buyers: set[str]) -> dict[str, Any]:
    """A page's points, of what they are made, and what to do."""
    bought = len(figures.missed & buyers)
    unanswered = ANYBODY * (len(figures.missed) - bought) + BUYER * bought
    here, elsewhere = mean_of(scores), mean_of(others)
    talk = 0.0
    if here is not None and elsewhere is not None:
        talk = round(here.conversations * max(0.0, elsewhere.score - here.high) / 100, 1)
    row = {
        "url": url,
        "points": round(unanswered + len(figures.wanted) + talk, 1),
        "parts": {"unanswered": unanswered, "handovers": len(figures.wanted), "talk": talk},
        "people": len(figures.missed),
        "buyers": bought,
        "unanswered": figures.unanswered,
        "handed_over": len(figures.wanted),
        "score": None if here is None else asdict(here) | {"others": elsewhere.score if elsewhere else None},
        "questions": _quoted(figures, buyers),
    }
    return row | {"do": what_to_do(row)}


def mean_of(scores: Scores) -> Mean | None:
    """None for too few conversations."""
    count = scores.conversations
    if count < FEWEST_TALKS:
        return None
    mean = scores.total / count
    variance = max(0.0, (scores.squares - count * mean * mean) / (count - 1))
    error = NORMAL * math.sqrt(variance / count)
    return Mean(round(mean, 1), round(max(0.0, mean - error), 1), round(min(100.0, mean + error), 1), count)


def less(whole: Scores, part: Scores) -> Scores:
    """What is left of the whole without the part; what was counted in it is not asked for."""
    return Scores(
        whole.conversations - part.conversations, whole.total - part.total, squares=whole.squares - part.squares
    )


def what_to_do(row: dict[str, Any]) -> list[str]:
    """In sentences, the part with the most points first."""
    said = {
        "unanswered": _answer(row),
        "handovers": f"Say on the page what people wanted a person for: {_conversations(row['handed_over'])}.",
        "talk": _talk(row),
    }
    parts = row["parts"]
    return [said[name] for name in sorted(said, key=lambda name: (-parts[name], name)) if parts[name] > 0]


def _conversations(count: int) -> str:
    return f"{count:,} {'conversation' if count == 1 else 'conversations'}"


def _answer(row: dict[str, Any]) -> str:
    people, buyers = row["people"], row["buyers"]
    of_them = f", {buyers:,} of them bought" if buyers else ""
    return f"Answer what {people:,} {'person' if people == 1 else 'people'} asked here in vain{of_them}."


def _talk(row: dict[str, Any]) -> str:
    score = row["score"]
    if score is None or score["others"] is None:
        return ""
    return (
        f"Read the conversations that went badly here: a score of {score['score']:.0f} "
        f"({score['low']:.0f} to {score['high']:.0f}), elsewhere {score['others']:.0f}."
    )


def _quoted(figures: Figures, buyers: set[str]) -> list[dict[str, Any]]:
    enough = [one for one in figures.open_questions.values() if len(one.people) >= FEWEST]
    order = sorted(enough, key=lambda one: (-len(one.people), -one.times, one.text))
    return [_question(one, buyers) for one in order[:QUOTED]]


def _question(one: Wording, buyers: set[str]) -> dict[str, Any]:
    return {"text": one.text, "people": len(one.people), "buyers": len(one.people & buyers), "times": one.times}


def _is_enough(row: dict[str, Any]) -> bool:
    return bool(row["people"] >= FEWEST or row["handed_over"] >= FEWEST or row["parts"]["talk"] > 0)


def _sales(tally: Tally) -> dict[int, list[dict[str, str]]]:
    """What was bought in visits that saw each page, by currency; `settle` has been called."""
    sums: dict[int, dict[str, int]] = {}
    for order in tally.money.orders.values():
        for page in order.pages:
            of = sums.setdefault(page, {})
            for currency, value in order.money.items():
                of[currency] = of.get(currency, 0) + value
    return {
        page: [{"revenue": decimal_text(value, code), "currency": code} for code, value in sorted(of.items())]
        for page, of in sums.items()
    }
