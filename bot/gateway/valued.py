"""Who waits for a person, each in their place: who has bought most, or is upset, has a head start."""

from dataclasses import dataclass, fields

from bot import money
from bot.gateway.house import House
from bot.interactions import ConversationId, Microseconds, SiteKey
from bot.store.inbox import Line
from bot.store.queue import Narrowed, listed, unweighed
from bot.store.queue import weigh as put_in_place
from bot.store.sites import Site
from bot.store.valued import spent, spent_by, thresholds
from bot.store.valued_lot import VALUED, draw, side_of
from bot.who_is_next import Waiting, head_start

FRESH_FOR_US = 3_600 * 1_000_000


@dataclass(frozen=True)
class Mark:
    """What is shown beside one who waits: `spent` only of the most valuable customers, "1250.00 EUR"."""

    spent: str = ""
    reason: str = ""


async def those_who_wait(house: House) -> tuple[list[Line], dict[ConversationId, Mark]]:
    """At most a page, in the order in which staff should come to them."""
    await weigh(house)
    found = await house.store.read(listed, Narrowed("unassigned"), member="", at=house.now())
    marks = {one.id: Mark(one.waiting.worth or "", one.waiting.reason or "") for one in found}
    return [Line(**{field.name: getattr(one, field.name) for field in fields(Line)}) for one in found], marks


async def weigh(house: House) -> None:
    """Puts those in their place to whom something has happened since; nearly always there are none, or a few."""
    lines = await house.store.read(unweighed)
    if not lines:
        return
    bought = await house.store.read(spent, lines)
    weights = []
    for line in lines:
        worth = await _served_as(house, line, bought[line.id]) or None
        waiting = Waiting(line.waiting.reason, line.waiting.sentiment, worth)
        weights.append((line.id, worth, head_start(waiting), line.changed_at))
    await house.store.write(put_in_place, weights)


async def is_valued(house: House, site: Site, customer: str | None, visitor: str | None) -> bool:
    """Whether somebody is one of the best customers, and is to be served as such."""
    bought = await house.store.read(spent_by, site.key, customer, visitor)
    if not await _valued(house, site.key, bought):
        return False
    return await house.store.read(side_of, site.key, site.chat.valued_lot, customer, visitor) == VALUED


async def _served_as(house: House, line: Line, bought: dict[str, int]) -> str:
    """What a best customer has spent; empty for who by lot is served as everybody is: their distress and their wait
    count as anybody's do."""
    site = await house.site(SiteKey(line.site))
    worth = await _valued(house, SiteKey(line.site), bought)
    if site is None or not worth:
        return worth
    lot = (site.key, site.salt, site.chat.valued_lot, line.id)
    return worth if await house.store.write(draw, *lot, at=house.now()) == VALUED else ""


async def _valued(house: House, site: SiteKey, bought: dict[str, int]) -> str:
    if not any(net > 0 for net in bought.values()):
        return ""
    wanted = await _thresholds(house, site)
    enough = [(net, currency) for currency, net in bought.items() if currency in wanted and net >= wanted[currency]]
    return f"{money.decimal_text(*max(enough))} {max(enough)[1]}" if enough else ""


async def _thresholds(house: House, key: SiteKey) -> dict[str, int]:
    """From what on a customer is among the most valuable: the site's own word, else its top tenth, once an hour."""
    site = await house.site(key)
    if site is not None and site.chat.valued_from is not None:
        amount, _, currency = site.chat.valued_from.partition(" ")
        return {currency: money.minor_units(amount, currency)}
    known, at = house.valued.get(key), house.now()
    if known is None or at - known[0] > FRESH_FOR_US:
        known = house.valued[key] = (Microseconds(at), await house.store.read(thresholds, key))
    return known[1]
