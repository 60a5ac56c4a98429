"""The keys of the console, and what a member chooses: whether letters are keys, whether the browser gives notice."""

from aiohttp import web

from bot.gateway.house import HOUSE
from bot.gateway.screens import draw, form, redirect
from bot.gateway.sign_in import only_for
from bot.store.choices import choices_of, choose
from bot.store.staff import Member

KEYS = (
    ("j", "Next conversation"),
    ("k", "Previous conversation"),
    ("t", "Take over, or give back to the bot"),
    ("r", "Reply to the visitor"),
    ("n", "Note for staff"),
    ("l", "Label"),
    ("e", "Resolve"),
    ("/", "Search; at the beginning of an answer: ready replies"),
    ("?", "These keys"),
    ("Ctrl + Enter", "Send what you have written"),
)
routes = web.RouteTableDef()


@routes.get("/console/keys")
@only_for("agent")
async def keys(request: web.Request, member: Member) -> web.Response:
    chosen = await request.app[HOUSE].store.read(choices_of, member.id)
    return draw(request, "console/keys.html", member=member, keys=KEYS, chosen=chosen)


@routes.post("/console/keys")
@only_for("agent")
async def change(request: web.Request, member: Member) -> web.Response:
    given = await form(request)
    chosen = {name: given[name] == "on" for name in ("keys", "notices") if given.get(name) in ("on", "off")}
    if not chosen:
        raise web.HTTPBadRequest
    await request.app[HOUSE].store.write(choose, member.id, **chosen)
    return redirect("/console/keys")
