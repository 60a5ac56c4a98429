"""The boards of the dashboard, each with its `routes`."""

from bot.gateway.boards import customers, exports, lift, over_time, page_one, page_scores, pages, people, value

DOORS = (customers, over_time, people, pages, lift, exports, value, page_one, page_scores)
