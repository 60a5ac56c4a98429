"""The people behind the numbers of the experiment, fifty at a time: who was drawn into an arm, and what came of it."""

from typing import TYPE_CHECKING

from aiohttp import web

from bot.experiment import Arm
from bot.gateway.audit import audited, listed
from bot.gateway.boards.asked import address_of, beside_part, money, part_of
from bot.gateway.boards.called import called, unnamed
from bot.gateway.boards.counting import Counted, Counting, being_counted, count
from bot.gateway.boards.here import Here
from bot.gateway.boards.lift import days_of_experiment
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw
from bot.gateway.sign_in import only_for
from bot.insights.exports.cells import Figure, as_csv, moment
from bot.insights.log.reading import FOLDER
from bot.store.audit import Act
from bot.store.staff import Member

if TYPE_CHECKING:
    from bot.insights.lift.people import Drawn

PAGE = 50

IN_A_FILE = 100_000
"""People in a file at most: those who brought most."""
COLUMNS = ("person", "arm", "drawn_at", "exposed", "talked_at", "bought", "bought_at", "revenue", "currency")
TITLES = {
    "drawn": "Everybody who was drawn", "exposed": "Whose button was logged", "talked": "Who talked",
    "bought": "Who bought",
}  # fmt: skip
ARM_TITLES = {Arm.OFFERED: "offered the chat", Arm.HELD_OUT: "held out"}
routes = web.RouteTableDef()


@routes.get("/insights/lift/people")
@only_for(Permission.MEASURE)
async def lift_people(request: web.Request, member: Member) -> web.Response:
    house, (arm, what, page) = request.app[HOUSE], _asked(request)
    found = await days_of_experiment(request, member)
    if isinstance(found, web.Response):
        return found
    if found.site is None:
        raise web.HTTPNotFound
    counted = await _counted(house, found, arm, what, skip=page * PAGE)
    if isinstance(counted, Counting):
        return being_counted(request, counted, member)
    await listed(request, member, "people")
    told = counted.told
    people = [row["person"] for row in told.rows]
    names = await called(house.store, found.key, people) if may(member.role, Permission.KNOW_PEOPLE) else {}
    rows = [
        row
        | {"name": names.get(row["person"]) or unnamed(row["person"]), "money": money(row["revenue"], row["currency"])}
        for row in told.rows
    ]
    wanted = address_of(found.site, found.window, arm=arm.value, what=what)
    return draw(
        request,
        "boards/lift_people.html",
        **found.drawn_with(wanted),
        arm=arm.value,
        arms={one.value: title for one, title in ARM_TITLES.items()},
        what=what,
        titles=TITLES,
        rows=rows,
        total=told.total,
        **beside_part(wanted, page, PAGE, told.total),
        most=IN_A_FILE,
    )


@routes.get("/insights/lift/people.csv")
@only_for(Permission.MEASURE)
async def lift_people_file(request: web.Request, member: Member) -> web.Response:
    """All of them, by id, with what came of it since they were drawn."""
    arm, what, _ = _asked(request)
    found = await days_of_experiment(request, member)
    if isinstance(found, web.Response):
        return found
    if found.site is None:
        raise web.HTTPNotFound
    counted = await _counted(request.app[HOUSE], found, arm, what, limit=IN_A_FILE)
    if isinstance(counted, Counting):
        return being_counted(request, counted, member)
    await audited(request, member, Act.EXPORTED, "export:people", detail=f"{found.key} csv")
    lines = [
        (row["person"], arm.value, moment(row["at"]), row["exposed"], moment(row["talked_at"]), row["bought"],
         moment(row["bought_at"]), Figure(row["revenue"]), row["currency"])
        for row in counted.told.rows
    ]  # fmt: skip
    name = f"{found.key}-{arm.value}-{what}-{found.window.since}-{found.window.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=as_csv([COLUMNS, *lines]), content_type="text/csv", charset="utf-8", headers=headers)


async def _counted(
    house: House, found: Here, arm: Arm, what: str, *, skip: int = 0, limit: int = PAGE
) -> "Counted[Drawn] | Counting":
    # The numbers' library takes half a second: not from a start of the gateway.
    from bot.insights.lift.people import drawn_people

    site, days, log = found.key, found.days, house.settings.home / FOLDER
    key = ("drawn people", site, *days, arm.value, what, str(skip), str(limit))
    return await count(
        house, key,
        lambda: drawn_people(house.store, site, *days, arm=arm, what=what, skip=skip, limit=limit, log=log),
    )  # fmt: skip


def _asked(request: web.Request) -> tuple[Arm, str, int]:
    """Which arm, to whom of it what happened, and the page; 404 for what there is not."""
    arm, what = request.query.get("arm", Arm.OFFERED.value), request.query.get("what", "drawn")
    if arm not in {one.value for one in ARM_TITLES} or what not in TITLES:
        raise web.HTTPNotFound
    return Arm(arm), what, part_of(request)
