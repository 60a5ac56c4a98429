"""The tables of the console: who the staff are, and what they note of conversations."""

from sqlalchemy import Column, ForeignKey, Table, Text

from bot.store.tables import At, metadata

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),  # agent | marketer | admin
    Column("password_hash", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_at", At, nullable=False),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("staff", Text, ForeignKey("staff.id"), nullable=False),
    Column("created_at", At, nullable=False),
    Column("used_at", At, nullable=False),
)
