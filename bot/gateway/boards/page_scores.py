"""The conversation score over time on the boards about pages: its charts, its table, and its file."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.boards.asked import Window, site_of, window_of
from bot.gateway.boards.pictures import Picture, picture_of, send
from bot.gateway.bodies import is_storable
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.sign_in import only_for
from bot.insights.charts import lines
from bot.insights.exports.cells import Cell, as_csv
from bot.insights.page_one import page_talk
from bot.insights.score_charts import charts_of
from bot.insights.scores_over_time import ScoresOverTime, Step, Version, parts, scores_over_time
from bot.insights.window import span_of
from bot.interactions import as_datetime
from bot.store.pages_of_rows import Span
from bot.store.score_figures import Scores
from bot.store.sites import Site, all_sites
from bot.store.staff import Member

PARTS = ("voice", "answered", "replied", "followed", "pitches")
COLUMNS = ("of", "bot", "from", "to", "score", "conversations", *PARTS)
LONGEST = 2_048
routes = web.RouteTableDef()


class Row(NamedTuple):
    """A line of the table: a week, a month, or a version of the bot."""

    name: str
    score: str
    conversations: str
    parts: tuple[str, ...]


class Shown(NamedTuple):
    """`step` is week or month; `csv` is where the data is."""

    step: str
    rows: list[Row]
    bots: list[Row]
    pictures: list[Picture]
    csv: str


def span(site: Site, window: Window) -> Span:
    return span_of(site.key, window.since.isoformat(), window.until.isoformat())


def shown(told: ScoresOverTime, window: Window, query: str, url: str = "") -> Shown | None:
    """For the template; `url` is the page that it is of, empty for all of the site. None where nobody talked."""
    if not told.steps:
        return None
    asked = query + (f"&{urlencode({'url': url})}" if url else "")
    pictures = [
        picture_of(chart, lines.height_of, f"/insights/pages/talk/{name}.svg?{asked}")
        for name, chart in charts_of(told, window.since, window.until).items()
    ]
    rows = [_row(f"{one.first:%Y-%m}" if told.name == "month" else f"{one.first}", one.scores) for one in told.steps]
    bots = [_row(_bot(one), one.scores) for one in told.versions]
    return Shown(told.name, rows, bots, pictures, f"/insights/pages/talk.csv?{asked}")


def url_of(request: web.Request) -> str:
    """The page asked for, empty for none; 404 for what is no address of a page."""
    url = request.query.get("url", "")
    if len(url) > LONGEST or not is_storable(url):
        raise web.HTTPNotFound
    return url


@routes.get("/insights/pages/talk/{name:score|parts}.svg")
@only_for(Permission.MEASURE)
async def chart(request: web.Request, member: Member) -> web.Response:
    told, _, window = await _told(request)
    found = charts_of(told, window.since, window.until).get(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound
    return await send(request, found, lines.svg)


@routes.get("/insights/pages/talk.csv")
@only_for(Permission.MEASURE)
async def file(request: web.Request, member: Member) -> web.Response:
    """A row for each week or month, then one for each version of the bot."""
    told, site, window = await _told(request)
    steps = [_cells(told.name, "", one) for one in told.steps]
    bots = [_cells("bot", one.bot or "", one) for one in told.versions]
    headers = {"Content-Disposition": f'attachment; filename="{site.key}-talk-{window.since}-{window.until}.csv"'}
    body = as_csv([COLUMNS, *steps, *bots])
    return web.Response(body=body, content_type="text/csv", charset="utf-8", headers=headers)


async def _told(request: web.Request) -> tuple[ScoresOverTime, Site, Window]:
    house = request.app[HOUSE]
    site = site_of(request, await house.store.read(all_sites))
    window, url = window_of(request, as_datetime(house.now()).date()), url_of(request)
    if isinstance(window, str):
        raise web.HTTPBadRequest(reason="no such window")
    if site is None:
        raise web.HTTPNotFound
    asked = span(site, window)
    told = (await page_talk(house.store, asked, url)).scores if url else await scores_over_time(house.store, asked)
    return told, site, window


def _cells(of: str, bot: str, one: Step | Version) -> list[Cell]:
    found = parts(one.scores)
    days = one.first.isoformat(), one.last.isoformat()
    return [of, bot, *days, one.scores.mean, one.scores.conversations, *(found[name] for name in PARTS)]


def _row(name: str, scores: Scores) -> Row:
    found: dict[str, Any] = parts(scores)
    shares = tuple("–" if found[one] is None else f"{found[one]:.0%}" for one in PARTS[:3])
    each = tuple("–" if found[one] is None else f"{found[one]:.2g}" for one in PARTS[3:])
    return Row(name, "–" if scores.mean is None else f"{scores.mean:.0f}", f"{scores.conversations:,}", shares + each)


def _bot(one: Version) -> str:
    days = f"{one.first} to {one.last}"
    return f"{one.bot}, {days}" if one.bot else f"before versions were noted, {days}"
