"""What a member of the staff has chosen for themselves."""

from dataclasses import asdict, dataclass, replace

from sqlalchemy import Connection, select

from bot.store.console_tables import choices
from bot.store.database import insert_into


@dataclass(frozen=True)
class Choices:
    """`keys`: single letters do what buttons do. `notices`: the browser tells when somebody begins to wait."""

    keys: bool = True
    notices: bool = False


def choices_of(connection: Connection, member: str) -> Choices:
    row = connection.execute(select(choices).where(choices.c.staff == member)).one_or_none()
    return Choices() if row is None else Choices(row.keys, row.notices)


def choose(connection: Connection, member: str, /, **chosen: bool) -> Choices:
    """Changes what is named and leaves the rest."""
    now = replace(choices_of(connection, member), **chosen)
    write = insert_into(connection, choices).values(staff=member, **asdict(now))
    connection.execute(write.on_conflict_do_update(index_elements=[choices.c.staff], set_=asdict(now)))
    return now
