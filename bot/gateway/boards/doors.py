"""The boards of the dashboard, each with its `routes`."""

from bot.gateway.boards import (
    channels,
    customers,
    exports,
    fixes,
    lift,
    over_time,
    likeness,
    page_one,
    page_scores,
    pages,
    people,
    profiles,
    report,
    report_schedule,
    value,
    views,
)

DOORS = (
    channels,
    customers,
    over_time,
    people,
    profiles,
    pages,
    fixes,
    page_one,
    page_scores,
    lift,
    exports,
    value,
    report,
    report_schedule,
    likeness,
    views,
)
