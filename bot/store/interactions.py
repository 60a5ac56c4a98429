"""The log: what happened, appended once, in the order of ids."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from bot.interactions import Interaction, Kind, Microseconds, SiteKey
from bot.profiles import Profile, ProfileId, learn, profile_of
from bot.store.database import insert_into
from bot.store.listed import note
from bot.store.logged import Logged, as_row, logged
from bot.store.profiles import lock, save
from bot.store.tables import interactions


def append(connection: Connection, happened: Sequence[Interaction]) -> list[bool]:
    """Writes down what is new and learns the profiles concerned from it; True where it was new.

    A repeat, known by its (source, source_id), changes nothing.
    """
    if not happened:
        return []
    # Profiles first: whoever holds a profile takes the next id, so a profile learns in the order of the log.
    known = lock(connection, {id: one.site for one in happened if (id := profile_of(one)) is not None})
    taken = connection.execute(
        insert_into(connection, interactions)
        .on_conflict_do_nothing(index_elements=["source", "source_id"])
        .returning(interactions.c.id, interactions.c.source, interactions.c.source_id),
        [as_row(one) for one in happened],
    )
    ids = {(row.source, row.source_id): row.id for row in taken}
    new = [ids.pop((one.source, one.source_id), None) for one in happened]
    rows = sorted((Logged(id, one) for id, one in zip(new, happened, strict=True) if id is not None), key=_place)
    save(connection, _learned(known, rows))
    note(connection, [row.interaction for row in rows])
    return [id is not None for id in new]


def _learned(known: dict[ProfileId, Profile], rows: Sequence[Logged]) -> list[tuple[Profile, int]]:
    learned: dict[ProfileId, tuple[Profile, int]] = {}
    for row in rows:
        if (whose := profile_of(row.interaction)) is not None:
            profile, _ = learned.get(whose, (known[whose], 0))
            learned[whose] = learn(profile, row.interaction), row.id
    return [learned[whose] for whose in sorted(learned)]


def span(connection: Connection, site: SiteKey, since: Microseconds, until: Microseconds) -> tuple[int, int] | None:
    """The first and last id of what happened from `since` until just before `until`; None when nothing did."""
    first, last = connection.execute(
        select(func.min(interactions.c.id), func.max(interactions.c.id)).where(
            interactions.c.site == site, interactions.c.at >= since, interactions.c.at < until
        )
    ).one()
    return None if first is None else (first, last)


def first_view(connection: Connection, site: SiteKey) -> Microseconds | None:
    """When a page of the site was first seen by somebody; orders may have been imported that are older."""
    seen = select(interactions.c.at).where(interactions.c.site == site, interactions.c.type == Kind.PAGE_VIEW)
    return connection.execute(seen.order_by(interactions.c.at).limit(1)).scalar_one_or_none()


def window(
    connection: Connection,
    site: SiteKey,
    since: Microseconds,
    until: Microseconds,
    *,
    after_id: int,
    last_id: int,
    limit: int,
) -> list[Logged]:
    """What happened from `since` until just before `until`, in the order of the log; at most `limit` rows.

    `last_id` comes from `span`. Ids don't follow the clock exactly: a browser that was offline tells late.
    """
    rows = connection.execute(
        select(interactions)
        .where(
            interactions.c.id > after_id,
            interactions.c.id <= last_id,
            # Sums and joined texts keep the planner from the index by time: it would sort the window for each page.
            interactions.c.site.concat("") == site,
            interactions.c.at + 0 >= since,
            interactions.c.at + 0 < until,
        )
        .order_by(interactions.c.id)
        .limit(limit)
    )
    return [logged(row) for row in rows]


def newest(connection: Connection) -> int:
    """The id of the last thing that happened anywhere; 0 when nothing did."""
    return int(connection.execute(select(func.coalesce(func.max(interactions.c.id), 0))).scalar_one())


def of_conversation(connection: Connection, conversation: str, *, limit: int) -> list[Logged]:
    """What happened in a conversation, oldest first."""
    rows = connection.execute(
        select(interactions)
        .where(interactions.c.conversation == conversation)
        .order_by(interactions.c.id)
        .limit(limit)
    )  # fmt: skip
    return [logged(row) for row in rows]


def _place(row: Logged) -> int:
    return row.id
