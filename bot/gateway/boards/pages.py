"""The dashboard's second page: what each page of the site brings, sorted by the column that the address names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.conversation_score import Counts
from bot.gateway.boards.asked import money, query_of, site_of, window_of
from bot.gateway.boards.page_report import page_report
from bot.gateway.boards.page_scores import shown, span
from bot.gateway.house import HOUSE
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.page_rows import DEFINITIONS
from bot.insights.page_table import FLAGS, links_unseen, name_of
from bot.insights.score_words import Row, counted_rows
from bot.insights.scores_over_time import scores_over_time
from bot.interactions import SiteKey, as_datetime
from bot.pages.indexing.index import page_key
from bot.review.nobody import question_of_nobody
from bot.store.reviews import page_notes
from bot.store.sites import all_sites
from bot.store.staff import Member
from bot.store.store import Store

SHOWN = 100
"""Pages of one screen; the command has all of them."""


@dataclass(frozen=True)
class Column:
    """A column that can be sorted by; the most comes first, but for the address."""

    name: str
    title: str
    meaning: str
    value: Callable[[dict[str, Any]], float]


def _earned(row: dict[str, Any]) -> float:
    # Sums of two currencies mean nothing, so it goes by the largest.
    return max((float(one["revenue"]) for one in row["revenue"]), default=0.0)


def _one_way(row: dict[str, Any]) -> float:
    return -1 if row["one_way"] is None else row["one_way"]["score"]


def _score(row: dict[str, Any]) -> float:
    found = row["conversation_score"]
    return -1 if found is None else found["score"]


COLUMNS = (
    Column("views", "Views", DEFINITIONS["views"], lambda row: row["views"]),
    Column("questions", "Asked", DEFINITIONS["questions"], lambda row: row["questions"]),
    Column("answered_here", "Answered here", DEFINITIONS["answered_here"], lambda row: row["answered_here"]),
    Column(
        "answered_elsewhere",
        "Answered elsewhere",
        DEFINITIONS["answered_elsewhere"],
        lambda row: row["answered_elsewhere"],
    ),
    Column("unanswered", "Unanswered", DEFINITIONS["unanswered"], lambda row: row["unanswered"]),
    Column("handed_over", "Person wanted", DEFINITIONS["handed_over"], lambda row: row["handed_over"]),
    Column("purchases", "Orders", DEFINITIONS["purchases"], lambda row: row["purchases"]),
    Column("revenue", "Revenue", DEFINITIONS["revenue"], _earned),
    Column("one_way", "One-way", DEFINITIONS["one_way"], _one_way),
    Column("conversation_score", "Talk", DEFINITIONS["conversation_score"], _score),
    Column("flags", "To mend", DEFINITIONS["flags"], lambda row: len(row["flags"])),
)
PART_NAMES = {"voice": "Voice", "questions": "Questions", "reach": "A way to answer", "chat": "Chat"}
routes = web.RouteTableDef()


@routes.get("/insights/pages")
@only_for("marketer")
async def page_board(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site = site_of(request, sites)
    today = as_datetime(house.now()).date()
    window = window_of(request, today)
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    sort = next((column for column in COLUMNS if column.name == request.query.get("sort")), COLUMNS[0])
    told = await page_report(house, site, window) if site else {"rows": []}
    talk = await scores_over_time(house.store, span(site, window)) if site else None
    rows = sorted(told["rows"], key=sort.value, reverse=True)
    notes = await notes_of(house.store, site.key) if site else {}
    query = query_of(site, window) if site else ""
    return draw(
        request,
        "boards/pages.html",
        member=member,
        site=site,
        sites=sites,
        window=window,
        columns=COLUMNS,
        sort=sort,
        rows=rows[:SHOWN],
        beside=beside_of(told, len(rows) - SHOWN) if site else [],
        flags=FLAGS,
        notes_of=lambda row: notes.get(page_key(row["url"]), []),
        name_of=name_of,
        money=money,
        parts_of=parts_of,
        counted_of=counted_of,
        query=query,
        talk=shown(talk, window, query) if talk else None,
        one_of=lambda row: f"/insights/pages/one?{query}&{urlencode({'url': row['url']})}",
        sorted_by=lambda name: urlencode({"sort": name}),
    )


async def notes_of(store: Store, site: SiteKey) -> dict[str, list[str]]:
    """By page, the questions that staff say it should answer; without who asked them."""
    notes: dict[str, list[str]] = {}
    for one, told in await store.read(page_notes, site=site):
        notes.setdefault(page_key(one.value), []).append(question_of_nobody(one.said, told.words))
    return notes


def parts_of(row: dict[str, Any]) -> list[str]:
    """How the score came about, a sentence for each part."""
    parts = {part["part"]: part for part in row["one_way"]["parts"]}
    counted = {name: part["counted"] for name, part in parts.items()}
    told = {
        "voice": f"we {_times(counted['voice']['we'])}, you {_times(counted['voice']['you'])}",
        "questions": _asked(counted["questions"]),
        "reach": _reached(counted["reach"]),
        "chat": f"used {_times(counted['chat']['used'])}" if counted["chat"]["used"] else "nobody used it",
    }
    return [f"{PART_NAMES[name]}: {part['points']:g} of {part['of']} ({told[name]})" for name, part in parts.items()]


def counted_of(row: dict[str, Any]) -> list[Row]:
    """What was counted of the conversations on the page, in words."""
    return counted_rows(Counts(**row["conversation_score"]["counted"]))


def beside_of(told: dict[str, Any], more: int) -> list[str]:
    """What stands beside the table, so that nothing is left out in silence."""
    lines = [f"{more:,} more pages: duologue insights pages --output json has them all."] if more > 0 else []
    if told["unlinked"]["purchases"]:
        count = told["unlinked"]["purchases"]
        lines.append(
            f"{count:,} order{'s' if count > 1 else ''} under no page: we don't know what the buyer saw before."
        )
    if told["questions_without_page"]:
        count = told["questions_without_page"]
        lines.append(f"{count:,} question{'s' if count > 1 else ''} under no page: the browser did not say where.")
    if told["other_pages"]:
        lines.append(f"{told['other_pages']['views']:,} views of too many other addresses to list.")
    return [*lines, *links_unseen(told)]


def _asked(counted: dict[str, Any]) -> str:
    asked = f"asks or invites its reader {_times(counted['asked'])}" if counted["asked"] else "asks its reader nothing"
    return f"{asked} in {counted['words']:,} words"


def _reached(counted: dict[str, Any]) -> str:
    *most, last = counted["ways"] or ["no mail, phone, form or contact"]
    found = f"{', '.join(most)} and {last}" if most else last
    return found if counted["links_seen"] else f"{found} in its text; its links are not known"


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count:,} times")
