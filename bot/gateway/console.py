"""The console: the conversations, each one's transcript with what was understood, and taking part in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from aiohttp import web

from bot.conversation import Effect, Owner, State
from bot.conversation_score import Counts, score_of
from bot.gateway import screens, sign_in
from bot.gateway.files import download
from bot.gateway.frames import MESSAGE_LIMIT, clean
from bot.gateway.house import HOUSE
from bot.gateway.rooms import ROOMS
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.gateway.staff import act, cursor_from, speak
from bot.gateway.valued import Mark, those_who_wait
from bot.insights.score_words import part_rows
from bot.insights.scores import counts_now
from bot.interactions import ConversationId, as_datetime
from bot.profiles import Profile, ProfileId
from bot.store.conversations import PAGE_OF_MESSAGES, Conversation, Message, find
from bot.store.files import of_message
from bot.store.inbox import PAGE_OF_CONVERSATIONS, Line, conversations_list, counts_by_owner, understood
from bot.store.noise import claim
from bot.store.profiles import find_profiles
from bot.store.staff import Member, name_of

ID = "{id:[A-Za-z0-9_-]{1,64}}"
KINDS_OF_FILES = {
    "image/png": "PNG picture",
    "image/jpeg": "JPEG picture",
    "image/webp": "WebP picture",
    "application/pdf": "PDF document",
    "text/plain": "plain text",
}
REASONS = {
    "asked": "asked for a person",
    "complaint": "complains",
    "no_answer": "got no answer",
    "upset": "is upset",
    "distress": "in distress",
}
"""Why somebody waits, where the bot says so; else it is in the visitor's own words."""
own_routes = web.RouteTableDef()


@dataclass(frozen=True)
class View:
    """A tab of the list, and what it says when it is empty. `counted` names its figure in the counts by owner."""

    key: str
    title: str
    empty: str
    owner: str | None = None
    state: str | None = None
    counted: str | None = None


