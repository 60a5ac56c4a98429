"""The best customers nobody has talked with for a while, and the reasons to: what they asked, needed and bought."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.insights.profiles.facts import Known
from bot.insights.profiles.groups import LEAST, SPENDING, Group
from bot.insights.profiles.whose import PERSON
from bot.interactions import Microseconds, as_datetime
from bot.money import decimal_text

if TYPE_CHECKING:
    import duckdb

QUIET_DAYS = 60
QUIET_US = QUIET_DAYS * 86_400_000_000
LISTED = 1_000
QUOTED = 200
Place = tuple[str, int]
"""A conversation and the seq of a message in it."""


@dataclass(frozen=True)
class Best:
    """One of the tenth, at least ten, who spent most."""

    person: str
    spent: int


def best_in(connection: "duckdb.DuckDBPyConnection", group: Group) -> list[Best]:
    many = min(max(group.people, LEAST), LISTED)
    asked = f"SELECT person, amount FROM {SPENDING.name} WHERE place <= {many:d} ORDER BY place"
    return [Best(person, int(amount)) for person, amount in connection.execute(asked).fetchall()]


# The words of all of these are constants of this module.
# ruff: noqa: S608
_THEIRS = f"""
    CREATE TEMP TABLE theirs AS SELECT {PERSON} AS person, one.ts_us, one.id, one.type, one.answers, one.conversation,
        one.seq, one.value, one.currency, CASE WHEN one.type = 'understanding' THEN one.data END AS data,
        one.type = 'answer' AND json_extract_string(one.data, '$.from') = 'staff' AS by_staff
    FROM log AS one LEFT JOIN who USING (visitor)
    WHERE one.type IN ('message', 'answer', 'unanswered', 'understanding', 'purchase')
        AND (one.visitor IS NOT NULL OR one.customer IS NOT NULL)
        AND {PERSON} IN (SELECT person FROM best)
"""
_TALKED = """
    SELECT person, max(ts_us) FILTER (type = 'message' OR answers = 1),
        max(ts_us) FILTER (type = 'purchase'), arg_max(value, ts_us) FILTER (type = 'purchase' AND value IS NOT NULL),
        arg_max(currency, ts_us) FILTER (type = 'purchase' AND value IS NOT NULL)
    FROM theirs GROUP BY person
"""
_UNANSWERED = """
    SELECT person, max(ts_us), arg_max(conversation, ts_us), arg_max(seq, ts_us) FROM theirs AS asked
    WHERE type = 'unanswered' AND seq IS NOT NULL AND NOT EXISTS (SELECT 1 FROM theirs AS told
        WHERE told.by_staff AND told.conversation = asked.conversation AND told.id > asked.id)
    GROUP BY person
"""
_COMPLAINED = """
    WITH made AS (SELECT person, ts_us, unnest(TRY(from_json(json_extract(data, '$.statements'),
        '[{"kind":"VARCHAR","text":"VARCHAR"}]'))) AS one FROM theirs WHERE data LIKE '%complaint%')
    SELECT person, max(ts_us), arg_max(one.text, ts_us) FROM made WHERE one.kind = 'complaint' GROUP BY person
"""
_NEEDS = f"""
    SELECT {PERSON} AS person, max("at"), arg_max(value, "at") FROM facts AS one LEFT JOIN who USING (visitor)
    WHERE attribute = 'need' AND {PERSON} IN (SELECT person FROM best) GROUP BY ALL
"""


@dataclass(frozen=True)
class Quiet:
    """Of one of the best: when they last talked with us (None: never), and reasons, the most pressing first.

    Each reason is (kind, when, words); the words of a question are those of the message at `question`.
    """

    best: Best
    talked: int | None
    reasons: tuple[tuple[str, int, str], ...]
    question: Place | None


def quiet_in(connection: "duckdb.DuckDBPyConnection", best: list[Best], known: Known, now: Microseconds) -> list[Quiet]:
    """Asked of a log of all time up to `now`: those of the best who said nothing, and heard nothing, for 60 days."""
    import pyarrow as pa

    connection.register("best", pa.table({"person": pa.array([one.person for one in best], pa.string())}))
    connection.register("facts", known.facts)
    connection.execute(_THEIRS)
    talked, asked, complained, needs = (
        {row[0]: row[1:] for row in connection.execute(sql).fetchall()}
        for sql in (_TALKED, _UNANSWERED, _COMPLAINED, _NEEDS)
    )
    found = []
    for one in best:
        last, ordered, value, currency = talked.get(one.person, (None,) * 4)
        if last is not None and last > now - QUIET_US:
            continue
        question, complaint, need = (told.get(one.person) for told in (asked, complained, needs))
        reasons = [("unanswered question", question[0], "")] if question else []
        reasons += [("complaint", complaint[0], complaint[1])] if complaint else []
        # What they looked for before they last ordered, they may well have found.
        reasons += [("need", need[0], need[1])] if need and (ordered is None or need[0] > ordered) else []
        if ordered is not None:
            paid = "" if value is None or not currency else f"{decimal_text(int(value), currency)} {currency}"
            reasons.append(("last order", ordered, paid))
        found.append(Quiet(one, last, tuple(reasons), (question[1], question[2]) if question else None))
    return found


def quiet_told(found: Iterable[Quiet], words: Mapping[Place, str], currency: str) -> dict[str, Any]:
    rows = [_row(one, words, currency) for one in found]
    return {"days": QUIET_DAYS, "people": len(rows), "rows": rows}


def reason(one: Mapping[str, Any]) -> str:
    """One reason as a sentence, quoted and with its day."""
    quoted = f": “{one['words']}”" if one["words"] else ""
    match one["kind"]:
        case "unanswered question":
            return f"Asked on {one['at']} and got no answer{quoted or '.'}"
        case "complaint":
            return f"Complained on {one['at']}{quoted or '.'}"
        case "need":
            return f"Looks for something, said on {one['at']}{quoted or '.'}"
        case _:
            return f"Last ordered on {one['at']}{', for ' + one['words'] if one['words'] else ''}."


def _row(one: Quiet, words: Mapping[Place, str], currency: str) -> dict[str, Any]:
    asked = words.get(one.question, "") if one.question else ""
    return {
        "person": one.best.person,
        "spent": decimal_text(one.best.spent, currency),
        "talked": None if one.talked is None else _day(one.talked),
        "reasons": [
            {"kind": kind, "at": _day(at), "words": (asked if kind == "unanswered question" else said)[:QUOTED]}
            for kind, at, said in one.reasons
        ],
    }


def _day(at: int) -> str:
    return as_datetime(Microseconds(at)).date().isoformat()
