"""Questions that no page answered, the weightiest first; and saying that a page answers them now, or that none need."""

from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from bot.errors import ConfigurationError, DuologueError
from bot.gateway.audit import audited
from bot.gateway.bodies import is_storable
from bot.gateway.console.visitor import message_link
from bot.gateway.frames import clean
from bot.gateway.house import HOUSE
from bot.gateway.library import LIBRARY
from bot.gateway.question_board import DAYS, Board, Ranked, board_of, count_again
from bot.gateway.screens import draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.pages.answering.librarian import State
from bot.pages.indexing.index import page_key
from bot.pages.questions.asked_on import addresses_of
from bot.pages.questions.replay import Change, ask_again
from bot.store.audit import Act
from bot.store.question_marks import Mark, mark
from bot.store.questions import normal
from bot.store.sites import Site, all_sites
from bot.store.staff import Member

AT = "/console/unanswered"
PAGE_OF_GROUPS, PAGES_LISTED, TALKS_LISTED = 50, 12, 5
ASKED_AGAIN = 200
"""Questions of one group that are asked again; at some milliseconds each."""
STALE = "These questions are not on the list any more: somebody has settled them, or they were counted anew."
routes = web.RouteTableDef()


@dataclass(frozen=True)
class Chosen:
    """What is looked at: a site, only the questions asked on one page of it, and which fifty groups."""

    site: Site
    page: str | None = None
    number: int = 1

    def address(self, **changes: str | int | None) -> str:
        told = {"site": self.site.key, "page": self.page, "at": None} | changes
        return f"{AT}?{urlencode({name: value for name, value in told.items() if value})}"


@routes.get(AT)
@only_for("agent")
async def questions(request: web.Request, member: Member) -> web.Response:
    house, sites = request.app[HOUSE], await request.app[HOUSE].store.read(all_sites)
    if not sites:
        return refuse(
            request, 404, "There is no site yet", "Add one: duologue site add KEY --origin URL.", member=member
        )
    chosen = _chosen(request, sites)
    await audited(request, member, Act.READ_QUESTIONS, f"questions:{chosen.site.key}")
    board = await board_of(house, chosen.site)
    groups = [] if board is None else [one for one in board.groups if _is_on(one, chosen.page)]
    first = (chosen.number - 1) * PAGE_OF_GROUPS
    response = draw(
        request,
        "console/unanswered.html",
        member=member,
        sites=sites,
        chosen=chosen,
        board=board,
        groups=groups[first : first + PAGE_OF_GROUPS],
        in_all=len(groups),
        more=len(groups) > first + PAGE_OF_GROUPS,
        pages=[] if board is None else _pages(board),
        days=DAYS,
        talks_of=_talks,
        message_link=message_link,
    )
    if board is None:
        # Works without a script, and asks until the first count is done.
        response.headers["Refresh"] = "3"
    return response


@routes.post(f"{AT}/again")
@only_for("agent")
async def answer_now(request: web.Request, member: Member) -> web.Response:
    """Asks all questions of the group on the pages of now, and settles those that are answered."""
    site, found, given = await _posted(request)
    if found is None:
        return refuse(request, 409, "Nothing was done", STALE, member=member)
    house, library = request.app[HOUSE], request.app[LIBRARY]
    try:
        await library.refresh(site.key)
        if library.state(site.key) is not State.OK:
            raise DuologueError("No pages of this site answer now. Have it read: duologue crawl URL.")
        addresses = await addresses_of(house.store, site.key)
        page = addresses.chosen(clean(given.get("page", ""))[:2_000], ())
    except DuologueError as error:
        sentence = f"{error} When it is new, the site has to be read again first: duologue crawl."
        told = sentence if isinstance(error, ConfigurationError) else str(error)
        return refuse(request, 400, "That page is not among those that answer", told, member=member)
    changed = await ask_again(house.store, library, site.key, found.group.whole.places[:ASKED_AGAIN])
    still = {normal(one.question) for one in changed if not one.now.answered}
    settled = [one.question for one in changed if one.now.answered and normal(one.question) not in still]
    await house.store.write(mark, site, settled, Mark.ANSWERED, member, page=page, at=house.now())
    await count_again(house, site)
    return draw(
        request,
        "console/asked_again.html",
        member=member,
        chosen=Chosen(site),
        question=found.group.whole.text,
        page=page,
        changed=changed,
        by_page=sum(one.now.answered and one.now.page == page for one in changed),
        elsewhere=sum(one.now.answered and one.now.page != page for one in changed),
        unanswered=sum(not one.now.answered for one in changed),
        left_out=max(0, len(found.group.whole.places) - ASKED_AGAIN),
        broken=Change.NOW_BROKEN,
    )


@routes.post(f"{AT}/not-ours")
@only_for("agent")
async def not_ours(request: web.Request, member: Member) -> web.Response:
    """Takes the group off the list for good; pressed again it is off already."""
    site, found, _ = await _posted(request)
    house = request.app[HOUSE]
    if found is not None:
        await house.store.write(mark, site, found.group.forms, Mark.NOT_OURS, member, at=house.now())
        await count_again(house, site)
    return redirect(Chosen(site).address())


def _chosen(request: web.Request, sites: list[Site]) -> Chosen:
    key, page, at = (request.query.get(name) for name in ("site", "page", "at"))
    site = next((one for one in sites if one.key == key), None) if key else sites[0]
    number = at or "1"
    if site is None or not (number.isascii() and number.isdigit() and len(number) <= 4 and int(number) > 0):
        raise web.HTTPNotFound
    return Chosen(site, page or None, int(number))


async def _posted(request: web.Request) -> tuple[Site, Ranked | None, dict[str, str]]:
    """The site, the group that the form is about as it is now, and the form."""
    house, given = request.app[HOUSE], await form(request)
    key = given.get("site", "")
    site = await house.site(key) if is_storable(key) else None
    if site is None:
        raise web.HTTPNotFound
    board = await board_of(house, site)
    return site, None if board is None else board.find(given.get("key", "")), given


def _is_on(one: Ranked, page: str | None) -> bool:
    return page is None or any(page_key(url) == page_key(page) for url in one.group.whole.pages)


def _pages(board: Board) -> list[tuple[str, int]]:
    """The pages on which most was asked in vain."""
    counted: dict[str, int] = {}
    for one in board.groups:
        for url, times in one.group.whole.pages.items():
            counted[url] = counted.get(url, 0) + times
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:PAGES_LISTED]


def _talks(one: Ranked) -> list[tuple[str, int]]:
    """Of a few conversations in which it was asked, where."""
    first: dict[str, int] = {}
    for conversation, seq in one.group.whole.places:
        first.setdefault(conversation, seq)
    return list(first.items())[:TALKS_LISTED]
