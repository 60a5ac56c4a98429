"""The outbox of what owners are told of their objectives: that one was reached, and that it is over; each once."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, exists, or_, select, update

from bot.interactions import Microseconds, SiteKey
from bot.store.console_tables import staff
from bot.store.database import insert_into
from bot.store.ids import new_id
from bot.store.objective_tables import objective_mails, objectives
from bot.store.objectives import Objective, look_again

AT_ONCE, SHOWN = 20, 20


class Event(StrEnum):
    REACHED = "reached"
    """Before its end."""
    OVER = "over"
    """Its last day has passed, or somebody closed it."""


@dataclass(frozen=True)
class ObjectiveMail:
    """`to` is the name of its owner, who is mailed where that is an address; None of who is staff no longer."""

    id: str
    objective: str
    site: SiteKey
    to: str | None
    subject: str
    said: str
    state: str
    tries: int
    trouble: str | None
    created_at: Microseconds
    sent_at: Microseconds | None


def objectives_due(connection: Connection, at: Microseconds) -> bool:
    """Whether there is anything for the worker to do."""
    mails = exists().where(objective_mails.c.state == "waiting", objective_mails.c.due_at <= at)
    looks = exists().where(objectives.c.look_at <= at)
    return bool(connection.execute(select(or_(mails, looks))).scalar_one())


def put_event(
    connection: Connection, known: Objective, event: Event | None, *, subject: str = "", said: str = "",
    next_look: Microseconds | None, at: Microseconds,
) -> bool:  # fmt: skip
    """Notes that it was looked at and, with an event, puts the mail to its owner into the outbox: both or nothing.

    False, and nothing, when another has looked meanwhile, or it was changed. What was put before is not put again.
    """
    if not look_again(connection, known, at=next_look):
        return False
    if event is not None:
        put = insert_into(connection, objective_mails).values(
            id=new_id(16), reason=_reason(known, event), objective=known.id, site=known.site, staff=known.owner,
            subject=subject, said=said, state="waiting", tries=0, created_at=at, due_at=at,
        )  # fmt: skip
        connection.execute(put.on_conflict_do_nothing(index_elements=["reason"]))
    return True


def _reason(known: Objective, event: Event) -> str:
    """Each target is reached once, and each last day is over once: a new one is news."""
    return f"{known.id}:{event}:{known.until if event is Event.OVER else repr(known.target)}"


def due(connection: Connection, *, at: Microseconds) -> list[ObjectiveMail]:
    """What is to be sent now, the longest due first."""
    c = objective_mails.c
    return _all(connection, _mails().where(c.state == "waiting", c.due_at <= at).order_by(c.due_at, c.id), AT_ONCE)


def take(connection: Connection, id: str, *, at: Microseconds, hold: timedelta) -> bool:
    """Takes the mail to send it: for so long nobody else does, and after a crash it is due again."""
    c, until = objective_mails.c, at + hold // timedelta(microseconds=1)
    mine = update(objective_mails).where(c.id == id, c.state == "waiting", c.due_at <= at)
    return bool(connection.execute(mine.values(tries=c.tries + 1, due_at=until)).rowcount)


def becomes(connection: Connection, id: str, /, **values: Any) -> None:
    """What became of a try: state, sent_at, trouble, due_at."""
    connection.execute(update(objective_mails).where(objective_mails.c.id == id).values(**values))


def mailed_of(connection: Connection, objective: str) -> list[ObjectiveMail]:
    """What was told of the objective, or will be, the latest first."""
    c = objective_mails.c
    return _all(connection, _mails().where(c.objective == objective).order_by(c.created_at.desc(), c.id), SHOWN)


def _mails() -> Select[Any]:
    c = objective_mails.c
    to = select(staff.c.name).where(staff.c.id == c.staff, staff.c.disabled_at.is_(None)).scalar_subquery().label("to")
    return select(*(c[name] for name in ObjectiveMail.__dataclass_fields__ if name != "to"), to)


def _all(connection: Connection, asked: Select[Any], limit: int) -> list[ObjectiveMail]:
    return [ObjectiveMail(**row) for row in connection.execute(asked.limit(limit)).mappings()]
