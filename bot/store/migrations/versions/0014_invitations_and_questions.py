"""Invitations by a person, and what staff say of questions that no page answered."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("visitor", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["site"], ["sites.key"], name=op.f("fk_invitations_site")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_invitations_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    op.create_index("ix_invitations_visitor_at", "invitations", ["visitor", "at"])
    op.create_table(
        "question_marks",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=True),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.key"], name=op.f("fk_question_marks_site")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_question_marks_staff")),
        sa.PrimaryKeyConstraint("site", "digest", name=op.f("pk_question_marks")),
    )


def downgrade() -> None:
    op.drop_table("question_marks")
    op.drop_table("invitations")
