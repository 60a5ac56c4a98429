"""What people did before and while an objective runs, planted so that each measure can be counted by hand."""

from bot.insights.objectives.measures import Measure
from bot.insights.objectives.reading import Wanted
from bot.insights.objectives.scopes import About, Scope
from bot.interactions import Interaction, Kind
from tests.cast import SHOP, at
from tests.insights.happened import bought, did, refunded, viewed

DAY = 24 * 60
FIRST = 20514
"""2026-03-02, days since 1970: the day that the cast lives on."""
DELIVERY = "https://shop.example/delivery"
SPRING = "https://shop.example/?utm_source=spring&utm_campaign=Spring"


def wanted(measure: str, *, days: int = 10, about: About | None = None, first: int = FIRST) -> Wanted:
    return Wanted(SHOP, Measure(measure), about or About(), first, days, "EUR" if measure == "sales" else "")


def said(who: str | None, talk: str, minute: float, *answered: bool, url: str = "") -> list[Interaction]:
    """A message for each, with the answer that it got; a minute each."""
    told: list[Interaction] = []
    where = {"conversation": talk} | ({"url": url} if url else {})
    for number, is_answered in enumerate(answered):
        told.append(did(who, Kind.MESSAGE, minute + number, **where))
        told += [did(who, Kind.ANSWER, minute + number + 0.5, **where)] if is_answered else []
    return told


def rated(who: str | None, talk: str, minute: float, stars: int, words: str = "") -> Interaction:
    return did(who, Kind.RATING, minute, conversation=talk, data={"stars": stars, "words": words})


def handed(who: str | None, talk: str, minute: float, to: str) -> Interaction:
    return did(who, Kind.HANDOVER, minute, conversation=talk, data={"to": to, "reason": "asked"})


def left_address(who: str | None, minute: float) -> Interaction:
    return did(who, Kind.CONTACT, minute, conversation=f"of {who}", data={"email": "who@customers.example"})


PEOPLE = [
    # Yesterday anna looked around, left her address and bought; she is no new lead and no new face.
    *viewed("anna", -DAY, -DAY + 1),
    left_address("anna", -DAY),
    bought("anna", 5_000, at=at(days=-1), data={"order": "a1"}),
    # Today she has a dialogue about delivery, is content, leaves her address again and buys again, and returns half.
    did("anna", Kind.PAGE_VIEW, 0, url=f"{DELIVERY}/?from=mail"),
    *said("anna", "t1", 1, True, True, url=DELIVERY),
    rated("anna", "t1", 5, 2),
    rated("anna", "t1", 6, 5, words='the "stars": 1 were a slip'),
    left_address("anna", 7),
    bought("anna", 2_000, at=at(minutes=9), data={"order": "a2"}),
    refunded("anna", 1_000, at=at(minutes=19), data={"order": "a2"}),
    # Ben comes by the campaign, asks twice and once gets nothing; a person is asked for. He leaves an address and buys.
    did("ben", Kind.PAGE_VIEW, DAY, url=SPRING),
    *viewed("ben", DAY + 1),
    *said("ben", "t2", DAY + 2, True, False),
    handed("ben", "t2", DAY + 5, "nobody"),
    rated("ben", "t2", DAY + 6, 3),
    left_address("ben", DAY + 7),
    bought("ben", 3_000, at=at(days=1, minutes=9), data={"order": "b1"}),
    # Cleo looks twice and says nothing; dora looks once, which is noise; a stranger talks and never agrees.
    *viewed("cleo", 2 * DAY, 2 * DAY + 1),
    *viewed("dora", 2 * DAY),
    *said(None, "t3", 2 * DAY, True),
    rated(None, "t3", 2 * DAY + 5, 4),
    # Somebody asks what no page answers.
    *said("eva", "t4", 3 * DAY, True),
    did("eva", Kind.UNANSWERED, 3 * DAY + 1, conversation="t4"),
]
CAMPAIGN = About(Scope.CAMPAIGN, ("spring",))
ON_DELIVERY = About(Scope.PAGES, (DELIVERY,))
