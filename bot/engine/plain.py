"""Free text is words, never a command. Used on both sides of the engine's door, so it imports nothing.

Rasa 3.6.21 takes a message as a command when its text, stripped of white space, begins with "/":
`/restart`, `/intent@1.0{"slot": "value"}` and `/session_start` are then obeyed with confidence 1.0
(`YAMLStoryReader.unpack_regex_message`). The prefix `EXTERNAL: ` is only ever written by Rasa, never read
from a message, so it needs no care.
"""

import unicodedata

_SLASHES = frozenset("/\u2044\u2215\u29f8\u29f6\u2571\u27cb\u0337\u0338\ufe68\uff0f")
"""A slash and what a later normalisation, or a reader's eye, would take for one."""

NOTHING_BUT_SLASHES = "?"


def as_plain_words(text: str) -> str:
    """The text as Rasa may see it: no leading slash, however it is hidden, and no half characters.

    >>> as_plain_words(' \\u200b/restart')
    'restart'
    """
    # Half a surrogate pair is valid JSON but no valid UTF-8; it would fail far from here.
    text = text.encode("utf-8", "replace").decode("utf-8")
    lead = 0
    while lead < len(text) and _could_hide_a_command(text[lead]):
        lead += 1
    if _SLASHES.isdisjoint(text[:lead]):
        return text
    return text[lead:] or NOTHING_BUT_SLASHES


def _could_hide_a_command(character: str) -> bool:
    return (
        character in _SLASHES
        or character.isspace()
        or unicodedata.category(character) in ("Cc", "Cf", "Mn", "Co", "Cn")
        or unicodedata.normalize("NFKC", character).startswith("/")
    )
