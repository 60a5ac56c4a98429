"""The tables of objectives: what the business wants, by when; and what its owners are mailed of it."""

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text

from bot.store.tables import At, metadata

# Shares are from 0 to 1, counts are people, money is a mean a person in major units: so none is a sum of minor units.
objectives = Table(
    "objectives",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("name", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("scope", Text, nullable=False),  # site | pages | campaign | channel
    Column("within", Text, nullable=False),  # the pages, a line each; the campaign; the channel
    Column("owner", Text, ForeignKey("staff.id"), nullable=False),
    Column("currency", Text),  # of money alone
    Column("baseline", Float, nullable=False),
    Column("baseline_low", Float),  # none of one that was given
    Column("baseline_high", Float),
    Column("baseline_n", Integer),
    Column("baseline_variance", Float),  # of one person, conversation or day
    Column("baseline_since", Text),
    Column("baseline_until", Text),
    Column("target", Float, nullable=False),
    Column("smallest", Float, nullable=False),  # the smallest change that matters
    Column("since", Text, nullable=False),  # days in UTC, both inclusive
    Column("until", Text, nullable=False),
    Column("first_target", Float, nullable=False),  # as they were when it was set down
    Column("first_until", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", At, nullable=False),
    Column("created_by", Text, ForeignKey("staff.id")),  # none: the command line, also below
    Column("changed_at", At),
    Column("changed_by", Text, ForeignKey("staff.id")),
    Column("closed_at", At),
    Column("closed_by", Text, ForeignKey("staff.id")),
    Column("closed_why", Text),
    Column("look_at", At),  # when it is looked whether it is reached or over; none: never again
    Index("ix_objectives_site", "site", "until"),  # the page that lists them
    Index("ix_objectives_look_at", "look_at"),  # which to look at
)

# The outbox of what owners are told. What a mail says was written when it happened: later refunds change no mail.
objective_mails = Table(
    "objective_mails",
    metadata,
    Column("id", Text, primary_key=True),  # the left part of its Message-ID, the same for every try
    Column("reason", Text, nullable=False, unique=True),  # what happened to which objective: once
    Column("objective", Text, ForeignKey("objectives.id"), nullable=False),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("staff", Text, ForeignKey("staff.id"), nullable=False),  # its owner then
    Column("subject", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting | sent | refused
    Column("tries", Integer, nullable=False),
    Column("trouble", Text),  # why the last try failed
    Column("created_at", At, nullable=False),
    Column("due_at", At, nullable=False),
    Column("sent_at", At),
    Index("ix_objective_mails_state_due_at", "state", "due_at", "id"),  # what is to be sent
    Index("ix_objective_mails_objective", "objective", "created_at"),  # what was told of it
)
