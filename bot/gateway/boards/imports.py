"""The dashboard's imports: a file is handed in, looked at, and then imported or not; and what was is undone."""

import asyncio
import re
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.gateway import taking_in
from bot.gateway.boards.asked import site_of
from bot.gateway.boards.exports import size
from bot.gateway.boards.handing_in import KINDS, LARGEST, hand_in, ways_of
from bot.gateway.boards.import_words import COLUMNS, STATES, TITLES, for_page
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.screens import HEADERS, draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.gateway.uploads import Refused
from bot.insights.imports.tray import KEPT_S, Handed
from bot.store import imports as store
from bot.store.sites import all_sites
from bot.store.staff import Member, name_of

PAGE = "/insights/import"
ID = "{id:[A-Za-z0-9_-]{1,64}}"
FILE = f"{PAGE}/file/{ID}"
AGAIN_S = 2
COLUMNS_SHOWN = 200
routes = web.RouteTableDef()


@routes.get(PAGE)
@only_for(Permission.ADMINISTER)
async def import_board(request: web.Request, member: Member) -> web.Response:
    return await _board(request, member)


@routes.post(PAGE)
@only_for(Permission.ADMINISTER)
async def take(request: web.Request, member: Member) -> web.Response:
    """Keeps the file and begins to look at it; nothing of it is imported by that."""
    try:
        id = await hand_in(request, member, taking_in.tray_of(request.app[HOUSE]))
    except Refused as refused:
        return await _board(request, member, problem=refused.detail, status=refused.status)
    await taking_in.begin(request, member, id, "check")
    return redirect(_address(id))


@routes.get(FILE)
@only_for(Permission.ADMINISTER)
async def file_board(request: web.Request, member: Member) -> web.Response:
    """What was found in a file, or how far it is; while somebody works at it the page asks again by itself."""
    handed = await _handed(request)
    told = handed.told or {}
    page = draw(
        request,
        "boards/import_file.html",
        member=member,
        handed=handed,
        asked=handed.asked,
        told=told,
        size=size(handed.size or 0),
        problem=for_page(told.get("problem") or ""),
        facts=_facts(handed),
        wrong=[(line, for_page(said)) for line, said in told.get("first", ())],
        more=max(0, told.get("errors", 0) - len(told.get("first", ()))),
        **_columns(handed),
        at=_address(handed.id),
        minutes=KEPT_S // 60,
    )
    if handed.is_worked_at:
        page.headers["Refresh"] = str(AGAIN_S)
    return page


@routes.post(FILE + "/check")
@only_for(Permission.ADMINISTER)
async def check(request: web.Request, member: Member) -> web.Response:
    """Looks at the file again, read as the form says."""
    handed, fields = await _handed(request), await form(request)
    maps = _maps_of(handed, fields)
    twice = [ours for ours, count in Counter(maps.values()).items() if count > 1]
    if twice:
        said = f"Two columns are said to be “{TITLES[twice[0]]}”. Go back and choose one of them."
        return refuse(request, 400, "Nothing was changed", said, member=member)
    house = request.app[HOUSE]
    known = (handed.told or {}).get("columns")
    if known is not None and handed.asked.maps is None and maps == {theirs: ours for ours, theirs in known.items()}:
        maps_asked = None
    else:
        maps_asked = maps or None
    if not handed.is_worked_at and handed.size is not None:
        asked = handed.asked.read_as(ways_of(fields) | {"maps": maps_asked})
        await asyncio.to_thread(taking_in.tray_of(house).ask, handed.id, asked)
        await taking_in.begin(request, member, handed.id, "check")
    return redirect(_address(handed.id))


@routes.post(FILE + "/take")
@only_for(Permission.ADMINISTER)
async def import_it(request: web.Request, member: Member) -> web.Response:
    handed, fields = await _handed(request), await form(request)
    await taking_in.begin(request, member, handed.id, "take", skip_errors="skip_errors" in fields)
    return redirect(_address(handed.id))


@routes.post(FILE + "/drop")
@only_for(Permission.ADMINISTER)
async def throw_away(request: web.Request, member: Member) -> web.Response:
    handed = await _handed(request)
    if not await asyncio.to_thread(taking_in.tray_of(request.app[HOUSE]).drop, handed.id):
        said = "It is being looked at or imported just now. Wait until that is done."
        return refuse(request, 409, "The file is still there", said, member=member)
    return redirect(f"{PAGE}?{urlencode({'site': handed.asked.site})}")


