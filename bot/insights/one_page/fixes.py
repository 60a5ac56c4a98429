"""What to fix first: the pages on which most went wrong, for how many people, and what to do there."""

from collections.abc import Mapping
from typing import Any

from bot.insights.lift.estimates import Label
from bot.insights.one_page.findings import Finding, Part, State, counted
from bot.insights.one_page.questions import shortened
from bot.insights.one_page.reading import Days
from bot.insights.page_ranks import FEWEST, what_to_do
from bot.insights.page_table import name_of

PAGE = "/insights/pages/fix"
MOST_TOLD = 2
DEFINITION = (
    "What went wrong, in points: 1 for each person who asked there what no page answered (a buyer 3), 1 for each "
    "conversation in which a person was wanted, and for conversations by how much they surely scored below those "
    f"elsewhere; each from {FEWEST} people on."
)


def to_fix(now: Days) -> list[Finding]:
    """The first pages of the report about fixes; silent where nothing went wrong for enough people."""
    return [_told(row, place, now) for place, row in enumerate(now.fixes.get("rows", [])[:MOST_TOLD], 1)]


def _told(row: Mapping[str, Any], place: int, now: Days) -> Finding:
    parts = _enough(row)
    # As the report about fixes says it, but for what is of too few.
    do = " ".join(what_to_do({**row, "parts": parts}))
    where = f"Mend {_page(row, now)} first by what went wrong there" if place == 1 else f"Then mend {_page(row, now)}"
    n, unit, numbers = _number(row, parts)
    return Finding(
        f"fix_{place}", Part.MEND, State.FOUND, f"{where}: {do}{_asked(row)}", DEFINITION, Label.DESCRIPTIVE, n, PAGE,
        unit, **numbers,
    )  # fmt: skip


def _enough(row: Mapping[str, Any]) -> dict[str, float]:
    """Its points by what they are for, without what is of too few to judge."""
    enough = {"unanswered": row["people"] >= FEWEST, "handovers": row["handed_over"] >= FEWEST, "talk": True}
    return {name: points if enough[name] else 0 for name, points in row["parts"].items()}


def _number(row: Mapping[str, Any], parts: Mapping[str, float]) -> tuple[int, str, dict[str, float]]:
    """How many, of what, and the number itself, of what went wrong most."""
    match max(sorted(parts), key=lambda name: parts[name]):
        case "unanswered":
            return row["people"], "people", {"value": float(row["people"])}
        case "handovers":
            return row["handed_over"], "conversations", {"value": float(row["handed_over"])}
    score = row["score"]
    return score["conversations"], "score", {"value": score["score"], "low": score["low"], "high": score["high"]}


def _page(row: Mapping[str, Any], now: Days) -> str:
    known = next(one for one in now.pages["rows"] if one["url"] == row["url"])
    title, where = shortened(known["title"] or ""), shortened(name_of(known))
    return f"“{title}” ({where})" if title else where


def _asked(row: Mapping[str, Any]) -> str:
    """The question that most people asked there in vain, where several did."""
    asked = row["questions"][:1]
    return "".join(
        f" Most asked: “{shortened(one['text'])}” ({counted(one['people'], 'person', 'people')})." for one in asked
    )
