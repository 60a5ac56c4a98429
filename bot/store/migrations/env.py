"""Alembic asks here for the connection; bot.store.migrate gives it."""

from alembic import context

# Where the last of the tables are: once they are imported, all are known.
from bot.store import console_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=console_tables.staff.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
