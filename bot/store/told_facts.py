"""What people said of themselves, and who wants no measuring: of a whole site, a page of rows at a time."""

from collections.abc import Sequence
from itertools import batched

from sqlalchemy import Connection, not_, select, tuple_

from bot.interactions import SiteKey
from bot.store.tables import messages, profiles, visitors

AT_ONCE = 2_000
WORDS_AT_ONCE = 200

type Fact = tuple[str, str, int]
"""Its kind, its value, and when it was told."""


def facts_after(connection: Connection, site: SiteKey, after: str) -> list[tuple[str, list[Fact]]]:
    """Of the next profiles with facts, by their ids, what is known of who they are; none when there are no more."""
    facts = profiles.c.body["facts"]
    rows = connection.execute(
        select(profiles.c.id, facts.label("facts"))
        .where(profiles.c.site == site, profiles.c.id > after, facts.as_string() != "[]")
        .order_by(profiles.c.id)
        .limit(AT_ONCE)
    )
    return [(row.id, [(one["kind"], one["value"], one["at"]) for one in row.facts]) for row in rows]


def unmeasured_after(connection: Connection, site: SiteKey, after: str) -> list[str]:
    """The next visitors who don't agree, or agree no longer, to be measured."""
    asked = select(visitors.c.id).where(visitors.c.site == site, visitors.c.id > after, not_(visitors.c.measure))
    return list(connection.execute(asked.order_by(visitors.c.id).limit(AT_ONCE)).scalars())


def words_of(connection: Connection, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What was said at each (conversation, seq), as far as it is still there."""
    found: dict[tuple[str, int], str] = {}
    for some in batched(places, WORDS_AT_ONCE):
        of = tuple_(messages.c.conversation, messages.c.seq).in_(some)
        asked = select(messages.c.conversation, messages.c.seq, messages.c.text).where(of)
        rows = connection.execute(asked.order_by(messages.c.conversation, messages.c.seq).limit(WORDS_AT_ONCE))
        found.update({(row.conversation, row.seq): row.text for row in rows})
    return found
