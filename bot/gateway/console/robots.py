"""Visitors who are left out of the reports because they behave as robots; a member of the staff takes that back."""

from aiohttp import web

from bot.gateway.bodies import storable
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.interactions import VisitorId
from bot.store.robots import PAGE_OF_ROBOTS, clear, robots
from bot.store.staff import Member

AT = "/console/robots"
NO_MORE = "This visitor is left out no more, or was forgotten, so nothing was changed."
routes = web.RouteTableDef()


@routes.get(AT)
@only_for(Permission.KNOW_PEOPLE)
async def listed(request: web.Request, member: Member) -> web.Response:
    number = request.query.get("page", "1")
    if not (number.isascii() and number.isdigit() and 1 <= len(number) <= 4 and int(number) >= 1):
        raise web.HTTPNotFound
    return await _page(request, member, number=int(number))


@routes.post(f"{AT}/people")
@only_for(Permission.KNOW_PEOPLE)
async def is_a_person(request: web.Request, member: Member) -> web.Response:
    house, given = request.app[HOUSE], await form(request)
    visitor = VisitorId(storable(given.get("visitor", "")))
    if not await house.store.write_in_order(visitor, clear, visitor, member.id, at=house.now()):
        return await _page(request, member, status=409, problem=NO_MORE)
    return redirect(AT)


async def _page(
    request: web.Request, member: Member, *, number: int = 1, status: int = 200, problem: str = ""
) -> web.Response:
    house = request.app[HOUSE]
    # One more than are shown tells whether there is another page.
    found = await house.store.read(robots, after=(number - 1) * PAGE_OF_ROBOTS, limit=PAGE_OF_ROBOTS + 1)
    return draw(
        request,
        "console/robots.html",
        member=member,
        status=status,
        robots=found[:PAGE_OF_ROBOTS],
        more=len(found) > PAGE_OF_ROBOTS,
        number=number,
        most=house.settings.robot_views_a_minute,
        problem=problem,
    )
