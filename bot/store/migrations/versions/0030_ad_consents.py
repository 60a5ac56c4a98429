"""Who agreed that an ad platform learns of them."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0024"
branch_labels = None
depends_on = None
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ad_consents",
        sa.Column("id", ID, primary_key=True, autoincrement=True),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("customer", sa.Text()),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ad_consents_told", "ad_consents", ["site", "source", "source_id"], unique=True)
    op.create_index("ix_ad_consents_address", "ad_consents", ["site", "address"])
    op.create_index("ix_ad_consents_customer", "ad_consents", ["site", "customer"])


def downgrade() -> None:
    op.drop_table("ad_consents")
