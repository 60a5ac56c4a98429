"""What was said, in groups of a kind: people counted in each, what they spent, how that changed, and three quotes."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.insights.lift.conversion import wilson
from bot.insights.listening.changes import Counted, changes_of
from bot.insights.listening.masked import masked
from bot.insights.listening.meaning import Ears, Meaning, meanings_of, wordings_of
from bot.insights.listening.reading import Talked
from bot.insights.listening.told import KINDS, LISTED, QUOTES, Change, Group, Kind, Quote
from bot.interactions import Microseconds, rfc3339
from bot.money import decimal_text

if TYPE_CHECKING:
    import duckdb

FEWEST_ALIKE = 2
"""People: what one says alone is no group."""
WHOLE, TOPIC, MEANING = "whole", "topic", "meaning"
# The words of all of these are constants of this module, and whole numbers.
# ruff: noqa: S608
_VIEWS = f"""
    CREATE TEMP VIEW viewed AS
    SELECT '{WHOLE}' AS view, '' AS name, kind, text, person, ts_us, id, conversation, seq, page, now FROM said
    UNION ALL SELECT '{TOPIC}', name, kind, text, person, ts_us, id, conversation, seq, page, now FROM said
        WHERE kind = 'topic'
    UNION ALL SELECT '{TOPIC}', name, kind, text, person, ts_us, id, conversation, seq, page, now FROM about
    UNION ALL SELECT '{MEANING}', name, kind, text, person, ts_us, id, conversation, seq, page, now FROM meant
"""
_COUNTED = """
    WITH each AS (SELECT view, kind, name, person, count(*) FILTER (now) AS mentions,
        count(*) FILTER (NOT now) AS earlier FROM viewed GROUP BY ALL)
    SELECT view, kind, name, count(*) FILTER (mentions > 0), sum(mentions)::BIGINT, count(*) FILTER (earlier > 0),
        count(*) FILTER (mentions > 0 AND coalesce(buys, false)),
        coalesce(sum(spent) FILTER (mentions > 0 AND coalesce(buys, false)), 0)::BIGINT
    FROM each LEFT JOIN people USING (person) GROUP BY view, kind, name
"""
_QUOTED = f"""
    WITH picked AS (SELECT viewed.* FROM viewed SEMI JOIN wanted USING (view, kind, name) WHERE now),
    each AS (SELECT * FROM picked
        QUALIFY row_number() OVER (PARTITION BY view, kind, name, person ORDER BY ts_us DESC, id DESC) = 1),
    apart AS (SELECT *, row_number() OVER (
        PARTITION BY view, kind, name, coalesce(lower(text), id::VARCHAR) ORDER BY ts_us DESC, id DESC) AS again
        FROM each)
    SELECT view, kind, name, text, ts_us, page, conversation, seq FROM apart
    WHERE again = 1
    QUALIFY row_number() OVER (PARTITION BY view, kind, name ORDER BY ts_us DESC, id DESC) <= {QUOTES:d}
    ORDER BY view, kind, name, ts_us DESC, id DESC
