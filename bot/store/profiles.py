"""The profiles, as learned from the log; each can be thrown away and learned again."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from sqlalchemy import Connection, Select, bindparam, delete, select, update

from bot.interactions import SiteKey
from bot.profiles import Profile, ProfileId, as_json, from_json, learn, profile_of
from bot.store.database import insert_into
from bot.store.logged import Logged, logged
from bot.store.tables import interactions, profiles

ROWS_AT_ONCE = 1_000
# What every turn needs is put together once: that takes longer than to run it.
_LOCK = select(profiles).where(profiles.c.id.in_(bindparam("ids", expanding=True)))
_LOCK = _LOCK.order_by(profiles.c.id).with_for_update()
_SAVE = update(profiles).where(profiles.c.id == bindparam("whose")).values(learned=bindparam("last"))


def find_profile(connection: Connection, id: str) -> Profile | None:
    """The profile of this id, such as visitor:ID or customer:SITE:ID."""
    return next(iter(find_profiles(connection, [ProfileId(id)])), None)


def find_profiles(connection: Connection, ids: Sequence[ProfileId]) -> list[Profile]:
    """The profiles that exist, in the order asked for."""
    rows = connection.execute(select(profiles).where(profiles.c.id.in_(ids)).order_by(profiles.c.id))
    found = {row.id: from_json(row.id, row.site, row.body) for row in rows}
    return [found[id] for id in ids if id in found]


def lock(connection: Connection, whose: Mapping[ProfileId, SiteKey]) -> dict[ProfileId, Profile]:
    """These profiles, new ones empty, and nobody else writes to them until the transaction ends.

    Taken in the order of their ids, so that two transactions don't wait for each other.
    """
    if not whose:
        return {}
    ids = sorted(whose)
    # Nearly always it is one, and known. Of several, a new one would be locked after those that follow it.
    if len(ids) == 1 and (held := _locked(connection, ids)):
        return held
    connection.execute(
        insert_into(connection, profiles).on_conflict_do_nothing(),
        [{"id": id, "site": whose[id], "learned": 0, "body": {}} for id in ids],
    )
    return _locked(connection, ids)


def _locked(connection: Connection, ids: Sequence[ProfileId]) -> dict[ProfileId, Profile]:
    rows = connection.execute(_LOCK, {"ids": ids})
    return {row.id: from_json(row.id, row.site, row.body) for row in rows}


def save(connection: Connection, learned: Sequence[tuple[Profile, int]]) -> None:
    """Writes profiles that exist, each with the id of the last interaction in it."""
    if not learned:
        return
    connection.execute(
        _SAVE,
        [{"whose": profile.id, "last": last, "body": as_json(profile)} for profile, last in learned],
    )


def rebuild(connection: Connection, id: ProfileId, site: SiteKey) -> None:
    """Learns one profile again, from what the log still has of it."""
    lock(connection, {id: site})
    profile, last = Profile(id=id, site=site), 0
    for row in _of(connection, id):
        profile, last = learn(profile, row.interaction), row.id
    save(connection, [(profile, last)])


def _of(connection: Connection, id: ProfileId) -> Iterator[Logged]:
    kind, _, whose = id.partition(":")
    if kind == "visitor":
        theirs = interactions.c.visitor == whose
    else:
        site, _, customer = whose.partition(":")
        theirs = (
            interactions.c.visitor.is_(None) & (interactions.c.site == site) & (interactions.c.customer == customer)
        )
    return _streamed(connection, select(interactions).where(theirs).order_by(interactions.c.id))


def rebuild_all(connection: Connection, site: SiteKey) -> int:
    """Throws the profiles of the site away and learns its log again; how many there are then.

    Holds one profile in memory at a time, however long the log is.
    """
    connection.execute(delete(profiles).where(profiles.c.site == site))
    number = 0
    for whose, theirs in groupby(_by_person(connection, site), lambda row: profile_of(row.interaction)):
        assert whose is not None
        profile, last = Profile(id=whose, site=site), 0
        for row in theirs:
            profile, last = learn(profile, row.interaction), row.id
        connection.execute(
            profiles.insert().values(id=whose, site=site, learned=last, body=as_json(profile))
        )  # fmt: skip
        number += 1
    return number


def _by_person(connection: Connection, site: SiteKey) -> Iterator[Logged]:
    of_site = select(interactions).where(interactions.c.site == site)
    visitors = of_site.where(interactions.c.visitor.is_not(None)).order_by(interactions.c.visitor, interactions.c.id)
    customers = of_site.where(interactions.c.visitor.is_(None), interactions.c.customer.is_not(None)).order_by(
        interactions.c.customer, interactions.c.id
    )
    yield from _streamed(connection, visitors)
    yield from _streamed(connection, customers)


def _streamed(connection: Connection, rows: Select[tuple[object, ...]]) -> Iterator[Logged]:
    with connection.execute(rows, execution_options={"yield_per": ROWS_AT_ONCE}) as result:
        for row in result:
            yield logged(row)
