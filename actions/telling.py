"""What is said to somebody who tells of themselves, by whichever way the message came."""

from collections.abc import Mapping

from rasa_sdk import Tracker

from actions.words import GOOD_TO_KNOW, NICE_TO_MEET, say


def thanks_for(facts: Mapping[str, str], tracker: Tracker) -> str:
    """A name is met by its name; all else is good to know."""
    name = facts.get("name")
    return say(NICE_TO_MEET, tracker, name) if name else say(GOOD_TO_KNOW, tracker)
