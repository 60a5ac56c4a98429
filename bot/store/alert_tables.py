"""The tables of alerts: what is watched for, what was said of it lately, what was raised, and what went out."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.store.tables import At, RowId, metadata

alert_rules = Table(
    "alert_rules",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("what", Text, nullable=False),  # bot/alert_rules.py: What
    Column("topic", Text, nullable=False),  # empty: whatever it is about
    Column("usual", Boolean, nullable=False),  # only when it is clearly more than usual
    Column("least", Integer, nullable=False),  # people; minutes of waiting; hundredths of mood
    Column("most_an_hour", Integer, nullable=False),
    Column("quiet_from", Integer),  # minutes of the day, by the clock of the time zone; none: at any time
    Column("quiet_until", Integer),
    Column("timezone", Text, nullable=False),
    Column("words", Boolean, nullable=False),  # whether it carries what visitors said
    Column("is_on", Boolean, nullable=False),
    Column("is_low", Boolean, nullable=False),  # of mood: it was raised, and has not recovered since
    Column("staff", Text, ForeignKey("staff.id")),  # who made it; none: the command line
    Column("created_at", At, nullable=False),
    Index("ix_alert_rules_site", "site", "created_at"),  # the page
)

# How many a site gets in an hour, where it is not the usual number.
alert_limits = Table(
    "alert_limits",
    metadata,
    Column("site", Text, ForeignKey("sites.key"), primary_key=True),
    Column("most_an_hour", Integer, nullable=False),
)

alert_targets = Table(
    "alert_targets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("rule", Text, ForeignKey("alert_rules.id"), nullable=False),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("kind", Text, nullable=False),  # mail | webhook
    Column("address", Text, nullable=False),
    Column("secrets", JSON, nullable=False),  # of a webhook: signs what goes there; newest first, two while they rotate
    Column("rotated_at", At),
    Column("staff", Text, ForeignKey("staff.id")),
    Column("is_confirmed", Boolean, nullable=False),  # else it waits for an admin
    Column("failures", Integer, nullable=False),  # given up in a row
    Column("paused_at", At),
    Column("created_at", At, nullable=False),
    UniqueConstraint("rule", "kind", "address"),
)

# How far the log was read for alerts: one row.
alert_marks = Table(
    "alert_marks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("mark", JSON, nullable=False),  # bot/store/log_marks.py
    Column("looked_at", At, nullable=False),
)

# What people said in the last month, as far as alerts ask for it, in marks alone: the words stay where they are.
alert_mentions = Table(
    "alert_mentions",
    metadata,
    Column("interaction", RowId, primary_key=True, autoincrement=False),
    Column("what", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("at", At, nullable=False),
    Column("visitor", Text, nullable=False),
    Column("customer", Text),
    Column("conversation", Text, nullable=False),
    Column("seq", Integer),
    Column("value", Float),  # of mood: from -1 to 1; of stars: 1 or 2
    Index("ix_alert_mentions_site_what", "site", "what", "topic", "at"),  # who said it in these days
    Index("ix_alert_mentions_at", "at"),  # what is too old
    Index("ix_alert_mentions_conversation", "conversation"),  # forgetting it
    Index("ix_alert_mentions_visitor", "visitor"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("rule", Text, ForeignKey("alert_rules.id"), nullable=False),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("cause", Text, nullable=False),  # nothing is raised twice for one cause
    Column("at", At, nullable=False),
    Column("count", Integer, nullable=False),  # of people
    Column("figures", JSON, nullable=False),  # what the sentence needs beside the count
    Column("told_at", At),  # none: held back
    Column("told_by", Text),  # of one that was held back: the alert that says "and 14 more"
    Column("more", Integer, nullable=False),
    UniqueConstraint("rule", "cause"),
    Index("ix_alerts_site_at", "site", "at"),  # the page
    Index("ix_alerts_site_told_at", "site", "told_at"),  # how many went in this hour
    Index("ix_alerts_rule_told_at", "rule", "told_at"),
)

# Whom an alert is of: nobody counts for two of the same rule within a day.
alert_people = Table(
    "alert_people",
    metadata,
    Column("alert", Text, ForeignKey("alerts.id"), primary_key=True),
    Column("interaction", RowId, primary_key=True, autoincrement=False),
    Column("rule", Text, ForeignKey("alert_rules.id"), nullable=False),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("at", At, nullable=False),
    Column("visitor", Text),
    Column("customer", Text),
    Column("conversation", Text, nullable=False),
    Column("seq", Integer),
    Index("ix_alert_people_rule_at", "rule", "at"),  # who counted lately
    Index("ix_alert_people_conversation", "conversation"),  # forgetting it
    Index("ix_alert_people_visitor", "visitor"),
)

# The outbox of alerts. What one says is put together when it goes: who was erased meanwhile is not in it.
alert_deliveries = Table(
    "alert_deliveries",
    metadata,
    Column("id", Text, primary_key=True),  # the same for every try
    Column("alert", Text, ForeignKey("alerts.id"), nullable=False),
    Column("target", Text, ForeignKey("alert_targets.id"), nullable=False),
    Column("rule", Text, ForeignKey("alert_rules.id"), nullable=False),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("state", Text, nullable=False),  # waiting | sent | given_up | needless
    Column("tries", Integer, nullable=False),
    Column("trouble", Text),  # why the last try failed
    Column("stop_hash", Text),  # of a mail: of the secret to say stop with, which the last try mailed
    Column("created_at", At, nullable=False),
    Column("due_at", At, nullable=False),
    Column("sent_at", At),
    UniqueConstraint("alert", "target"),
    Index("ix_alert_deliveries_state_due_at", "state", "due_at", "id"),  # what is to be sent
    Index("ix_alert_deliveries_site", "site", "created_at"),  # the page
    Index("ix_alert_deliveries_stop_hash", "stop_hash"),  # who says stop
)
