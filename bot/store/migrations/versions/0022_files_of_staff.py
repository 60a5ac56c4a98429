"""Files that staff send with an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Without a foreign key: SQLite can't take a column that has one away again, and members are never deleted.
    op.add_column("files", sa.Column("staff", sa.Text()))


def downgrade() -> None:
    op.drop_column("files", "staff")
