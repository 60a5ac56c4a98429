"""Who waits and why, beside each conversation; labels, snoozing, and views that are kept."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0014"
branch_labels = None
depends_on = None

COLUMNS: dict[str, Any] = {
    "unanswered_since": sa.BigInteger,
    "snoozed_until": sa.BigInteger,
    "intent": sa.Text,
    "sentiment": sa.Float,
    "stars": sa.Integer(),
    "reason": sa.Text,
    "worth": sa.Text,
    "weighed_at": sa.BigInteger,
}
PLACE = (
    "CASE WHEN state = 'waiting' THEN coalesce(asked_person_at, changed_at) - ahead - 4000000000000000000 "
    "WHEN owner = 'staff' AND unanswered_since IS NOT NULL THEN unanswered_since - ahead - 4000000000000000000 "
    "WHEN snoozed_until > changed_at THEN -snoozed_until ELSE -changed_at END"
)
SAID = sa.text("seq > 0")
SNOOZED = sa.text("snoozed_until IS NOT NULL")
UNWEIGHED = sa.text("state <> 'resolved' AND owner <> 'bot' AND (weighed_at IS NULL OR weighed_at < changed_at)")
LAST = (
    "(SELECT {} FROM interactions i WHERE i.conversation = conversations.id AND i.type = '{}' {} "
    "ORDER BY i.seq DESC, i.id DESC LIMIT 1)"
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, type in COLUMNS.items():
        op.add_column("conversations", sa.Column(name, type))
    op.add_column("conversations", sa.Column("ahead", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    _tell_of_those_before(is_sqlite)
    kind = "VIRTUAL" if is_sqlite else "STORED"
    op.execute(f"ALTER TABLE conversations ADD COLUMN place BIGINT GENERATED ALWAYS AS ({PLACE}) {kind}")
    for name, columns in (("place", []), ("owner_place", ["owner", "state"]), ("staff_place", ["staff"])):
        op.create_index(
            f"ix_conversations_{name}",
            "conversations",
            [*columns, "place", "id"],
            sqlite_where=SAID,
            postgresql_where=SAID,
        )
    op.create_index(
        "ix_conversations_snoozed",
        "conversations",
        ["snoozed_until"],
        sqlite_where=SNOOZED,
        postgresql_where=SNOOZED,
    )
    op.create_index(
        "ix_conversations_unweighed",
        "conversations",
        ["changed_at", "id"],
        sqlite_where=UNWEIGHED,
        postgresql_where=UNWEIGHED,
    )
    op.create_table(
        "labels",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False, unique=True),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "conversation_labels",
        sa.Column("conversation", sa.Text(), sa.ForeignKey("conversations.id"), primary_key=True),
        sa.Column("label", sa.Text(), sa.ForeignKey("labels.id"), primary_key=True),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id")),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_conversation_labels_label", "conversation_labels", ["label", "conversation"])
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("staff", sa.Text(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("staff", "name"),
    )


def _tell_of_those_before(is_sqlite: bool) -> None:
    told = "json_extract(i.data, '$.{}')" if is_sqlite else "i.data ->> '{}'"
    to_nobody = f"AND {told.format('to')} = 'nobody'"
    # Ratings come from browsers too: what is no number of stars is none.
    five = "(1, 2, 3, 4, 5)" if is_sqlite else "('1', '2', '3', '4', '5')"
    stars, mood = told.format("stars"), told.format("sentiment")
    op.get_bind().exec_driver_sql(
        "UPDATE conversations SET"  # noqa: S608 - nothing of it comes from elsewhere
        f" intent = {LAST.format(told.format('intent'), 'understanding', '')},"
        f" sentiment = {LAST.format(mood if is_sqlite else f'({mood})::float', 'understanding', '')},"
        f" stars = {LAST.format(_number(stars, is_sqlite), 'rating', f'AND {stars} IN {five}')},"
        f" reason = {LAST.format(told.format('reason'), 'handover', to_nobody)}"
        " WHERE seq > 0"
    )


def _number(told: str, is_sqlite: bool) -> str:
    return told if is_sqlite else f"({told})::int"


def downgrade() -> None:
    for table in ("saved_views", "conversation_labels", "labels"):
        op.drop_table(table)
    for index in ("place", "owner_place", "staff_place", "snoozed", "unweighed"):
        op.drop_index(f"ix_conversations_{index}", "conversations")
    op.drop_column("conversations", "place")
    # Not as a batch: SQLite would make the table anew, and messages refer to its rows.
    for name in (*COLUMNS, "ahead"):
        op.drop_column("conversations", name)
