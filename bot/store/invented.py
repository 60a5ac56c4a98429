"""Rows that were invented for a demonstration: in a site of their own, under a source of their own, gone at once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, exists, func, insert, select

from bot.interactions import CustomerId, Interaction, Microseconds, SiteKey, VisitorId
from bot.store.every_table import metadata
from bot.store.experiments import note_holdout
from bot.store.interactions import append
from bot.store.purchases import Notice
from bot.store.sites import Site, add_site, find_site
from bot.store.tables import (
    conversations,
    daily_views,
    identities,
    interactions,
    messages,
    purchases,
    sites,
    visitors,
)

SOURCE = "invented"
NAME = "Invented"
"""At each message, in case somebody reads a conversation without looking of which site it is."""


@dataclass(frozen=True)
class Quoted:
    """A page that an answer quotes, as messages keep it."""

    url: str
    title: str
    quote: str


@dataclass(frozen=True)
class Said:
    """A message of an invented conversation."""

    sender: str
    text: str
    at: Microseconds
    turn: str | None
    page: str
    quoted: Quoted | None = None


@dataclass(frozen=True)
class Talk:
    """An invented conversation, and when a person was asked for in it; what else the log has of it is told to it."""

    id: str
    visitor: VisitorId
    page: str
    said: tuple[Said, ...]
    asked_person_at: Microseconds | None = None


@dataclass(frozen=True)
class Person:
    """An invented visitor: drawn at a moment into an arm. Known as `customer` from `known_since` on, or never."""

    visitor: VisitorId
    at: Microseconds
    arm: str
    memory: bool
    customer: CustomerId
    known_since: Microseconds | None = None


def is_real(connection: Connection, site: SiteKey) -> bool:
    """Whether the site has anything that was not invented."""
    return bool(
        connection.execute(
            select(exists().where(interactions.c.site == site, interactions.c.source != SOURCE))
        ).scalar_one()
    )


def is_there(connection: Connection, site: SiteKey) -> bool:
    return find_site(connection, site) is not None


def begin(
    connection: Connection, site: SiteKey, *, name: str, origin: str, periods: Sequence[tuple[Microseconds, float]]
) -> Site:
    """The site with the shares that it held out, the first first."""
    first, holdout = periods[0]
    made = add_site(connection, site, at=first, name=name, origins=(origin,), holdout=holdout, consent="not_needed")
    for since, share in periods[1:]:
        note_holdout(connection, site, share, at=since)
    return made


def add(
    connection: Connection,
    site: SiteKey,
    *,
    people: Sequence[Person] = (),
    talks: Sequence[Talk] = (),
    orders: Sequence[Notice] = (),
    happened: Sequence[Interaction] = (),
) -> None:
    """Writes down some people, conversations, orders or rows of the log; all of them invented."""
    if people:
        connection.execute(insert(visitors), [_visitor(site, one) for one in people])
    if known := [_identity(site, one) for one in people if one.known_since is not None]:
        connection.execute(insert(identities), known)
    if talks:
        connection.execute(insert(conversations), [_conversation(site, one) for one in talks])
        connection.execute(insert(messages), [row for one in talks for row in _messages(one)])
    if orders:
        connection.execute(insert(purchases), [_order(site, one) for one in orders])
    append(connection, happened)


def add_views(connection: Connection, site: SiteKey, days: Sequence[tuple[str, str, int]]) -> None:
    """Page views of people who did not agree: day, page, how many."""
    rows = [{"site": site, "day": day, "url": url, "views": views} for day, url, views in days]
    connection.execute(insert(daily_views), rows)


def remove(connection: Connection, site: SiteKey) -> int:
    """Takes the site and all that is of it out of every table; how many rows of the log it had."""
    theirs = select(conversations.c.id).where(conversations.c.site == site)
    had = connection.execute(select(func.count()).select_from(interactions).where(interactions.c.site == site))
    count = int(had.scalar_one())
    for table in reversed(metadata.sorted_tables):
        if table is sites or table is conversations:
            continue
        if "site" in table.c:
            connection.execute(delete(table).where(table.c.site == site))
        elif "conversation" in table.c:
            connection.execute(delete(table).where(table.c.conversation.in_(theirs)))
    connection.execute(delete(conversations).where(conversations.c.site == site))
    connection.execute(delete(sites).where(sites.c.key == site))
    return count


def _visitor(site: SiteKey, one: Person) -> dict[str, Any]:
    moments = {"created_at": one.at, "consent_at": one.at}
    agreed = {"measure": True, "memory": one.memory, "robot": False, "staff": False}
    return {"id": one.visitor, "site": site, "arm": one.arm} | moments | agreed


def _identity(site: SiteKey, one: Person) -> dict[str, Any]:
    known = {"evidence": "purchase", "since": one.known_since}
    return {"site": site, "visitor": one.visitor, "customer": one.customer} | known


def _order(site: SiteKey, one: Notice) -> dict[str, Any]:
    row = {name: value for name, value in asdict(one).items() if name != "kind"}
    return row | {"site": site, "type": one.kind.value, "digest": SOURCE}


def _conversation(site: SiteKey, one: Talk) -> dict[str, Any]:
    began, ended, last = one.said[0].at, one.said[-1].at, len(one.said)
    return {
        "id": one.id, "site": site, "visitor": one.visitor, "owns_visitor": True, "token_used_at": ended,
        "owner": "bot", "state": "resolved", "measure": True, "memory": False, "language": "en", "seq": last,
        "seen_seq": last, "asked_person_at": one.asked_person_at, "page": one.page,
        "created_at": began, "changed_at": ended,
    }  # fmt: skip


def _messages(one: Talk) -> list[dict[str, Any]]:
    return [
        {
            "conversation": one.id, "seq": seq, "sender": said.sender, "name": NAME, "text": said.text, "at": said.at,
            "sources": [] if said.quoted is None else [vars(said.quoted)], "buttons": [], "page": said.page,
            "turn": said.turn,
        }
        for seq, said in enumerate(one.said, 1)
    ]  # fmt: skip
