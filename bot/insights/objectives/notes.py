"""What has to be known beside an objective's numbers, so that nothing is left out in silence."""

from typing import Any

from bot.insights.objectives.measures import Measure, Unit
from bot.insights.objectives.scopes import Scope, as_logged, path_of
from bot.insights.objectives.sentences import in_unit
from bot.store.objectives import Objective, begins, pages_known
from bot.store.sites import Site
from bot.store.store import Store

DAY_US = 86_400_000_000


async def notes_of(store: Store, site: Site, one: Objective, row: dict[str, Any]) -> list[str]:
    """A sentence each, in the order in which they matter."""
    gone = await _gone(store, site, one) if one.scope == Scope.PAGES else []
    return [
        *([f"{' and '.join(gone)}: no page of the site any more, as the last crawl found."] if gone else []),
        *([f"{one.owner_name} is staff no longer: give it another owner."] if one.owner_left else []),
        *_changed(one, Unit(row["unit"])),
        *_late(one),
        *(["The baseline was given, not counted; as it has no interval, less is known of the gain than it looks."]
          if one.baseline_since is None else []),
        *(["Nobody did anything in these days: is the chat on the pages?"]
          if row["n"] == 0 and row["days_passed"] and one.measure == Measure.AWARENESS else []),
        *([f"By lot since {row['by_lot']['since']} alone, when this experiment began."]
          if row["by_lot"] and row["by_lot"]["since"] > one.since else []),
        *(["Descriptive: it says what was, not what made it so."] if row["label"] == "descriptive" else []),
    ]  # fmt: skip


async def _gone(store: Store, site: Site, one: Objective) -> list[str]:
    """The pages that the last crawl does not have; none where nothing was crawled."""
    if site.crawl is None:
        return []
    ways = {page: as_logged([page]) for page in one.within.splitlines()}
    known = await store.read(pages_known, site.crawl, [way for some in ways.values() for way in some])
    return [path_of(page) for page, some in ways.items() if not known.intersection(some)]


def _changed(one: Objective, unit: Unit) -> list[str]:
    first = []
    if one.target != one.first_target:
        first.append(f"the target was {in_unit(one.first_target, unit, one.currency)}")
    if one.until != one.first_until:
        first.append(f"the last day was {one.first_until}")
    return [f"At first {' and '.join(first)}."] if first else []


def _late(one: Objective) -> list[str]:
    days = (one.created_at - begins(one.since)) // DAY_US
    if days < 1:
        return []
    return [f"It was set down {days:,} {'day' if days == 1 else 'days'} after its first one, when some was known."]
