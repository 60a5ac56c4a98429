"""Who owns a conversation, and what follows when something happens in it: one pure state machine.

The store applies it inside the transaction that writes the happening down, so that two things at once
can't both win.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class Owner(StrEnum):
    """Who answers next. While staff own it the bot is silent; `nobody` waits for a person."""

    BOT = "bot"
    STAFF = "staff"
    NOBODY = "nobody"


class State(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    """The visitor waits for a person."""
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Standing:
    """How a conversation stands. `staff` is the id of the member who owns it."""

    owner: Owner = Owner.BOT
    state: State = State.OPEN
    staff: str | None = None


@dataclass(frozen=True)
class VisitorSaid:
    """A message, or a pressed button."""


@dataclass(frozen=True)
class VisitorAskedForPerson:
    """By the widget's own button, or in words that the bot understood."""


@dataclass(frozen=True)
class BotFailed:
    """The deadline of a turn passed without an answer."""


@dataclass(frozen=True)
class NobodyCame:
    """Who waits for a person has waited too long: the bot goes on."""


@dataclass(frozen=True)
class StaffTook:
    staff: str


@dataclass(frozen=True)
class StaffSaid:
    staff: str


@dataclass(frozen=True)
class StaffGaveBack:
    staff: str


@dataclass(frozen=True)
class StaffResolved:
    staff: str


@dataclass(frozen=True)
class StaffLeft:
    """They answer here no more: another person has to come, for the visitor was promised one."""

    staff: str


Happening = (
    VisitorSaid
    | VisitorAskedForPerson
    | BotFailed
    | NobodyCame
    | StaffTook
    | StaffSaid
    | StaffGaveBack
    | StaffResolved
    | StaffLeft
)


class Effect(StrEnum):
    """What has to follow. The edge carries it out and decides nothing."""

    ASK_ENGINE = "ask_engine"
    ASK_ENGINE_TO_UNDERSTAND = "ask_engine_to_understand"
    """Staff answer; what the visitor said is still understood and logged."""
    TELL_STAFF = "tell_staff"
    TELL_VISITOR_WHO_OWNS = "tell_visitor_who_owns"
    REFUSE_ALREADY_TAKEN = "already_taken"
    REFUSE_NOT_YOURS = "not_yours"


def refusal_in(effects: tuple[Effect, ...]) -> Effect | None:
    """Why nothing was done, when it was refused."""
    refusals = (Effect.REFUSE_ALREADY_TAKEN, Effect.REFUSE_NOT_YOURS)
    return next((effect for effect in effects if effect in refusals), None)


def advance(standing: Standing, happening: Happening) -> tuple[Standing, tuple[Effect, ...]]:
    """The standing afterwards and what has to follow. A refusal changes nothing."""
    match happening:
        case VisitorSaid():
            return _said(standing)
        case VisitorAskedForPerson() | BotFailed():
            return _wants_person(standing)
        case NobodyCame():
            if standing.state is not State.WAITING:
                return standing, ()
            return Standing(Owner.BOT, State.OPEN), (Effect.TELL_STAFF, Effect.TELL_VISITOR_WHO_OWNS)
        case StaffTook(staff):
            if standing.owner is Owner.STAFF:
                # Taking what one already has is a repeat, not a conflict.
                return standing, () if standing.staff == staff else (Effect.REFUSE_ALREADY_TAKEN,)
            return Standing(Owner.STAFF, State.OPEN, staff), (Effect.TELL_VISITOR_WHO_OWNS,)
        case StaffSaid(staff):
            return standing, () if _is_owned_by(standing, staff) else (Effect.REFUSE_NOT_YOURS,)
        case StaffGaveBack(staff):
            if not _is_owned_by(standing, staff):
                return standing, (Effect.REFUSE_NOT_YOURS,)
            return Standing(Owner.BOT, State.OPEN), (Effect.TELL_VISITOR_WHO_OWNS,)
        case StaffResolved(staff):
            if standing.owner is Owner.STAFF and standing.staff != staff:
                return standing, (Effect.REFUSE_NOT_YOURS,)
            return Standing(Owner.BOT, State.RESOLVED), (Effect.TELL_VISITOR_WHO_OWNS,)
        case StaffLeft(staff):
            if not _is_owned_by(standing, staff):
                return standing, ()
            return Standing(Owner.NOBODY, State.WAITING), (Effect.TELL_STAFF, Effect.TELL_VISITOR_WHO_OWNS)


def _said(standing: Standing) -> tuple[Standing, tuple[Effect, ...]]:
    if standing.owner is Owner.STAFF:
        return replace(standing, state=State.OPEN), (Effect.TELL_STAFF, Effect.ASK_ENGINE_TO_UNDERSTAND)
    # Who waits for a person may go on asking the page: waiting in silence would be a dead end.
    reopened = State.OPEN if standing.state is State.RESOLVED else standing.state
    return replace(standing, state=reopened), (Effect.ASK_ENGINE,)


def _wants_person(standing: Standing) -> tuple[Standing, tuple[Effect, ...]]:
    if standing.owner is Owner.STAFF:
        return standing, (Effect.TELL_STAFF,)
    return Standing(Owner.NOBODY, State.WAITING), (Effect.TELL_STAFF, Effect.TELL_VISITOR_WHO_OWNS)


def _is_owned_by(standing: Standing, staff: str) -> bool:
    return standing.owner is Owner.STAFF and standing.staff == staff
