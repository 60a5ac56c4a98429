"""The tables of the console: who the staff are, what they did, and what they note of conversations."""

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.store.tables import At, RowId, metadata

staff = Table(
    "staff",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),  # agent | marketer | admin
    Column("password_hash", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_at", At, nullable=False),
    Column("disabled_at", At),  # since when they may do nothing; never deleted, since what they did stays theirs
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("id", Text, nullable=False, unique=True),  # to name it by; the secret is its browser's alone
    Column("staff", Text, ForeignKey("staff.id"), nullable=False),
    Column("agent", Text, nullable=False),  # the browser, as it calls itself
    Column("created_at", At, nullable=False),
    Column("used_at", At, nullable=False),  # to the minute
    Index("ix_sign_ins_staff", "staff"),  # a member's own, and the end of them all
)

audit = Table(
    "audit",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", At, nullable=False),
    Column("staff", Text, ForeignKey("staff.id")),  # none: the command line
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),  # conversation:ID, visitor:ID, customer:SITE:ID, staff:ID, ...; no name
    Column("detail", Text, nullable=False),
    # One for each filter of the page, which shows the latest first; the third also finds a look just repeated.
    Index("ix_audit_at", "at"),
    Index("ix_audit_staff_at", "staff", "at"),
    Index("ix_audit_subject_at", "subject", "at"),
    Index("ix_audit_act_at", "act", "at"),
    sqlite_autoincrement=True,
)

# Every message under a number that is never given again; the newest has the highest. Triggers keep it, and beside it
# the index of the words, which each database has in a way of its own: see the migration 0011.
sayings = Table(
    "sayings",
    metadata,
    Column("number", RowId, primary_key=True, autoincrement=True),
    Column("conversation", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    UniqueConstraint("conversation", "seq"),  # what becomes of a message
    sqlite_autoincrement=True,
)

labels = Table(
    "labels",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False, unique=True),  # the name without capitals: two of a name are one
    Column("colour", Text, nullable=False),
    Column("created_at", At, nullable=False),
)

conversation_labels = Table(
    "conversation_labels",
    metadata,
    Column("conversation", Text, ForeignKey("conversations.id"), primary_key=True),
    Column("label", Text, ForeignKey("labels.id"), primary_key=True),
    Column("staff", Text, ForeignKey("staff.id")),
    Column("at", At, nullable=False),
    Index("ix_conversation_labels_label", "label", "conversation"),  # the list by label
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", Text, primary_key=True),
    Column("staff", Text, ForeignKey("staff.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),  # of the list's address
    Column("shared", Boolean, nullable=False),  # with all of the staff
    Column("created_at", At, nullable=False),
    UniqueConstraint("staff", "name"),
)

# The same of the dashboard: `query` is the whole address, such as /insights?site=demo&window=7d.
board_views = Table(
    "board_views",
    metadata,
    Column("id", Text, primary_key=True),
    Column("staff", Text, ForeignKey("staff.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("created_at", At, nullable=False),
    UniqueConstraint("staff", "name"),
)

# Answers that staff have ready: without a site for all, without a member shared.
ready_replies = Table(
    "ready_replies",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, ForeignKey("sites.key")),
    Column("staff", Text, ForeignKey("staff.id")),
    Column("name", Text, nullable=False),
    Column("texts", JSON, nullable=False),  # {language: text}
    Column("uses", Integer, nullable=False),
    Column("changed_by", Text, ForeignKey("staff.id"), nullable=False),
    Column("changed_at", At, nullable=False),
    Index("ix_ready_replies_uses", "uses", "id"),  # the list, the most used first
)

# What staff say an answer should have been: one for each turn.
reviews = Table(
    "reviews",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, nullable=False),
    Column("conversation", Text, ForeignKey("conversations.id"), nullable=False),
    Column("seq", Integer, nullable=False),  # of the visitor's message
    Column("should", Text, nullable=False),  # intent | words | page | right
    Column("value", Text, nullable=False),
    Column("said", Text, nullable=False),  # the visitor's words as they were
    Column("taken_for", Text),
    Column("actions", JSON, nullable=False),
    Column("page", Text),
    Column("state", Text, nullable=False),  # new | exported | refused | done
    Column("staff", Text, ForeignKey("staff.id")),
    Column("created_at", At, nullable=False),
    Column("changed_by", Text, ForeignKey("staff.id")),  # none: the command line
    Column("changed_at", At, nullable=False),
    UniqueConstraint("conversation", "seq"),  # of two colleagues the second is told of the first
    # The list, the latest first, of all and of one state.
    Index("ix_reviews_created_at", "created_at", "id"),
    Index("ix_reviews_state_created_at", "state", "created_at", "id"),
)

# What a member of staff writes to a visitor who is on a page: it goes with the answer to their next sign of life.
invitations = Table(
    "invitations",
    metadata,
    Column("id", Text, primary_key=True),  # what the browser tells of it, it tells by this
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("visitor", Text, nullable=False),
    Column("staff", Text, ForeignKey("staff.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", At, nullable=False),
    Column("given_at", At),
    Index("ix_invitations_visitor_at", "visitor", "at"),
)

# What staff say of unanswered questions, by wording: the digest is keyed with the site's salt, and leads to nobody.
question_marks = Table(
    "question_marks",
    metadata,
    Column("site", Text, ForeignKey("sites.key"), primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("mark", Text, nullable=False),  # answered: those asked before are settled | not_ours: it is not listed
    Column("page", Text),
    Column("staff", Text, ForeignKey("staff.id"), nullable=False),
    Column("at", At, nullable=False),
)

# Who waited for a person in open hours and went back to the bot, once for each time that they asked.
nobody_came = Table(
    "nobody_came",
    metadata,
    Column("conversation", Text, ForeignKey("conversations.id"), primary_key=True),
    Column("asked_at", At, primary_key=True),
    Column("at", At, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("ended_at", At),  # a member came after all, or they asked again
    Index("ix_nobody_came_ended_at", "ended_at", "conversation"),  # the list of those who still have no answer
)

# What a member has chosen for themselves; who has chosen nothing has keys and no notices.
choices = Table(
    "choices",
    metadata,
    Column("staff", Text, ForeignKey("staff.id"), primary_key=True),
    Column("keys", Boolean, nullable=False),
    Column("notices", Boolean, nullable=False),
)
