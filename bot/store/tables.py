"""The tables. Times are microseconds since 1970 UTC, money is whole minor units beside its currency."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.types import JSON

PLACE = (
    "CASE WHEN state = 'waiting' THEN coalesce(asked_person_at, changed_at) - ahead - 4000000000000000000 "
    "WHEN owner = 'staff' AND unanswered_since IS NOT NULL THEN unanswered_since - ahead - 4000000000000000000 "
    "WHEN snoozed_until > changed_at THEN -snoozed_until ELSE -changed_at END"
)
"""Where a conversation stands in the staff's list: before all others those who wait, by how long they count as having
waited; then the rest, latest first. Worked out by the database, so that nobody has to keep it."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives a rowid only to INTEGER; PostgreSQL needs 64 bits said aloud.
RowId = BigInteger().with_variant(Integer(), "sqlite")
At = BigInteger

sites = Table(
    "sites",
    metadata,
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("secrets", JSON, nullable=False),  # signs purchases; newest first, two while they rotate
    Column("salt", Text, nullable=False),  # keys the lot of the holdout; never leaves the store
    Column("origins", JSON, nullable=False),
    Column("holdout", Float, nullable=False),
    Column("consent", Text, nullable=False),  # ask | not_needed
    Column("settings", JSON, nullable=False),  # what the widget is told: name, colour, greeting
    Column("crawl", BigInteger),  # the crawl whose passages answer now
    Column("created_at", At, nullable=False),
)

visitors = Table(
    "visitors",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("created_at", At, nullable=False),
    Column("measure", Boolean, nullable=False),
    Column("memory", Boolean, nullable=False),
    Column("consent_at", At, nullable=False),
    Column("arm", Text, nullable=False),  # offered | held_out | none
    Column("robot", Boolean, nullable=False),
    Column("staff", Boolean, nullable=False),
)

