"""Every message can be found by its words, those said before too."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# As bot/searching.py folds what is typed; the tokenizer does the rest. Words begin and end where SQLite has them end.
SQLITE = (
    """CREATE VIEW sayings_text AS
        SELECT sayings.number AS number, replace(replace(messages.text, 'ß', 'ss'), 'ẞ', 'ss') AS text
        FROM sayings JOIN messages USING (conversation, seq)""",
    """CREATE VIRTUAL TABLE sayings_words USING fts5(
        text, content='sayings_text', content_rowid='number', prefix='2 3',
        tokenize='unicode61 remove_diacritics 2')""",
    "INSERT INTO sayings (conversation, seq) SELECT conversation, seq FROM messages ORDER BY at, conversation, seq",
    "INSERT INTO sayings_words (sayings_words) VALUES ('rebuild')",
    """CREATE TRIGGER sayings_said AFTER INSERT ON messages BEGIN
        INSERT INTO sayings (conversation, seq) VALUES (new.conversation, new.seq);
        INSERT INTO sayings_words (rowid, text) SELECT number, text FROM sayings_text WHERE number =
            (SELECT number FROM sayings WHERE conversation = new.conversation AND seq = new.seq);
    END""",
    # Before, since what is taken out of the index has to be told as it was put in.
    """CREATE TRIGGER sayings_blanked BEFORE UPDATE OF text ON messages BEGIN
        INSERT INTO sayings_words (sayings_words, rowid, text) SELECT 'delete', number, text FROM sayings_text
            WHERE number = (SELECT number FROM sayings WHERE conversation = old.conversation AND seq = old.seq);
    END""",
    """CREATE TRIGGER sayings_said_otherwise AFTER UPDATE OF text ON messages BEGIN
        INSERT INTO sayings_words (rowid, text) SELECT number, text FROM sayings_text
            WHERE number = (SELECT number FROM sayings WHERE conversation = new.conversation AND seq = new.seq);
    END""",
    """CREATE TRIGGER sayings_erased BEFORE DELETE ON messages BEGIN
        INSERT INTO sayings_words (sayings_words, rowid, text) SELECT 'delete', number, text FROM sayings_text
            WHERE number = (SELECT number FROM sayings WHERE conversation = old.conversation AND seq = old.seq);
        DELETE FROM sayings WHERE conversation = old.conversation AND seq = old.seq;
    END""",
)
# Letters are told apart from their accents, which are left out. What is no letter and no digit becomes a space: the
# parser would take a mail address or a path for one word.
POSTGRESQL = (
    r"""CREATE FUNCTION sayings_words_of(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT to_tsvector('simple'::regconfig, regexp_replace(
            normalize(regexp_replace(
                normalize(replace(replace(lower(said), 'ß', 'ss'), 'ẞ', 'ss'), NFKD),
                '[\u0300-\u036f]', '', 'g'), NFC),
            '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u060c\u061b\u061f\u06d4'
            '\u2000-\u2bff\u3000-\u303f]+',
            ' ', 'g'))
    $$""",
    "ALTER TABLE sayings ADD COLUMN words tsvector",
    """INSERT INTO sayings (conversation, seq, words)
        SELECT conversation, seq, sayings_words_of(text) FROM messages ORDER BY at, conversation, seq""",
    "CREATE INDEX ix_sayings_words ON sayings USING gin (words) WITH (fastupdate = off)",
    """CREATE FUNCTION sayings_follow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO sayings (conversation, seq, words)
                VALUES (new.conversation, new.seq, sayings_words_of(new.text));
        ELSIF TG_OP = 'UPDATE' THEN
            UPDATE sayings SET words = sayings_words_of(new.text)
                WHERE conversation = new.conversation AND seq = new.seq;
        ELSE
            DELETE FROM sayings WHERE conversation = old.conversation AND seq = old.seq;
        END IF;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER sayings_follow AFTER INSERT OR DELETE OR UPDATE OF text ON messages
        FOR EACH ROW EXECUTE FUNCTION sayings_follow()""",
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "sayings",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sayings")),
        sa.UniqueConstraint("conversation", "seq", name=op.f("uq_sayings_conversation_seq")),
        sqlite_autoincrement=True,
    )
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        # As it stands: what looks like a parameter in it is none.
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("said", "blanked", "said_otherwise", "erased"):
            op.execute(f"DROP TRIGGER sayings_{trigger}")
        op.execute("DROP TABLE sayings_words")
        op.execute("DROP VIEW sayings_text")
    else:
        op.execute("DROP TRIGGER sayings_follow ON messages")
        op.execute("DROP FUNCTION sayings_follow()")
    op.drop_table("sayings")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION sayings_words_of(text)")