"""


class Name(NamedTuple):
    view: str
    kind: str
    name: str


@dataclass(frozen=True)
class Figures:
    people: int
    mentions: int
    people_before: int
    buyers: int
    spent: int


@dataclass(frozen=True)
class Quoted:
    """A place in a conversation, and its words; None: those of the whole message, which only the store has."""

    text: str | None
    at: int
    page: str | None
    conversation: str
    seq: int | None


@dataclass(frozen=True)
class Said:
    """All that was counted: `meanings` by kind and name, `listed` what is told one by one, the most people first."""

    talked: Talked
    figures: dict[Name, Figures]
    meanings: dict[tuple[str, str], Meaning]
    not_read: dict[str, int]
    listed: dict[tuple[str, str], list[Name]]
    quotes: dict[Name, list[Quoted]]


def count(connection: "duckdb.DuckDBPyConnection", talked: Talked, ears: Ears | None) -> Said:
    """Asked of the tables of `reading`."""
    meanings, not_read = _mean(connection, ears)
    connection.execute(_VIEWS)
    figures = {Name(*row[:3]): Figures(*map(int, row[3:])) for row in connection.execute(_COUNTED).fetchall()}
    listed: dict[tuple[str, str], list[Name]] = defaultdict(list)
    for name, one in sorted(figures.items(), key=lambda item: (-item[1].people, -item[1].mentions, item[0].name)):
        least = FEWEST_ALIKE if name.view == MEANING else 1
        if name.view != WHOLE and one.people >= least:
            listed[name.view, name.kind].append(name)
    return Said(talked, figures, meanings, not_read, dict(listed), _quotes(connection, listed))


def _mean(
    connection: "duckdb.DuckDBPyConnection", ears: Ears | None
) -> tuple[dict[tuple[str, str], Meaning], dict[str, int]]:
    """Makes `meant`: as `said`, with the central form of its group as its name."""
    import pyarrow as pa

    connection.execute("CREATE TEMP TABLE meant AS SELECT * FROM said WHERE false")
    found: dict[tuple[str, str], Meaning] = {}
    not_read = {}
    for kind in KINDS[1:]:
        wordings = wordings_of(connection, kind)
        meanings, not_read[kind] = meanings_of(wordings, ears), wordings.not_read
        found |= {(kind, one.forms[0]): one for one in meanings}
        pairs = [(form, one.forms[0]) for one in meanings for form in one.forms]
        forms = {"form": pa.array([form for form, _ in pairs], pa.string())}
        connection.register("grouped", pa.table(forms | {"into": pa.array([into for _, into in pairs], pa.string())}))
        connection.execute(
            """INSERT INTO meant SELECT kind, "into", text, person, ts_us, id, conversation, seq, page, now
            FROM worded JOIN grouped USING (form)"""
        )
        connection.unregister("grouped")
    return found, not_read


def _quotes(
    connection: "duckdb.DuckDBPyConnection", listed: dict[tuple[str, str], list[Name]]
) -> dict[Name, list[Quoted]]:
    import pyarrow as pa

    names = [name for some in listed.values() for name in some[:LISTED]]
    columns = {part: pa.array([getattr(one, part) for one in names], pa.string()) for part in Name._fields}
    connection.register("wanted", pa.table(columns))
    found: dict[Name, list[Quoted]] = defaultdict(list)
    for row in connection.execute(_QUOTED).fetchall():
        found[Name(*row[:3])].append(Quoted(*row[3:]))
    connection.unregister("wanted")
    return dict(found)


def kinds_told(said: Said, words: dict[tuple[str, int], str], currency: str, *, compares: bool) -> list[Kind]:
    """`words` are those of whole messages, by their places."""
    names = [Name(WHOLE, kind, "") for kind in KINDS]
    names += [name for some in said.listed.values() for name in some[:LISTED]]
    nothing = Figures(0, 0, 0, 0, 0)
    figures = {name: said.figures.get(name, nothing) for name in names}
    of, of_before = said.talked.people, said.talked.people_before
    counted = {"\n".join(name): Counted(one.people, of, one.people_before, of_before) for name, one in figures.items()}
    changes = changes_of(counted) if compares else {}
    telling = _Telling(said, words, currency, figures, changes)
    return [telling.kind(kind) for kind in KINDS]


@dataclass(frozen=True)
class _Telling:
    said: Said
    words: dict[tuple[str, int], str]
    currency: str
    figures: dict[Name, Figures]
    changes: dict[str, Change]

    def kind(self, kind: str) -> Kind:
        name = Name(WHOLE, kind, "")
        one = self.figures[name]
        share, low, high = share_of(one.people, self.said.talked.people)
        topics = self.said.listed.get((TOPIC, kind), [])
        meanings = self.said.listed.get((MEANING, kind), [])
        return {
            "kind": kind,
            "people": one.people,
            "mentions": one.mentions,
            "share": share,
            "low": low,
            "high": high,
            "change": self.changes.get("\n".join(name)),
            "buyers": one.buyers,
            "spent": decimal_text(one.spent, self.currency),
            "by_topic": [self.group(each) for each in topics[:LISTED]],
            "topics_in_all": len(topics),
            "by_meaning": [self.group(each) for each in meanings[:LISTED]],
            "meanings_in_all": len(meanings),
            "alone": sum(
                each.people == 1 for at, each in self.said.figures.items() if (at.view, at.kind) == (MEANING, kind)
            ),
            "not_read": self.said.not_read.get(kind, 0),
        }

    def group(self, name: Name) -> Group:
        one = self.figures[name]
        share, low, high = share_of(one.people, self.said.talked.people)
        meaning = self.said.meanings.get((name.kind, name.name)) if name.view == MEANING else None
        return {
            "key": key_of(*name),
            "name": masked(meaning.said if meaning else name.name),
            "words": list(meaning.words) if meaning else [],
            "people": one.people,
            "mentions": one.mentions,
            "share": share or 0.0,
            "low": low or 0.0,
            "high": high or 0.0,
            "change": self.changes.get("\n".join(name)),
            "buyers": one.buyers,
            "spent": decimal_text(one.spent, self.currency),
            "quotes": quotes_told(self.said.quotes.get(name, ()), self.words),
        }


def share_of(people: int, of: int) -> tuple[float, float, float] | tuple[None, None, None]:
    """The share with Wilson's interval of 95 %; None of nobody."""
    return (people / of, *wilson(people, of)) if of else (None, None, None)


def quotes_told(quotes: Sequence[Quoted], words: dict[tuple[str, int], str]) -> list[Quote]:
    """Those whose words are still there."""
    found: list[Quote] = []
    for one in quotes:
        text = words.get((one.conversation, one.seq or 0)) if one.text is None else one.text
        if text:
            at = rfc3339(Microseconds(one.at))
            found.append(
                {"text": masked(text), "at": at, "page": one.page, "conversation": one.conversation, "seq": one.seq}
            )
    return found


def key_of(*parts: str) -> str:
    """Sixteen letters that stand for these in an address."""
    return hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()
