"""The dashboard's page about listening: people's mood, what they say of what, what no page answers, and their stars."""

from typing import Any, cast
from urllib.parse import urlencode

from aiohttp import web

from bot.alert_rules import HAVE_TOPICS
from bot.gateway.boards.asked import LABELS, money
from bot.gateway.boards.counting import Counted, Counting, count
from bot.gateway.boards.here import PATIENCE_FOR_FILES_S, Here, Reporting, Row, csv_file, for_file, for_page, here
from bot.gateway.boards.pictures import Picture, picture_of, send
from bot.gateway.console.visitor import message_link
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw
from bot.gateway.sign_in import only_for
from bot.insights.charts import bands
from bot.insights.charts.times import OverTime, Series
from bot.insights.listening.files import FILES
from bot.insights.listening.meaning import Ears
from bot.insights.listening.told import BY, Listening, without_words
from bot.insights.log.reading import FOLDER
from bot.pages.answering.librarian import encoder_of
from bot.pages.questions.meanings import Meanings
from bot.store.staff import Member

BOARD = "/insights/listening"
SHOWN = {
    "complaint": "Complaints", "praise": "Praise", "need": "Needs", "objection": "Objections", "wish": "Wishes",
    "topic": "Topics", "unanswered": "Unanswered", "feedback": "Feedback",
}  # fmt: skip
DID = {
    "complaint": "complained", "praise": "praised something", "need": "said what they need",
    "objection": "objected to something", "wish": "wished for something", "topic": "talked about a topic that we know",
}  # fmt: skip
WORDS = ("quotes", "unanswered")
"""Files of what visitors said, for who may read it."""
routes = web.RouteTableDef()


@routes.get(BOARD)
@only_for(Permission.MEASURE)
async def listening_board(request: web.Request, member: Member) -> web.Response:
    asked = await for_page(request, member, _reporting(request))
    if isinstance(asked, web.Response):
        return asked
    found, given, fresh = asked
    show, by = _shown(request), _by(request)
    told = _readable(cast(Listening, given), member) if given else None
    chart = chart_of(told) if told else None
    query = found.drawn_with()["query"]
    return draw(
        request,
        "boards/listening.html",
        **found.drawn_with(),
        told=told,
        show=show,
        shown=SHOWN,
        kind=next((one for one in told["kinds"] if one["kind"] == show), None) if told else None,
        did=DID,
        by=by,
        dimensions=BY,
        wanted=_Wanted(found, show, by),
        picture=_picture(chart, query) if chart else None,
        files=[name for name in FILES if name not in WORDS or may(member.role, Permission.CONVERSE)],
        reads=may(member.role, Permission.CONVERSE),
        alert=lambda what, topic="": _alert(found, what, topic),
        message_link=message_link,
        believe=LABELS["descriptive"],
        money=money,
        fresh=fresh,
    )


@routes.get(BOARD + "/mood.svg")
@only_for(Permission.MEASURE)
async def mood_picture(request: web.Request, member: Member) -> web.Response:
    found = await here(request, member)
    if isinstance(found, web.Response):
        return found
    counted = await _reporting(request)(found, PATIENCE_FOR_FILES_S) if found.site else None
    if isinstance(counted, Counting):
        return web.Response(status=503, text=counted.sentence)
    chart = chart_of(cast(Listening, counted.told)) if counted else None
    if chart is None:
        raise web.HTTPNotFound
    return await send(request, chart, bands.svg)


@routes.get(BOARD + "/{name:" + "|".join(FILES) + "}.csv")
@only_for(Permission.MEASURE)
async def listening_file(request: web.Request, member: Member) -> web.Response:
    """A file of the report; what visitors said only for who may read it."""
    name = request.match_info["name"]
    if name in WORDS and not may(member.role, Permission.CONVERSE):
        raise web.HTTPNotFound
    asked = await for_file(request, member, _reporting(request))
    if isinstance(asked, web.Response):
        return asked
    found, told = asked
    return await csv_file(request, found, f"listening-{name}", FILES[name](_readable(cast(Listening, told), member)))


class _Wanted:
    """What the frame asks for its addresses: the same part in other days."""

    def __init__(self, found: Here, show: str, by: str) -> None:
        self._fields = {"show": show, "by": by}
        self._days = dict(zip(("since", "until"), found.days, strict=True))
        if found.window.preset:
            self._days = {"window": found.window.preset}
        self._site = {"site": found.site.key} if found.site else {}

    def query(self, **changes: str | None) -> str:
        fields: dict[str, str | None] = {**self._site, **self._days, **self._fields}
        return urlencode({name: value for name, value in (fields | changes).items() if value})


def chart_of(told: Listening) -> OverTime | None:
    """The mood over time; None where fewer than two steps have one."""
    sentiment = told["sentiment"]
    steps = [one for one in sentiment["steps"] if one["is_whole"]] or sentiment["steps"]
    if sum(one["mean"] is not None for one in steps) < 2:
        return None
    series = (("Mean", "mean"), ("Low", "low"), ("High", "high"))
    step = sentiment["step"]
    return OverTime(
        sentiment["sentence"],
        f"Mean mood of the people of each {step}, from -1 to 1, each counted once, with the interval of 95 %. "
        f"{told['since'][:10]} to {told['until'][:10]}, UTC. Descriptive: it says what was, not why.",
        tuple(one["first"] for one in steps),
        step,
        tuple(Series(name, "descriptive", tuple(_number(one[key]) for one in steps)) for name, key in series),  # type: ignore[literal-required]
    )


def _number(value: Any) -> float | None:
    return None if value is None else round(float(value), 6)


def _picture(chart: OverTime, query: str) -> Picture:
    return picture_of(chart, bands.height_of, f"{BOARD}/mood.svg?{query}", csv=f"{BOARD}/sentiment.csv?{query}")


def _readable(told: Listening, member: Member) -> Listening:
    return told if may(member.role, Permission.CONVERSE) else without_words(told)


def _reporting(request: web.Request) -> Reporting:
    house, by = request.app[HOUSE], _by(request)

    async def counted(found: Here, patience_s: float) -> Counted[Row] | Counting:
        async def make() -> Row:
            folder = house.settings.home / FOLDER
            # Imported here: the numbers' library would make the first visitor after a start wait.
            from bot.insights.listening.report import listening

            told = await listening(
                house.store, found.key, *found.days, log=folder, ears=_ears(house), by=by or None, now=house.now()
            )
            return dict(told)

        return await count(house, ("listening", found.key, *found.days, by), make, patience_s=patience_s)

    return counted


def _ears(house: House) -> Ears:
    meanings = Meanings(lambda: encoder_of(house.settings.home / "models"))
    return Ears(meanings.alike, meanings.questions)


def _alert(found: Here, what: str, topic: str) -> str:
    """Where an alert of the same is asked for."""
    about = {"topic": topic} if what in HAVE_TOPICS and topic else {}
    return f"/insights/alerts?{urlencode({'site': found.key, 'what': what} | about)}#new"


def _shown(request: web.Request) -> str:
    show = request.query.get("show", "complaint")
    if show not in SHOWN:
        raise web.HTTPNotFound
    return show


def _by(request: web.Request) -> str:
    by = request.query.get("by", "")
    return by if by in BY else ""
