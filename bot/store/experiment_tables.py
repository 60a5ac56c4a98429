"""The tables of the experiments: what is held out since when, and what was guessed of it."""

from sqlalchemy import Column, Float, ForeignKey, Integer, Table, Text

from bot.store.tables import At, metadata

# Since when a site holds which share of visitors out: a changed share begins a new experiment.
holdouts = Table(
    "holdouts",
    metadata,
    Column("site", Text, ForeignKey("sites.key"), primary_key=True),
    Column("since", At, primary_key=True, autoincrement=False),
    Column("holdout", Float, nullable=False),
)

# What the owner of a site guessed of an experiment before seeing its result: one each, never changed.
guesses = Table(
    "guesses",
    metadata,
    Column("site", Text, ForeignKey("sites.key"), primary_key=True),
    Column("since", At, primary_key=True, autoincrement=False),  # of the experiment
    Column("change", Float, nullable=False),  # in the share who buy: 0.2 is a fifth more
    Column("planned", Integer, nullable=False),  # people to be drawn before the result is read
    Column("drawn", Integer, nullable=False),  # people who had been when it was written down
    Column("staff", Text, ForeignKey("staff.id"), nullable=False),
    Column("at", At, nullable=False),
)
