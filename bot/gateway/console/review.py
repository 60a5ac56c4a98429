"""What an answer should have been: said in one press below it, and listed until something came of it."""

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from bot.gateway.audit import listed as looked
from bot.gateway.console.naming import profiles_of, who
from bot.gateway.console.why import why_answered
from bot.gateway.frames import MESSAGE_LIMIT, clean
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.rooms import ROOMS
from bot.gateway.screens import draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.gateway.staff import cursor_from
from bot.project import ROOT
from bot.review.taught import intents_of
from bot.store.conversations import PAGE_OF_MESSAGES, find
from bot.store.reviews import (
    MAY_BECOME,
    PAGE_OF_REVIEWS,
    Review,
    Should,
    State,
    Turn,
    change,
    counts,
    listed,
    of_turn,
    review,
    turn_of,
)
from bot.store.sites import find_site
from bot.store.staff import Member

AT = "/console/conversations/{id:[A-Za-z0-9_-]{1,64}}/turns/{seq:[A-Za-z0-9_-]{1,64}}/review"
ADDRESS_LENGTH = 2_000
ACTS = {"refuse": State.REFUSED, "again": State.NEW, "done": State.DONE}
TITLES = {
    State.NEW: "New",
    State.EXPORTED: "Exported",
    State.DONE: "Done",
    State.REFUSED: "Refused",
}
EMPTY = {
    State.NEW: "Nothing waits. Say below an answer of the bot what it should have been, and it is here.",
    State.EXPORTED: "Nothing is on its way. `duologue review export` takes what is new into the files of the bot.",
    State.DONE: "Nothing is done yet.",
    State.REFUSED: "Nothing was refused.",
}
routes = web.RouteTableDef()


@dataclass(frozen=True)
class Correction:
    """What a form holds: what was pressed, and what is in its fields."""

    should: Should | None = None
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def value(self) -> str:
        return "" if self.should is None else self.fields.get(self.should, "")


@routes.get(AT)
@only_for(Permission.CONVERSE)
async def ask(request: web.Request, member: Member) -> web.Response:
    """One turn by itself, for whoever comes from a list of questions."""
    return await _page(request, member, await _turn(request))


@routes.post(AT)
@only_for(Permission.CONVERSE)
async def say(request: web.Request, member: Member) -> web.Response:
    house, turn, told = request.app[HOUSE], await _turn(request), _read(await form(request))
    problem = await _fault(request, turn, told)
    if problem or told.should is None:
        return await _page(request, member, turn, status=400, problem=problem, told=told)
    done = await house.store.write(review, turn, told.should, told.value, member, at=house.now())
    if done is None:
        raise web.HTTPNotFound
    if done.stood:
        return await _page(request, member, turn, status=409, problem=_stands(done.review), told=told)
    request.app[ROOMS].onlookers.changed(turn.conversation.id)
    return redirect(_back_to(turn))


@routes.get("/console/reviews")
@only_for(Permission.CONVERSE)
async def reviews(request: web.Request, member: Member) -> web.Response:
    """The list, the latest first; the new ones unless the address asks for others."""
    store, state = request.app[HOUSE].store, request.query.get("state", State.NEW)
    after = request.query.get("after")
    cursor = cursor_from(after) if after else None
    if state not in [*State, "all"] or (after and cursor is None):
        raise web.HTTPNotFound
    found = await store.read(listed, None if state == "all" else State(state), after=cursor)
    await looked(request, member, "reviews")
    older = {"state": state, "after": f"{found[-1].at}.{found[-1].id}"} if len(found) == PAGE_OF_REVIEWS else None
    return draw(
        request,
        "console/reviews.html",
        member=member,
        state=state,
        titles=TITLES,
        empty=EMPTY.get(State(state)) if state != "all" else "Nothing was reviewed yet.",
        counts=await store.read(counts),
        found=found,
        outcome=outcome,
        may_become=MAY_BECOME,
        later=bool(after),
        older=f"/console/reviews?{urlencode(older)}" if older else None,
    )


@routes.post("/console/reviews/{review:[A-Za-z0-9_-]{1,64}}/{act:refuse|again|done}")
@only_for(Permission.CONVERSE)
async def settle(request: web.Request, member: Member) -> web.Response:
    """Takes a review on its way; a second press changes nothing, and a stale one says what it is by now."""
    house, to = request.app[HOUSE], ACTS[request.match_info["act"]]
    found = await house.store.write(change, request.match_info["review"], to, member, at=house.now())
    if found is None:
        raise web.HTTPNotFound
    if found.state is not to:
        by = found.changed_by or "The command line"
        sentence = f"{by} was quicker: this review is {found.state} by now, so nothing was done."
        return refuse(request, 409, "Already settled", sentence, member=member)
    return redirect("/console/reviews")


