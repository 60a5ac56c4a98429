"""The dashboard's exports: a file of any kind in any format, and the list of those that can still be fetched."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.errors import ConfigurationError
from bot.gateway import exporting
from bot.gateway.audit import audited
from bot.gateway.boards.asked import query_of, site_of, window_of
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.screens import HEADERS, draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.insights.exports.columns import Format
from bot.insights.exports.kinds import EXPORTS
from bot.insights.window import span_of
from bot.interactions import as_datetime
from bot.store import made_exports
from bot.store.audit import Act
from bot.store.made_exports import PAGE, Asked, Made
from bot.store.sites import all_sites
from bot.store.staff import Member

WAIT_S = 20.0
"""How long a link waits for its file; what takes longer is made meanwhile, and found in the list."""
LIST = "/insights/exports"
BUNDLE = "bundle"
"""The rows, definitions and versions of the experiment: see insights/exports/bundle.py."""
NAMES = {Format.CSV: "CSV", Format.XLSX: "Excel", Format.PARQUET: "Parquet", Format.JSONL: "JSON"}
routes = web.RouteTableDef()


@routes.get("/insights/export/{kind:[a-z]{1,32}}")
@only_for(Permission.MEASURE)
async def export_file(request: web.Request, member: Member) -> web.StreamResponse:
    """The same export as the command's and the staff's call, for who is signed in."""
    house, kind = request.app[HOUSE], request.match_info["kind"]
    site = site_of(request, await house.store.read(all_sites))
    window = window_of(request, as_datetime(house.now()).date())
    format = request.query.get("format", "csv")
    if kind == BUNDLE:
        format = "zip"
    elif kind not in EXPORTS or format not in list(Format):
        raise web.HTTPNotFound
    if site is None:
        raise web.HTTPNotFound
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    asked = Asked(site.key, kind, format, str(window.since), str(window.until), request.query.get("bom") == "1")
    if (made := await exporting.kept(request, member, asked)) is None:
        try:
            span_of(site.key, asked.since, asked.until)
        except ConfigurationError as error:
            return refuse(request, 400, "This can't be exported", str(error), member=member)
        await audited(request, member, Act.EXPORTED, f"export:{kind}", detail=f"{site.key} {format}")
        made = await exporting.make(request, member, asked, wait_s=WAIT_S)
    if made is None or made.state != "made":
        return redirect(f"{LIST}?{query_of(site, window)}")
    return await exporting.send(request, made, name_of(made), HEADERS)


@routes.get(LIST)
@only_for(Permission.MEASURE)
async def export_board(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site = site_of(request, sites)
    window = window_of(request, as_datetime(house.now()).date())
    if isinstance(window, str):
        return refuse(request, 400, "No such window", window, member=member)
    page = _page(request)
    made = await house.store.read(made_exports.listed, site.key, at=house.now(), skip=page * PAGE) if site else []
    return draw(
        request,
        "boards/exports.html",
        member=member,
        site=site,
        sites=sites,
        window=window,
        kinds=list(EXPORTS),
        formats=list(NAMES),
        names=NAMES,
        made=[_told(request, one) for one in made[:PAGE]],
        is_making=any(_state(request, one) == "making" for one in made),
        older=page + 1 if len(made) > PAGE else None,
        newer=page - 1 if page else None,
        query=query_of(site, window) if site else "",
    )


@routes.get("/insights/exports/{id:[0-9a-z]{1,32}}")
@only_for(Permission.MEASURE)
async def made_file(request: web.Request, member: Member) -> web.StreamResponse:
    """A file of the list, whoever of the marketers asked for it."""
    house = request.app[HOUSE]
    made = await house.store.read(made_exports.find_export, request.match_info["id"], at=house.now())
    if made is None or made.state != "made":
        raise web.HTTPNotFound
    detail = f"{made.asked.site} {made.asked.format}"
    await audited(request, member, Act.EXPORTED, f"export:{made.asked.kind}", detail=detail)
    return await exporting.send(request, made, name_of(made), HEADERS)


@routes.post("/insights/exports/{id:[0-9a-z]{1,32}}/remove")
@only_for(Permission.MEASURE)
async def remove_file(request: web.Request, member: Member) -> web.Response:
    """Also one that is being made: then it is not made any further."""
    house, id = request.app[HOUSE], request.match_info["id"]
    fields = await form(request)
    await house.store.write(made_exports.drop, id)
    await exporting.makers_of(request.app).cancel(id)
    await exporting.sweep(house)
    site = next((one for one in await house.store.read(all_sites) if one.key == fields.get("site")), None)
    return redirect(LIST if site is None else f"{LIST}?site={site.key}")


def name_of(made: Made) -> str:
    asked = made.asked
    days = "".join(f"-{day}" for day in (asked.since, asked.until) if day)
    return f"{asked.site}-{asked.kind}{days}.{asked.format}"


def _state(request: web.Request, made: Made) -> str:
    """Whoever was making it may be gone."""
    is_making = made.id in exporting.makers_of(request.app).tasks
    return "stopped" if made.state == "making" and not is_making else made.state


def _told(request: web.Request, made: Made) -> dict[str, Any]:
    moments = {name: f"{as_datetime(getattr(made, name)):%Y-%m-%d %H:%M} UTC" for name in ("asked_at", "expires_at")}
    asked = made.asked
    given = {"site": asked.site, "since": asked.since, "until": asked.until, "format": asked.format,
             "bom": "1" if asked.bom else ""}  # fmt: skip
    return {
        "made": made,
        "name": name_of(made),
        "state": _state(request, made),
        "size": size(made.bytes),
        "share": exporting.makers_of(request.app).shares.get(made.id),
        "again": f"/insights/export/{asked.kind}?{urlencode({name: value for name, value in given.items() if value})}",
    } | moments


def size(bytes: int) -> str:
    if bytes < 1_000_000:
        return f"{bytes / 1_000:,.1f} kB"
    return f"{bytes / 1_000_000:,.1f} MB"


def _page(request: web.Request) -> int:
    asked = request.query.get("page", "0")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 4 else 0
