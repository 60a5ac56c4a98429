"""The address of the list as what to show, and back: it can be kept, and sent to a colleague."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from bot.conversation import State
from bot.gateway.bodies import is_storable
from bot.insights.segments import Segment
from bot.store.queue import COUNTED_TO, NOBODY_CAME, Label, Narrowed
from bot.store.staff import Member

LONGEST = 200
SEGMENTS = tuple(str(one) for one in Segment if one is not Segment.NOISE)
STARS = tuple("12345")
FIELDS = ("state", "label", "person", "language", "intent", "segment", "rating", "page")


@dataclass(frozen=True)
class Tab:
    """A tab of the list, and what it says when it is empty."""

    key: str
    title: str
    empty: str


TABS = (
    Tab("mine", "Mine", "You have no conversation. Take one over, or ask a colleague to assign you one."),
    Tab("unassigned", "Unassigned", "Nobody waits for a person. The bot answers, or all is said."),
    Tab("bot", "With the bot", "The bot has no open conversation. Resolved ones are under Resolved."),
    Tab("all", "All", "No conversation yet. Once a visitor writes in the widget, it is here."),
    Tab("snoozed", "Snoozed", "Nothing is snoozed. What is comes back by itself, or when the visitor writes."),
    Tab("resolved", "Resolved", "Nothing is resolved yet."),
)
BEFORE = {"waiting": "unassigned"}
"""What tabs were called in addresses that somebody has kept."""


class Unclear(Exception):
    """The address asks for what there is not; the sentence says what there is."""


def narrowed_from(query: Mapping[str, str], labels: Sequence[Label], team: Sequence[Member]) -> Narrowed:
    """What the address asks for. Unclear for what there is not: a list that shows all instead would mislead."""
    given = {name: value.strip() for name, value in query.items() if name in FIELDS and value.strip()}
    if any(len(value) > LONGEST or not is_storable(value) for value in given.values()):
        raise Unclear(f"A value in this address is longer than {LONGEST} characters, or no text. Choose again.")
    tab = BEFORE.get(named := query.get("view", "all"), named)
    _one_of("view", tab, [one.key for one in TABS])
    _one_of("state", given.get("state"), [*State, NOBODY_CAME])
    _one_of("segment", given.get("segment"), SEGMENTS)
    _one_of("rating", given.get("rating"), STARS)
    if given.get("label") not in (None, *(one.id for one in labels)):
        raise Unclear("The label that this address names is gone. Choose another.")
    if given.get("person") not in (None, *(one.id for one in team)):
        raise Unclear("The person that this address names is not of the staff. Choose another.")
    return Narrowed(
        tab=tab,
        stars=int(given["rating"]) if "rating" in given else None,
        **{name: given.get(name) for name in FIELDS if name != "rating"},
    )


def _one_of(name: str, value: str | None, known: Sequence[str]) -> None:
    if value is not None and value not in known:
        raise Unclear(f'There is no {name} "{value[:40]}". Choose one of: {", ".join(known)}.')


def fields_of(wanted: Narrowed) -> dict[str, str]:
    """What is asked for beside the tab, as the address and the form have it."""
    stars = {} if wanted.stars is None else {"rating": str(wanted.stars)}
    told = {name: getattr(wanted, name) for name in FIELDS if name != "rating"}
    return {name: value for name, value in told.items() if value is not None} | stars


def query_of(wanted: Narrowed) -> str:
    """The query of the address that shows it, without its question mark."""
    return urlencode(({} if wanted.tab == "all" else {"view": wanted.tab}) | fields_of(wanted))


def own_query(text: str) -> str:
    """Of what a form says was the query of the list: only what the list knows, whatever else is in it."""
    known = [(name, value) for name, value in parse_qsl(text[: 10 * LONGEST]) if name in ("view", *FIELDS)]
    return urlencode(dict(known))


def shown(counted: Mapping[str, int]) -> dict[str, str]:
    """What the tabs say that they have."""
    return {tab: str(number) if number < COUNTED_TO else f"{COUNTED_TO - 1}+" for tab, number in counted.items()}


def place_from(text: str) -> tuple[int, str] | None:
    """Where a page begins, as the address of the page before it says."""
    place, _, id = text.partition(".")
    digits = place.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 19 and id.isascii() and is_storable(id)):
        return None
    return (int(place), id) if abs(int(place)) < 2**63 else None
