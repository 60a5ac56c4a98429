"""What visitors are told when nobody of the staff is there: it is closed, or nobody came in time."""

from typing import Literal

from bot.hours import Opening, in_words

CLOSED = {
    "en": ("We are closed now.", "Still closed, I am afraid."),
    "de": ("Wir haben gerade geschlossen.", "Leider ist noch geschlossen."),
}
BACK = {
    "en": ("A person answers again {}.", "Our staff are back {}."),
    "de": ("Ein Mensch antwortet wieder {}.", "Unser Team ist {} wieder da."),
}
"""When somebody is back, by `bot.hours.in_words`."""


def closed_in_words(opens: Opening | None, language: Literal["en", "de"]) -> str:
    """That it is closed, and when somebody is back if that is known: as the bot says it first."""
    back = () if opens is None else (BACK[language][0].format(in_words(opens, language)),)
    return " ".join((CLOSED[language][0], *back))
