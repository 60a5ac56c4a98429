"""The tables of mail: what is to be sent, the keys that links carry, and who wants no more."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from bot.store.tables import At, metadata

# The outbox of mail. What a mail says is not here: it is put together from the messages when it is sent.
mails = Table(
    "mails",
    metadata,
    Column("id", Text, primary_key=True),  # the left part of its Message-ID, the same for every try
    Column("reason", Text, nullable=False, unique=True),  # why it is sent: nothing is sent twice for one reason
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("conversation", Text, ForeignKey("conversations.id"), nullable=False),
    Column("kind", Text, nullable=False),  # answers | answer | transcript | forward
    Column("address", Text, nullable=False),
    Column("words", Text, nullable=False),  # what a member wrote above what is forwarded
    Column("staff", Text, ForeignKey("staff.id")),  # who pressed; none: it goes by itself
    Column("after", Integer, nullable=False),  # what it tells is above this seq
    Column("up_to", Integer, nullable=False),  # and up to this one
    Column("state", Text, nullable=False),  # waiting | sent | refused | needless
    Column("tries", Integer, nullable=False),
    Column("trouble", Text),  # why the last try failed
    Column("created_at", At, nullable=False),
    Column("due_at", At, nullable=False),
    Column("sent_at", At),
    Index("ix_mails_conversation", "conversation", "created_at"),  # what was mailed of it; forgetting it
    Index("ix_mails_state_due_at", "state", "due_at", "id"),  # what is to be sent; the console's list
)

# Secrets that lead to one conversation beside its own token, hashed.
conversation_keys = Table(
    "conversation_keys",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # link | code | browser | stop
    Column("conversation", Text, ForeignKey("conversations.id"), nullable=False),
    Column("mail", Text, ForeignKey("mails.id"), nullable=False),  # by which it was given
    Column("uses", Integer, nullable=False),
    Column("made_at", At, nullable=False),
    Column("ends_at", BigInteger),
    Index("ix_conversation_keys_conversation", "conversation"),  # forgetting it
    Index("ix_conversation_keys_ends_at", "ends_at"),  # clearing away what has ended
)

# Who wants no mail, as a digest keyed with the site's salt: it leads to nobody, and outlives the rest.
mail_stops = Table(
    "mail_stops",
    metadata,
    Column("site", Text, ForeignKey("sites.key"), primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("at", At, nullable=False),
)
