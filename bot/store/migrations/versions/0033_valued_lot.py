"""Who of the best customers is served as everybody is, by lot."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "valued_lot",
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), primary_key=True),
        sa.Column("person", sa.Text(), primary_key=True),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("arm", sa.Text(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("valued_lot")
