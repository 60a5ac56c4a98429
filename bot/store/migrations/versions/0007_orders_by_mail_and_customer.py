"""Orders are found by whom they are of: an e-mail address, however it is written, or a customer."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_purchases_site_customer", "purchases", ["site", "customer"])
    op.create_index("ix_purchases_site_lower_email", "purchases", ["site", sa.text("lower(email)")])


def downgrade() -> None:
    op.drop_index("ix_purchases_site_lower_email", "purchases")
    op.drop_index("ix_purchases_site_customer", "purchases")
