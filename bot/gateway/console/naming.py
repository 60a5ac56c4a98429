"""What to call who leads a conversation, and who of the staff has it."""

from collections.abc import Iterable

from aiohttp import web

from bot.gateway.house import HOUSE
from bot.interactions import VisitorId
from bot.profiles import Profile, ProfileId
from bot.store.conversations import Conversation
from bot.store.inbox import Line
from bot.store.profiles import find_profiles
from bot.store.staff import name_of
from bot.store.store import Store
from bot.store.visitors import customers_of


async def profiles_of(request: web.Request, known: Iterable[Conversation | Line]) -> dict[ProfileId, Profile]:
    """The profiles that name them. A visitor whom the ledger knows for a customer goes by the customer's."""
    return await profiles_in(request.app[HOUSE].store, known)


async def profiles_in(store: Store, known: Iterable[Conversation | Line]) -> dict[ProfileId, Profile]:
    listed = list(known)
    visitors = {VisitorId(one.visitor): one.site for one in listed if one.visitor and not one.customer}
    linked = await store.read(customers_of, list(visitors)) if visitors else {}
    customer = {ProfileId(f"visitor:{id}"): ProfileId(f"customer:{visitors[id]}:{linked[id]}") for id in linked}
    ids = list(dict.fromkeys((*(id for one in listed for id in profile_ids(one)), *customer.values())))
    found = {one.id: one for one in (await store.read(find_profiles, ids) if ids else [])}
    return found | {id: found[theirs] for id, theirs in customer.items() if theirs in found}


def profile_ids(known: Conversation | Line) -> list[ProfileId]:
    """Whose profiles tell of this conversation's visitor: the customer's before the browser's."""
    ids = [ProfileId(f"customer:{known.site}:{known.customer}")] if known.customer else []
    return ids + ([ProfileId(f"visitor:{known.visitor}")] if known.visitor else [])


async def names_of(request: web.Request, known: Iterable[Conversation | Line]) -> dict[str, str]:
    """What to call each one's visitor, by the conversation's id."""
    return await names_in(request.app[HOUSE].store, known)


async def names_in(store: Store, known: Iterable[Conversation | Line]) -> dict[str, str]:
    listed = list(known)
    profiles = await profiles_in(store, listed)
    return {one.id: who(one, profiles) for one in listed}


async def owner_name(request: web.Request, known: Conversation) -> str | None:
    staff = known.standing.staff
    return await request.app[HOUSE].store.read(name_of, staff) if staff else None


def who(known: Conversation | Line, profiles: dict[ProfileId, Profile]) -> str:
    """A name that we know, else an id short enough to tell two apart."""
    for id in profile_ids(known):
        if id in profiles and (name := profiles[id].fact("name")) is not None:
            return name.value
    if known.customer:
        return f"Customer {known.customer}"
    return f"Visitor {(known.visitor or known.id)[:6]}"
