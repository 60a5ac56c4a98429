"""The boards of the dashboard, each with its `routes`."""

from bot.gateway.boards import customers, lift, pages

DOORS = (customers, pages, lift)
