"""Sign-ins that can be told apart and ended, members who can be disabled, and who looked at what."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("staff", sa.Column("disabled_at", sa.BigInteger()))
    held = sa.text("staff IS NOT NULL")
    op.create_index("ix_conversations_staff", "conversations", ["staff"], sqlite_where=held, postgresql_where=held)
    # Made anew, empty: nobody could tell in which browser the old ones are. Everybody signs in again, once.
    op.drop_table("sign_ins")
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.Text(), primary_key=True),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False, unique=True),
        sa.Column("agent", sa.Text(), nullable=False),
    )
    op.create_index("ix_sign_ins_staff", "sign_ins", ["staff"])
    op.create_table(
        "audit",
        sa.Column("id", RowId, primary_key=True, autoincrement=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id")),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sqlite_autoincrement=True,
    )
    for columns in (["at"], ["staff", "at"], ["subject", "at"], ["act", "at"]):
        op.create_index(f"ix_audit_{'_'.join(columns)}", "audit", columns)


def downgrade() -> None:
    op.drop_table("audit")
    op.drop_table("sign_ins")
    op.create_table(
        "sign_ins",
        sa.Column("token_hash", sa.Text(), primary_key=True),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
    )
    op.drop_index("ix_conversations_staff", "conversations")
    # Not as a batch: SQLite would make the table anew, and sign-ins refer to its rows.
    op.drop_column("staff", "disabled_at")
