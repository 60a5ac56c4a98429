"""The dashboard's lists of what to fix first: pages by what went wrong on them, and questions that no page answers."""

from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.boards.asked import Window, query_of, site_of, window_of
from bot.gateway.boards.counting import PATIENCE_S, Counted, Counting, count
from bot.gateway.boards.here import Here, Row, csv_file, for_file
from bot.gateway.console.visitor import message_link
from bot.gateway.house import HOUSE, House
from bot.gateway.question_board import DAYS, Board, Ranked, board_of
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import Line, as_csv
from bot.insights.page_fixes import FEWEST, LONGEST, Fixes, Missed, ended_in, ranked, reason
from bot.insights.page_ranks import DEFINITIONS
from bot.insights.page_ranks import fixes as page_fixes
from bot.insights.page_table import plain
from bot.interactions import ConversationId, as_datetime
from bot.store.audit import Act
from bot.store.endings import endings
from bot.store.sites import Site, all_sites
from bot.store.staff import Member

SHOWN = 50
COLUMNS = ("rank", "points", "question", "page", "people", "times", "buyers", "ended", "reason")
PAGES_SHOWN = 20
PAGE_COLUMNS = (
    "rank", "points", "page", "people", "buyers", "unanswered", "handed_over", "score", "score_low", "score_high",
    "score_elsewhere", "do", "question_1", "people_1", "question_2", "people_2", "question_3", "people_3", "revenue",
)  # fmt: skip
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
    pages = await _pages(house, site, window) if site else None
    query = query_of(site, window) if site else ""
    response = draw(
        request,
        "boards/fixes.html",
        member=member,
        site=site,
        sites=sites,
        query=query,
        found=found,
        window=window,
        pages=pages.told["rows"][:PAGES_SHOWN] if isinstance(pages, Counted) else None,
        few_pages=pages.told["few"] if isinstance(pages, Counted) else 0,
        definitions=DEFINITIONS,
        name=_name,
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
    if site and (board is None or isinstance(pages, Counting)):
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


@routes.get("/insights/pages/fix/pages.csv")
@only_for(Permission.MEASURE)
async def page_file(request: web.Request, member: Member) -> web.Response:
    """All pages with something to mend, and what was asked on each."""
    house = request.app[HOUSE]

    async def report(found: Here, patience_s: float) -> Counted[Row] | Counting:
        assert found.site is not None
        return await _pages(house, found.site, found.window, patience_s=patience_s)

    asked = await for_file(request, member, report)
    if isinstance(asked, web.Response):
        return asked
    found, told = asked
    await audited(request, member, Act.READ_QUESTIONS, f"questions:{found.key}")
    lines = [_line(place, row) for place, row in enumerate(told["rows"], 1)]
    return await csv_file(request, found, "fix-pages", [PAGE_COLUMNS, *lines])


def _line(place: int, row: Row) -> Line:
    score = row["score"] or dict.fromkeys(("score", "low", "high", "others"))
    asked = [part for one in row["questions"] for part in (plain(one["text"]), one["people"])]
    asked += [None] * (6 - len(asked))
    revenue = ", ".join(f"{one['revenue']} {one['currency']}" for one in row["revenue"])
    figures = [row[name] for name in ("points", "url", "people", "buyers", "unanswered", "handed_over")]
    mean = [score[name] for name in ("score", "low", "high", "others")]
    return (place, *figures, *mean, " ".join(row["do"]), *asked, revenue)


async def _pages(
    house: House, site: Site, window: Window, *, patience_s: float = PATIENCE_S
) -> Counted[Row] | Counting:  # fmt: skip
    days = window.since.isoformat(), window.until.isoformat()
    key = ("fixes", site.key, *days, str(site.crawl))
    return await count(house, key, lambda: page_fixes(house.store, site.key, *days), patience_s=patience_s)


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
