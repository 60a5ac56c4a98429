"""What a crawl needs to ask only for what has changed, and whose turn it is to crawl a site."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def of_pages() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("language", sa.Text(), nullable=False, server_default=""),
        sa.Column("variants", sa.JSON(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("steady", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("modified", sa.Text(), nullable=True),
        sa.Column("listed", sa.Text(), nullable=True),
        sa.Column("links", sa.LargeBinary(), nullable=True),
    )


def of_crawls() -> tuple[sa.Column[Any], ...]:
    return (sa.Column("reader", sa.Text(), nullable=True), sa.Column("options", sa.JSON(), nullable=True))


def upgrade() -> None:
    for column in of_pages():
        op.add_column("pages", column)
    for column in of_crawls():
        op.add_column("crawls", column)
    op.create_table(
        "crawl_turns",
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("crawl", sa.BigInteger(), nullable=True),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["site"], ["sites.key"], name=op.f("fk_crawl_turns_site")),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_crawl_turns")),
    )


def downgrade() -> None:
    op.drop_table("crawl_turns")
    # Not as a batch: SQLite would make the tables anew, and other rows refer to theirs.
    for column in of_crawls():
        op.drop_column("crawls", column.name)
    for column in of_pages():
        op.drop_column("pages", column.name)
