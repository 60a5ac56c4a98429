"""The dashboard: who talked, who bought, and what it came to, for a window that stands in the address."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from aiohttp import web

from bot.conversation_score import Counts
from bot.gateway.boards.asked import AGAINST, LABELS, UNKNOWN, Wanted, wanted_of
from bot.gateway.boards.counting import PATIENCE_S, Counted, Counting, being_counted, count
from bot.gateway.boards.customer_rows import as_of, beside_of, figures_of, rows_of, steps_of, values_of
from bot.gateway.boards.pictures import Picture, picture_of
from bot.gateway.boards.views import views_of
from bot.gateway.house import HOUSE, House
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.conversations import conversations
from bot.insights.exports.kinds import EXPORTS
from bot.insights.log.reading import FOLDER
from bot.insights.over_time import OverTime, over_time
from bot.insights.over_time_charts import KINDS, charts_of
from bot.insights.score_words import counted_rows
from bot.insights.segments import BY, segments
from bot.interactions import as_datetime, rfc3339
from bot.store.interactions import first_view
from bot.store.sites import all_sites
from bot.store.staff import Member

routes = web.RouteTableDef()


@dataclass(frozen=True)
class Told:
    """What the log answered: the window, the days that it is compared with, and how it came about."""

    now: dict[str, Any]
    then: dict[str, Any] | None
    over_time: OverTime
    known_from: date | None = None
    """The day of the first visit known, where it lies after the first of the days that are compared with."""

    @property
    def people(self) -> dict[str, int]:
        return {row["segment"]: row["people"] for row in self.now["rows"]}


@routes.get("/insights")
@only_for("marketer")
async def insights(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    wanted = wanted_of(request, sites, as_datetime(house.now()).date())
    if isinstance(wanted, str):
        return refuse(request, 400, "No such window", wanted, member=member)
    if wanted.site is None:
        return draw(request, "boards/customers.html", member=member, site=None, sites=sites, query="")
    found = await told_of(house, wanted)
    if isinstance(found, Counting):
        return being_counted(request, found, member)
    told, site, window = found.told, wanted.site, wanted.window
    talk = await conversations(house.store, site.key, window.since.isoformat(), window.until.isoformat())
    query = wanted.query()
    return draw(
        request,
        "boards/customers.html",
        member=member,
        site=site,
        sites=sites,
        window=window,
        wanted=wanted,
        told=told.now,
        known_from=told.known_from,
        sentence=LABELS.get(told.now["label"], ""),
        rows=rows_of(told.now["rows"], told.then["rows"] if told.then else None),
        figures=figures_of(told.now["rows"], told.then["rows"] if told.then else None),
        beside=beside_of(told.now) if not wanted.where else beside_of(told.now)[:2],
        fresh=as_of(told.now) if found.as_of is None else as_of({"as_of": rfc3339(found.as_of)}),
        dimensions=BY,
        against=AGAINST,
        unknown=UNKNOWN,
        today=as_datetime(house.now()).date(),
        values=values_of(told.now["by"]) if wanted.by else [],
        talk=talk if not wanted.where else None,
        counted=counted_rows(Counts(**talk["counted"])),
        pictures=pictures_of(told, wanted),
        steps=steps_of(told.over_time),
        step=told.over_time.name,
        exports=list(EXPORTS),
        query=query,
        **await views_of(request, member),
    )


async def told_of(house: House, wanted: Wanted, *, patience_s: float = PATIENCE_S) -> Counted[Told] | Counting:
    """The figures of the page, of its charts and of their file: asked once for all of them."""
    assert wanted.site is not None
    today = as_datetime(house.now()).date()
    key = ("customers", wanted.query(), str(today))
    return await count(house, key, lambda: _ask(house, wanted, today), patience_s=patience_s)


async def _ask(house: House, wanted: Wanted, today: date) -> Told:
    assert wanted.site is not None
    window, compared, key = wanted.window, wanted.compared, wanted.site.key
    how: dict[str, Any] = {"log": house.settings.home / FOLDER, "where": wanted.filters}
    span = (window.since.isoformat(), window.until.isoformat())
    now = await segments(house.store, key, *span, by=wanted.by, **how)
    how["currency"] = now["rows"][0]["currency"]
    then = known_from = None
    if compared is not None:
        first = await house.store.read(first_view, key)
        began = None if first is None else as_datetime(first).date()
        known_from = began if began and began > compared.since else None
        then = await segments(house.store, key, compared.since.isoformat(), compared.until.isoformat(), **how)
    along = await over_time(house.store, key, window.since, window.until, today=today, **how)
    return Told(now, then, along, known_from)


def pictures_of(told: Told, wanted: Wanted) -> list[Picture]:
    charts = charts_of(told.over_time, told.people, wanted.window.since, wanted.window.until)
    query = wanted.query()
    return [
        picture_of(chart, KINDS[name].height_of, f"/insights/over-time/{name}.svg?{query}")
        for name, chart in charts.items()
    ]
