"""Brings the tables of a store to the version that this code knows."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.errors import ConfigurationError
from bot.store.schema import MIGRATIONS


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Applies what is missing. A store that a newer Duologue has written is refused, not touched."""
    config = _config(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in known:
        raise ConfigurationError(
            f"This store has the version {present}, which this Duologue does not know. "
            "It was written by a newer one: update Duologue, or restore a backup made before the update."
        )
    command.upgrade(config, revision)


def downgrade(connection: Connection, revision: str) -> None:
    command.downgrade(_config(connection), revision)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
