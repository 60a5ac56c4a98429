"""The doors of the console, each with its `routes`."""

from bot.gateway import screens, sign_in
from bot.gateway.console import (
    audit,
    bulk,
    conversation,
    erasing,
    finding,
    inbox,
    keys,
    labels,
    live,
    live_visitors,
    me,
    merging,
    opening,
    people,
    review,
    robots,
    unanswered,
)

DOORS = (
    screens,
    sign_in,
    inbox,
    finding,
    bulk,
    labels,
    conversation,
    merging,
    live,
    review,
    me,
    people,
    opening,
    audit,
    live_visitors,
    robots,
    unanswered,
    erasing,
    keys,
)
