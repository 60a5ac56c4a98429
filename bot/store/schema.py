"""Which version the tables of a store have, told without what brings them up to date."""

import re
from pathlib import Path

from sqlalchemy import Connection, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
_REVISION = re.compile(r'^revision = "(\w+)"', re.MULTILINE)
_FOLLOWS = re.compile(r'^down_revision = "(\w+)"', re.MULTILINE)


def newest() -> str:
    """The version that this code knows: the one that no other follows."""
    steps = [file.read_text(encoding="utf-8") for file in (MIGRATIONS / "versions").glob("*.py")]
    known: set[str] = {one for step in steps for one in _REVISION.findall(step)}
    (last,) = known - {one for step in steps for one in _FOLLOWS.findall(step)}
    return last


def is_current(connection: Connection) -> bool:
    """Whether nothing is to be done; False also of an empty store, and of one that a newer Duologue has written."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [newest()]
