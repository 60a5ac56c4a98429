"""What was found about a group, in a sentence each; none without its numbers."""

from bot.insights.profiles.groups import LEAST, SPENDING, Group
from bot.insights.profiles.over_represented import Compared
from bot.money import decimal_text

WORDS = {
    "place": "say that they live in {}",
    "company": "work at {}",
    "country": "come from {}",
    "language": "have a browser in {}",
    "device": "came with a {} first",
    "channel": "came by the channel {} first",
    "campaign": "came by the campaign {}",
    "page": "saw {} first",
    "need": "look for {}",
    "interest": "are interested in {}",
    "topic": "talked about {}",
    "objection": "objected to {}",
    "complaint": "complained about {}",
}
DEVICES = {"desktop": "computer", "mobile": "phone"}


def sentence_of(group: Group, currency: str) -> str:
    """Who they are, or why nothing is said of them."""
    spends = group.kind is SPENDING
    if not group.of:
        return (
            "Nobody bought in this window." if spends else "No order in this window tells a margin above nothing."
        )  # fmt: skip
    of = f"the {group.of:,} buyers" if spends else f"the {group.of:,} customers with a known margin"
    if group.is_few:
        return (
            f"Too few to judge: a tenth of {of} {'is' if group.people == 1 else 'are'} {group.people:,}, and it takes "
            f"{LEAST} to be compared with everybody."
        )
    what = "spent" if spends else "left a margin of"
    share = f", {group.amount / group.whole:.0%} of it all" if group.whole > 0 else ""
    return (
        f"{group.people:,} of {of} {what} {decimal_text(group.amount, currency)} {currency} together{share}; "
        f"each {decimal_text(group.least, currency)} or more."
    )


def finding(one: Compared) -> str:
    """What stands out, with its share, what it is compared with, and its interval."""
    counted = one.counted
    share, of_all = counted.group / counted.group_known, counted.everybody / counted.everybody_known
    return (
        f"{share:.0%} {is_true(counted.attribute, counted.value)}, {of_all:.0%} of everybody: "
        f"{one.ratio:.2f} times as often ({one.low:.2f} to {one.high:.2f})."
    )


def is_true(attribute: str, value: str) -> str:
    """What is true of people with this value: came with a phone first."""
    return WORDS[attribute].format(DEVICES.get(value, value) if attribute == "device" else value)
