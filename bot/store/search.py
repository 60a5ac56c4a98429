"""Finding what was said by its words: one line for each conversation, at its latest message that has them all."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, text

from bot.interactions import ConversationId, Microseconds
from bot.searching import Sought, Term, fold
from bot.store.console_tables import sayings
from bot.store.tables import messages

PAGE_OF_HITS = 50
ROWS_AT_ONCE = 100
WINDOW, WIDER = 50_000, 4
"""Among how many of the latest messages PostgreSQL looks first, and how many times as many it looks at then."""
LOOKS_AT_MOST = 40
"""Of so many rows each: where one conversation says the same a thousand times, a page may be shorter, never slow."""

_SQLITE = text(
    # The order of the tables is told: the index of words has to be read, latest first, until there is enough.
    "SELECT s.number, s.conversation, s.seq FROM sayings_words w CROSS JOIN sayings s ON s.number = w.rowid "
    "WHERE w.sayings_words MATCH :sought AND w.rowid <= :top AND w.rowid < :below ORDER BY w.rowid DESC LIMIT :rows"
)
_AMONG = (
    "SELECT number, conversation, seq FROM sayings WHERE words @@ to_tsquery('simple', :sought) "
    "AND number < :below AND number > :above"
)
_POSTGRESQL = text(f"{_AMONG} ORDER BY number DESC LIMIT :rows")
# A sum has no index: where hits were rare among the latest, to read one message after another would take seconds.
_POSTGRESQL_RARE = text(f"{_AMONG} ORDER BY number + 0 DESC LIMIT :rows")
_SHOWN_SQLITE = text(
    "SELECT DISTINCT s.conversation FROM sayings s CROSS JOIN sayings_words w ON w.rowid = s.number "
    "WHERE s.conversation IN :whose AND s.number <= :top AND s.number >= :below "
    "AND w.sayings_words MATCH :sought"
).bindparams(bindparam("whose", expanding=True))
_SHOWN_POSTGRESQL = text(
    "SELECT DISTINCT conversation FROM sayings WHERE conversation IN :whose "
    "AND number <= :top AND number >= :below AND words @@ to_tsquery('simple', :sought)"
).bindparams(bindparam("whose", expanding=True))
_MERGE = text("INSERT INTO sayings_words (sayings_words, rank) VALUES ('merge', :pages)")
_CHANGES = text("SELECT total_changes()")
PAGES_A_STEP = 20
"""Some hundredths of a second: others write in between."""
_LATEST = text("SELECT coalesce(max(number), 0) FROM sayings")


@dataclass(frozen=True)
class Place:
    """Where a page ends: below this message, and of what was there when the first page was asked for."""

    top: int
    below: int


@dataclass(frozen=True)
class Hit:
    """A conversation in which it was said, and its latest message that says it."""

    conversation: ConversationId
    seq: int
    sender: str
    name: str | None
    text: str
    at: Microseconds


def search(
    connection: Connection, sought: Sought, *, after: Place | None = None, limit: int = PAGE_OF_HITS
) -> tuple[list[Hit], Place | None]:
    """The conversations that say it, latest first, and where the next page begins; None when there is none.

    What is said while somebody turns the pages changes none of them: that is found by searching again.
    """
    if not sought.terms:
        return [], None
    latest = connection.execute(_LATEST).scalar_one()
    place = after or Place(latest, latest + 1)
    found, looks, rows = dict[str, Row[Any]](), 0, ROWS_AT_ONCE
    while len(found) <= limit and looks < LOOKS_AT_MOST and rows == ROWS_AT_ONCE:
        told = _rows(connection, sought, place)
        fresh = {row.conversation: row for row in reversed(told) if row.conversation not in found}
        shown = _shown(connection, sought, after, list(fresh))
        newest_first = sorted(fresh.values(), key=lambda row: -row.number)
        found |= {row.conversation: row for row in newest_first if row.conversation not in shown}
        rows, looks = len(told), looks + 1
        place = Place(place.top, told[-1].number if told else 0)
    page = list(found.values())[:limit]
    if len(found) > limit:
        return _hits(connection, page), Place(place.top, page[-1].number)
    return _hits(connection, page), None if rows < ROWS_AT_ONCE else place


def _rows(connection: Connection, sought: Sought, place: Place) -> list[Row[Any]]:
    given = {"top": place.top, "below": place.below, "rows": ROWS_AT_ONCE}
    if connection.dialect.name == "sqlite":
        return list(connection.execute(_SQLITE, given | {"sought": as_fts5(sought)}))
    # Whether to read the index of words or the latest messages depends on the words: a plan for any would be slow.
    connection.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    return _latest_first(connection, given | {"sought": as_tsquery(sought)})


def _latest_first(connection: Connection, given: dict[str, Any]) -> list[Row[Any]]:
    """From PostgreSQL, among the latest messages first, then among ever more before them.

    Its index tells where messages are and not how old they are: among all, each of a hundred thousand hits would be
    fetched from its own place on the disk, to be sorted and mostly thrown away.
    """
    found, window, below = list[Row[Any]](), WINDOW, min(given["top"] + 1, given["below"])
    while below > 1 and len(found) < ROWS_AT_ONCE:
        above = max(0, below - 1 - window)
        part = {"sought": given["sought"], "below": below, "above": above, "rows": ROWS_AT_ONCE - len(found)}
        found += connection.execute(_POSTGRESQL_RARE if window > WINDOW else _POSTGRESQL, part)
        below, window = above + 1, window * WIDER
    return found


def _shown(connection: Connection, sought: Sought, after: Place | None, whose: list[str]) -> set[str]:
    """Which of these conversations an earlier page had, by a later message."""
    if after is None or not whose:
        return set()
    given = {"top": after.top, "below": after.below, "whose": whose}
    if connection.dialect.name == "sqlite":
        return set(connection.execute(_SHOWN_SQLITE, given | {"sought": as_fts5(sought)}).scalars())
    return set(connection.execute(_SHOWN_POSTGRESQL, given | {"sought": as_tsquery(sought)}).scalars())


def _hits(connection: Connection, page: list[Row[Any]]) -> list[Hit]:
    m, numbers = messages.c, [row.number for row in page]
    rows = connection.execute(
        select(m.conversation, m.seq, m.sender, m.name, m.text, m.at)
        # By number: pairs of conversation and seq would have SQLite look through all messages.
        .join(sayings, (sayings.c.conversation == m.conversation) & (sayings.c.seq == m.seq))
        .where(sayings.c.number.in_(numbers))
        .order_by(sayings.c.number.desc())
        .limit(len(numbers))
    )
    return [Hit(**row._mapping) for row in rows]


def as_fts5(sought: Sought) -> str:
    """The query as SQLite has it. Its tokenizer folds; words have no quote in them, so each stays a string."""
    return " AND ".join(f"({' OR '.join(_fts5(term, words) for words in term.spellings)})" for term in sought.terms)


def _fts5(term: Term, words: tuple[str, ...]) -> str:
    return f'"{" ".join(words)}"' + (" *" if term.begins else "")


def as_tsquery(sought: Sought) -> str:
    """The query as PostgreSQL has it."""
    return " & ".join(f"({' | '.join(_ways(term))})" for term in sought.terms)


def _ways(term: Term) -> list[str]:
    folded = dict.fromkeys(tuple(fold(word) for word in words) for words in term.spellings)
    # A database made without a language knows the capitals of English letters only.
    cases = dict.fromkeys(
        tuple(word if word.isascii() else change(word) for word in words)
        for words in folded
        for change in (str, str.upper, str.capitalize)
    )
    end = "':*" if term.begins else "'"
    return ["('" + "' <-> '".join(words) + end + ")" for words in cases]


def drop_erased_words(connection: Connection, *, begin: bool) -> bool:
    """One short step of taking out of SQLite's index the words that it only marked as erased; whether more is left.

    PostgreSQL has none of them any more.
    """
    if connection.dialect.name != "sqlite":
        return False
    pages = -PAGES_A_STEP if begin else PAGES_A_STEP
    before = connection.execute(_CHANGES).scalar_one()
    connection.execute(_MERGE, {"pages": pages})
    return bool(connection.execute(_CHANGES).scalar_one() - before > 1)
