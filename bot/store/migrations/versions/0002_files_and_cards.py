"""Files that visitors send, and cards in answers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Messages from before have neither; the default says so, and the rows need not be written anew.
    with op.batch_alter_table("messages", schema=None) as batch_op:
        for name in ("files", "cards"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default=sa.text("'[]'")))

    op.create_table(
        "files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["conversation"], ["conversations.id"], name=op.f("fk_files_conversation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
    )
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.create_index("ix_files_conversation", ["conversation"], unique=False)
        batch_op.create_index(
            "ix_files_unused",
            ["at"],
            unique=False,
            sqlite_where=sa.text("seq IS NULL"),
            postgresql_where=sa.text("seq IS NULL"),
        )

    op.create_table(
        "file_pieces",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file"], ["files.id"], name=op.f("fk_file_pieces_file")),
        sa.PrimaryKeyConstraint("file", "number", name=op.f("pk_file_pieces")),
    )


def downgrade() -> None:
    op.drop_table("file_pieces")
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_index("ix_files_unused")
        batch_op.drop_index("ix_files_conversation")

    op.drop_table("files")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("cards")
        batch_op.drop_column("files")
