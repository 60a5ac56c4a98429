"""What every board begins with: who asks, of which site and which days; and what it may end with, a file.

    found = await here(request, member)                        # Here, or the page that says what is wrong
    if isinstance(found, web.Response):
        return found

A report that takes a while is asked for by `for_page` and `for_file`, with a function that has it counted.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.gateway.audit import audited
from bot.gateway.boards.asked import Address, Window, query_of, site_of, window_of
from bot.gateway.boards.counting import PATIENCE_S, Counted, Counting, being_counted
from bot.gateway.house import HOUSE
from bot.gateway.screens import refuse
from bot.insights.exports.cells import Line, as_csv
from bot.interactions import Microseconds, SiteKey, as_datetime, rfc3339
from bot.store.audit import Act
from bot.store.sites import Site, all_sites
from bot.store.staff import Member

PATIENCE_FOR_FILES_S = 120.0
"""A file can't ask again by itself, so whoever wants one waits for it."""

type Row = dict[str, Any]


@dataclass(frozen=True)
class Here:
    member: Member
    sites: Sequence[Site]
    site: Site | None
    window: Window

    @property
    def key(self) -> SiteKey:
        """Of the site that there is."""
        assert self.site is not None, "what is asked of a site is asked where there is one"
        return self.site.key

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last, as reports are asked for them."""
        return self.window.since.isoformat(), self.window.until.isoformat()

    def drawn_with(self, wanted: Address | None = None) -> dict[str, Any]:
        """What the frame of every board needs (boards/board.html). Other days keep what `wanted` has."""
        query = query_of(self.site, self.window) if self.site else ""
        told = {"member": self.member, "sites": self.sites, "site": self.site, "window": self.window, "query": query}
        return told if wanted is None else told | {"wanted": wanted}


type Reporting = Callable[[Here, float], Awaitable[Counted[Row] | Counting]]
"""Has the report counted, and waits so many seconds for it."""


async def here(request: web.Request, member: Member) -> Here | web.Response:
    """What the address asks for; 404 for a site that there is not, 400 with a sentence for days that make no window."""
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site, window = site_of(request, sites), window_of(request, as_datetime(house.now()).date())
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    return Here(member, sites, site, window)


async def for_page(
    request: web.Request, member: Member, report: Reporting
) -> tuple[Here, Row | None, str] | web.Response:
    """The same with the report of the site, None while there is none, and how fresh it is, for people."""
    found = await here(request, member)
    if isinstance(found, web.Response) or found.site is None:
        return found if isinstance(found, web.Response) else (found, None, "")
    counted = await report(found, PATIENCE_S)
    if isinstance(counted, Counting):
        return being_counted(request, counted, member)
    return found, counted.told, _fresh(counted)


async def for_file(request: web.Request, member: Member, report: Reporting) -> tuple[Here, Row] | web.Response:
    """The same for a file: 404 while there is no site, and 503 where it is still being counted after a while."""
    found = await here(request, member)
    if isinstance(found, web.Response):
        return found
    if found.site is None:
        raise web.HTTPNotFound
    counted = await report(found, PATIENCE_FOR_FILES_S)
    if isinstance(counted, Counting):
        return refuse(request, 503, "The figures are being made", counted.sentence, member=member)
    return found, counted.told


def _fresh(counted: Counted[Row]) -> str:
    kept, told = counted.as_of, counted.told.get("as_of")
    if kept is None and told is None:
        return "Up to now."
    return f"As of {(told or rfc3339(kept or Microseconds(0)))[:16].replace('T', ' ')} UTC."


async def csv_file(request: web.Request, found: Here, what: str, lines: Iterable[Line]) -> web.Response:
    """The lines as a file that is named after the site, what it is, and the days; the audit log has who took it."""
    await audited(request, found.member, Act.EXPORTED, f"export:{what}", detail=f"{found.key} csv")
    name = f"{found.key}-{what}-{found.window.since}-{found.window.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=as_csv(list(lines)), content_type="text/csv", charset="utf-8", headers=headers)
