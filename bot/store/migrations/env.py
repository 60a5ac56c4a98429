"""Alembic asks here for the connection; bot.store.migrate gives it."""

from alembic import context

from bot.store.every_table import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
