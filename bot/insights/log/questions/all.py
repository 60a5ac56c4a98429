"""The ten questions by name, each put to the log in the currency `currency`: what engines are compared by."""

from collections.abc import Callable

from ibis.expr import types as ir

from bot.insights.log.questions import acquaintance, buyers, credit, histories, listed, over_time, segments, talk
from bot.insights.log.questions.asked import Asked

QUESTIONS: dict[str, Callable[[Asked, str], ir.Table]] = {
    "segments": segments.segments,
    "cells": buyers.rfm_cells,
    "deciles": buyers.deciles,
    "months": lambda asked, _: buyers.months(asked),
    "cohorts": buyers.cohorts,
    "channels": talk.channels,
    "moments": talk.moments,
    "topics": lambda asked, _: talk.topics(asked),
    "dialogues": lambda asked, _: talk.dialogues(asked),
    "response times": lambda asked, _: talk.response_times(asked),
}
BOARDS: dict[str, Callable[[Asked, str], ir.Table]] = {
    "of a channel": lambda asked, currency: segments.segments(asked, currency, "channel=search", "campaign=~"),
    "by page": lambda asked, currency: segments.segments_by(asked, currency, "page", "channel=search"),
    "by day": lambda asked, currency: over_time.over_time(asked, currency, "day"),
    "by week": lambda asked, currency: over_time.over_time(asked, currency, "week", "channel=search"),
    "by month": lambda asked, currency: over_time.over_time(asked, currency, "month"),
    "histories": histories.histories,
    "acquaintance": acquaintance.acquaintance,
    "reached": lambda asked, currency: credit.reached(asked, currency, "linear", "0"),
    "credit by the first": lambda asked, currency: credit.credit(asked, currency, "first", "0"),
    "credit by the last": lambda asked, currency: credit.credit(asked, currency, "last", "0"),
    "credit to all": lambda asked, currency: credit.credit(asked, currency, "linear", "0"),
    "first touches": lambda asked, _: credit.first_touches(asked),
    "listed": lambda asked, currency: listed.listed(asked, currency, "silent buyer,passive visitor", "last", "7", "3"),
    "one person": lambda asked, currency: listed.one(asked, currency, "v:v030"),
    "their talks": lambda asked, _: listed.talks_of(asked, "v:v020"),
}
"""What the dashboard asks beside them."""
