"""Whom somebody means who asks for all that is kept of them: by a customer's id, a visitor's id or a mail address."""

from sqlalchemy import Connection, String, cast, func, select

from bot.interactions import CustomerId, Microseconds, SiteKey, VisitorId
from bot.profiles import ProfileId
from bot.store.audit import Act, record
from bot.store.forget import Reach, reach_of
from bot.store.profiles import find_profiles
from bot.store.tables import conversations, identities, profiles, purchases, visitors

PEOPLE = 1_000
"""Profiles in which an address may stand: more are looked through for none."""
Subject = tuple[str, str]
"""("customer", id) or ("visitor", id)."""


def subjects_of(connection: Connection, site: SiteKey, kind: str, value: str) -> list[Subject]:
    """Who goes by that, each once: none, one, or several who gave the same mail address."""
    if kind == "email":
        return _by_address(connection, site, value.strip().lower())
    return [(kind, value)] if _is_known(connection, site, kind, value) else []


def reach_of_subject(connection: Connection, site: SiteKey, subject: Subject) -> Reach:
    kind, id = subject
    if kind == "visitor":
        return reach_of(connection, site, visitors={VisitorId(id)}, customers=set())
    return reach_of(connection, site, visitors=set(), customers={CustomerId(id)})


def record_export(connection: Connection, site: SiteKey, subject: Subject, *, at: Microseconds) -> None:
    """That whoever runs the server took all of it away."""
    kind, id = subject
    whose = f"customer:{site}:{id}" if kind == "customer" else f"visitor:{id}"
    record(connection, at=at, staff=None, act=Act.EXPORTED, subject=whose)


def _is_known(connection: Connection, site: SiteKey, kind: str, id: str) -> bool:
    p, c = purchases.c, conversations.c
    if kind == "visitor":
        asked = [select(visitors.c.id).where(visitors.c.site == site, visitors.c.id == id)]
    else:
        asked = [
            select(identities.c.id).where(identities.c.site == site, identities.c.customer == id),
            select(p.id).where(p.site == site, p.customer == id),
            select(c.id).where(c.site == site, c.customer == id),
            select(profiles.c.id).where(profiles.c.id == f"customer:{site}:{id}"),
        ]
    return any(connection.execute(one.limit(1)).first() is not None for one in asked)


def _by_address(connection: Connection, site: SiteKey, address: str) -> list[Subject]:
    """By orders, and by what profiles say. One who is a customer is told once, whatever browsers are theirs."""
    p = purchases.c
    bought = select(p.customer, p.visitor).where(p.site == site, func.lower(p.email) == address).distinct()
    people = {("customer", row.customer) if row.customer else ("visitor", row.visitor or "") for row in
              connection.execute(bought.order_by(p.customer, p.visitor).limit(PEOPLE))}  # fmt: skip
    stands = func.lower(cast(profiles.c.body, String)).contains(address, autoescape=True)
    ids = select(profiles.c.id).where(profiles.c.site == site, stands).order_by(profiles.c.id).limit(PEOPLE)
    for one in find_profiles(connection, [ProfileId(id) for id in connection.execute(ids).scalars()]):
        told = one.fact("email")
        if told is not None and told.value.lower() == address:
            kind, _, id = str(one.id).partition(":")
            people.add((kind, id.removeprefix(f"{site}:") if kind == "customer" else id))
    return _each_once(connection, site, sorted(one for one in people if one[1]))


def _each_once(connection: Connection, site: SiteKey, people: list[Subject]) -> list[Subject]:
    # Customers sort before visitors: a browser that is one of theirs adds nobody.
    known: list[tuple[Subject, Reach]] = []
    for one in people:
        if not any(one[1] in (*whose.visitors, *whose.customers) for _, whose in known):
            known.append((one, reach_of_subject(connection, site, one)))
    return [one for one, _ in known]
