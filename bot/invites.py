"""Invitations to talk, by rule: which one fits the page, the language and the visits of a visitor."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

SHOWN, CLOSED, ACCEPTED = "invite_shown", "invite_closed", "invite_accepted"
"""What the widget reports of an invite: `track` events of these names, with `props.invite`, its id."""

type Words = str | Mapping[str, str]
"""A text, or one for each language: {"en": "Hello", "de": "Hallo"}."""


@dataclass(frozen=True, kw_only=True)
class Invite:
    """A rule. `pages` are patterns of paths, where * stands for anything; with none, any page will do.

    With a `trigger` it waits for the page to call that name. `visits` is the least number, this one included.
    """

    id: str
    text: Words
    pages: tuple[str, ...] = ()
    after_s: int = 0
    visits: int = 1
    languages: tuple[str, ...] = ()
    trigger: str | None = None


@dataclass(frozen=True)
class Known:
    """What the store knows of a visitor: those linked to them count too, in `shown` and `declined`."""

    visits: int
    shown: frozenset[str] = frozenset()
    declined: bool = False
    in_conversation: bool = False


@dataclass(frozen=True)
class Invited:
    """`now` is the one to show by itself; `triggers` wait for the page to call them."""

    now: Invite | None = None
    triggers: tuple[Invite, ...] = ()


def fitting(invites: Sequence[Invite], url: str, language: str | None) -> list[Invite]:
    """Those for this page and language, in the site's order; nothing of the visitor is asked for it."""
    # Browsers write the same path in several ways: /a%20b is /a b, and an empty one is /.
    path = unquote(urlsplit(url).path) or "/"
    return [
        one
        for one in invites
        if (not one.pages or any(is_like(path, pattern) for pattern in one.pages))
        and (not one.languages or any(speaks(language, wanted) for wanted in one.languages))
    ]


def choose(found: Sequence[Invite], known: Known) -> Invited:
    """The first that may be given, and all that wait for a trigger.

    Nobody is invited who is in conversation or has ever closed an invite, and to nothing twice.
    """
    if known.in_conversation or known.declined:
        return Invited()
    given = [one for one in found if one.visits <= known.visits and one.id not in known.shown]
    return Invited(
        next((one for one in given if one.trigger is None), None),
        tuple(one for one in given if one.trigger is not None),
    )


def is_like(path: str, pattern: str) -> bool:
    """Whether the whole path fits the pattern. One pass over the path, whatever the pattern."""
    first, *rest = (unquote(part) for part in pattern.split("*"))
    if not rest:
        return path == first
    *middle, last = rest
    if not path.startswith(first) or len(path) < len(first) + len(last) or not path.endswith(last):
        return False
    place, end = len(first), len(path) - len(last)
    for part in middle:
        place = path.find(part, place, end)
        if place < 0:
            return False
        place += len(part)
    return True


def speaks(language: str | None, wanted: str) -> bool:
    """Whether a browser's language ("de-AT") is the wanted one: "de" is, "de-AT" too, "de-CH" is not."""
    return language is not None and f"{language.lower()}-".startswith(f"{wanted.lower()}-")


def in_language(words: Words, *preferred: str | None) -> str:
    """The text in the first preferred language that there is one in; else English, else the first."""
    if isinstance(words, str):
        return words
    for language in (*preferred, "en"):
        # The closest first: for de-AT, de-AT comes before de.
        for wanted in sorted(words, key=len, reverse=True):
            if speaks(language, wanted):
                return words[wanted]
    return next(iter(words.values()), "")


def preferred_language(told: str | None, accepted: str) -> str | None:
    """What the browser said, else the first of its Accept-Language: "de-AT,de;q=0.9" is de-AT. None: not told."""
    if told:
        return told
    ranked = sorted((part for part in accepted.split(",")[:20] if _weight(part) > 0), key=_weight, reverse=True)
    first = ranked[0].partition(";")[0].strip() if ranked else ""
    return first[:35] if first and first != "*" else None


def _weight(part: str) -> float:
    _, _, given = part.partition(";")
    name, _, value = given.partition("=")
    if name.strip() != "q":
        return 1.0 if part.strip() else 0.0
    try:
        return float(value) if 0 <= float(value) <= 1 else 0.0
    except ValueError:
        return 0.0


def known_from(events: Collection[tuple[str, object]], *, visits: int, in_conversation: bool) -> Known:
    """What follows from what the log has of a visitor's invites, as (name, id) of each event."""
    return Known(
        visits,
        frozenset(id for name, id in events if name in (SHOWN, ACCEPTED) and isinstance(id, str)),
        any(name == CLOSED for name, _ in events),
        in_conversation,
    )
