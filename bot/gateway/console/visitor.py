"""What the panel beside a conversation tells of who leads it, each thing with where it comes from."""

from dataclasses import dataclass
from datetime import timedelta

from bot import money
from bot.gateway.house import House
from bot.insights.segments import Deeds, Segment, segment_of
from bot.interactions import Microseconds
from bot.profiles import Profile, Told, together
from bot.store.conversations import PAGE_OF_MESSAGES, Conversation
from bot.store.nobody_came import LeftAddress, left_address
from bot.store.person import Browser, Linked, Order, Person, Talk, View, person_of
from bot.store.visitors import BY_REFERENCE, PROVEN
from bot.visits import IDLE_LIMIT, split_into_visits

PAGES_LISTED, VISITS_LISTED = 20, 20
LABELS = {
    "name": "Name",
    "email": "Mail",
    "company": "Company",
    "place": "Place",
    "need": "Looks for",
    "interest": "Interested in",
}
SEGMENTS = {
    Segment.CONVERSING_BUYER: "Bought, and talked with the site.",
    Segment.CONVERSING_VISITOR: "Talked with the site; bought nothing so far.",
    Segment.SILENT_BUYER: "Bought without a word.",
    Segment.PASSIVE_VISITOR: "Looked at pages, and nothing else so far.",
    Segment.NOISE: "One page and nothing else so far, or one of us, or a robot.",
}
EVIDENCE = {
    PROVEN: "signed by the shop",
    "purchase": "an order from this browser",
    BY_REFERENCE: "the page's reference alone, which proves little",
}


@dataclass(frozen=True)
class Fact:
    """One thing that is known. `at` is the address of the message in which it was said, where it was."""

    label: str
    value: str
    source: str
    when: Microseconds
    at: str = ""


@dataclass(frozen=True)
class Visit:
    """Page views without a longer pause, the latest first; `more` were before those."""

    began: Microseconds
    pages: tuple[View, ...]
    more: int

    @property
    def number(self) -> int:
        return len(self.pages) + self.more


@dataclass(frozen=True)
class About:
    """The panel. What is empty is not shown."""

    facts: tuple[Fact, ...]
    languages: tuple[str, ...]
    segment: Segment | None
    means: str
    value: tuple[str, ...]
    bought: int
    orders: tuple[Order, ...]
    visit: Visit | None
    here_now: bool
    earlier: tuple[Visit, ...]
    visits: int
    talks: tuple[Talk, ...]
    consents: tuple[Browser, ...]
    links: tuple[Linked, ...]
    customer: str | None
    answer_at: Fact | None
    """The mail address that they left to be answered at."""
    link: Linked | None
    """The line of the ledger by which this conversation's own browser is the customer."""

    @property
    def name(self) -> str | None:
        """What they are called, also where only the ledger or this conversation tells."""
        return next((fact.value for fact in self.facts if fact.label == LABELS["name"]), None)

    def undoable(self, link: Linked) -> bool:
        """What the shop has signed, it would only sign again."""
        return link.evidence != PROVEN


async def about(house: House, conversation: Conversation) -> About:
    left = await house.store.read(left_address, conversation.id)
    return seen(await house.store.read(person_of, conversation), conversation, house.now(), left=left)


def seen(person: Person, conversation: Conversation, now: Microseconds, *, left: LeftAddress | None = None) -> About:
    """The panel of this person, as it is beside this conversation."""
    whole = together(person.profiles) if person.profiles else None
    visits = [_visit(views) for views in reversed(split_into_visits(person.views))]
    segment = None if whole is None else segment_so_far(whole, noise=any(one.noise for one in person.browsers))
    return About(
        facts=tuple(_fact(told, conversation) for told in together([*person.profiles, person.here]).facts),
        languages=_languages(whole, conversation),
        segment=segment,
        means=SEGMENTS[segment] if segment else "",
        value=() if whole is None else tuple(amount(*one) for one in sorted(whole.spent.items())),
        bought=0 if whole is None else whole.orders,
        orders=person.orders,
        visit=visits[0] if visits else None,
        here_now=bool(person.views) and now - person.views[0].at < IDLE_LIMIT // timedelta(microseconds=1),
        earlier=tuple(visits[1 : VISITS_LISTED + 1]),
        visits=0 if whole is None else whole.visits,
        talks=person.talks,
        consents=person.browsers,
        links=person.links,
        customer=person.customer,
        answer_at=None if left is None else _answer_at(left, conversation),
        link=next((one for one in person.links if one.visitor == conversation.visitor), None),
    )


def amount(currency: str, minor: int) -> str:
    """As people read it: amount("EUR", 4990) is "49.90 EUR"."""
    return f"{money.decimal_text(minor, currency)} {currency}"


def evidence(told: str) -> str:
    """On what a visitor is taken for a customer, in words."""
    return EVIDENCE.get(told, f"said by {told.removeprefix('staff ')}")


def message_at(conversation: Conversation, of: str, seq: int) -> str:
    """The address of a message: on this very page where it is among the latest."""
    if of == conversation.id and seq > conversation.seq - PAGE_OF_MESSAGES:
        return f"#m{seq}"
    return message_link(of, seq)


def message_link(of: str, seq: int) -> str:
    """Where a message stands, with what was said around it."""
    return f"/console/conversations/{of}?before={seq + PAGE_OF_MESSAGES // 2}#m{seq}"


def _fact(told: Told, conversation: Conversation) -> Fact:
    label = LABELS[told.kind]
    if told.verified or told.conversation is None or told.seq is None:
        return Fact(label, told.value, "verified by the shop" if told.verified else "said in a conversation", told.at)
    here = told.conversation == conversation.id
    source = f"said in message {told.seq}" + ("" if here else " of another conversation")
    return Fact(label, told.value, source, told.at, message_at(conversation, told.conversation, told.seq))


def _answer_at(left: LeftAddress, conversation: Conversation) -> Fact:
    label = "Wants a mail" if left.waits else "Wanted a mail"
    at = message_at(conversation, conversation.id, left.seq) if left.seq else ""
    return Fact(label, left.address, f"said in message {left.seq}", left.at, at)


def _visit(views: list[View]) -> Visit:
    latest = views[::-1][:PAGES_LISTED]
    return Visit(views[0].at, tuple(latest), len(views) - len(latest))


def _languages(whole: Profile | None, conversation: Conversation) -> tuple[str, ...]:
    own = (conversation.language,) if conversation.language else ()
    return tuple(dict.fromkeys((*own, *(() if whole is None else whole.languages))))


def segment_so_far(whole: Profile, *, noise: bool) -> Segment:
    """As the reports have it, over all the time that the profile knows of."""
    acted = whole.opened or whole.messages_said or whole.ratings or whole.handovers
    deeds = Deeds(
        views=whole.pages_viewed, acted=bool(acted), answered=whole.answers_got, noise=noise, spent=whole.spent
    )
    return segment_of(deeds)
