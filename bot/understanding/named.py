"""What a name is the name of, as the language model takes it."""

from collections.abc import Callable
from enum import StrEnum


class Named(StrEnum):
    """What a name is the name of."""

    PERSON = "person"
    COMPANY = "company"
    PLACE = "place"
    OTHER = "other"


type Knows = Callable[[str, str], Named | None]
"""What the model takes a name for within a sentence; None when it sees no name there."""


def words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())
