"""The staff's JSON calls: list, read, take, give back, resolve, answer, profiles, exports."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.conversation import Effect, Owner, StaffSaid, State, advance, refusal_in
from bot.errors import ConfigurationError
from bot.gateway import exporting
from bot.gateway.audit import audited, listed
from bot.gateway.bodies import is_storable
from bot.gateway.frames import CONTROLS, MESSAGE_LIMIT, FrameId, clean, message_frame
from bot.gateway.house import HOUSE, problem
from bot.gateway.rights import CALLS, Permission, declare, may, named
from bot.gateway.rooms import ROOMS
from bot.gateway.valued import Mark, those_who_wait
from bot.insights.exports.export import wanted
from bot.insights.score_words import score_json
from bot.interactions import ConversationId, Microseconds, SiteKey, rfc3339
from bot.store import staff as store
from bot.store.audit import Act, of_conversation
from bot.store.conversations import Conversation, find
from bot.store.inbox import PAGE_OF_CONVERSATIONS, Line, conversations_list, understood
from bot.store.made_exports import Asked
from bot.store.profiles import find_profile
from bot.store.scores import kept_score
from bot.store.staff import Done, Member

routes = web.RouteTableDef()
log = logging.getLogger(__name__)
Handler = Callable[[web.Request, Member], Awaitable[web.StreamResponse]]
WAITING = ((Owner.NOBODY, None), (Owner.NOBODY, State.WAITING), (None, State.WAITING))
"""What is asked for by who wants those that wait for a person."""
ACTS = {"take": store.take, "give-back": store.give_back, "resolve": store.resolve}


class NewMessage(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: FrameId
    text: str
    note: bool = False
    type: Literal["message"] = "message"


def staff_only(
    *wanted: Permission | str,
) -> Callable[[Handler], Callable[[web.Request], Awaitable[web.StreamResponse]]]:
    """Lets in who has a token and the permission; named as for `sign_in.only_for`."""
    permission = named(*wanted)

    def guard(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def guarded(request: web.Request) -> web.StreamResponse:
            kind, _, token = request.headers.get("Authorization", "").partition(" ")
            member = None
            if kind.lower() == "bearer" and token.strip() and is_storable(token):
                member = await request.app[HOUSE].store.read(store.by_token, token.strip())
            if member is None:
                return problem(
                    401,
                    "not_signed_in",
                    "Send `Authorization: Bearer TOKEN`; `duologue staff add` gives one.",
                    headers={"WWW-Authenticate": "Bearer"},
                )
            if not may(member.role, permission):
                return problem(403, "not_allowed", f"A member with the role {member.role} may not do this.")
            # Who takes figures away is not there to answer, nor is who may not.
            if permission is not Permission.MEASURE and may(member.role, Permission.CONVERSE):
                request.app[ROOMS].presence.seen(member.id, request.app[HOUSE].now())
            return await handler(request, member)

        return declare(guarded, permission, under=CALLS)

    return guard


@routes.get("/v1/staff/conversations")
@staff_only("agent")
async def list_conversations(request: web.Request, member: Member) -> web.Response:
    owner, state = request.query.get("owner") or None, request.query.get("state") or None
    if owner is not None and owner not in set(Owner):
        return problem(400, "bad_query", f"owner is one of {', '.join(Owner)}.")
    if state is not None and state not in set(State):
        return problem(400, "bad_query", f"state is one of {', '.join(State)}.")
    after = request.query.get("after") or None
    if after is not None and (cursor := cursor_from(after)) is None:
        return problem(400, "bad_query", "after is the `next` of the page before.")
    marks: dict[ConversationId, Mark] = {}
    if (owner, state) in WAITING and not after:
        found, marks = await those_who_wait(request.app[HOUSE])
    else:
        found = await request.app[HOUSE].store.read(
            conversations_list, owner=owner, state=state, after=cursor if after else None
        )
    await listed(request, member, "calls")
    next_page = f"{found[-1].changed_at}.{found[-1].id}" if len(found) == PAGE_OF_CONVERSATIONS else None
    return web.json_response({"conversations": [_line(one, marks.get(one.id)) for one in found], "next": next_page})


@routes.get("/v1/staff/conversations/{id}")
@staff_only("agent")
async def read_conversation(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    conversation = await house.store.read(find, request.match_info["id"])
    if conversation is None:
        return _unknown()
    after = request.query.get("after", "0")
    if not after.isascii() or not after.isdigit() or len(after) > 9:
        return problem(400, "bad_query", "after is a seq, e.g. 100.")
    said, more = await house.store.read(understood, conversation.id, after=int(after))
    request.app[ROOMS].readings.read_by_staff(conversation.id, (one for one, _ in said))
    messages = [
        message_frame(one) | {"page": one.page, "understanding": made if one.sender == "visitor" else None}
        for one, made in said
    ]
    counts = await house.store.read(kept_score, conversation.id)
    score = None if counts is None else score_json(counts)
    await audited(request, member, Act.OPENED, of_conversation(conversation.id))
    return web.json_response(_standing(conversation) | {"messages": messages, "more": more, "score": score})


@routes.post("/v1/staff/conversations/{id}/{act:take|give-back|resolve}")
@staff_only("agent")
async def act_on_conversation(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    conversation = await house.store.read(find, request.match_info["id"])
    if conversation is None:
        return _unknown()
    done = await act(request.app, member, conversation.id, request.match_info["act"])
    if done.refused is not None:
        return refused(done.refused)
    return web.json_response(_standing(done.conversation))


@routes.post("/v1/staff/conversations/{id}/typing")
@staff_only("agent")
async def type_in_conversation(request: web.Request, member: Member) -> web.Response:
    """Shows the visitor that their answer is being written. Only by who owns the conversation."""
    conversation = await request.app[HOUSE].store.read(find, request.match_info["id"])
    if conversation is None:
        return _unknown()
    _, effects = advance(conversation.standing, StaffSaid(member.id))
    if (refusal := refusal_in(effects)) is not None:
        return refused(refusal)
    request.app[ROOMS].hub.push(conversation.id, {"type": "typing", "from": "staff"})
    return web.json_response({})


@routes.post("/v1/staff/conversations/{id}/messages")
@staff_only("agent")
async def add_message(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    try:
        given = NewMessage.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        return problem(400, "bad_message", f"{where or 'body'}: {first['msg']}.")
    text = clean(given.text)
    if not text or len(text) > MESSAGE_LIMIT:
        return problem(400, "empty" if not text else "too_long", f"A message has 1 to {MESSAGE_LIMIT} characters.")
    conversation = await house.store.read(find, request.match_info["id"])
    if conversation is None:
        return _unknown()
    done, seq = await speak(request.app, member, conversation.id, frame=str(given.id), text=text, note=given.note)
    if done.refused is not None:
        return refused(done.refused)
    return web.json_response({"seq": seq}, status=201)


@routes.get("/v1/staff/profiles/{id}")
@staff_only("agent", "marketer")
async def read_profile(request: web.Request, member: Member) -> web.Response:
    """The profile of a visitor (`visitor:ID`, or the bare id) or of a customer (`customer:SITE:ID`)."""
    house, id = request.app[HOUSE], request.match_info["id"]
    profile = await house.store.read(find_profile, id) or await house.store.read(find_profile, f"visitor:{id}")
    if profile is None:
        return problem(404, "unknown", "There is no such profile.")
    await audited(request, member, Act.READ_PROFILE, profile.id)
    return web.json_response(asdict(profile))


@routes.get("/v1/staff/exports/{kind}")
@staff_only(Permission.MEASURE)
async def read_export(request: web.Request, member: Member) -> web.StreamResponse:
    """Made apart, and sent when it is whole. A part that is asked for is of the last one that was made."""
    query, kind = request.query, request.match_info["kind"]
    site, format = query.get("site", "demo"), query.get("format", "csv")
    since, until = query.get("since", ""), query.get("until", "")
    if not is_storable(site) or await request.app[HOUSE].site(site) is None:
        return problem(400, "bad_query", "No site has this key; `duologue site list` tells them.")
    try:
        wanted(site, kind, format, since=since or None, until=until or None)
    except ConfigurationError as error:
        return problem(400, "bad_query", str(error))
    asked = Asked(SiteKey(site), kind, format, since, until, query.get("bom") == "1")
    made = await exporting.kept(request, member, asked)
    if made is None:
        await audited(request, member, Act.EXPORTED, f"export:{kind}", detail=f"{site} {format}")
        made = await exporting.make(request, member, asked)
    if made is None or made.state != "made":
        return problem(503, "unavailable", made.told if made else "Somebody was erased meanwhile; ask again.")
    return await exporting.send(request, made, f"{kind}.{format}", {})


async def send_in_pieces(
    request: web.Request, response: web.StreamResponse, first: bytes, rest: AsyncIterator[bytes]
) -> web.StreamResponse:
    """Sends a file as it is made. When it can't be finished the connection is cut: half a file must not look whole."""
    await response.prepare(request)
    if request.method == "HEAD":
        # A body would be read as the next answer on this connection.
        return response
    await response.write(first)
    try:
        async for piece in rest:
            await response.write(piece)
    except Exception:
        log.exception("an export broke off")
        if request.transport is not None:
            request.transport.abort()
    return response


