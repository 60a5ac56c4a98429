"""The conversation score, of each conversation and of each page that it was led on."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
COUNTED = (
    "turns",
    "visitor_words",
    "our_words",
    "questions",
    "answered",
    "waiting",
    "replied",
    "follow_ups",
    "pitches",
)


def upgrade() -> None:
    # What was said before is judged when the gateway next starts.
    _add("conversation_scores", sa.Column("formula", sa.Integer(), nullable=False), key=("conversation",))
    _add(
        "page_scores",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        key=("conversation", "number"),
    )


def _add(table: str, *own: sa.Column[object], key: tuple[str, ...]) -> None:
    op.create_table(
        table,
        sa.Column("conversation", sa.Text(), nullable=False),
        *own,
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTED),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], name=op.f(f"fk_{table}_conversation")),
        sa.ForeignKeyConstraint(["site"], ["sites.key"], name=op.f(f"fk_{table}_site")),
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_site_at", table, ["site", "at"])


def downgrade() -> None:
    op.drop_table("page_scores")
    op.drop_table("conversation_scores")
