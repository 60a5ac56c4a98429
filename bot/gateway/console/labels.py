"""The labels of the staff: made, named, coloured and deleted. Putting them on is done from the list."""

from aiohttp import web

from bot.gateway.frames import clean
from bot.gateway.house import HOUSE
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.store import labels as store
from bot.store.staff import Member

ID = "{id:[A-Za-z0-9_-]{1,64}}"
TAKEN = "There is a label of this name already, or a hundred labels, which is all there can be."
routes = web.RouteTableDef()


@routes.get("/console/labels")
@only_for("agent")
async def show(request: web.Request, member: Member) -> web.Response:
    return await _page(request, member)


@routes.post("/console/labels")
@only_for("agent")
async def create(request: web.Request, member: Member) -> web.Response:
    house, (name, colour, problem) = request.app[HOUSE], await _given(request)
    if problem:
        return await _page(request, member, 400, problem, name)
    if await house.store.write(store.create, name, colour, at=house.now()) is None:
        return await _page(request, member, 409, TAKEN, name)
    return redirect("/console/labels")


@routes.post(f"/console/labels/{ID}")
@only_for("agent")
async def change(request: web.Request, member: Member) -> web.Response:
    name, colour, problem = await _given(request)
    if problem:
        return await _page(request, member, 400, problem)
    if not await request.app[HOUSE].store.write(store.change, request.match_info["id"], name, colour):
        return await _page(request, member, 409, "The label is gone, or another has this name: nothing was changed.")
    return redirect("/console/labels")


@routes.post(f"/console/labels/{ID}/delete")
@only_for("agent")
async def delete(request: web.Request, member: Member) -> web.Response:
    """Takes it off all conversations. One that is gone is deleted already."""
    await request.app[HOUSE].store.write(store.remove, request.match_info["id"])
    return redirect("/console/labels")


async def _given(request: web.Request) -> tuple[str, str, str]:
    """Name and colour, and what is wrong with them."""
    given = await form(request)
    name, colour = " ".join(clean(given.get("name", "")).split()), given.get("colour", store.COLOURS[0])
    if not name or len(name) > store.NAME_LENGTH:
        return name, colour, f"Give the label a name of 1 to {store.NAME_LENGTH} characters."
    return name, colour, "" if colour in store.COLOURS else f"Choose one of: {', '.join(store.COLOURS)}."


async def _page(
    request: web.Request, member: Member, status: int = 200, problem: str = "", name: str = ""
) -> web.Response:
    read = request.app[HOUSE].store.read
    return draw(
        request,
        "console/labels.html",
        member=member,
        status=status,
        labels=await read(store.all_labels),
        used=await read(store.used),
        colours=store.COLOURS,
        problem=problem,
        name=name,
    )
