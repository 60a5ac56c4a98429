"""Mail: what is to be sent, the keys that links carry, and who wants no more."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=True),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("up_to", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["site"], ["sites.key"], name=op.f("fk_mails_site")),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], name=op.f("fk_mails_conversation")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_mails_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("reason", name=op.f("uq_mails_reason")),
    )
    op.create_index("ix_mails_conversation", "mails", ["conversation", "created_at"])
    op.create_index("ix_mails_state_due_at", "mails", ["state", "due_at", "id"])
    op.create_table(
        "conversation_keys",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], name=op.f("fk_conversation_keys_conversation")),
        sa.ForeignKeyConstraint(["mail"], ["mails.id"], name=op.f("fk_conversation_keys_mail")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_conversation_keys")),
    )
    op.create_index("ix_conversation_keys_conversation", "conversation_keys", ["conversation"])
    op.create_index("ix_conversation_keys_ends_at", "conversation_keys", ["ends_at"])
    op.create_table(
        "mail_stops",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.key"], name=op.f("fk_mail_stops_site")),
        sa.PrimaryKeyConstraint("site", "digest", name=op.f("pk_mail_stops")),
    )


def downgrade() -> None:
    for table in ("mail_stops", "conversation_keys", "mails"):
        op.drop_table(table)
