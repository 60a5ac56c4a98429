"""The seven measures, of which an objective has exactly one: what each counts, in which unit, and from how many on."""

from dataclasses import dataclass
from enum import StrEnum


class Measure(StrEnum):
    AWARENESS = "awareness"
    ENGAGEMENT = "engagement"
    FEEDBACK = "feedback"
    LEADS = "leads"
    SALES = "sales"
    LOYALTY = "loyalty"
    SUPPORT = "support"


class Unit(StrEnum):
    COUNT = "count"
    """Whole people, counted and not estimated: only what is foretold of it has an interval."""
    SHARE = "share"
    """From 0 to 1."""
    MONEY = "money"
    """Of one person, in major units of a currency."""


@dataclass(frozen=True)
class Meaning:
    """`of` is what its number is of, one and many; with fewer than `fewest` of `judged_by` it is too few to judge.

    More is better of every measure.
    """

    title: str
    unit: Unit
    definition: str
    of: tuple[str, str]
    fewest: int
    judged_by: str


PEOPLE = ("person", "people")
MEANINGS = {
    Measure.AWARENESS: Meaning(
        "People reached",
        Unit.COUNT,
        "People who looked at a page or did anything, each once, without robots and staff. Who looked at one page only "
        "was reached too, though the segments call it noise.",
        PEOPLE,
        0,
        "people",
    ),
    Measure.ENGAGEMENT: Meaning(
        "Had a dialogue",
        Unit.SHARE,
        "People with two or more own messages that bot or staff answered, of all people without noise (robots, staff, "
        "one page view only).",
        PEOPLE,
        30,
        "people",
    ),
    Measure.FEEDBACK: Meaning(
        "Content with the conversation",
        Unit.SHARE,
        "Conversations with four or five stars, of those that were given stars; of several ratings the last one.",
        ("rated conversation", "rated conversations"),
        30,
        "rated conversations",
    ),
    Measure.LEADS: Meaning(
        "New people who left an address",
        Unit.COUNT,
        "People who left an e-mail address in the chat to be answered at, and never had before. Without robots and "
        "staff; who is not known to us (no agreement to be measured) is in no figure.",
        PEOPLE,
        0,
        "people",
    ),
    Measure.SALES: Meaning(
        "Revenue per person",
        Unit.MONEY,
        "Purchases less refunds in the currency of the objective, by all people without noise, whether they bought or "
        "not.",
        PEOPLE,
        100,
        "buyers",
    ),
    Measure.LOYALTY: Meaning(
        "Buyers who came back",
        Unit.SHARE,
        "People with an order on an earlier day, in the 180 days before their last one, of all who ordered.",
        ("buyer", "buyers"),
        30,
        "buyers",
    ),
    Measure.SUPPORT: Meaning(
        "Solved without staff",
        Unit.SHARE,
        "Conversations in which something was answered, no question stayed open, and no person was asked for or came, "
        "of those in which a visitor said something.",
        ("conversation", "conversations"),
        30,
        "conversations",
    ),
}
BY_LOT = (
    "Revenue per visitor offered the chat less that per visitor held out by lot, everybody drawn since the objective "
    "began; the interval may be looked at every day (page Lift)."
)
"""What decides about sales of the whole site, where a lot is drawn."""
