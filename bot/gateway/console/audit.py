"""The audit log for admins: who looked at what, who changed it. The address is the view, and the file's too."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.console.naming import names_of
from bot.gateway.console.narrowing import TABS
from bot.gateway.frames import CONTROLS
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.screens import HEADERS, draw, refuse
from bot.gateway.sign_in import only_for
from bot.gateway.staff import send_in_pieces
from bot.insights.exports.cells import as_csv, moment
from bot.interactions import microseconds
from bot.profiles import ProfileId
from bot.store.audit import ERASED, Act
from bot.store.audit_lines import COMMAND_LINE, PAGE_OF_LINES, Line, Wanted, lines, names_of_staff, talks_in
from bot.store.profiles import find_profiles
from bot.store.staff import Member
from bot.store.store import Store

COLUMNS = ("at", "staff", "name", "act", "subject", "detail")
LINES_AT_ONCE = 500
NAMED = 200
"""Characters of a subject; the longest of ours is shorter."""
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
routes = web.RouteTableDef()


@dataclass(frozen=True)
class About:
    """What to call a subject, and where it is shown."""

    name: str
    href: str | None = None


@routes.get("/console/audit")
@only_for(Permission.ADMINISTER)
async def audit(request: web.Request, member: Member) -> web.Response:
    store, wanted = request.app[HOUSE].store, wanted_by(request)
    if isinstance(wanted, str):
        return refuse(request, 400, "This can't be looked for", wanted, member=member)
    found = await store.read(lines, wanted, after=_after(request))
    await audited(request, member, Act.READ_AUDIT, "audit")
    filters = {name: value for name in ("who", "act", "subject", "day") if (value := request.query.get(name))}
    older = filters | {"after": f"{found[-1].at}.{found[-1].id}"} if len(found) == PAGE_OF_LINES else None
    return draw(
        request,
        "console/audit.html",
        member=member,
        lines=found,
        words={act.value: act.words for act in Act},
        about=await _about(request, found),
        staff=await store.read(names_of_staff),
        command_line=COMMAND_LINE,
        filters=filters,
        here=urlencode(filters),
        older=urlencode(older) if older else None,
        later="after" in request.query,
        narrowed=lambda **more: urlencode(filters | more),
    )


@routes.get("/console/audit.csv")
@only_for(Permission.ADMINISTER)
async def audit_file(request: web.Request, member: Member) -> web.StreamResponse:
    """All lines of the view, in a file."""
    wanted = wanted_by(request)
    if isinstance(wanted, str):
        return refuse(request, 400, "This can't be looked for", wanted, member=member)
    pieces = _as_file(request.app[HOUSE].store, wanted)
    first = await anext(pieces)
    await audited(request, member, Act.EXPORTED, "export:audit")
    response = web.StreamResponse(headers=HEADERS)
    response.content_type, response.charset = "text/csv", "utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return await send_in_pieces(request, response, first, pieces)


async def _as_file(store: Store, wanted: Wanted) -> AsyncIterator[bytes]:
    yield as_csv([COLUMNS])
    after = None
    while found := await store.read(lines, wanted, after=after, limit=LINES_AT_ONCE):
        yield as_csv((moment(one.at), one.staff, one.name, one.act, one.subject, one.detail) for one in found)
        after = found[-1].at, found[-1].id


def wanted_by(request: web.Request) -> Wanted | str:
    """What the address asks for, or the sentence that says what is wrong with it."""
    asked = {name: request.query.get(name) or None for name in ("who", "act", "subject", "day")}
    for name, value in asked.items():
        if value is not None and (len(value) > NAMED or CONTROLS.search(value)):
            return f"The {name} in the address is none of ours; choose one on the page."
    if asked["act"] is not None and asked["act"] not in set(Act):
        return "There is no such act; choose one on the page."
    since = until = None
    if asked["day"] is not None:
        if (begin := _begin_of(asked["day"])) is None:
            return f"Give the day as year-month-day, from {FIRST_DAY} to {LAST_DAY}."
        since, until = microseconds(begin), microseconds(begin + timedelta(days=1))
    return Wanted(asked["who"], asked["act"], asked["subject"], since, until)


def _begin_of(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time(), UTC) if FIRST_DAY <= day <= LAST_DAY else None


def _after(request: web.Request) -> tuple[int, int] | None:
    """The last line of the page before; 404 for what is none."""
    after = request.query.get("after")
    if after is None:
        return None
    at, dot, id = after.partition(".")
    if not dot or not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in (at, id)):
        raise web.HTTPNotFound
    return int(at), int(id)


async def _about(request: web.Request, found: Iterable[Line]) -> dict[str, About]:
    """What to call each subject. Names are looked up now and kept nowhere: who is erased has none."""
    store = request.app[HOUSE].store
    # To whom a conversation was assigned stands beside it, named as a subject is.
    subjects = {line.subject for line in found} | {line.detail for line in found if line.detail.startswith("staff:")}
    called = await names_of(request, await store.read(talks_in, subjects))
    people = [ProfileId(one) for one in subjects if one.startswith(("visitor:", "customer:"))]
    profiles = await store.read(find_profiles, people) if people else []
    named = {str(one.id): fact.value for one in profiles if (fact := one.fact("name")) is not None}
    staff = dict(await store.read(names_of_staff))
    return {one: _called(one, called, named, staff) for one in subjects}


def _called(subject: str, talks: dict[str, str], people: dict[str, str], staff: dict[str, str]) -> About:
    kind, _, id = subject.partition(":")
    if id.startswith(ERASED):
        return About(f"Somebody who was erased ({id.removeprefix(ERASED)[:6]})")
    match kind:
        case "conversation":
            return About(talks.get(id, id), f"/console/conversations/{id}" if id in talks else None)
        case "visitor":
            return About(people.get(subject, f"Visitor {id[:6]}"))
        case "customer":
            return About(people.get(subject, f"Customer {id.partition(':')[2]}"))
        case "staff":
            return About(staff.get(id, id))
        case "export":
            return About(id)
        case "list":
            return About(next((tab.title for tab in TABS if tab.key == id), id.capitalize()))
        case _:
            return About("")
