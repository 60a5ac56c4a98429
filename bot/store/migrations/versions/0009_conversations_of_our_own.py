"""Which conversations the shop's own people led, to try the chat."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("ours", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    # Not as a batch: SQLite would make the table anew, and messages refer to its rows.
    op.drop_column("conversations", "ours")
