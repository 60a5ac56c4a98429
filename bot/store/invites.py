"""What the store knows of a visitor before they are invited to talk."""

from sqlalchemy import Connection, select

from bot.interactions import Kind, SiteKey, VisitorId
from bot.invites import ACCEPTED, CLOSED, SHOWN, Known, known_from
from bot.profiles import ProfileId
from bot.store.profiles import find_profile
from bot.store.tables import interactions
from bot.store.visitors import customer_of, is_in_conversation, visitors_of

BROWSERS = 20
ROWS_LOOKED_AT = 5_000
"""The latest of those browsers: whoever causes more than this is no person."""
EVENTS = 200


def known_of(connection: Connection, site: SiteKey, visitor: VisitorId) -> Known:
    """Their visits, whether they talk, and what became of invites, in this browser and others known to be theirs."""
    profile = find_profile(connection, ProfileId(f"visitor:{visitor}"))
    return known_from(
        _events(connection, [visitor, *_other_browsers(connection, site, visitor)]),
        visits=0 if profile is None else profile.visits,
        in_conversation=is_in_conversation(connection, visitor),
    )


def _other_browsers(connection: Connection, site: SiteKey, visitor: VisitorId) -> list[VisitorId]:
    customer = customer_of(connection, site, visitor)
    return [] if customer is None else visitors_of(connection, site, customer)[-BROWSERS:]


def _events(connection: Connection, browsers: list[VisitorId]) -> list[tuple[str, object]]:
    # By ix_interactions_visitor.
    latest = (
        select(interactions.c.id, interactions.c.type, interactions.c.data)
        .where(interactions.c.visitor.in_(browsers))
        .order_by(interactions.c.id.desc())
        .limit(ROWS_LOOKED_AT)
        .subquery()
    )
    name = latest.c.data["name"].as_string()
    rows = connection.execute(
        select(name.label("name"), latest.c.data[("props", "invite")].as_string().label("invite"))
        .where(latest.c.type == Kind.TRACK.value, name.in_((SHOWN, CLOSED, ACCEPTED)))
        .order_by(latest.c.id.desc())
        .limit(EVENTS)
    )
    return [(row.name, row.invite) for row in rows]
