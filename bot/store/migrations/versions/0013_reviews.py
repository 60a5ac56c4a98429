"""What staff say an answer should have been."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("should", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("taken_for", sa.Text()),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("page", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id")),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), sa.ForeignKey("staff.id")),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("conversation", "seq"),
    )
    op.create_index("ix_reviews_created_at", "reviews", ["created_at", "id"])
    op.create_index("ix_reviews_state_created_at", "reviews", ["state", "created_at", "id"])


def downgrade() -> None:
    op.drop_table("reviews")
