"""The tables of reports that are sent by mail: when, to whom, and what became of each mail."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from bot.store.tables import At, metadata

report_schedules = Table(
    "report_schedules",
    metadata,
    Column("id", Text, primary_key=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("every", Text, nullable=False),  # week | month
    Column("day", Integer, nullable=False),  # 1 to 7 of a week, 1 to 31 of a month
    Column("minute", Integer, nullable=False),  # of the day, by the clock of the time zone
    Column("timezone", Text, nullable=False),
    Column("staff", Text, ForeignKey("staff.id"), nullable=False),  # who made it
    Column("created_at", At, nullable=False),
    Column("due_at", At, nullable=False),  # when it is sent next
    Index("ix_report_schedules_due_at", "due_at"),  # what is to be sent
)

# Whom it goes to, once it is confirmed: by who asked for it, where they may, or by an admin.
report_recipients = Table(
    "report_recipients",
    metadata,
    Column("schedule", Text, ForeignKey("report_schedules.id"), primary_key=True),
    Column("address", Text, primary_key=True),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("staff", Text, ForeignKey("staff.id"), nullable=False),  # who asked for it
    Column("confirmed_by", Text, ForeignKey("staff.id")),  # none: it waits for an admin
    Column("created_at", At, nullable=False),
)

# The outbox of reports. What a mail says is not here: the report is made when it goes.
report_mails = Table(
    "report_mails",
    metadata,
    Column("id", Text, primary_key=True),  # the left part of its Message-ID, the same for every try
    Column("reason", Text, nullable=False, unique=True),  # schedule, days, address: nobody gets the same twice
    Column("schedule", Text, ForeignKey("report_schedules.id"), nullable=False),
    Column("site", Text, ForeignKey("sites.key"), nullable=False),
    Column("address", Text, nullable=False),
    Column("since", Text, nullable=False),  # the days that it is of
    Column("until", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting | sent | refused | needless
    Column("tries", Integer, nullable=False),
    Column("trouble", Text),  # why the last try failed
    Column("stop_hash", Text),  # of the secret to say stop with, which the last try mailed
    Column("created_at", At, nullable=False),
    Column("due_at", At, nullable=False),
    Column("sent_at", At),
    Index("ix_report_mails_schedule", "schedule", "created_at"),  # what was sent of it
    Index("ix_report_mails_state_due_at", "state", "due_at", "id"),  # what is to be sent
    Index("ix_report_mails_stop_hash", "stop_hash"),  # who says stop
)
