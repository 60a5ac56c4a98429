"""What people ask of an export of conversations, worked out of who spoke when and of what the log has of them.

docs/exports.md defines each. What can't be known is None: nobody waited, nobody rated, nothing was understood.
"""

import json
from collections.abc import Iterator
from typing import Any

from bot.insights.exports.columns import Column, Type, columns
from bot.store.conversation_facts import Facts

SECOND_US = 1_000_000
RESOLVED = "resolved"
COLUMNS: tuple[Column, ...] = columns(
    ended_at=Type.MOMENT, duration_s=Type.NUMBER, visitor_messages=Type.WHOLE, bot_messages=Type.WHOLE,
    staff_messages=Type.WHOLE, staff_names=Type.TEXT, first_answer_s=Type.NUMBER, mean_answer_s=Type.NUMBER,
    resolved_at=Type.MOMENT, stars=Type.WHOLE, rating_words=Type.TEXT, handovers=Type.WHOLE, handover_reason=Type.TEXT,
    handover_wait_s=Type.NUMBER, unanswered=Type.WHOLE, sentiment_first=Type.NUMBER, sentiment_last=Type.NUMBER,
    sentiment_min=Type.NUMBER, topics=Type.JSON, labels=Type.JSON, arm=Type.WORD, console=Type.TEXT,
)  # fmt: skip
LATER: tuple[Column, ...] = columns(
    resolution_s=Type.NUMBER, assigned=Type.TEXT, assigned_role=Type.WORD, consent_version=Type.TEXT,
)  # fmt: skip
"""Came after those of `people_columns`, and stand behind them."""


def later_cells_of(row: Any, facts: Facts) -> tuple[Any, ...]:
    """The cells of LATER of the conversation `row`."""
    resolved = _resolved_at(row, facts)
    holder = facts.holder if row.staff is not None else None
    return (
        None if resolved is None else max(0, resolved - row.created_at) / SECOND_US,
        None if holder is None else holder.name, None if holder is None else holder.role,
        facts.consent_version if row.measure or row.memory else None,
    )  # fmt: skip


def cells_of(row: Any, facts: Facts) -> tuple[Any, ...]:
    """The cells of COLUMNS of the conversation `row`."""
    talk = [one for one in facts.said if one.sender in ("visitor", "bot", "staff")]
    ended = talk[-1].at if talk else None
    waits = list(_waits(talk))
    moods = [one.data["sentiment"] for one in _of(facts, "understanding") if _is_number(one.data.get("sentiment"))]
    topics = sorted({str(name) for one in _of(facts, "understanding") for name in one.data.get("topics") or ()})
    return (
        ended, None if ended is None else (ended - talk[0].at) / SECOND_US, *_counts(talk), _names(talk),
        waits[0] if waits else None, sum(waits) / len(waits) if waits else None, _resolved_at(row, facts),
        *_rating(facts), *_handover(facts), len(_of(facts, "unanswered")), moods[0] if moods else None,
        moods[-1] if moods else None, min(moods, default=None), json.dumps(topics, ensure_ascii=False),
        json.dumps(facts.labels, ensure_ascii=False), facts.arm, f"/console/conversations/{row.id}",
    )  # fmt: skip


def _counts(talk: list[Any]) -> tuple[int, ...]:
    return tuple(sum(one.sender == sender for one in talk) for sender in ("visitor", "bot", "staff"))


def _names(talk: list[Any]) -> str | None:
    return ", ".join(dict.fromkeys(one.name for one in talk if one.sender == "staff" and one.name)) or None


def _waits(talk: list[Any]) -> Iterator[float]:
    """How long each word of the visitor waited for an answer; of several without one between them, the first."""
    since = None
    for one in talk:
        if one.sender == "visitor":
            since = one.at if since is None else since
        elif since is not None:
            # Clocks of two servers may differ; nobody is answered before they asked.
            yield max(0, one.at - since) / SECOND_US
            since = None


def _resolved_at(row: Any, facts: Facts) -> int | None:
    ends = [one.at for one in _of(facts, "handover") if one.data.get("to") == RESOLVED]
    return ends[-1] if ends and row.state == "resolved" else None


def _rating(facts: Facts) -> tuple[int | None, str | None]:
    """The stars and words of the last one."""
    given = [one.data for one in _of(facts, "rating") if isinstance(one.data.get("stars"), int)]
    return (given[-1]["stars"], given[-1].get("words") or None) if given else (None, None)


def _handover(facts: Facts) -> tuple[int, str | None, float | None]:
    """How often a person was wanted, why first, and how long until staff first took it."""
    changes = _of(facts, "handover")
    asked = [one for one in changes if one.data.get("to") == "nobody"]
    taken = [one.at for one in changes if asked and one.data.get("to") == "staff" and one.at >= asked[0].at]
    reason = next((str(one.data["reason"]) for one in asked if one.data.get("reason")), None)
    return len(asked), reason, (taken[0] - asked[0].at) / SECOND_US if taken else None


def _of(facts: Facts, type: str) -> list[Any]:
    return [one for one in facts.happened if one.type == type]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
