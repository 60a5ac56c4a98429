"""The experiments of a site: since when which share is held out, and what its owner guessed before looking."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from bot.interactions import Microseconds, SiteKey
from bot.store.audit import Act, record
from bot.store.console_tables import staff as members
from bot.store.database import insert_into
from bot.store.experiment_tables import guesses, holdouts


@dataclass(frozen=True)
class Period:
    """A time in which the lot was the same: from `since` until the next one."""

    since: Microseconds
    holdout: float


@dataclass(frozen=True)
class Guess:
    """By how much more people buy, as a share (0.2: a fifth more); how many are to be drawn before it is read.

    `drawn` had been drawn when it was written down: the fewer, the less could be known.
    """

    change: float
    planned: int
    drawn: int
    by: str
    at: Microseconds


def note_holdout(connection: Connection, site: SiteKey, holdout: float, *, at: Microseconds) -> None:
    """Writes down that from now on this share is held out; one that is the same as before begins nothing."""
    known = periods(connection, site)
    if known and known[-1].holdout == holdout:
        return
    kept = insert_into(connection, holdouts).values(site=site, since=at, holdout=holdout)
    connection.execute(kept.on_conflict_do_update(index_elements=["site", "since"], set_={"holdout": holdout}))


def periods(connection: Connection, site: SiteKey) -> list[Period]:
    """All of the site, the first first."""
    rows = connection.execute(
        select(holdouts.c.since, holdouts.c.holdout).where(holdouts.c.site == site).order_by(holdouts.c.since)
    )
    return [Period(row.since, row.holdout) for row in rows]


def record_guess(connection: Connection, site: SiteKey, since: Microseconds, guess: Guess, *, staff: str) -> bool:
    """Keeps the guess about the period that began at `since`; False when there is one: it is never changed."""
    kept = insert_into(connection, guesses).values(
        site=site, since=since, change=guess.change, planned=guess.planned, drawn=guess.drawn, staff=staff, at=guess.at
    )
    added = connection.execute(kept.on_conflict_do_nothing(index_elements=["site", "since"]).returning(guesses.c.at))
    if added.one_or_none() is None:
        return False
    record(connection, at=guess.at, staff=staff, act=Act.GUESSED, subject=f"site:{site}")
    return True


def guess_of(connection: Connection, site: SiteKey, since: Microseconds) -> Guess | None:
    row = connection.execute(
        select(guesses, members.c.name)
        .join(members, members.c.id == guesses.c.staff)
        .where(guesses.c.site == site, guesses.c.since == since)
    ).one_or_none()
    return None if row is None else Guess(row.change, row.planned, row.drawn, row.name, row.at)
