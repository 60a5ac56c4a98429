"""How a page lets its visitors reach a person, as its links and forms tell."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pages", sa.Column("ways", sa.JSON(), nullable=True))


def downgrade() -> None:
    # Not as a batch: SQLite would make the table anew, and passages refer to its rows.
    op.drop_column("pages", "ways")
