"""The dashboard's list of what to fix first: questions that no page answers, by how many people that would help."""

from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.boards.asked import query_of, site_of, window_of
from bot.gateway.console.visitor import message_link
from bot.gateway.house import HOUSE, House
from bot.gateway.question_board import DAYS, Board, Ranked, board_of
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import as_csv
from bot.insights.page_fixes import FEWEST, LONGEST, Fixes, Missed, ended_in, ranked, reason
from bot.insights.page_table import plain
from bot.interactions import ConversationId, as_datetime
from bot.store.audit import Act
from bot.store.endings import endings
from bot.store.sites import Site, all_sites
from bot.store.staff import Member

SHOWN = 50
COLUMNS = ("rank", "points", "question", "page", "people", "times", "buyers", "ended", "reason")
AGAIN_S = 3
routes = web.RouteTableDef()


@routes.get("/insights/pages/fix")
@only_for(Permission.MEASURE)
async def fixes(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site = site_of(request, sites)
    window = window_of(request, as_datetime(house.now()).date())
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    if site is not None:
        await audited(request, member, Act.READ_QUESTIONS, f"questions:{site.key}")
    board = await board_of(house, site) if site else None
    found = await _fixes(house, board) if board else None
    query = query_of(site, window) if site else ""
    response = draw(
        request,
        "boards/fixes.html",
        member=member,
        site=site,
        sites=sites,
        query=query,
        found=found,
        shown=found.first[:SHOWN] if found else (),
        more=max(0, len(found.first) - SHOWN) if found else 0,
        reason=lambda one: reason(one, _name(one.page)),
        one_of=lambda url: f"/insights/pages/one?{query}&{urlencode({'url': url})}",
        message_link=message_link,
        reads_talks=may(member.role, Permission.CONVERSE),
        days=DAYS,
        fewest=FEWEST,
        longest=LONGEST,
    )
    if site and board is None:
        # Works without a script, and asks until the first count is done.
        response.headers["Refresh"] = str(AGAIN_S)
    return response


@routes.get("/insights/pages/fix.csv")
@only_for(Permission.MEASURE)
async def file(request: web.Request, member: Member) -> web.Response:
    """All of the list."""
    house = request.app[HOUSE]
    site = site_of(request, await house.store.read(all_sites))
    if site is None:
        raise web.HTTPNotFound
    await audited(request, member, Act.READ_QUESTIONS, f"questions:{site.key}")
    board = await board_of(house, site)
    if board is None:
        raise web.HTTPServiceUnavailable(reason="The questions are being counted", headers={"Retry-After": "3"})
    found = await _fixes(house, board)
    rows = [
        (place, one.points, one.question, one.page, one.people, one.times, one.buyers, one.ended,
         reason(one, _name(one.page)))
        for place, one in enumerate(found.first, 1)
    ]  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(site)}"'}
    return web.Response(body=as_csv([COLUMNS, *rows]), content_type="text/csv", charset="utf-8", headers=headers)


async def _fixes(house: House, board: Board) -> Fixes:
    whose = sorted({conversation for one in board.groups for conversation, _ in one.group.whole.places})
    last = await house.store.read(endings, whose)
    return ranked(_missed(one, last) for one in board.groups)


def _missed(one: Ranked, last: dict[ConversationId, int]) -> Missed:
    whole, people = one.group.whole, len(one.group.whole.people)
    # The board's rank is how often it was asked times what its people are worth on the average.
    worth = round(one.rank * people / whole.times)
    pages = tuple(sorted(whole.pages.items(), key=lambda item: (-item[1], item[0])))
    places = tuple(whole.places)
    return Missed(plain(whole.text), people, whole.times, one.buyers, worth, ended_in(places, last), pages, places)


def _name(url: str | None) -> str | None:
    return None if url is None else plain(url.partition("://")[2] or url)


def _file_name(site: Site) -> str:
    return f"{site.key}-fix-first.csv"