# The reversible ledger: who a visitor is, since when, on what evidence. Undone, never deleted.
identities = Table(
    "identities",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("visitor", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Column("since", At, nullable=False),
    Column("undone_at", At),
    Index("ix_identities_site_visitor", "site", "visitor"),  # who is this visitor
    Index("ix_identities_site_customer", "site", "customer"),  # which visitors is this customer
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("visitor", Text),
    Column("owns_visitor", Boolean, nullable=False),  # became the visitor here; else only their reference was shown
    Column("customer", Text),
    Column("token_hash", Text, unique=True),  # None: revoked, by reset or forget
    Column("token_used_at", At, nullable=False),
    Column("owner", Text, nullable=False),  # bot | staff | nobody
    Column("staff", Text, ForeignKey("staff.id")),
    Column("state", Text, nullable=False),  # open | waiting | resolved
    Column("asked_person_at", At),
    Column("measure", Boolean, nullable=False),
    Column("memory", Boolean, nullable=False),
    Column("language", Text),
    Column("seq", Integer, nullable=False),  # the last one given out
    Column("seen_seq", Integer, nullable=False),  # the last one the visitor saw
    Column("dialogue", JSON),  # what the engine needs to go on: slots, active loop, the last turns
    Column("page", Text),
    Column("created_at", At, nullable=False),
    Column("changed_at", At, nullable=False),
    Column("ours", Boolean, nullable=False, server_default=false()),  # staff say that it was one of them
    # What follows is for the staff's list.
    Column("unanswered_since", At),  # the visitor spoke last, since then
    Column("snoozed_until", At),  # out of sight until then, or until the visitor says something
    Column("intent", Text),  # of the last message that was understood
    Column("sentiment", Float),  # of the same
    Column("stars", Integer),  # of the last rating
    Column("reason", Text),  # why a person was asked for
    Column("worth", Text),  # what one of the best customers has spent; None of all others
    Column("ahead", BigInteger, nullable=False, server_default=text("0")),  # bot/who_is_next.py: the head start
    Column("weighed_at", At),  # when those two were worked out; before the last change: to be done again
    Column("place", BigInteger, Computed(PLACE)),
    Column("answered", Boolean, nullable=False, server_default=false()),  # by bot or staff, at any time
    Column("bought", Boolean, nullable=False, server_default=false()),  # who leads it; kept by triggers: migration 0021
    Index("ix_conversations_changed_at", "changed_at", "id"),  # the console's list, latest first
    Index("ix_conversations_visitor", "visitor"),  # forgetting a visitor; earlier conversations
)

messages = Table(
    "messages",
    metadata,
    Column("conversation", Text, ForeignKey("conversations.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("id", Text),  # the browser's, when from the visitor; staff's, when theirs
    Column("turn", Text),
    Column("sender", Text, nullable=False),  # visitor | bot | staff | note
    Column("name", Text),
    Column("text", Text, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("buttons", JSON, nullable=False),  # [{id, title, payload}]: the payload never leaves the gateway
    Column("reply_to", Integer),
    Column("page", Text),
    Column("at", At, nullable=False),
    Column("files", JSON, nullable=False, server_default=text("'[]'")),  # [{id, name, type, size}]
    Column("cards", JSON, nullable=False, server_default=text("'[]'")),  # [{title, text, url, image, price}]
)

_SAID, _SNOOZED, _UNWEIGHED = (
    text("seq > 0"),
    text("snoozed_until IS NOT NULL"),
    text("state <> 'resolved' AND owner <> 'bot' AND (weighed_at IS NULL OR weighed_at < changed_at)"),
)
# The staff's list, all of it, of an owner, of one member; what is snoozed; and who is not in their place yet.
for _name, *_columns in (("place",), ("owner_place", "owner", "state"), ("staff_place", "staff")):
    Index(f"ix_conversations_{_name}", *(conversations.c[one] for one in (*_columns, "place", "id")),
          sqlite_where=_SAID, postgresql_where=_SAID)  # fmt: skip
# The list by segment: of those of whom there are few.
for _name, _which in (("buyers", text("seq > 0 AND bought")), ("unanswered", text("seq > 0 AND NOT answered"))):
    Index(f"ix_conversations_{_name}", conversations.c.place, conversations.c.id, sqlite_where=_which,
          postgresql_where=_which)  # fmt: skip
# What a customer leads, when they buy.
_KNOWN = text("customer IS NOT NULL")
Index("ix_conversations_customer", conversations.c.site, conversations.c.customer, sqlite_where=_KNOWN,
      postgresql_where=_KNOWN)  # fmt: skip
# What a member has when they leave, and how much they have.
_HELD = text("staff IS NOT NULL")
Index("ix_conversations_staff", conversations.c.staff, sqlite_where=_HELD, postgresql_where=_HELD)
Index("ix_conversations_snoozed", conversations.c.snoozed_until, sqlite_where=_SNOOZED, postgresql_where=_SNOOZED)
Index("ix_conversations_unweighed", conversations.c.changed_at, conversations.c.id, sqlite_where=_UNWEIGHED,
      postgresql_where=_UNWEIGHED)  # fmt: skip

# What visitors send beside words. A file counts once it is whole; one that no message carries is removed in a day.
files = Table(
    "files",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation", Text, ForeignKey("conversations.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),  # told by its bytes
    Column("size", Integer, nullable=False),  # of the pieces that are there
    Column("whole", Boolean, nullable=False),
    Column("seq", Integer),  # of the message that carries it
    Column("staff", Text),  # whose it is; none: the visitor's
    Column("at", At, nullable=False),
    Index("ix_files_conversation", "conversation"),  # what is kept of a conversation; forgetting it
)
# What no message carries, oldest first: to be removed.
Index("ix_files_unused", files.c.at, sqlite_where=files.c.seq.is_(None),
      postgresql_where=files.c.seq.is_(None))  # fmt: skip

# Apart and in pieces, so that neither writing nor reading a file holds up anybody.
file_pieces = Table(
    "file_pieces",
    metadata,
    Column("file", Text, ForeignKey("files.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# Every frame with an id that was acted on: the same id again gets the same answer and does nothing.
receipts = Table(
    "receipts",
    metadata,
    Column("conversation", Text, ForeignKey("conversations.id"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("seq", Integer),
)

# The outbox: a row for each visitor message, open until bot, staff or the deadline closes it.
turns = Table(
    "turns",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation", Text, ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("mode", Text, nullable=False),  # answer | understand
    Column("payload", Text),  # what a pressed button says to the engine, instead of the text
    Column("state", Text, nullable=False),  # open | closed | failed
    Column("attempts", Integer, nullable=False),
    Column("opened_at", At, nullable=False),
    Column("closed_at", At),
    UniqueConstraint("conversation", "seq"),
)
# The lowest open turn of a conversation, and at start all that a crash left open.
Index("ix_turns_open", turns.c.conversation, turns.c.seq, sqlite_where=turns.c.state == "open",
      postgresql_where=turns.c.state == "open")  # fmt: skip

interactions = Table(
    "interactions",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", At, nullable=False),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("visitor", Text),
    Column("customer", Text),
    Column("type", Text, nullable=False),
    Column("conversation", Text),
    Column("seq", Integer),
    Column("turn", Text),
    Column("url", Text),
    Column("arm", Text),
    Column("value", BigInteger),
    Column("currency", Text),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("data", JSON, nullable=False),
    UniqueConstraint("source", "source_id"),
    Index("ix_interactions_site_at", "site", "at"),  # insights and exports read a window of a site
    Index("ix_interactions_visitor", "visitor", "id"),  # a profile is rebuilt from its own rows
    Index("ix_interactions_customer", "customer", "id"),
    Index("ix_interactions_conversation_seq", "conversation", "seq"),  # what was understood, beside the transcript
    sqlite_autoincrement=True,  # an erased id is never given again: exports go on from the last one
)

# Which rows of the log were changed or erased after they were written, in numbers alone: its copy in files follows.
# Triggers keep it (the migration 0019), so that nobody who erases can forget to.
log_changes = Table(
    "log_changes",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=True),
    Column("interaction", BigInteger, nullable=False),
    Column("at", At, nullable=False),  # when that happened which the row is about: the day of the file that has it
    sqlite_autoincrement=True,
)

profiles = Table(
    "profiles",
    metadata,
    Column("id", Text, primary_key=True),  # visitor:ID or customer:SITE:ID
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("learned", BigInteger, nullable=False),  # the last interaction in it
    Column("body", JSON, nullable=False),
)

purchases = Table(
    "purchases",
    metadata,
    Column("site", Text, ForeignKey("sites.key"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("type", Text, nullable=False),  # purchase | refund | status
    Column("of", Text),
    Column("visitor", Text),
    Column("customer", Text),
    Column("email", Text),
    Column("name", Text),
    Column("value", BigInteger),
    Column("margin", BigInteger),
    Column("currency", Text),
    Column("status", Text),
    Column("tracking", Text),
    Column("items", JSON, nullable=False),
    Column("digest", Text, nullable=False),  # of the content: the same id with other content is refused
    Column("at", At, nullable=False),
    Index("ix_purchases_site_of", "site", "of"),  # refunds and statuses of an order
    Index("ix_purchases_site_email", "site", "email"),  # forgetting; order status by e-mail
    Index("ix_purchases_visitor", "visitor"),
    Index("ix_purchases_site_customer", "site", "customer"),  # a customer's own orders
)
# Orders of an e-mail address, whose capitals mean nothing.
Index("ix_purchases_site_lower_email", purchases.c.site, func.lower(purchases.c.email))

crawls = Table(
    "crawls",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("origin", Text, nullable=False),  # the URL, folder or file it was started from
    Column("state", Text, nullable=False),  # running | whole | failed
    Column("started_at", At, nullable=False),
    Column("finished_at", At),
    Column("report", JSON, nullable=False),  # what was skipped, and why
    Column("reader", Text),  # the version of what made passages of its pages
    Column("options", JSON(none_as_null=True)),  # how it was asked for, so that it can be asked for again
    sqlite_autoincrement=True,
)

pages = Table(
    "pages",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("crawl", BigInteger, ForeignKey("crawls.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("fetched_at", At, nullable=False),
    Column("product", JSON(none_as_null=True)),  # {name, price, image}, where the page sells one thing
    Column("language", Text, nullable=False, server_default=""),  # as the page tells: de-at; empty when it does not
    Column("variants", JSON(none_as_null=True)),  # {language: URL} of the same page in other languages
    # What follows is for the next crawl: by what it knows the page again without fetching or reading it.
    Column("source", Text),  # the URL it came from, where it wants to be known by another
    Column("body", Text),  # of what was fetched; `digest` is of what it says
    Column("asked_at", At),  # when the server was last asked, whatever it answered
    Column("steady", Boolean, nullable=False, server_default=false()),  # it had not changed when last asked
    Column("etag", Text),
    Column("modified", Text),  # the server's Last-Modified
    Column("listed", Text),  # the sitemap's lastmod
    Column("links", LargeBinary),  # packed
    Column("ways", JSON(none_as_null=True)),  # to reach a person: of mail, phone, form, contact; NULL: nobody looked
    UniqueConstraint("crawl", "url"),
)

passages = Table(
    "passages",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("crawl", BigInteger, ForeignKey("crawls.id"), nullable=False),
    Column("page", BigInteger, ForeignKey("pages.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("heading", JSON, nullable=False),  # the path of headings above it, outermost first
    Column("text", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Index("ix_passages_crawl", "crawl", "id"),  # building the index
    Index("ix_passages_page", "page"),
)

# What a crawl read and left out for what it says (noindex, the same as another): the next one need not fetch it again.
left_out = Table(
    "left_out",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("crawl", BigInteger, ForeignKey("crawls.id"), nullable=False),
    Column("asked", Text, nullable=False),  # the URL to ask for it
    Column("url", Text, nullable=False),  # the one by which it wants to be known
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("digest", Text, nullable=False),  # of what it says; empty where nobody read that
    Column("body", Text),  # of what was fetched
    Column("read_at", At, nullable=False),  # when it was last had in full
    Column("asked_at", At, nullable=False),
    Column("steady", Boolean, nullable=False),
    Column("etag", Text),
    Column("modified", Text),
    Column("listed", Text),
    Column("links", LargeBinary, nullable=False),  # packed
    UniqueConstraint("crawl", "asked"),
)

# Whose turn it is to crawl a site: one at a time, and not at once again after it failed.
crawl_turns = Table(
    "crawl_turns",
    metadata,
    Column("site", Text, ForeignKey("sites.key"), primary_key=True),
    Column("crawl", BigInteger),  # that has the turn now
    Column("held_until", At, nullable=False),
    Column("failures", Integer, nullable=False),  # in a row
    Column("failed_at", At),
    Column("told", Text),  # of the last failure
)

# Page views of those who did not agree to be measured: a number a day a page, and nothing about anyone.
daily_views = Table(
    "daily_views",
    metadata,
    Column("site", Text, ForeignKey("sites.key"), primary_key=True),
    Column("day", Text, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("views", BigInteger, nullable=False),
)

# Whatever was dropped or altered at a door, counted under its reason.
drops = Table(
    "drops",
    metadata,
    Column("site", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("door", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)


def _judged() -> list[Column[Any]]:
    """A score and what it was made of: bot/conversation_score.py says what each counts."""
    return [
        Column("site", Text, ForeignKey("sites.key"), nullable=False),
        Column("seq", Integer, nullable=False),  # of the last message that it was judged by
        Column("at", At),  # of the visitor's last message; None when they said nothing
        Column("score", Integer),  # 0 to 100; None when there was nothing to judge
        Column("bot", Text),  # the version that answered last; None where it is not known
        *(
            Column(name, Integer, nullable=False)
            for name in (
                "turns", "visitor_words", "our_words", "questions", "answered", "waiting", "replied", "follow_ups",
                "pitches",
            )
        ),
    ]  # fmt: skip


# Derived from messages and log; deleted and judged again, they are the same.
conversation_scores = Table(
    "conversation_scores",
    metadata,
    Column("conversation", Text, ForeignKey("conversations.id"), primary_key=True),
    Column("formula", Integer, nullable=False),  # the version of the formula
    *_judged(),
    Index("ix_conversation_scores_site_at", "site", "at"),  # the scores of a window
)

# The same of what was said on one page of the conversation. Its number, since an address may be too long for a key.
page_scores = Table(
    "page_scores",
    metadata,
    Column("conversation", Text, ForeignKey("conversations.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("page", Text, nullable=False),
    *_judged(),
    Index("ix_page_scores_site_at", "site", "at"),  # the scores of a window's pages
)
