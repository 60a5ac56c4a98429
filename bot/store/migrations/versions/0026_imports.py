"""Imports of orders and contacts from files."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "imports",
        sa.Column("id", row_id, primary_key=True, autoincrement=True),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("kind", "name", "state")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("rows", "upto")),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id")),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("created_at", "seen_at")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "import_rows",
        sa.Column("import", sa.BigInteger(), sa.ForeignKey("imports.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True)),
        sa.Column("customer", sa.Text()),
        sa.Column("made", sa.Text()),
    )
    known = sa.text("customer IS NOT NULL")
    op.create_index(
        "ix_import_rows_customer", "import_rows", ["site", "customer"], sqlite_where=known, postgresql_where=known
    )


def downgrade() -> None:
    op.drop_table("import_rows")
    op.drop_table("imports")
