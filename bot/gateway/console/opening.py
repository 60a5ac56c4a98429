"""When people answer: a site's week, its holidays, what is closed once, and what visitors are told of it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Literal
from urllib.parse import urlencode
from zoneinfo import available_timezones

from aiohttp import web

from bot.gateway.console.opening_forms import (
    DAY_NAMES,
    MOST_MINUTES,
    Faults,
    Stale,
    closing_of,
    holiday_of,
    mark,
    week_of,
    without_closing,
    without_day,
)
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.hours import Hours, Opening, in_words, is_open, next_closing, next_opening
from bot.interactions import Microseconds, as_datetime
from bot.nobody_there import closed_in_words
from bot.site_settings import SiteSettings
from bot.store.opening import change_opening
from bot.store.sites import Site, all_sites, find_site
from bot.store.staff import Member

AT = "/console/opening"
STALE = "A colleague has changed the hours meanwhile, so nothing was done. Below is how they are now."
WIDGET = {
    "en": ("We are closed now. A person is back {}.", "We are closed now. A person will read this."),
    "de": (
        "Wir sind gerade nicht da. Wir sind wieder da: {}.",
        "Wir sind gerade nicht da. Ein Mensch liest es später.",
    ),
}
"""As the chat's head says it (static/widget/words): with when somebody is back, and without."""
LANGUAGES: tuple[Literal["en", "de"], ...] = ("en", "de")
NOTHING: Mapping[str, str] = {}
routes = web.RouteTableDef()
Change = Callable[[dict[str, Any]], SiteSettings]


@dataclass(frozen=True)
class Told:
    """What a visitor reads while it is closed, in one language."""

    language: str
    bot: str
    widget: str


@routes.get(AT)
@only_for(Permission.ADMINISTER)
async def opening(request: web.Request, member: Member) -> web.Response:
    return await _page(request, member, request.query.get("site"))


@routes.post(f"{AT}/{{what:week|holiday|closing|open-day|open-closing}}")
@only_for(Permission.ADMINISTER)
async def change(request: web.Request, member: Member) -> web.Response:
    """Changes one thing, or says at its field why not. The site is a field of the form."""
    given, what = await form(request), request.match_info["what"]
    key = given.get("site", "")
    house = request.app[HOUSE]
    if await house.site(key) is None:
        raise web.HTTPNotFound
    try:
        wanted = _change(what, given)
        await house.store.write(change_opening, key, wanted, by=member.id, what=what, at=house.now())
    except Faults as error:
        return await _page(request, member, key, status=400, faults=error.by_field, given=given)
    except Stale:
        return await _page(request, member, key, status=409, problem=STALE)
    house.changed(key)
    return redirect(f"{AT}?{urlencode({'site': key, 'done': what})}")


def _change(what: str, given: Mapping[str, str]) -> Change:
    match what:
        case "week":
            return week_of(given)
        case "holiday":
            return holiday_of(given)
        case "closing":
            return closing_of(given)
        case "open-day":
            return without_day(given.get("day", ""))
        case _:
            return without_closing(given.get("begins", ""), given.get("ends", ""))


async def _page(
    request: web.Request,
    member: Member,
    key: str | None,
    *,
    status: int = 200,
    problem: str = "",
    faults: Mapping[str, str] = NOTHING,
    given: Mapping[str, str] = NOTHING,
) -> web.Response:
    """The page of one site, the first when none is named. What was refused stands in its form again."""
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site = await _named(request, sites, key)
    at, chat = house.now(), site.chat
    hours = chat.hours
    return draw(
        request,
        "console/opening.html",
        member=member,
        status=status,
        sites=sites,
        site=site,
        days=DAY_NAMES,
        week={day: ", ".join(getattr(hours, day) or []) if hours else "" for day in DAY_NAMES},
        timezone=hours.timezone if hours else "",
        zones=await asyncio.to_thread(_zones),
        minutes=chat.nobody_after_min,
        most_minutes=MOST_MINUTES,
        closed_days=[(day, (hours.holidays or {}).get(day, "")) for day in hours.closed_days] if hours else [],
        closings=hours.closings or [] if hours else [],
        in_full=_in_full,
        standing=_standing(chat.opening_hours, at),
        told=_told(chat.opening_hours, at),
        was=mark(site.settings),
        problem=problem,
        faults=faults,
        given=given,
        done=request.query.get("done", "") in ("week", "holiday", "closing", "open-day", "open-closing"),
    )


async def _named(request: web.Request, sites: list[Site], key: str | None) -> Site:
    if key is None and sites:
        return sites[0]
    # Read anew: another gateway may have changed it a moment ago.
    known = await request.app[HOUSE].site(key)
    found = None if known is None else await request.app[HOUSE].store.read(find_site, known.key)
    if found is None:
        raise web.HTTPNotFound
    return found


@cache
def _zones() -> list[str]:
    """Hundreds of files are looked through for it, once."""
    return [*sorted(one for one in available_timezones() if "/" in one and not one.startswith("Etc/")), "UTC"]


def _standing(hours: Hours | None, at: Microseconds) -> str:
    """How it stands at this moment, in a sentence."""
    if hours is None:
        return "No hours are set: visitors are told nothing of when somebody is there."
    if is_open(hours, at):
        closes = next_closing(hours, at)
        return f"Open now, until {_clock(hours, closes)}." if closes is not None else "Open now, and always."
    opens = next_opening(hours, at)
    return f"Closed now. Open again {in_words(opens)}." if opens else "Closed now, for fourteen days and more."


def _in_full(day: str) -> str:
    """ "2026-12-25" as "Friday 25 December 2026"; a time of that day is kept beside it."""
    found = datetime.fromisoformat(day)
    return f"{found:%A} {found.day} {found:%B %Y}{day[10:]}"


def _clock(hours: Hours, at: Microseconds) -> str:
    local = as_datetime(at).astimezone(hours.timezone)
    return f"{local:%A} {local.hour}:{local:%M}"


def _told(hours: Hours | None, at: Microseconds) -> list[Told]:
    """What is said to who asks while it is closed: now, or as soon as it is."""
    if hours is None:
        return []
    closed = next_closing(hours, at) if is_open(hours, at) else at
    if closed is None:
        return []
    opens = next_opening(hours, closed)
    return [Told(one, closed_in_words(opens, one), _widget(opens, one)) for one in LANGUAGES]


def _widget(opens: Opening | None, language: Literal["en", "de"]) -> str:
    back, unknown = WIDGET[language]
    # Without the town: the browser tells the time by its own clock.
    return unknown if opens is None else back.format(in_words(opens, language).partition(" (")[0])
