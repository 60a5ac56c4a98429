"""Whether who leads a conversation was answered and has bought, beside it: the list is narrowed by that."""

import sqlalchemy as sa
from alembic import op

# ruff: noqa: S608 - nothing of these statements comes from elsewhere
revision = "0021"
down_revision = "0017"
branch_labels = None
depends_on = None

MONEY = "type IN ('purchase', 'refund')"
# More spent than given back, in all orders of the customer or of the browser.
BOUGHT = (
    "(SELECT coalesce(sum(CASE p.type WHEN 'refund' THEN -p.value ELSE p.value END), 0) > 0 FROM purchases p "
    "WHERE p.site = {0}.site AND p." + MONEY + " AND (p.customer = {0}.customer OR p.visitor = {0}.visitor))"
)
OF_CONVERSATION = BOUGHT.format("conversations")
THEIRS = "site = {0}.site AND (customer = {0}.customer OR visitor = {0}.visitor)"
# Orders come, lose their person when somebody is erased, and browsers turn out to be customers.
SQLITE = (
    f"CREATE TRIGGER bought_or_gave_back AFTER INSERT ON purchases WHEN new.{MONEY} BEGIN "
    f"UPDATE conversations SET bought = {OF_CONVERSATION} WHERE {THEIRS.format('new')}; END",
    f"CREATE TRIGGER bought_by_another AFTER UPDATE OF visitor, customer ON purchases WHEN new.{MONEY} BEGIN "
    f"UPDATE conversations SET bought = {OF_CONVERSATION} WHERE {THEIRS.format('old')}; "
    f"UPDATE conversations SET bought = {OF_CONVERSATION} WHERE {THEIRS.format('new')}; END",
    "CREATE TRIGGER conversations_led_by AFTER UPDATE OF visitor, customer ON conversations BEGIN "
    f"UPDATE conversations SET bought = {OF_CONVERSATION} WHERE id = new.id; END",
)
POSTGRESQL = (
    f"""CREATE FUNCTION conversations_bought() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'UPDATE' THEN
            UPDATE conversations SET bought = {OF_CONVERSATION} WHERE {THEIRS.format("old")};
        END IF;
        UPDATE conversations SET bought = {OF_CONVERSATION} WHERE {THEIRS.format("new")};
        RETURN NULL;
    END $$""",
    f"""CREATE TRIGGER bought_or_gave_back AFTER INSERT OR UPDATE OF visitor, customer ON purchases
        FOR EACH ROW WHEN (new.{MONEY}) EXECUTE FUNCTION conversations_bought()""",
    f"""CREATE FUNCTION conversations_led_by() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        new.bought = {BOUGHT.format("new")};
        RETURN new;
    END $$""",
    """CREATE TRIGGER conversations_led_by BEFORE UPDATE OF visitor, customer ON conversations
        FOR EACH ROW EXECUTE FUNCTION conversations_led_by()""",
)
INDEXES = {"buyers": "seq > 0 AND bought", "unanswered": "seq > 0 AND NOT answered"}
CUSTOMERS = sa.text("customer IS NOT NULL")


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("answered", "bought"):
        op.add_column("conversations", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    said = "EXISTS (SELECT 1 FROM messages m WHERE m.conversation = conversations.id AND m.sender IN ('bot', 'staff'))"
    op.execute(f"UPDATE conversations SET answered = {said}, bought = {OF_CONVERSATION}")
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)
    op.create_index("ix_conversations_customer", "conversations", ["site", "customer"], sqlite_where=CUSTOMERS,
                    postgresql_where=CUSTOMERS)  # fmt: skip
    for name, which in INDEXES.items():
        where = sa.text(which)
        op.create_index(f"ix_conversations_{name}", "conversations", ["place", "id"], sqlite_where=where,
                        postgresql_where=where)  # fmt: skip


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger, table in (("bought_or_gave_back", "purchases"), ("conversations_led_by", "conversations")):
        op.execute(f"DROP TRIGGER {trigger}" if is_sqlite else f"DROP TRIGGER {trigger} ON {table}")
    op.execute("DROP TRIGGER bought_by_another" if is_sqlite else "DROP FUNCTION conversations_bought()")
    if not is_sqlite:
        op.execute("DROP FUNCTION conversations_led_by()")
    for name in ("customer", *INDEXES):
        op.drop_index(f"ix_conversations_{name}", "conversations")
    for name in ("answered", "bought"):
        op.drop_column("conversations", name)
