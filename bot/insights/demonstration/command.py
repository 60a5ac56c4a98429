"""`duologue demo`: a year of invented visits, conversations and orders in a site of its own; and away again."""

from datetime import date, timedelta
from itertools import batched
from typing import Any

from bot.errors import ConfigurationError
from bot.insights.demonstration.shop import ORIGIN
from bot.insights.demonstration.year import SITE, a_year, begun, views_of_nobody
from bot.insights.scores import judge_all
from bot.store.invented import add, add_views, begin, is_real, is_there, remove
from bot.store.store import Store

NAME = "Invented year (demonstration)"
PEOPLE = 9_000
ROWS_AT_ONCE, PEOPLE_AT_ONCE = 500, 50


async def make_history(store: Store, *, today: date, people: int = PEOPLE) -> dict[str, Any]:
    """Fills the site of the demonstration; it ends yesterday. One that is there already is made anew.

    ConfigurationError when somebody uses a site of this key for real.
    """
    await _refuse_real(store)
    if await store.read(is_there, SITE):
        await remove_history(store)
    last = today - timedelta(days=1)
    await store.write(begin, SITE, name=NAME, origin=ORIGIN, periods=begun(last))
    counts = {"people": 0, "conversations": 0, "interactions": 0, "orders": 0}
    for some in batched(a_year(last, people=people), PEOPLE_AT_ONCE):
        rows = [row for one in some for row in one.happened]
        talks = [talk for one in some for talk in one.talks]
        orders = [order for one in some for order in one.orders]
        await store.write(add, SITE, people=[one.person for one in some], talks=talks, orders=orders)
        for part in batched(rows, ROWS_AT_ONCE):
            await store.write(add, SITE, happened=part)
        counts["people"] += len(some)
        counts["conversations"] += len(talks)
        counts["interactions"] += len(rows)
        counts["orders"] += sum(order.kind == "purchase" for order in orders)
    await store.write(add_views, SITE, views_of_nobody(last))
    # A gateway that runs looks at all once an hour: until then the reports would say that nobody said anything.
    await judge_all(store, site=SITE)
    return {"site": SITE} | counts


async def remove_history(store: Store) -> int:
    """Takes the site of the demonstration away, with all that is of it; how many rows of the log that were."""
    await _refuse_real(store)
    return await store.write(remove, SITE)


async def _refuse_real(store: Store) -> None:
    if await store.read(is_real, SITE):
        raise ConfigurationError(
            f'The site "{SITE}" has real visitors, so nothing was invented in it and nothing was removed. '
            "The demonstration has this key to itself: move your site to another one first."
        )