def outcome(one: Review) -> str:
    """What should have been, in a few words."""
    match one.should:
        case Should.INTENT:
            return f"meant {one.value.replace('_', ' ')}"
        case Should.WORDS:
            return f"should have said “{one.value}”"
        case Should.PAGE:
            return "is answered by a page, or should be"
        case _:
            return "was right"


def _read(given: dict[str, str]) -> Correction:
    fields = {kind: clean(given.get(kind, "")) for kind in (Should.INTENT, Should.WORDS, Should.PAGE)}
    pressed = next((one for one in Should if one == given.get("should")), None)
    filled = [kind for kind, words in fields.items() if words]
    # Enter presses a form's first button, whichever field it was pressed in.
    if pressed is Should.INTENT and not fields[Should.INTENT] and len(filled) == 1:
        pressed = filled[0]
    return Correction(pressed, {str(kind): words for kind, words in fields.items()})


async def _fault(request: web.Request, turn: Turn, told: Correction) -> str:
    """What is wrong with it and what to do; empty when nothing is."""
    if turn.pressed and told.should in (Should.INTENT, Should.WORDS, Should.RIGHT):
        return "The visitor wrote nothing here that the bot could learn to understand. Only a page can be told of."
    match told.should:
        case Should.INTENT:
            return await _fault_of_intent(turn, told.value)
        case Should.WORDS:
            return _fault_of_words(told.value)
        case Should.PAGE:
            return await _fault_of_page(request, turn, told.value)
        case Should.RIGHT:
            return "" if turn.answers else "The bot did not answer this, so it can't have been right."
        case _:
            return "Say what it should have been, with one of the buttons."


async def _fault_of_intent(turn: Turn, name: str) -> str:
    known = await asyncio.to_thread(intents_of, ROOT)
    if not name:
        return "Choose what the visitor meant."
    if name not in known:
        return f"There is no intent “{name[:80]}”. Choose one of the list, or say what the answer should have been."
    if name == (turn.made or {}).get("intent"):
        return "It was taken for that already. Say what the answer should have been instead."
    return ""


def _fault_of_words(words: str) -> str:
    if not words:
        return "Write what the answer should have been."
    return f"That is too long: {len(words)} of {MESSAGE_LIMIT} characters." if len(words) > MESSAGE_LIMIT else ""


async def _fault_of_page(request: web.Request, turn: Turn, address: str) -> str:
    site = await request.app[HOUSE].store.read(find_site, turn.conversation.site)
    origins = site.origins if site is not None else ()
    if not address:
        return "Give the address of the page."
    try:
        parts = urlsplit(address)
        own = f"{parts.scheme}://{parts.netloc}" in origins
    except ValueError:
        own = False
    if not own or any(one.isspace() for one in address):
        return f"This is no page of {' or '.join(origins) or 'this site'}. Copy the address out of the browser's bar."
    return "That address is too long." if len(address) > ADDRESS_LENGTH else ""


def _stands(known: Review) -> str:
    return (
        f"{known.by or 'A colleague'} has reviewed this answer already: it {outcome(known)[:200]}. Nothing was done. "
        "If you don't agree, refuse that first, under Reviews."
    )


def _back_to(turn: Turn) -> str:
    """The transcript, with the message on the page that is shown."""
    at = f"/console/conversations/{turn.conversation.id}"
    is_shown = turn.seq > turn.conversation.seq - PAGE_OF_MESSAGES
    return f"{at}#m{turn.seq}" if is_shown else f"{at}?before={turn.seq + PAGE_OF_MESSAGES // 2}#m{turn.seq}"


async def _turn(request: web.Request) -> Turn:
    store, seq = request.app[HOUSE].store, request.match_info["seq"]
    if not (seq.isascii() and seq.isdigit() and len(seq) <= 9):
        raise web.HTTPNotFound
    known = await store.read(find, request.match_info["id"])
    turn = None if known is None else await store.read(turn_of, known, int(seq))
    if turn is None:
        raise web.HTTPNotFound
    return turn


async def _page(
    request: web.Request,
    member: Member,
    turn: Turn,
    *,
    status: int = 200,
    problem: str = "",
    told: Correction | None = None,
) -> web.Response:
    known = turn.conversation
    return draw(
        request,
        "console/review.html",
        member=member,
        status=status,
        conversation=known,
        at=f"/console/conversations/{known.id}",
        back=_back_to(turn),
        who=who(known, await profiles_of(request, [known])),
        turn=turn,
        seq=turn.seq,
        why=why_answered(turn.made) if turn.answers else None,
        known=await request.app[HOUSE].store.read(of_turn, known.id, turn.seq),
        outcome=outcome,
        intents=await asyncio.to_thread(intents_of, ROOT),
        problem=problem,
        told=(told or Correction()).fields,
    )
