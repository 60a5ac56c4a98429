"""What each member of the staff has chosen for themselves: keys, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "choices",
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id"), primary_key=True),
        sa.Column("keys", sa.Boolean(), nullable=False),
        sa.Column("notices", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("choices")
