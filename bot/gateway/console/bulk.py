"""What is done with the conversations that are ticked: each that can't be is named with why, the rest is done."""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, tzinfo

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.console.naming import names_of
from bot.gateway.console.narrowing import own_query
from bot.gateway.house import HOUSE
from bot.gateway.rooms import ROOMS
from bot.gateway.screens import draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.insights.exports.picked import picked
from bot.interactions import ConversationId, SiteKey
from bot.snoozing import until
from bot.store import labels
from bot.store.assigning import GONE, assign, put_off, settle
from bot.store.audit import Act, of_conversation
from bot.store.inbox import PAGE_OF_CONVERSATIONS
from bot.store.queue import Listed, of_ids
from bot.store.staff import Done, Member
from bot.store.team import team

PICK = re.compile(r"pick-([A-Za-z0-9_-]{1,64})")
KINDS = {"csv": "text/csv", "jsonl": "application/jsonl"}
type Refused = dict[ConversationId, str]
type Fields = dict[str, str]
routes = web.RouteTableDef()


@routes.post("/console/bulk")
@only_for("agent")
async def bulk(request: web.Request, member: Member) -> web.StreamResponse:
    given = await form(request)
    ids = [ConversationId(found[1]) for name in given if (found := PICK.fullmatch(name))]
    act = given.get("act", "")
    if not ids or len(ids) > PAGE_OF_CONVERSATIONS:
        sentence = f"Go back and tick 1 to {PAGE_OF_CONVERSATIONS} conversations, then choose again what to do."
        return refuse(request, 400, "Nothing was done", sentence, member=member)
    if act in KINDS:
        return await _export(request, member, ids, act)
    if act not in ACTS:
        return refuse(request, 400, "Nothing was done", "Go back and choose what to do with them.", member=member)
    lines = {line.id: line for line in await request.app[HOUSE].store.read(of_ids, ids)}
    refused = await ACTS[act](request, member, list(lines.values()), given)
    if isinstance(refused, str):
        return refuse(request, 400, "Nothing was done", refused, member=member)
    refused |= {id: GONE for id in ids if id not in lines}
    back = _back(given)
    if not refused:
        done = f"done={len(ids)}-{act}"
        return redirect(back if "conversations/" in back else f"{back}{'&' if '?' in back else '?'}{done}")
    who = await names_of(request, lines.values())
    return draw(
        request,
        "console/refused.html",
        member=member,
        status=409,
        refused=[(id, who.get(id, "A conversation"), sentence, id in lines) for id, sentence in refused.items()],
        done=len(ids) - len(refused),
        back=back,
    )


async def _assign(request: web.Request, member: Member, lines: Sequence[Listed], given: Fields) -> Refused | str:
    known = {one.id: one for one in await request.app[HOUSE].store.read(team)}
    if (to := known.get(given.get("to", ""))) is None:
        return "Go back and choose somebody of the staff who takes conversations."
    house, refused = request.app[HOUSE], _nobody()
    for line in lines:
        done = await house.store.write_in_order(line.id, assign, line.id, member, to, at=house.now())
        _follow(request, line, done, refused, name=to.name)
    return refused


async def _resolve(request: web.Request, member: Member, lines: Sequence[Listed], given: Fields) -> Refused:
    house, refused = request.app[HOUSE], _nobody()
    for line in lines:
        done = await house.store.write_in_order(line.id, settle, line.id, member, at=house.now())
        _follow(request, line, done, refused, name=member.name)
    return refused


def _nobody() -> Refused:
    return {}


def _follow(request: web.Request, line: Listed, done: Done | str, refused: Refused, *, name: str) -> None:
    if isinstance(done, str):
        refused[line.id] = done
    elif done.refused is not None:
        refused[line.id] = "Somebody else was faster."
    else:
        request.app[ROOMS].carry_out(done.conversation, done.effects, name=name)


async def _snooze(request: web.Request, member: Member, lines: Sequence[Listed], given: Fields) -> Refused | str:
    house, refused, wakes = request.app[HOUSE], _nobody(), given.get("act") == "wake"
    for line in lines:
        at = house.now()
        moment = None if wakes else until(given.get("way", ""), at=at, zone=await _zone(request, line.site))
        if moment is None and not wakes:
            return "Go back and choose until when."
        why = await house.store.write_in_order(line.id, put_off, line.id, member, until=moment, at=at)
        refused |= {} if why is None else {line.id: why}
        request.app[ROOMS].onlookers.changed(line.id)
    return refused


async def _zone(request: web.Request, site: SiteKey | str) -> tzinfo:
    """Nine o'clock is the shop's, where it has said where it is."""
    known = await request.app[HOUSE].site(site)
    hours = None if known is None else known.chat.opening_hours
    return UTC if hours is None else hours.timezone


async def _label(request: web.Request, member: Member, lines: Sequence[Listed], given: Fields) -> Refused | str:
    house, ids, label = request.app[HOUSE], [line.id for line in lines], given.get("label", "")
    if given.get("act") == "unlabel":
        await house.store.write(labels.unstick, label, ids)
    elif not await house.store.write(labels.stick, label, ids, staff=member.id, at=house.now()):
        return "The label is gone. Go back and choose another."
    for id in ids:
        await audited(request, member, Act.LABELED, of_conversation(id))
        request.app[ROOMS].onlookers.changed(id)
    return {}


ACTS: dict[str, Callable[[web.Request, Member, Sequence[Listed], Fields], Awaitable[Refused | str]]] = {
    "assign": _assign,
    "resolve": _resolve,
    "snooze": _snooze,
    "wake": _snooze,
    "label": _label,
    "unlabel": _label,
}


async def _export(
    request: web.Request, member: Member, ids: Sequence[ConversationId], format: str
) -> web.StreamResponse:
    body = await picked(request.app[HOUSE].store, ids, format)
    await audited(request, member, Act.EXPORTED, "export:conversations", detail=f"{len(ids)} {format}")
    headers = {"Content-Disposition": f'attachment; filename="conversations.{format}"'}
    return web.Response(body=body, headers=headers, content_type=KINDS[format], charset="utf-8")


def _back(given: Fields) -> str:
    """Where one came from: the list as it was, or the one conversation."""
    if (one := PICK.fullmatch(f"pick-{given.get('from', '')}")) is not None:
        return f"/console/conversations/{one[1]}"
    query = own_query(given.get("query", ""))
    return f"/console?{query}" if query else "/console"
