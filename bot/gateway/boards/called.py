"""What people are called in lists of the dashboard, for whom it is who may know them."""

from collections.abc import Iterable

from bot.interactions import SiteKey
from bot.profiles import Profile, ProfileId
from bot.store.profiles import find_profiles
from bot.store.store import Store


async def called(store: Store, site: SiteKey, people: Iterable[str]) -> dict[str, str]:
    """By `c:ID` or `v:ID`: the name that they or the shop told, else the mail address, else what `unnamed` says."""
    listed = list(dict.fromkeys(people))
    ids = {profile_id(site, person): person for person in listed}
    profiles = await store.read(find_profiles, list(ids)) if ids else []
    known = {ids[one.id]: name for one in profiles if (name := _name(one))}
    return {person: known.get(person) or unnamed(person) for person in listed}


def person_of(customer: str | None, visitor: str | None) -> str:
    """Whose a row of a report is, as lists name people: a customer's, else of a browser of nobody known."""
    return f"c:{customer}" if customer else f"v:{visitor}"


def unnamed(person: str) -> str:
    """A short name that stays the same: the shop's own number of a customer, the first signs of a browser's id.

    >>> unnamed("v:3f9a1c77d0")
    'Visitor 3f9a1c'
    """
    kind, _, id = person.partition(":")
    return f"Customer {id}" if kind == "c" else f"Visitor {id[:6]}"


def profile_id(site: SiteKey, person: str) -> ProfileId:
    kind, _, id = person.partition(":")
    return ProfileId(f"customer:{site}:{id}" if kind == "c" else f"visitor:{id}")


def _name(one: Profile) -> str:
    told = one.fact("name") or one.fact("email")
    return "" if told is None else told.value
