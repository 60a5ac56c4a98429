"""What was changed or erased in the log after it was written down, so that copies of it can follow.

Triggers keep it: whoever rewrites a row, today or in a later version, can't forget to. A migration that lets SQLite
copy the table `interactions` has to make them again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0020"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER log_changed AFTER UPDATE ON interactions BEGIN
        INSERT INTO log_changes (interaction, at) VALUES (old.id, old.at);
    END""",
    """CREATE TRIGGER log_erased AFTER DELETE ON interactions BEGIN
        INSERT INTO log_changes (interaction, at) VALUES (old.id, old.at);
    END""",
)
POSTGRESQL = (
    """CREATE FUNCTION log_changes_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO log_changes (interaction, at) VALUES (old.id, old.at);
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER log_changes_follow AFTER UPDATE OR DELETE ON interactions
        FOR EACH ROW EXECUTE FUNCTION log_changes_follow()""",
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "log_changes",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("interaction", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_log_changes")),
        sqlite_autoincrement=True,
    )
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("changed", "erased"):
            op.execute(f"DROP TRIGGER log_{trigger}")
    else:
        op.execute("DROP TRIGGER log_changes_follow ON interactions")
        op.execute("DROP FUNCTION log_changes_follow()")
    op.drop_table("log_changes")