@routes.get(FILE + "/errors.csv")
@only_for(Permission.ADMINISTER)
async def errors(request: web.Request, member: Member) -> web.StreamResponse:
    """Every wrong row with its line."""
    handed = await _handed(request)
    path = taking_in.tray_of(request.app[HOUSE]).path(handed.id, "errors.csv")
    if handed.is_worked_at or not path.is_file():
        raise web.HTTPNotFound
    named = {"Content-Disposition": 'attachment; filename="import-errors.csv"'}
    response = web.FileResponse(path, headers=HEADERS | named)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    return response


@routes.post(f"{PAGE}/undo/{ID}")
@only_for(Permission.ADMINISTER)
async def undo(request: web.Request, member: Member) -> web.Response:
    house, id = request.app[HOUSE], _number(request.match_info["id"])
    found = None if id is None else await house.store.write(store.undo, id, staff=member.id, at=house.now())
    if id is None or found is None:
        said = "It is undone already, still coming in, or was never there. The list says which."
        return refuse(request, 409, "Nothing was undone", said, member=member)
    taking_in.begin_undo(request, id)
    return redirect(f"{PAGE}?{urlencode({'site': found.site})}")


async def _board(
    request: web.Request, member: Member, *, problem: str = "", status: int = 200
) -> web.Response:  # fmt: skip
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site = site_of(request, sites)
    past = await house.store.read(store.latest, site.key) if site else []
    names = {one.staff: await house.store.read(name_of, one.staff) for one in past if one.staff}
    waiting = await asyncio.to_thread(taking_in.tray_of(house).waiting, site.key) if site else []
    return draw(
        request,
        "boards/imports.html",
        member=member,
        status=status,
        sites=sites,
        site=site,
        query=urlencode({"site": site.key}) if site else "",
        kinds=KINDS,
        problem=problem,
        largest=LARGEST // 1_000_000,
        minutes=KEPT_S // 60,
        waiting=[(one, _address(one.id), size(one.size or 0)) for one in waiting],
        past=[(one, names.get(one.staff or ""), STATES[one.state]) for one in past],
        is_moving=any(one.state in store.OPEN for one in past),
    )


def _number(id: str) -> int | None:
    return int(id) if re.fullmatch("[0-9]{1,18}", id) else None


async def _handed(request: web.Request) -> Handed:
    tray = taking_in.tray_of(request.app[HOUSE])
    handed = await asyncio.to_thread(tray.find, request.match_info["id"])
    if handed is None:
        raise web.HTTPNotFound
    return handed


def _facts(handed: Handed) -> list[str]:
    """What was found, in sentences, with the columns by the names that the form below has for them."""
    told, titles = handed.told or {}, COLUMNS[handed.asked.kind]
    first, *others = [for_page(one) for one in told.get("facts", ()) if not one.startswith("Columns: ")] or [""]
    known = ", ".join(f"{titles.get(ours, ours)} is “{theirs}”" for ours, theirs in told.get("columns", {}).items())
    return [one for one in (first, f"{known}." if known else "", *others) if one]


def _columns(handed: Handed) -> dict[str, Any]:
    """The file's columns, each with what it is taken for; and the first rows under the names of ours."""
    told, ours = handed.told or {}, COLUMNS[handed.asked.kind]
    known = {theirs: name for name, theirs in (told.get("columns") or {}).items()} or (handed.asked.maps or {})
    sample = told.get("sample", [])
    there = dict.fromkeys(name for row in sample for name in row)
    shown = sorted(there, key=lambda name: ["line", *ours].index(name) if name in ours or name == "line" else 99)
    return {
        "columns": [(theirs, known.get(theirs, "")) for theirs in told.get("names", ())[:COLUMNS_SHOWN]],
        "ours": ours,
        "sample": sample,
        "shown": shown,
        "titles": TITLES | ours | {"line": "Line"},
    }


def _maps_of(handed: Handed, fields: dict[str, str]) -> dict[str, str]:
    names = (handed.told or {}).get("names", ())[:COLUMNS_SHOWN]
    said = {theirs: fields.get(f"column-{number}", "") for number, theirs in enumerate(names)}
    return {theirs: ours for theirs, ours in said.items() if ours in COLUMNS[handed.asked.kind]}


def _address(id: str) -> str:
    return f"{PAGE}/file/{id}"
