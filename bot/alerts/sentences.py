"""What an alert says, and what a rule watches for, in a sentence each."""

from typing import Any

from bot.alert_rules import Rule, What

TEST = "This is a test. Nothing has happened."
_DID = {
    What.COMPLAINT: "complained", What.OBJECTION: "objected to something", What.NEED: "said what they need",
    What.PRAISE: "praised something", What.TOPIC: "talked", What.QUESTION: "asked what no page answers",
    What.STARS: "gave 1 or 2 stars",
}  # fmt: skip


def alert_told(rule: Rule, count: int, figures: dict[str, Any]) -> str:
    """What has happened: "7 people complained about delivery within a day, clearly more than usual (2.1 a day)."."""
    if figures.get("test"):
        return TEST
    match rule.what:
        case What.WAITING:
            who = "Somebody in distress" if figures.get("reason") == "distress" else "Somebody"
            return f"{who} has waited for a person for {minutes(rule.least)}, and nobody came."
        case What.BEST:
            return "One of the most valuable customers complained."
        case What.MOOD:
            return (
                f"The mood dropped: {figures['now']:.2f} on average in the last day, {figures['before']:.2f} in the "
                f"four weeks before, from \N{MINUS SIGN}1 to 1 ({people(count)})."
            ).replace("-", "\N{MINUS SIGN}")
    usual = f", clearly more than usual ({figures['usual']:.1f} a day)" if "usual" in figures else ""
    same = " the same," if rule.what is What.QUESTION else ""
    about = f" about {rule.topic}" if rule.topic else ""
    return f"{people(count)} {_DID[rule.what]}{about}{same} within a day{usual}."


def rule_told(rule: Rule) -> str:
    """What it watches for: "5 people complain about delivery within a day"."""
    about = f" about {rule.topic}" if rule.topic else ""
    match rule.what:
        case What.WAITING:
            return f"Somebody waits for a person for {minutes(rule.least)}, and nobody comes"
        case What.BEST:
            return "A most valuable customer complains"
        case What.MOOD:
            return f"The mood of a day drops clearly, by {rule.least / 100:.2f} or more"
        case What.TOPIC:
            did = f"talk about {rule.topic}"
        case What.QUESTION:
            did = "ask the same, and no page answers it,"
        case _:
            did = rule.what.words.removeprefix("people ") + about
    usual = ", and that is clearly more than usual" if rule.usual else ""
    one, verb = rule.least == 1, did.split(" ", 1)
    if one:
        did = " ".join([_of_one(verb[0]), *verb[1:]])
    return f"{people(rule.least)} {did} within a day{usual}"


def more_told(more: int) -> str:
    """What was held back before: "And 14 more since the last one."; empty for nothing."""
    return f"And {more:,} more since the last one." if more else ""


def people(count: int) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'}"


def minutes(count: int) -> str:
    return f"{count:,} minute{'' if count == 1 else 's'}"


def _of_one(verb: str) -> str:
    return verb + "s"
