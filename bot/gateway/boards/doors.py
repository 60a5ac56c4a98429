"""The boards of the dashboard, each with its `routes`."""

from bot.gateway.boards import customers, exports, lift, pages, profiles, report, value

DOORS = (customers, profiles, pages, lift, exports, value, report)