async def act(app: web.Application, member: Member, conversation: ConversationId, name: str) -> Done:
    """Takes, gives back or resolves, and tells the visitor who owns the conversation now."""
    house, rooms = app[HOUSE], app[ROOMS]
    done: Done = await house.store.write_in_order(conversation, ACTS[name], conversation, member, at=house.now())
    rooms.carry_out(done.conversation, done.effects, name=member.name)
    return done


async def speak(
    app: web.Application,
    member: Member,
    conversation: ConversationId,
    *,
    frame: str,
    text: str,
    note: bool,
    files: Sequence[str] = (),
) -> tuple[Done, int | None]:
    """Stores what staff said and shows it to the visitor; a note is for the staff alone."""
    house, rooms = app[HOUSE], app[ROOMS]
    after = timedelta(minutes=house.settings.mail_after_min) if house.settings.mails else None
    done, seq = await house.store.write_in_order(
        conversation, store.speak, conversation, member, frame=frame, text=text, note=note, at=house.now(),
        mail_after=after, files=files,
    )  # fmt: skip
    if done.message is not None:
        rooms.show(conversation, [done.message])
    rooms.carry_out(done.conversation, done.effects, name=member.name)
    return done, seq


def refused(effect: Effect) -> web.Response:
    sentences = {
        Effect.REFUSE_ALREADY_TAKEN: "Another member of staff has this conversation.",
        Effect.REFUSE_NOT_YOURS: "Take the conversation first.",
    }
    return problem(409, str(effect), sentences[effect])


def cursor_from(text: str) -> tuple[Microseconds, str] | None:
    at, _, id = text.partition(".")
    # More than 18 digits do not fit the column, and a control character would be refused by the database.
    if not (at.isascii() and at.isdigit() and len(at) <= 18) or CONTROLS.search(id) or not id.isascii():
        return None
    return Microseconds(int(at)), id


def _line(line: Line, mark: Mark | None) -> dict[str, Any]:
    asked = rfc3339(line.asked_person_at) if line.asked_person_at else None
    why = {} if mark is None else {"reason": mark.reason or None, "valued": mark.spent or None}
    return asdict(line) | {"changed_at": rfc3339(line.changed_at), "asked_person_at": asked} | why


def _standing(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "site": conversation.site,
        "visitor": conversation.visitor,
        "customer": conversation.customer,
        "owner": str(conversation.standing.owner),
        "state": str(conversation.standing.state),
        "staff": conversation.standing.staff,
        "seq": conversation.seq,
        "page": conversation.page,
        "language": conversation.language,
        "created_at": rfc3339(conversation.created_at),
    }


def _unknown() -> web.Response:
    return problem(404, "unknown", "There is no such conversation.")
