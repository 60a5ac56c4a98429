"""The boards of the dashboard, each with its `routes`."""

from bot.gateway.boards import customers, exports, lift, pages, value

DOORS = (customers, pages, lift, exports, value)
