"""The tables of imports: what came in a file, and what has become of it."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from bot.store.tables import At, RowId, metadata

# A file that was taken in. Once it is accepted, all of it will be in the log, whatever ends the process that does it.
imports = Table(
    "imports",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("kind", Text, nullable=False),  # orders | contacts
    Column("name", Text, nullable=False),  # of the file
    Column("state", Text, nullable=False),  # staging | accepted | done | undoing | undone
    Column("rows", BigInteger, nullable=False),
    Column("upto", BigInteger, nullable=False),  # the last number that is in the log
    Column("staff", Text, ForeignKey("staff.id")),  # none: the command line
    Column("created_at", At, nullable=False),
    Column("seen_at", At, nullable=False),  # when somebody last worked at it
    sqlite_autoincrement=True,
)

# What the file told, until it is in the log; then only how to find that again, should the import be undone.
import_rows = Table(
    "import_rows",
    metadata,
    Column("import", BigInteger, ForeignKey("imports.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("site", Text, nullable=False),
    Column("body", JSON(none_as_null=True)),
    Column("customer", Text),  # whom the body is of
    Column("made", Text),  # the source_id of its row of the log; none: it was there before
)
# Forgetting a customer whose file is not in the log yet.
Index("ix_import_rows_customer", import_rows.c.site, import_rows.c.customer,
      sqlite_where=import_rows.c.customer.is_not(None),
      postgresql_where=import_rows.c.customer.is_not(None))  # fmt: skip
