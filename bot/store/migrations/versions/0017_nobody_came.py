"""Who asked for a person, waited in open hours, and went back to the bot because nobody came."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nobody_came",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], name=op.f("fk_nobody_came_conversation")),
        sa.PrimaryKeyConstraint("conversation", "asked_at", name=op.f("pk_nobody_came")),
    )
    op.create_index("ix_nobody_came_ended_at", "nobody_came", ["ended_at", "conversation"])


def downgrade() -> None:
    op.drop_table("nobody_came")
