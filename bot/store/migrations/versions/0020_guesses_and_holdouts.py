"""Since when a site holds which share of visitors out, and what its owner guessed before looking at the result."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holdouts",
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), primary_key=True),
        sa.Column("since", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("holdout", sa.Float(), nullable=False),
    )
    op.create_table(
        "guesses",
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), primary_key=True),
        sa.Column("since", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("change", sa.Float(), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    # What was held out before nobody wrote down; the sample-ratio check finds it out if it was another share.
    op.execute("INSERT INTO holdouts (site, since, holdout) SELECT key, created_at, holdout FROM sites")


def downgrade() -> None:
    op.drop_table("guesses")
    op.drop_table("holdouts")
