"""Answers that staff have ready."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ready_replies",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key")),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id")),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Text(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_ready_replies_uses", "ready_replies", ["uses", "id"])


def downgrade() -> None:
    op.drop_table("ready_replies")
