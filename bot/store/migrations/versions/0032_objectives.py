"""What the business wants, by when, and what its owners are mailed of it."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    text = {name: sa.Column(name, sa.Text(), nullable=False) for name in ("name", "measure", "scope", "within")}
    op.create_table(
        "objectives",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        *text.values(),
        sa.Column("owner", sa.Text(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("currency", sa.Text()),
        sa.Column("baseline", sa.Float(), nullable=False),
        sa.Column("baseline_low", sa.Float()),
        sa.Column("baseline_high", sa.Float()),
        sa.Column("baseline_n", sa.Integer()),
        sa.Column("baseline_variance", sa.Float()),
        sa.Column("baseline_since", sa.Text()),
        sa.Column("baseline_until", sa.Text()),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("smallest", sa.Float(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("first_target", sa.Float(), nullable=False),
        sa.Column("first_until", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Text(), sa.ForeignKey("staff.id")),
        sa.Column("changed_at", sa.BigInteger()),
        sa.Column("changed_by", sa.Text(), sa.ForeignKey("staff.id")),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("closed_by", sa.Text(), sa.ForeignKey("staff.id")),
        sa.Column("closed_why", sa.Text()),
        sa.Column("look_at", sa.BigInteger()),
    )
    op.create_index("ix_objectives_site", "objectives", ["site", "until"])
    op.create_index("ix_objectives_look_at", "objectives", ["look_at"])
    op.create_table(
        "objective_mails",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("reason", sa.Text(), nullable=False, unique=True),
        sa.Column("objective", sa.Text(), sa.ForeignKey("objectives.id"), nullable=False),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
    )
    op.create_index("ix_objective_mails_state_due_at", "objective_mails", ["state", "due_at", "id"])
    op.create_index("ix_objective_mails_objective", "objective_mails", ["objective", "created_at"])


def downgrade() -> None:
    op.drop_table("objective_mails")
    op.drop_table("objectives")
