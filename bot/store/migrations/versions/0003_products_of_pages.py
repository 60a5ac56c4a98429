"""What a page sells, for the card beside its answer."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pages", sa.Column("product", sa.JSON(), nullable=True))


def downgrade() -> None:
    # Not as a batch: SQLite would make the table anew, and passages refer to its rows.
    op.drop_column("pages", "product")
