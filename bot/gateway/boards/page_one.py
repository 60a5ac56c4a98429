"""The dashboard's page about one page of the site: its figures, its score over time, and what was asked on it."""

from typing import Any

from aiohttp import web

from bot.conversation_score import Counts
from bot.gateway.boards.asked import address_of, money, query_of, site_of, window_of
from bot.gateway.boards.page_report import page_report
from bot.gateway.boards.page_scores import shown, span, url_of
from bot.gateway.boards.pages import COLUMNS, notes_of, parts_of
from bot.gateway.console.visitor import message_link
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.page_one import page_talk
from bot.insights.page_table import FLAGS, name_of
from bot.insights.score_words import counted_rows
from bot.interactions import as_datetime
from bot.pages.indexing.index import page_key
from bot.store.sites import all_sites
from bot.store.staff import Member

QUESTIONS = 25
routes = web.RouteTableDef()


@routes.get("/insights/pages/one")
@only_for(Permission.MEASURE)
async def one_page(request: web.Request, member: Member) -> web.Response:
    house, url = request.app[HOUSE], url_of(request)
    sites = await house.store.read(all_sites)
    site = site_of(request, sites)
    window = window_of(request, as_datetime(house.now()).date())
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    told = await page_report(house, site, window) if site else {"rows": []}
    row = next((one for one in told["rows"] if one["url"] == url), None)
    if site is None or row is None:
        sentence = "In these days nobody saw this page, and it is not among those that were read of the site."
        return refuse(request, 404, "There is no such page", sentence, member=member)
    talk = await page_talk(house.store, span(site, window), url)
    notes = await notes_of(house.store, site.key)
    query = query_of(site, window)
    return draw(
        request,
        "boards/page_one.html",
        member=member,
        site=site,
        sites=sites,
        window=window,
        wanted=address_of(site, window, url=url),
        row=row,
        url=url,
        name=row["title"] or name_of(row),
        figures=[(column.title, _figure(row, column.name), column.meaning) for column in COLUMNS],
        sales=row["purchases_over_time"],
        flags=FLAGS,
        parts=parts_of(row) if row["one_way"] else [],
        counted=counted_rows(Counts(**row["conversation_score"]["counted"])) if row["conversation_score"] else [],
        notes=notes.get(page_key(url), []),
        questions=talk.questions[:QUESTIONS],
        more=max(0, len(talk.questions) - QUESTIONS),
        capped=talk.capped,
        talk=shown(talk.scores, window, query, url),
        message_link=message_link,
        reads_talks=may(member.role, Permission.CONVERSE),
        query=query,
    )


def _figure(row: dict[str, Any], name: str) -> str:
    if name == "revenue":
        return ", ".join(money(one["revenue"], one["currency"]) for one in row["revenue"]) or "–"
    if name == "flags":
        return f"{len(row['flags']):,}"
    if name in ("one_way", "conversation_score"):
        return "–" if row[name] is None else f"{row[name]['score']:.0f}"
    return f"{row[name]:,}"
