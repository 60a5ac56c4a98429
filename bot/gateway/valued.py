"""Those who wait for a person, in the order in which staff should come: who has bought most, first."""

from dataclasses import dataclass

from bot import money
from bot.gateway.house import House
from bot.interactions import ConversationId, Microseconds, SiteKey
from bot.store.inbox import PAGE_OF_CONVERSATIONS, Line, conversations_list
from bot.store.valued import reasons, spent, thresholds

LOOKED_AT = 500
"""Of those who wait, the latest; more than that nobody comes to in time anyway."""
FRESH_FOR_US = 3_600 * 1_000_000


@dataclass(frozen=True)
class Mark:
    """What is shown beside one who waits: `spent` only of the most valuable customers, "1250.00 EUR"."""

    spent: str = ""
    reason: str = ""


async def those_who_wait(house: House) -> tuple[list[Line], dict[ConversationId, Mark]]:
    """At most a page, the most valuable customers before all others; among each, the latest first."""
    lines = await house.store.read(conversations_list, state="waiting", limit=LOOKED_AT)
    bought = await house.store.read(spent, lines) if lines else {}
    why = await house.store.read(reasons, [line.id for line in lines]) if lines else {}
    marks = {line.id: Mark(await _valued(house, line, bought[line.id]), why.get(line.id, "")) for line in lines}
    first = sorted(lines, key=lambda line: not marks[line.id].spent)
    return first[:PAGE_OF_CONVERSATIONS], marks


async def _valued(house: House, line: Line, bought: dict[str, int]) -> str:
    if not any(net > 0 for net in bought.values()):
        return ""
    wanted = await _thresholds(house, SiteKey(line.site))
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
