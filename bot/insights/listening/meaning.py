"""What is said alike: the wordings of a kind, each once, in groups by what they mean; and what a group is called."""

import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.interactions import Microseconds
from bot.store.pages_of_rows import Span
from bot.store.questions import normal
from bot.store.store import Store

if TYPE_CHECKING:
    import duckdb

MOST_WORDINGS = 2_000
"""Of a kind those that most people used; each costs a millisecond or two to understand."""
WORDS_NAMED = 3
_WORD = re.compile(r"[^\W\d_]{3,}")
_SMALL = frozenset(
    word
    for line in (
        "about again all also always and any are been being but can could did does doing don for from get gets got had",
        "has have her here hers him his how into isn its itself just like many more most much not now off only our out",
        "over really she should some still such than that the their them then there these they this those too very was",
        "wasn were what when where which while who why will with won would you your",
        "aber als auch auf aus bei beim das dass dem den der des die doch ein eine einen einer eines euch für habe",
        "haben hat hätte ich ihr ihre immer ist kann kein keine mein meine mich mir mit nach nicht noch nur oder schon",
        "sehr sich sie sind über und uns unser vom von vor war wie wir wird wurde zum zur",
    )
    for word in line.split()
)


class Wording(Protocol):
    """As bot/pages/questions has it: a question, however often and by whomever it was asked."""

    text: str
    times: int
    people: set[int]
    first: Microseconds
    last: Microseconds
    pages: Counter[str]


class Alike(Protocol):
    @property
    def whole(self) -> Wording: ...
    @property
    def wordings(self) -> tuple[str, ...]: ...


class Questions(Protocol):
    """The groups that no page answers; `askers` tells who the numbers of `people` are."""

    @property
    def groups(self) -> Sequence[Alike]: ...
    @property
    def askers(self) -> Sequence[tuple[str, str]]: ...


@dataclass(frozen=True)
class Ears:
    """What understands meanings, which the report is given.

    `alike`: of each text the number of its group (-1: of none) and how near it is to the group's middle.
    """

    alike: Callable[[Sequence[str]], Sequence[tuple[int, float]]]
    questions: Callable[[Store, Span], Awaitable[Questions]]


@dataclass(frozen=True)
class Meaning:
    """A group of wordings of a kind: `forms` as `normal` has them, the most central first, which is `said` so; and its
    commonest words."""

    said: str
    forms: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Wordings:
    """Of a kind: (form, its words as somebody wrote them, people who used it), the most used first, and how many
    mentions were of further ones."""

    forms: tuple[tuple[str, str, int], ...]
    not_read: int


def wordings_of(connection: "duckdb.DuckDBPyConnection", kind: str) -> Wordings:
    """Makes the table `worded` of this kind: (id, form, person, now) a row a mention whose wording is read."""
    rows = connection.execute(
        """SELECT text, count(DISTINCT person), count(*) FROM said WHERE kind = $1 GROUP BY text
        ORDER BY 2 DESC, 3 DESC, md5(text) LIMIT $2""",
        [kind, MOST_WORDINGS * 2],
    ).fetchall()
    forms: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for text, people, _ in rows:
        forms[normal(text)].append((text, people))
    kept = list(forms.items())[:MOST_WORDINGS]
    return _table(connection, kind, kept)


def _table(
    connection: "duckdb.DuckDBPyConnection", kind: str, kept: Sequence[tuple[str, list[tuple[str, int]]]]
) -> Wordings:
    import pyarrow as pa

    pairs = [(text, form) for form, texts in kept for text, _ in texts]
    table = {"text": pa.array([text for text, _ in pairs], pa.string())}
    connection.register("read", pa.table(table | {"form": pa.array([form for _, form in pairs], pa.string())}))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE worded AS SELECT said.*, form FROM said JOIN read USING (text) WHERE kind = $1",
        [kind],
    )
    connection.unregister("read")
    ((left,),) = connection.execute(
        """SELECT (SELECT count(*) FROM said WHERE kind = $1 AND now) - (SELECT count(*) FROM worded WHERE now)""",
        [kind],
    ).fetchall()
    forms = tuple((form, texts[0][0], sum(people for _, people in texts)) for form, texts in kept)
    return Wordings(forms, int(left))


def meanings_of(wordings: Wordings, ears: Ears | None) -> list[Meaning]:
    """The groups of all forms, also of single ones. Without ears only the same words are alike."""
    forms = [form for form, _, _ in wordings.forms]
    placed = ears.alike(forms) if ears and forms else [(number, 1.0) for number in range(len(forms))]
    members: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for number, (form, (group, nearness)) in enumerate(zip(forms, placed, strict=True)):
        members[group if group >= 0 else -1 - number].append((nearness, form))
    used = {form: people for form, _, people in wordings.forms}
    written = {form: text for form, text, _ in wordings.forms}
    found = []
    for some in members.values():
        ordered = [form for _, form in sorted(some, key=lambda pair: (-pair[0], pair[1]))]
        words = commonest((form, used[form]) for form in ordered)
        found.append(Meaning(written[ordered[0]], tuple(ordered), words))
    return found


def commonest(forms: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """The words that most people used, small words left out; those of one person alone only where there are no others.

    Long words before short ones where as many used them: they say more.
    """
    people: Counter[str] = Counter()
    for form, number in forms:
        people.update(dict.fromkeys((word for word in _WORD.findall(form) if word not in _SMALL), number))
    ranked = sorted(people, key=lambda word: (-people[word], -len(word), word))
    shared = [word for word in ranked if people[word] > 1] or ranked
    return tuple(shared[:WORDS_NAMED])
