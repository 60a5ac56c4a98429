"""The people behind a number, fifty at a time, and what one of them did; names and conversations as rights allow."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.audit import audited, listed
from bot.gateway.boards.asked import UNKNOWN, Address, Wanted, beside_part, money, part_of, wanted_of
from bot.gateway.boards.called import called, profile_id, unnamed
from bot.gateway.boards.counting import Counted, Counting, being_counted, count
from bot.gateway.boards.customer_rows import TITLES
from bot.gateway.boards.views import views_of
from bot.gateway.bodies import is_storable
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, refuse
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import Figure, as_csv, moment
from bot.insights.log.reading import FOLDER
from bot.insights.margins import margin_told
from bot.insights.people_listed import PAGE, SORTS, WHO, People, Person, people_listed, person_in
from bot.insights.segments import BY, Segment
from bot.interactions import as_datetime
from bot.store.audit import Act
from bot.store.sites import Site, all_sites
from bot.store.staff import Member

IN_A_FILE = 100_000
"""People in a file at most: the first by the order that is asked for."""
COLUMNS = ("person", "segment", "visits", "views", "answered", "orders", "revenue", "margin", "currency", "last_seen")
GROUPS = {
    **{one.value.replace(" ", "-"): title for one, (title, _) in TITLES.items()},
    "talked": "People who talked with us",
    "silent": "People who did not talk with us",
    "bought": "Buyers",
    "everybody": "Everybody but noise",
}
routes = web.RouteTableDef()


@routes.get("/insights/people")
@only_for(Permission.MEASURE)
async def people(request: web.Request, member: Member) -> web.Response:
    house, sites, wanted = await _wanted(request)
    if isinstance(wanted, str):
        return refuse(request, 400, "No such window", wanted, member=member)
    who, sort, page = _asked(request)
    site = _site(wanted)
    found = await _listed(house, wanted, who, sort, skip=page * PAGE)
    if isinstance(found, Counting):
        return being_counted(request, found, member)
    await listed(request, member, "people")
    told = found.told
    names = await _names(house, site, told) if may(member.role, Permission.KNOW_PEOPLE) else {}
    here = {"who": who, "sort": sort}
    return draw(
        request,
        "boards/people.html",
        member=member,
        site=site,
        sites=sites,
        window=wanted.window,
        wanted=wanted,
        who=who,
        groups=GROUPS,
        sort=sort,
        sorts=SORTS,
        rows=[_row(row, names) for row in told.rows],
        total=told.total,
        **beside_part(Address({**wanted.address.fields, **here}), page, PAGE, told.total),
        most=IN_A_FILE,
        link=lambda **changes: wanted.query(**(here | changes)),
        dimensions=BY,
        unknown=UNKNOWN,
        query=wanted.query(),
        **await views_of(request, member),
    )


@routes.get("/insights/people.csv")
@only_for(Permission.MEASURE)
async def people_file(request: web.Request, member: Member) -> web.Response:
    """All of them, by id, with their figures."""
    house, _, wanted = await _wanted(request)
    if isinstance(wanted, str):
        return refuse(request, 400, "No such window", wanted, member=member)
    who, sort, _page = _asked(request)
    site = _site(wanted)
    found = await _listed(house, wanted, who, sort, limit=IN_A_FILE)
    if isinstance(found, Counting):
        return being_counted(request, found, member)
    await audited(request, member, Act.EXPORTED, "export:people", detail=f"{site.key} csv")
    lines = [
        (row["person"], row["segment"], row["visits"], row["views"], row["answered"], row["orders"],
         Figure(row["revenue"]), None if row["margin"] is None else Figure(row["margin"]), row["currency"],
         moment(row["last"]))
        for row in found.told.rows
    ]  # fmt: skip
    name = f"{site.key}-{who}-{wanted.window.since}-{wanted.window.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=as_csv([COLUMNS, *lines]), content_type="text/csv", charset="utf-8", headers=headers)


@routes.get("/insights/person")
@only_for(Permission.MEASURE)
async def person(request: web.Request, member: Member) -> web.Response:
    """One of them: figures, and their conversations, which open for who may read what visitors said."""
    house, sites, wanted = await _wanted(request)
    if isinstance(wanted, str):
        return refuse(request, 400, "No such window", wanted, member=member)
    id, site = request.query.get("person", ""), _site(wanted)
    if id[:2] not in ("c:", "v:") or len(id) > 300 or not is_storable(id):
        raise web.HTTPNotFound
    found = await _person(house, wanted, id)
    if isinstance(found, Counting):
        return being_counted(request, found, member)
    if found.told is None:
        raise web.HTTPNotFound
    profile = profile_id(site.key, id)
    await audited(request, member, Act.READ_PROFILE, profile)
    names = await _names(house, site, People("", 1, (found.told.row,)))
    row = _row(found.told.row, names if may(member.role, Permission.KNOW_PEOPLE) else {})
    return draw(
        request,
        "boards/person.html",
        member=member,
        site=site,
        sites=sites,
        window=wanted.window,
        wanted=wanted,
        row=row,
        means=TITLES[Segment(row["segment"])],
        talks=found.told.talks,
        may_read=may(member.role, Permission.CONVERSE),
        fields={"person": id},
        query=wanted.query(),
    )


type Found[T] = Counted[T] | Counting


async def _listed(
    house: House, wanted: Wanted, who: str, sort: str, *, skip: int = 0, limit: int = PAGE
) -> Found[People]:
    site, span, log = _site(wanted).key, _span(wanted), house.settings.home / FOLDER
    key = ("people", wanted.query(against=None, by=None), *span, who, sort, str(skip), str(limit))
    return await count(
        house, key,
        lambda: people_listed(
            house.store, site, *span, who=who, sort=sort, skip=skip, limit=limit, log=log, where=wanted.filters
        ),
    )  # fmt: skip


async def _person(house: House, wanted: Wanted, id: str) -> Found[Person | None]:
    site, span, log = _site(wanted).key, _span(wanted), house.settings.home / FOLDER
    return await count(
        house, ("person", site, *span, id), lambda: person_in(house.store, site, *span, id, log=log)
    )  # fmt: skip


async def _wanted(request: web.Request) -> tuple[House, list[Site], Wanted | str]:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    return house, list(sites), wanted_of(request, sites, as_datetime(house.now()).date())


def _site(wanted: Wanted) -> Site:
    if wanted.site is None:
        raise web.HTTPNotFound
    return wanted.site


def _span(wanted: Wanted) -> tuple[str, str]:
    return wanted.window.since.isoformat(), wanted.window.until.isoformat()


def _asked(request: web.Request) -> tuple[str, str, int]:
    """Which people, by what, and the page; 404 for what there is not."""
    who, sort = request.query.get("who", "everybody"), request.query.get("sort", "spent")
    if who not in WHO or sort not in SORTS:
        raise web.HTTPNotFound
    return who, sort, part_of(request)


async def _names(house: House, site: Site, told: People) -> dict[str, str]:
    return await called(house.store, site.key, [row["person"] for row in told.rows])


def _row(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return row | {
        "name": names.get(row["person"]) or unnamed(row["person"]),
        "address": urlencode({"person": row["person"]}),
        "revenue": money(row["revenue"], row["currency"]),
        "margin": margin_told(row, money),
    }
