"""Exports that are made apart and fetched when they are whole."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "made_exports",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "format", "since", "until")),
        sa.Column("bom", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("staff", "state", "told")),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger()),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_made_exports_asked_at", "made_exports", ["asked_at", "id"])
    op.create_index("ix_made_exports_expires_at", "made_exports", ["expires_at"])


def downgrade() -> None:
    op.drop_table("made_exports")
