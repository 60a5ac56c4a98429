"""The list of conversations. Its address is the view: it can be kept and sent to a colleague."""

from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.audit import listed as looked
from bot.gateway.console.naming import names_of
from bot.gateway.console.narrowing import (
    SEGMENTS,
    TABS,
    Unclear,
    fields_of,
    narrowed_from,
    own_query,
    place_from,
    query_of,
    shown,
)
from bot.gateway.frames import clean
from bot.gateway.house import HOUSE
from bot.gateway.screens import draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.gateway.valued import weigh
from bot.snoozing import WAYS
from bot.store import saved_views
from bot.store.inbox import PAGE_OF_CONVERSATIONS
from bot.store.labels import all_labels
from bot.store.queue import Listed, Narrowed, choices, counts, listed
from bot.store.staff import Member
from bot.store.team import team
from bot.who_is_next import told

routes = web.RouteTableDef()


@routes.get("/console")
@only_for("agent")
async def conversations(request: web.Request, member: Member) -> web.Response:
    """The list: who waits first, then the latest."""
    store, after = request.app[HOUSE].store, request.query.get("after")
    labels, colleagues = await store.read(all_labels), await store.read(team)
    cursor = place_from(after) if after else None
    try:
        wanted = narrowed_from(request.query, labels, colleagues)
        if after and cursor is None:
            raise Unclear("This address begins in the middle of a list, but not where one can begin.")
    except Unclear as error:
        return refuse(request, 400, "There is no such view", f"{error} The list itself: /console", member=member)
    await weigh(request.app[HOUSE])
    now = request.app[HOUSE].now()
    found = await store.read(listed, wanted, member=member.id, at=now, after=cursor)
    await looked(request, member, wanted.tab)
    return draw(
        request,
        "console/inbox.html",
        member=member,
        tabs=TABS,
        tab=next(one for one in TABS if one.key == wanted.tab),
        counts=shown(await store.read(counts, member=member.id, at=now)),
        query=query_of(wanted),
        chosen=fields_of(wanted),
        choices=_with_chosen(await store.read(choices), wanted),
        segments=SEGMENTS,
        labels=labels,
        team=colleagues,
        views=await store.read(saved_views.views_of, member.id),
        ways=WAYS,
        found=found,
        why={one.id: told(one.waiting, since=one.since, at=now) for one in found if one.since is not None},
        who=await names_of(request, found),
        later=bool(after),
        older=_address(wanted, found[-1]) if len(found) == PAGE_OF_CONVERSATIONS else None,
        done=_done(request.query.get("done", "")),
    )


@routes.post("/console/views")
@only_for("agent")
async def save_view(request: web.Request, member: Member) -> web.Response:
    """Keeps what the list shows under a name; the same name again keeps the new one."""
    given, house = await form(request), request.app[HOUSE]
    name, query = clean(given.get("name", "")), own_query(given.get("query", ""))
    if not name or len(name) > saved_views.NAME_LENGTH:
        sentence = f"Give the view a name of 1 to {saved_views.NAME_LENGTH} characters. Go back to do so."
        return refuse(request, 400, "The view is not saved", sentence, member=member)
    kept = await house.store.write(
        saved_views.save, member.id, name, query, shared="shared" in given, at=house.now()
    )  # fmt: skip
    if not kept:
        sentence = f"You have {saved_views.VIEWS_AT_MOST} views, which is all one can have. Delete one first."
        return refuse(request, 409, "The view is not saved", sentence, member=member)
    return redirect(f"/console?{query}")


@routes.post("/console/views/{id:[A-Za-z0-9_-]{1,64}}/delete")
@only_for("agent")
async def delete_view(request: web.Request, member: Member) -> web.Response:
    """Deletes one's own view. That of a colleague stays."""
    query = own_query((await form(request)).get("query", ""))
    await request.app[HOUSE].store.write(saved_views.drop, member.id, request.match_info["id"])
    return redirect(f"/console?{query}")


def _with_chosen(known: dict[str, list[str]], wanted: Narrowed) -> dict[str, list[str]]:
    """What can be chosen, with what is: else the form would show another view than the list does."""
    chosen = {"language": wanted.language, "intent": wanted.intent}
    return {name: sorted({*values, *filter(None, [chosen[name]])}) for name, values in known.items()}


def _address(wanted: Narrowed, last: Listed) -> str:
    after = urlencode({"after": f"{last.place}.{last.id}"})
    return f"/console?{'&'.join(part for part in (query_of(wanted), after) if part)}"


def _done(text: str) -> str:
    """What was just done to how many, from the address that leads back to the list."""
    number, _, act = text.partition("-")
    words = {"resolve": "resolved", "assign": "assigned", "label": "labelled", "unlabel": "without the label now",
             "snooze": "out of sight", "wake": "back in sight"}  # fmt: skip
    if act not in words or not (number.isascii() and number.isdigit() and len(number) <= 3):
        return ""
    return f"{int(number)} {'conversation is' if int(number) == 1 else 'conversations are'} {words[act]}."
