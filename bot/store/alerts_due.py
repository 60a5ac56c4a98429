"""Whether the worker has anything to do for alerts."""

from datetime import timedelta

from sqlalchemy import Connection, select

from bot.alert_rules import What
from bot.interactions import Microseconds
from bot.store.alert_mentions import is_new
from bot.store.alert_tables import alert_deliveries
from bot.store.alerts import rules_on
from bot.store.alerts_raised import holding, unraised

LOOKS_EVERY = timedelta(minutes=1)


def alerts_due(connection: Connection, at: Microseconds) -> bool:
    """A delivery is due, something held back may go, the log has grown, or somebody has waited too long."""
    c = alert_deliveries.c
    waiting = select(c.id).where(c.state == "waiting", c.due_at <= at).limit(1)
    if connection.execute(waiting).first() is not None or holding(connection, at=at):
        return True
    watched = rules_on(connection)
    if watched and is_new(connection, since=LOOKS_EVERY, at=at):
        return True
    for_somebody = [kept for kept in watched if kept.rule.what is What.WAITING]
    return any(unraised(connection, kept.id, kept.rule, at=at) for kept in for_somebody)
