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


SORRY = {
    "en": "I am sorry: nobody could come to you in time. I am here again and go on answering.",
    "de": "Es tut mir leid: Niemand konnte rechtzeitig zu Ihnen kommen. Ich bin wieder da und antworte weiter.",
}
WRITES_TO = {"en": "A person will write to {}.", "de": "Ein Mensch schreibt an {}."}
WHICH_ADDRESS = {
    "en": "Which e-mail address can a person answer you at?",
    "de": "Unter welcher E-Mail-Adresse kann Ihnen ein Mensch antworten?",
}
ASKED_ALREADY = {
    "en": "Please answer my last question, so that a person can write to you.",
    "de": "Bitte beantworten Sie noch meine letzte Frage, damit Ihnen ein Mensch schreiben kann.",
}


def sorry_in_words(
    language: Literal["en", "de"], *, address: str | None, asked_already: bool, closed: bool, opens: Opening | None
) -> str:
    """The apology to who waited in vain: whether it is closed by now, and how a person answers them all the same."""
    is_closed = (closed_in_words(opens, language),) if closed else ()
    if address is not None:
        way = WRITES_TO[language].format(address)
    else:
        way = (ASKED_ALREADY if asked_already else WHICH_ADDRESS)[language]
    return " ".join((SORRY[language], *is_closed, way))
