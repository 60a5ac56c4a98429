"""What of a visitor a ready reply can say: what the panel beside the conversation has."""

from bot.gateway.console.visitor import LABELS, About
from bot.gateway.house import House
from bot.ready_text import first_name
from bot.store.conversations import Conversation
from bot.store.staff import Member


async def known_of(house: House, known: Conversation, told: About, member: Member) -> dict[str, str]:
    """By the names of `bot.ready_text.FIELDS`; what is not known is left out."""
    site, facts = await house.site(known.site), {fact.label: fact.value for fact in told.facts}
    values = {kind: facts.get(LABELS[kind], "") for kind in ("name", "company", "place", "email")}
    values |= {
        "first_name": first_name(values["name"]),
        "order": told.orders[0].id if told.orders else "",
        "agent": member.name,
        "shop": "" if site is None else site.name,
    }
    return {name: value for name, value in values.items() if value}
