"""Who is on which page now, and inviting one of them to talk."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.console.visitor import SEGMENTS, amount, segment_so_far
from bot.gateway.frames import clean
from bot.gateway.house import HOUSE
from bot.gateway.on_pages import Here, on_pages
from bot.gateway.onlookers import Screen, tell
from bot.gateway.rooms import ROOMS
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.insights.segments import Segment
from bot.interactions import Microseconds
from bot.store.audit import Act
from bot.store.passers_by import Passerby, passers_by
from bot.store.personal_invites import LENGTH, Became, Refused, invite, latest_of
from bot.store.staff import Member

PAGE_OF_VISITORS, PAGES_OF_OTHERS = 50, 20
EVERY_S = 2.0
AT = "/console/visitors"
LEFT = "This visitor has left the site, or agrees to be measured no more, so nobody was invited."
REFUSALS = {
    Refused.GONE: LEFT,
    Refused.STAFF: "This browser is one of ours, or a robot, so nobody was invited.",
    Refused.HELD_OUT: "This visitor is held out to measure the chat's effect: they are not to be invited.",
    Refused.IN_CONVERSATION: "This visitor talks already, so nobody was invited. Open the conversation instead.",
    Refused.DECLINED: "This visitor has closed an invitation before, and is not invited again.",
}
BECAME = {
    Became.WAITING: "not on their screen yet",
    Became.GIVEN: "not on their screen yet",
    Became.SHOWN: "they see it",
    Became.ACCEPTED: "accepted",
    Became.CLOSED: "closed",
    Became.NOT_SEEN: "not seen",
}
NO_DRAFTS: Mapping[str, str] = {}
routes = web.RouteTableDef()


@dataclass(frozen=True)
class Row:
    """One visitor in the list. `frame` is the id under which an invitation is stored once, however often it is sent."""

    here: Here
    who: Passerby
    name: str
    segment: Segment | None
    means: str
    spent: tuple[str, ...]
    began: Microseconds | None
    may_be_invited: bool
    frame: str
    text: str


@routes.get(AT)
@only_for("agent")
async def visitors(request: web.Request, member: Member) -> web.Response:
    number = request.query.get("page", "1")
    if not (number.isascii() and number.isdigit() and 1 <= len(number) <= 4 and int(number) >= 1):
        raise web.HTTPNotFound
    await audited(request, member, Act.WATCHED, "visitors")
    return await _page(request, member, number=int(number))


@routes.post(f"{AT}/invite")
@only_for("agent")
async def invite_one(request: web.Request, member: Member) -> web.Response:
    """Leaves a word for a visitor's next sign of life. The form's own id makes a second press harmless."""
    house, given = request.app[HOUSE], await form(request)
    text, visitor, at = clean(given.get("text", "")), given.get("visitor", ""), house.now()
    try:
        frame = str(UUID(given.get("id", "")))
    except ValueError as error:
        raise web.HTTPBadRequest from error
    here = next((one for one in on_pages(house).now(at) if one.visitor == visitor), None)
    if not text or len(text) > LENGTH:
        problem = f"An invitation has 1 to {LENGTH} characters; this has {len(text)}."
        return await _page(request, member, status=400, problem=problem, drafts={visitor: given.get("text", "")})
    if here is None:
        return await _page(request, member, status=409, problem=LEFT)
    refused = await house.store.write_in_order(
        here.visitor, invite, here.site, here.visitor, member, id=frame, text=text, at=at
    )
    if refused is not None:
        return await _page(request, member, status=409, problem=await _refusal(request, refused, here))
    return redirect(f"{AT}#v{here.visitor}")


class LiveVisitors:
    """Tells the open pages about live visitors that they are old: when somebody moves on, and when one may be gone."""

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._task: asyncio.Task[None] | None = None

    def changed(self) -> None:
        if self._task is None and self._screens():
            self._task = asyncio.create_task(self._tell(), name="live visitors")

    def _screens(self) -> set[Screen]:
        return {one for one in self._app[ROOMS].onlookers.screens if one.watches}

    async def _tell(self) -> None:
        # The page is drawn for each member, with a form for each visitor: it is fetched, and not often.
        tell(self._screens(), {"type": "list"})
        await asyncio.sleep(EVERY_S)
        self._task = None


async def _refusal(request: web.Request, refused: Refused, here: Here) -> str:
    if refused is not Refused.ALREADY:
        return REFUSALS[refused]
    house = request.app[HOUSE]
    known = (await house.store.read(latest_of, [here.visitor], at=house.now())).get(here.visitor)
    by = "Somebody" if known is None else known.by
    return f"{by} has invited this visitor already. Nobody is invited twice in a visit, so nothing was sent."


async def _page(
    request: web.Request,
    member: Member,
    *,
    number: int = 1,
    status: int = 200,
    problem: str = "",
    drafts: Mapping[str, str] = NO_DRAFTS,
) -> web.Response:
    house = request.app[HOUSE]
    at, board = house.now(), on_pages(house)
    all_here = board.now(at)
    shown = all_here[(number - 1) * PAGE_OF_VISITORS : number * PAGE_OF_VISITORS]
    known = await house.store.read(passers_by, [one.visitor for one in shown], at=at)
    others: Counter[str] = Counter()
    for (_, page), times in board.others(at).items():
        others[page] += times
    return draw(
        request,
        "console/visitors.html",
        member=member,
        status=status,
        rows=[_row(one, known[one.visitor], drafts.get(one.visitor, "")) for one in shown if one.visitor in known],
        others=others.most_common(PAGES_OF_OTHERS),
        others_in_all=others.total(),
        became=BECAME,
        lasted=lambda since: _lasted(at - since),
        number=number,
        more=len(all_here) > number * PAGE_OF_VISITORS,
        problem=problem,
        length=LENGTH,
    )


def _row(here: Here, who: Passerby, text: str) -> Row:
    profile = who.profile
    segment = None if profile is None else segment_so_far(profile, noise=False)
    latest = () if profile is None else profile.visit_count.latest
    spent = {} if profile is None else profile.spent
    invited = who.invite is not None and who.invite.became is not Became.NOT_SEEN
    return Row(
        here,
        who,
        _name(who),
        segment,
        SEGMENTS[segment] if segment else "",
        tuple(amount(currency, minor) for currency, minor in sorted(spent.items()) if minor),
        Microseconds(latest[-1][0]) if latest else None,
        not (who.held_out or who.conversation or invited),
        str(uuid4()),
        text,
    )


def _lasted(time: int) -> str:
    minutes = time // 60_000_000
    if minutes < 1:
        return "less than a minute"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _name(who: Passerby) -> str:
    told = None if who.profile is None else who.profile.fact("name")
    if told is not None:
        return told.value
    return f"Customer {who.customer}" if who.customer else f"Visitor {who.visitor[:6]}"
