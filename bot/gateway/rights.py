"""Who of the staff may do what: one table of permissions by role, and the promise that no door is left without one.

A door declares what it needs by `sign_in.only_for` (pages: a sign-in), `staff.staff_only` (calls: a token) or
`open_to_anybody`. One under the staff's addresses that declares nothing keeps the gateway from starting.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from weakref import WeakKeyDictionary

from aiohttp import web

from bot.errors import ConfigurationError


class Permission(StrEnum):
    """What a door may need. A role that is not in its line of the table has it not."""

    CONVERSE = "converse"
    """Read what visitors said, and take part in it."""
    KNOW_PEOPLE = "know_people"
    """Read what is known of a visitor or customer."""
    MEASURE = "measure"
    """Read the figures, and take exports away."""
    READ_OBJECTIVES = "read_objectives"
    """See what is wanted and how it stands; who measures also sets it down."""
    WORD_REPLIES = "word_replies"
    """Write the ready replies that all of the staff share; their own everybody writes who converses."""
    ADMINISTER = "administer"
    """Decide who is staff, read the audit log, erase people."""
    BE_STAFF = "be_staff"
    """One's own sign-ins, password and choices."""


TABLE = {
    Permission.CONVERSE: frozenset({"agent", "admin"}),
    Permission.KNOW_PEOPLE: frozenset({"agent", "marketer", "admin"}),
    Permission.MEASURE: frozenset({"marketer", "admin"}),
    Permission.READ_OBJECTIVES: frozenset({"agent", "marketer", "admin"}),
    Permission.WORD_REPLIES: frozenset({"admin"}),
    Permission.ADMINISTER: frozenset({"admin"}),
    Permission.BE_STAFF: frozenset({"agent", "marketer", "admin"}),
}
BY_ROLES = {
    frozenset({"agent"}): Permission.CONVERSE,
    frozenset({"marketer"}): Permission.MEASURE,
    frozenset({"agent", "marketer"}): Permission.KNOW_PEOPLE,
    frozenset({"admin"}): Permission.ADMINISTER,
}
"""What a door means that names roles instead: `only_for("agent")`. New doors name the permission."""
PAGES, CALLS = ("/console", "/insights"), ("/v1/staff",)


@dataclass(frozen=True)
class Need:
    """What a door has declared. `under` are the addresses at which it is guarded as it has to be."""

    permission: Permission | None
    """None: anybody may, signed in or not."""
    under: tuple[str, ...]


_declared: WeakKeyDictionary[Callable[..., Any], Need] = WeakKeyDictionary()


def may(role: str, permission: Permission) -> bool:
    return role in TABLE[permission]


def named(*wanted: Permission | str) -> Permission:
    """The permission itself, or the one that is meant by roles."""
    if len(wanted) == 1 and isinstance(wanted[0], Permission):
        return wanted[0]
    # An admin may do whatever the others may, so naming one beside them says nothing.
    roles = frozenset(map(str, wanted))
    if (permission := BY_ROLES.get(roles - {"admin"} or roles)) is None:
        raise ConfigurationError(f"No permission is meant by {', '.join(wanted)}; see bot/gateway/rights.py.")
    return permission


def declare[Door: Callable[..., Any]](door: Door, permission: Permission | None, *, under: tuple[str, ...]) -> Door:
    _declared[door] = Need(permission, under)
    return door


def open_to_anybody[Door: Callable[..., Any]](door: Door) -> Door:
    """Declares that a page needs no sign-in: signing in itself."""
    return declare(door, None, under=PAGES)


def need_of(door: Callable[..., Any]) -> Need | None:
    return _declared.get(door)


def refuse_undeclared(app: web.Application) -> None:
    """ConfigurationError when a door for the staff has not declared whom it lets in.

    Also when one is where its guard does not reach: a page elsewhere would take forms from foreign sites.
    """
    for route in app.router.routes():
        path, need = route.resource.canonical if route.resource else "", need_of(route.handler)
        if need is None and path.startswith((*PAGES, *CALLS)):
            raise ConfigurationError(
                f"{route.method} {path} does not say whom it lets in, so nothing was started. "
                "Give its handler @only_for(...), @staff_only(...) or @open_to_anybody."
            )
        if need is not None and not path.startswith(need.under):
            raise ConfigurationError(
                f"{route.method} {path} is guarded for addresses under {' or '.join(need.under)}, so nothing was "
                "started. Move it there, or guard it as its neighbours are."
            )
