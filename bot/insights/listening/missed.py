"""What is asked that no page answers, weighed by who asked.

weight = the sum over the people who asked of 1; 3 for who has ever bought; 5 for one of the best tenth of the buyers.
These are the house's weights of an answer (bot/store/worth.py, docs/insights.md, "What to fix first"); a person who
asks ten times counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.insights.listening.groups import key_of
from bot.insights.listening.masked import masked
from bot.insights.listening.meaning import Alike, Questions
from bot.insights.listening.told import LISTED, Missed
from bot.interactions import rfc3339
from bot.money import decimal_text
from bot.store.questions import normal
from bot.store.worth import ANYBODY, BEST, BUYER

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Asker:
    """In minor units of the report's currency; nothing of who never bought."""

    spent: int = 0
    buys: bool = False
    is_best: bool = False

    @property
    def weight(self) -> int:
        return BEST if self.is_best else BUYER if self.buys else ANYBODY


NOBODY_KNOWN = Asker()


def askers_of(connection: "duckdb.DuckDBPyConnection", questions: Questions | None) -> list[Asker]:
    """In the order of `questions.askers`, from the table `people` of reading."""
    import pyarrow as pa

    people = [f"{kind}:{whose}" for kind, whose in questions.askers] if questions else []
    connection.register("askers", pa.table({"person": pa.array(people, pa.string())}))
    rows = connection.execute("SELECT person, spent, buys, is_best FROM people SEMI JOIN askers USING (person)")
    known = {person: Asker(spent if buys else 0, buys, is_best) for person, spent, buys, is_best in rows.fetchall()}
    connection.unregister("askers")
    return [known.get(one, NOBODY_KNOWN) for one in people]


def told(questions: Questions | None, askers: Sequence[Asker], currency: str) -> tuple[list[Missed], int]:
    """Those with the most weight first, of equal ones what more people asked; and how many there are in all."""
    found = [_missed(one, askers, currency) for one in questions.groups] if questions else []
    found.sort(key=lambda one: (-one["weight"], -one["people"], -one["times"], one["question"]))
    return found[:LISTED], len(found)


def _missed(one: Alike, askers: Sequence[Asker], currency: str) -> Missed:
    whole = one.whole
    theirs = [askers[number] for number in whole.people]
    pages = sorted(whole.pages.items(), key=lambda item: (-item[1], item[0]))
    return {
        "key": key_of("question", normal(whole.text)),
        "question": masked(whole.text),
        "wordings": [masked(text) for text in one.wordings],
        "people": len(theirs),
        "times": whole.times,
        "buyers": sum(asker.buys for asker in theirs),
        "best": sum(asker.is_best for asker in theirs),
        "spent": decimal_text(sum(asker.spent for asker in theirs), currency),
        "weight": sum(asker.weight for asker in theirs),
        "first": rfc3339(whole.first),
        "last": rfc3339(whole.last),
        "pages": [{"url": url, "times": times} for url, times in pages],
    }
