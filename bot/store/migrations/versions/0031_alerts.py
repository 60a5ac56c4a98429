"""Alerts: what is watched for, what was raised, and what went out."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

AT, ID = sa.BigInteger, sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = (
    ("alert_rules", "site", ["site", "created_at"]),
    ("alert_mentions", "site_what", ["site", "what", "topic", "at"]),
    ("alert_mentions", "at", ["at"]),
    ("alert_mentions", "conversation", ["conversation"]),
    ("alert_mentions", "visitor", ["visitor"]),
    ("alerts", "site_at", ["site", "at"]),
    ("alerts", "site_told_at", ["site", "told_at"]),
    ("alerts", "rule_told_at", ["rule", "told_at"]),
    ("alert_people", "rule_at", ["rule", "at"]),
    ("alert_people", "conversation", ["conversation"]),
    ("alert_people", "visitor", ["visitor"]),
    ("alert_deliveries", "state_due_at", ["state", "due_at", "id"]),
    ("alert_deliveries", "site", ["site", "created_at"]),
    ("alert_deliveries", "stop_hash", ["stop_hash"]),
)


def upgrade() -> None:
    _rules()
    _lately()
    _raised()
    for table, name, columns in INDEXES:
        op.create_index(f"ix_{table}_{name}", table, columns)


def downgrade() -> None:
    for table in (
        "alert_deliveries", "alert_people", "alerts", "alert_mentions", "alert_marks", "alert_targets", "alert_limits",
        "alert_rules",
    ):  # fmt: skip
        op.drop_table(table)


def _rules() -> None:
    op.create_table(
        "alert_rules",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("usual", sa.Boolean(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most_an_hour", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer()),
        sa.Column("quiet_until", sa.Integer()),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("words", sa.Boolean(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("is_low", sa.Boolean(), nullable=False),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id")),
        sa.Column("created_at", AT(), nullable=False),
    )
    op.create_table(
        "alert_limits",
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), primary_key=True),
        sa.Column("most_an_hour", sa.Integer(), nullable=False),
    )
    op.create_table(
        "alert_targets",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("rule", sa.Text(), sa.ForeignKey("alert_rules.id"), nullable=False),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("secrets", sa.JSON(), nullable=False),
        sa.Column("rotated_at", AT()),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id")),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused_at", AT()),
        sa.Column("created_at", AT(), nullable=False),
        sa.UniqueConstraint("rule", "kind", "address", name="uq_alert_targets_rule_kind_address"),
    )


def _lately() -> None:
    marks = op.create_table(
        "alert_marks",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("mark", sa.JSON(), nullable=False),
        sa.Column("looked_at", AT(), nullable=False),
    )
    op.bulk_insert(marks, [{"id": 1, "mark": {"upto": 0, "gaps": []}, "looked_at": 0}])
    op.create_table(
        "alert_mentions",
        sa.Column("interaction", ID, primary_key=True, autoincrement=False),
        sa.Column("what", sa.Text(), primary_key=True),
        sa.Column("topic", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        sa.Column("at", AT(), nullable=False),
        sa.Column("visitor", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text()),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer()),
        sa.Column("value", sa.Float()),
    )


def _raised() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("rule", sa.Text(), sa.ForeignKey("alert_rules.id"), nullable=False),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", AT(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("told_at", AT()),
        sa.Column("told_by", sa.Text()),
        sa.Column("more", sa.Integer(), nullable=False),
        sa.UniqueConstraint("rule", "cause", name="uq_alerts_rule_cause"),
    )
    op.create_table(
        "alert_people",
        sa.Column("alert", sa.Text(), sa.ForeignKey("alerts.id"), primary_key=True),
        sa.Column("interaction", ID, primary_key=True, autoincrement=False),
        sa.Column("rule", sa.Text(), sa.ForeignKey("alert_rules.id"), nullable=False),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        sa.Column("at", AT(), nullable=False),
        sa.Column("visitor", sa.Text()),
        sa.Column("customer", sa.Text()),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer()),
    )
    op.create_table(
        "alert_deliveries",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("alert", sa.Text(), sa.ForeignKey("alerts.id"), nullable=False),
        sa.Column("target", sa.Text(), sa.ForeignKey("alert_targets.id"), nullable=False),
        sa.Column("rule", sa.Text(), sa.ForeignKey("alert_rules.id"), nullable=False),
        sa.Column("site", sa.Text(), sa.ForeignKey("sites.key"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text()),
        sa.Column("stop_hash", sa.Text()),
        sa.Column("created_at", AT(), nullable=False),
        sa.Column("due_at", AT(), nullable=False),
        sa.Column("sent_at", AT()),
        sa.UniqueConstraint("alert", "target", name="uq_alert_deliveries_alert_target"),
    )
