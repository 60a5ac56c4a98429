"""Saying which customer a visitor is, by the staff's word, and taking that back."""

from aiohttp import web

from bot.gateway.bodies import is_storable
from bot.gateway.console.naming import profiles_of, who
from bot.gateway.console.visitor import amount, evidence
from bot.gateway.frames import clean
from bot.gateway.house import HOUSE
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.interactions import CustomerId
from bot.store.conversations import Conversation, find
from bot.store.merging import Candidate, candidates, is_customer, merge, unmerge
from bot.store.person import person_of
from bot.store.staff import Member
from bot.store.visitors import Link

AT = "/console/conversations/{id:[A-Za-z0-9_-]{1,64}}/person"
ASKED_LENGTH = 320
REFUSALS = {
    Link.OTHER_CUSTOMER: (
        "This visitor is another customer already, so nothing was done. Take that back first; what the shop has signed "
        "can't be taken back."
    ),
    Link.NO_VISITOR: "This visitor has agreed to nothing that lets us know them again, so nothing was done.",
}
routes = web.RouteTableDef()


@routes.get(AT)
@only_for("agent")
async def ask(request: web.Request, member: Member) -> web.Response:
    return await _page(request, member, await _conversation(request))


@routes.post(f"{AT}/find")
@only_for("agent")
async def look(request: web.Request, member: Member) -> web.Response:
    """Whom it could be. Posted, since an address of ours must not hold anybody's mail address."""
    known, asked = await _conversation(request), clean((await form(request)).get("asked", ""))
    if not asked or len(asked) > ASKED_LENGTH:
        problem = "Give an order number, a mail address or a customer's id."
        return await _page(request, member, known, status=400, problem=problem)
    found = await request.app[HOUSE].store.read(candidates, known.site, asked)
    return await _page(request, member, known, asked=asked, found=found)


@routes.post(AT)
@only_for("agent")
async def say(request: web.Request, member: Member) -> web.Response:
    house, known = request.app[HOUSE], await _conversation(request)
    customer = (await form(request)).get("customer", "")
    if not is_storable(customer) or not await house.store.read(is_customer, known.site, customer):
        raise web.HTTPNotFound
    done = await house.store.write_in_order(known.id, merge, known.id, CustomerId(customer), member, at=house.now())
    if done in REFUSALS:
        return await _page(request, member, known, status=409, problem=REFUSALS[done])
    return redirect(f"/console/conversations/{known.id}#about")


@routes.post(f"{AT}/undo")
@only_for("agent")
async def take_back(request: web.Request, member: Member) -> web.Response:
    """Takes back one line of the ledger; pressed again, on whatever old page, it does nothing more."""
    house, known = request.app[HOUSE], await _conversation(request)
    line = (await form(request)).get("link", "")
    if not (line.isascii() and line.isdigit() and len(line) <= 18):
        raise web.HTTPNotFound
    done = await house.store.write(unmerge, known.site, int(line), member, at=house.now())
    if done is None:
        raise web.HTTPNotFound
    return redirect(f"/console/conversations/{known.id}#about")


async def _page(
    request: web.Request,
    member: Member,
    known: Conversation,
    *,
    status: int = 200,
    problem: str = "",
    asked: str = "",
    found: list[Candidate] | None = None,
) -> web.Response:
    return draw(
        request,
        "console/person.html",
        member=member,
        status=status,
        conversation=known,
        who=who(known, await profiles_of(request, [known])),
        person=await request.app[HOUSE].store.read(person_of, known),
        problem=problem,
        asked=asked,
        found=found,
        amount=amount,
        evidence=evidence,
    )


async def _conversation(request: web.Request) -> Conversation:
    found = await request.app[HOUSE].store.read(find, request.match_info["id"])
    if found is None:
        raise web.HTTPNotFound
    return found
