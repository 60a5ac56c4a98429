"""Who is held out, by lot: a keyed hash of the visitor, so the lot never changes and needs no table."""

from enum import StrEnum
from hashlib import blake2b

from bot.interactions import VisitorId

_SIDES = 2**64


class Arm(StrEnum):
    OFFERED = "offered"
    HELD_OUT = "held_out"
    """Not offered the widget, so that what it changes can be measured."""
    NONE = "none"
    """Not part of the experiment."""


def arm_of(visitor: VisitorId, salt: str, holdout: float) -> Arm:
    """The visitor's arm, the same for ever while salt and holdout stay; `holdout` is a share from 0.0 to 1.0.

    A larger holdout keeps whoever was held out before: each visitor has one fixed place between 0 and 1.
    """
    key = blake2b(salt.encode(), digest_size=32).digest()
    place = int.from_bytes(blake2b(visitor.encode(), key=key, digest_size=8).digest())
    return Arm.HELD_OUT if place < holdout * _SIDES else Arm.OFFERED


def draw(
    visitor: VisitorId, salt: str, holdout: float, *, measured: bool, seen_first: bool, in_conversation: bool
) -> Arm:
    """The arm of a new visitor. Nobody is drawn who can't be measured or has already met the widget."""
    if not measured or seen_first or in_conversation:
        return Arm.NONE
    return arm_of(visitor, salt, holdout)


def is_shown(arm: Arm, *, in_conversation: bool) -> bool:
    """Whether the launcher may appear: always, but for the held out, and never withheld in mid-conversation."""
    return arm is not Arm.HELD_OUT or in_conversation