VIEWS = (
    View("all", "All", "No conversation yet. Once a visitor writes in the widget, it is here."),
    View(
        "waiting", "Waiting for a person", "Nobody waits for a person. The bot answers, or all is said.",
        owner=Owner.NOBODY, counted=Owner.NOBODY,
    ),
    View(
        "bot", "With the bot", "The bot has no open conversation. Resolved ones are under All.",
        owner=Owner.BOT, state=State.OPEN, counted=Owner.BOT,
    ),
    View(
        "staff", "With staff", "Nobody of the staff has a conversation. Open one and press Take over.",
        owner=Owner.STAFF, counted=Owner.STAFF,
    ),
    View("resolved", "Resolved", "Nothing is resolved yet.", state=State.RESOLVED),
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What stands in the form. `frame` is the id under which it is stored once, however often it is sent."""

    text: str
    note: bool
    frame: str


@dataclass(frozen=True)
class Why:
    """What was made of a visitor's message: in a few words, and in rows of a name and its values."""

    summary: str
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Run:
    """Messages of one sender in a row; the sender is named once."""

    sender: str
    name: str | None
    lines: tuple[tuple[Message, Why | None], ...]


@dataclass(frozen=True)
class Day:
    at: int
    runs: tuple[Run, ...]


@own_routes.get("/console")
@only_for("agent")
async def conversations(request: web.Request, member: Member) -> web.Response:
    """The list, latest first. The address is the view: it can be kept and sent to a colleague."""
    store = request.app[HOUSE].store
    view = next((view for view in VIEWS if view.key == request.query.get("view", "all")), None)
    after = request.query.get("after")
    cursor = cursor_from(after) if after else None
    if view is None or (after and cursor is None):
        raise web.HTTPNotFound
    marks: dict[ConversationId, Mark] = {}
    if view.owner is Owner.NOBODY and cursor is None:
        found, marks = await those_who_wait(request.app[HOUSE])
    else:
        found = await store.read(conversations_list, owner=view.owner, state=view.state, after=cursor)
    counts = await store.read(counts_by_owner)
    return draw(
        request,
        "conversations.html",
        member=member,
        views=VIEWS,
        view=view,
        counts=counts,
        found=found,
        marks=marks,
        reasons=REASONS,
        who=await _names(request, found),
        later=bool(after),
        older=_address(view, found[-1]) if len(found) == PAGE_OF_CONVERSATIONS else None,
    )


@own_routes.get(f"/console/conversations/{ID}")
@only_for("agent")
async def conversation(request: web.Request, member: Member) -> web.Response:
    before = request.query.get("before")
    if before is not None and not (before.isascii() and before.isdigit() and len(before) <= 9):
        raise web.HTTPNotFound
    return await _page(request, member, before=int(before) if before else None)


@own_routes.get(f"/console/files/{ID}")
@only_for("agent")
async def file(request: web.Request, member: Member) -> web.StreamResponse:
    """A file that a visitor sent, to be saved."""
    found = await request.app[HOUSE].store.read(of_message, request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound
    response = download(request, found)
    # Begun here, so that it goes out with the headers of a file instead of those of our pages.
    await response.prepare(request)
    return response


@own_routes.post(f"/console/conversations/{ID}/{{act:take|give-back|resolve}}")
@only_for("agent")
async def change(request: web.Request, member: Member) -> web.Response:
    known = await _find(request)
    done = await act(request.app, member, known.id, request.match_info["act"])
    if done.refused is not None:
        return await _page(
            request, member, status=409, problem=await _refusal(request, done.refused, done.conversation)
        )
    return redirect(f"/console/conversations/{known.id}#end")


@own_routes.post(f"/console/conversations/{ID}/{{whose:ours|theirs}}")
@only_for("agent")
async def count_as(request: web.Request, member: Member) -> web.Response:
    """Leaves who led the conversation out of the reports as one of the staff, or takes that back."""
    known = await _find(request)
    ours = request.match_info["whose"] == "ours"
    await request.app[HOUSE].store.write_in_order(known.id, claim, known.id, ours=ours)
    return redirect(f"/console/conversations/{known.id}#about")


@own_routes.post(f"/console/conversations/{ID}/messages")
@only_for("agent")
async def say(request: web.Request, member: Member) -> web.Response:
    """Says or notes what was written. The form's own id makes a second press of the button harmless."""
    known, given = await _find(request), await form(request)
    text, note = clean(given.get("text", "")), given.get("kind") == "note"
    try:
        frame = str(UUID(given.get("id", "")))
    except ValueError as error:
        raise web.HTTPBadRequest from error
    draft = Draft(given.get("text", ""), note, frame)
    if not text or len(text) > MESSAGE_LIMIT:
        problem = (
            "Write something first." if not text else f"That is too long: {len(text)} of {MESSAGE_LIMIT} characters."
        )
        return await _page(request, member, status=400, problem=problem, draft=draft)
    done, _ = await speak(request.app, member, known.id, frame=frame, text=text, note=note)
    if done.refused is not None:
        problem = await _refusal(request, done.refused, done.conversation)
        return await _page(request, member, status=409, problem=problem, draft=draft)
    return redirect(f"/console/conversations/{known.id}#end")


async def _page(
    request: web.Request,
    member: Member,
    *,
    status: int = 200,
    problem: str = "",
    before: int | None = None,
    draft: Draft | None = None,
) -> web.Response:
    """One conversation: its latest messages, or those below `before`. What was refused is kept in the form."""
    store, known = request.app[HOUSE].store, await _find(request)
    # A conversation's seqs have no gaps, so the page before begins a page's length below.
    after = max(0, (before if before is not None else known.seq + 1) - 1 - PAGE_OF_MESSAGES)
    said, _ = await store.read(understood, known.id, after=after)
    shown = [(one, made) for one, made in said if before is None or one.seq < before]
    request.app[ROOMS].readings.read_by_staff(known.id, (one for one, _ in shown))
    profiles = await _profiles(request, [known])
    counts = await counts_now(store, known.id) or Counts()
    mine = known.standing.owner is Owner.STAFF and known.standing.staff == member.id
    return draw(
        request,
        "conversation.html",
        member=member,
        status=status,
        conversation=known,
        standing=known.standing,
        mine=mine,
        owner=await _owner_name(request, known),
        who=_who(known, profiles),
        days=by_day(shown),
        earlier=after + 1 if after else None,
        latest=before is None,
        profiles=list(profiles.values()),
        kind_and_size=kind_and_size,
        score=score_of(counts),
        parts=part_rows(counts),
        problem=problem,
        draft=draft or Draft("", note=False, frame=str(uuid4())),
    )


async def _find(request: web.Request) -> Conversation:
    found = await request.app[HOUSE].store.read(find, request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound
    return found


async def _profiles(request: web.Request, known: Iterable[Conversation | Line]) -> dict[ProfileId, Profile]:
    ids = list(dict.fromkeys(id for one in known for id in _profile_ids(one)))
    found = await request.app[HOUSE].store.read(find_profiles, ids) if ids else []
    return {profile.id: profile for profile in found}


def _profile_ids(known: Conversation | Line) -> list[ProfileId]:
    """Whose profiles tell of this conversation's visitor: the customer's before the browser's."""
    ids = [ProfileId(f"customer:{known.site}:{known.customer}")] if known.customer else []
    return ids + ([ProfileId(f"visitor:{known.visitor}")] if known.visitor else [])


async def _names(request: web.Request, known: Iterable[Conversation | Line]) -> dict[str, str]:
    """What to call each one's visitor, by the conversation's id."""
    listed = list(known)
    profiles = await _profiles(request, listed)
    return {one.id: _who(one, profiles) for one in listed}


async def _owner_name(request: web.Request, known: Conversation) -> str | None:
    staff = known.standing.staff
    return await request.app[HOUSE].store.read(name_of, staff) if staff else None


async def _refusal(request: web.Request, refused: Effect, known: Conversation) -> str:
    owner = await _owner_name(request, known)
    if owner is not None:
        return f"{owner} has this conversation now, so nothing was done."
    assert refused is Effect.REFUSE_NOT_YOURS
    return "You don't have this conversation, so nothing was done. Take it over first."


def _who(known: Conversation | Line, profiles: dict[ProfileId, Profile]) -> str:
    """A name that we know, else an id short enough to tell two apart."""
    for id in _profile_ids(known):
        if id in profiles and (name := profiles[id].fact("name")) is not None:
            return name.value
    if known.customer:
        return f"Customer {known.customer}"
    return f"Visitor {(known.visitor or known.id)[:6]}"


def _address(view: View, last: Line) -> str:
    query = {"view": view.key, "after": f"{last.changed_at}.{last.id}"}
    return f"/console?{urlencode(query)}"


def by_day(said: Iterable[tuple[Message, dict[str, Any] | None]]) -> list[Day]:
    """The messages by day (UTC), and within a day by who spoke."""
    days = groupby(said, key=lambda pair: as_datetime(pair[0].at).date())
    return [_day(list(pairs)) for _, pairs in days]


def _day(pairs: list[tuple[Message, dict[str, Any] | None]]) -> Day:
    runs = groupby(pairs, key=lambda pair: (pair[0].sender, pair[0].name))
    return Day(
        pairs[0][0].at,
        tuple(
            Run(sender, name, tuple((one, None if made is None else why(made)) for one, made in lines))
            for (sender, name), lines in runs
        ),
    )


def why(made: dict[str, Any]) -> Why:
    """What the log says was understood, for people."""
    intent = made.get("intent")
    rows = [
        ("Intent", tuple(_sure(name, sure) for name, sure in made.get("ranking") or [])),
        ("Named", tuple(_entity(entity) for entity in made.get("entities") or [])),
        ("Sentiment", () if made.get("sentiment") is None else (_mood(made["sentiment"]),)),
        ("Learned", tuple(f"{kind}: {value}" for kind, value in made.get("facts") or [])),
        ("Actions", tuple(made.get("actions") or [])),
    ]
    summary = _sure(intent, made.get("confidence") or 0.0) if intent else "nothing for certain"
    return Why(summary, tuple((name, values) for name, values in rows if values))


def kind_and_size(file: dict[str, Any]) -> str:
    """What kind of file it is and how large, in words."""
    size = file["size"]
    large = size >= 1024 * 1024
    number, unit = (f"{size / 1024 / 1024:.1f}", "MB") if large else (-(-size // 1024), "kB")
    return f"{KINDS_OF_FILES.get(file['type'], 'file')}, {number}\N{NO-BREAK SPACE}{unit}"


def _sure(name: str, confidence: float) -> str:
    return f"{name.replace('_', ' ')} {confidence:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


def _entity(entity: dict[str, Any]) -> str:
    said = entity["text"] if entity["text"] == entity["value"] else f"{entity['text']} ({entity['value']})"
    return f"{entity['kind']}: {said}"


def _mood(sentiment: float) -> str:
    word = "neutral" if abs(sentiment) < 0.2 else "glad" if sentiment > 0 else "unhappy"
    return f"{word} ({sentiment:+.2f})"


routes = [*screens.routes, *sign_in.routes, *own_routes]
middlewares = (screens.staff_pages,)
