"""Which version of the bot each scored conversation was had with."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("conversation_scores", "page_scores"):
        op.add_column(table, sa.Column("bot", sa.Text()))


def downgrade() -> None:
    for table in ("conversation_scores", "page_scores"):
        op.drop_column(table, "bot")
