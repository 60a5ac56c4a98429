"""Reports by mail: when, to whom, and what became of each."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_schedules",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        sa.Column("every", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_report_schedules_due_at", "report_schedules", ["due_at"])
    op.create_table(
        "report_recipients",
        sa.Column("schedule", sa.Text(), sa.ForeignKey("report_schedules.id"), primary_key=True),
        sa.Column("address", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("confirmed_by", sa.Text(), sa.ForeignKey("staff.id")),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "report_mails",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("reason", sa.Text(), nullable=False, unique=True),
        sa.Column("schedule", sa.Text(), sa.ForeignKey("report_schedules.id"), nullable=False),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text()),
        sa.Column("stop_hash", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
    )
    op.create_index("ix_report_mails_schedule", "report_mails", ["schedule", "created_at"])
    op.create_index("ix_report_mails_state_due_at", "report_mails", ["state", "due_at", "id"])
    op.create_index("ix_report_mails_stop_hash", "report_mails", ["stop_hash"])


def downgrade() -> None:
    for table in ("report_mails", "report_recipients", "report_schedules"):
        op.drop_table(table)
