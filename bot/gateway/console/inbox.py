"""The list of conversations. Its address is the view: it can be kept and sent to a colleague."""

from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

from bot.conversation import Owner, State
from bot.gateway.console.naming import names_of
from bot.gateway.house import HOUSE
from bot.gateway.screens import draw
from bot.gateway.sign_in import only_for
from bot.gateway.staff import cursor_from
from bot.gateway.valued import Mark, those_who_wait
from bot.interactions import ConversationId
from bot.store.inbox import PAGE_OF_CONVERSATIONS, Line, conversations_list, counts_by_owner
from bot.store.staff import Member

REASONS = {
    "asked": "asked for a person",
    "complaint": "complains",
    "no_answer": "got no answer",
    "upset": "is upset",
    "distress": "in distress",
}
"""Why somebody waits, where the bot says so; else it is in the visitor's own words."""
routes = web.RouteTableDef()


@dataclass(frozen=True)
class View:
    """A tab of the list, and what it says when it is empty. `counted` names its figure in the counts by owner."""

    key: str
    title: str
    empty: str
    owner: str | None = None
    state: str | None = None
    counted: str | None = None


VIEWS = (
    View("all", "All", "No conversation yet. Once a visitor writes in the widget, it is here."),
    View(
        "waiting", "Waiting for a person", "Nobody waits for a person. The bot answers, or all is said.",
        owner=Owner.NOBODY, counted=Owner.NOBODY,
    ),
    View(
        "bot", "With the bot", "The bot has no open conversation. Resolved ones are under All.",
        owner=Owner.BOT, state=State.OPEN, counted=Owner.BOT,
    ),
    View(
        "staff", "With staff", "Nobody of the staff has a conversation. Open one and press Take over.",
        owner=Owner.STAFF, counted=Owner.STAFF,
    ),
    View("resolved", "Resolved", "Nothing is resolved yet.", state=State.RESOLVED),
)  # fmt: skip


@routes.get("/console")
@only_for("agent")
async def conversations(request: web.Request, member: Member) -> web.Response:
    """The list, latest first. The address is the view: it can be kept and sent to a colleague."""
    store = request.app[HOUSE].store
    view = next((view for view in VIEWS if view.key == request.query.get("view", "all")), None)
    after = request.query.get("after")
    cursor = cursor_from(after) if after else None
    if view is None or (after and cursor is None):
        raise web.HTTPNotFound
    marks: dict[ConversationId, Mark] = {}
    if view.owner is Owner.NOBODY and cursor is None:
        found, marks = await those_who_wait(request.app[HOUSE])
    else:
        found = await store.read(conversations_list, owner=view.owner, state=view.state, after=cursor)
    counts = await store.read(counts_by_owner)
    return draw(
        request,
        "console/inbox.html",
        member=member,
        views=VIEWS,
        view=view,
        counts=counts,
        found=found,
        marks=marks,
        reasons=REASONS,
        who=await names_of(request, found),
        later=bool(after),
        older=_address(view, found[-1]) if len(found) == PAGE_OF_CONVERSATIONS else None,
    )


def _address(view: View, last: Line) -> str:
    query = {"view": view.key, "after": f"{last.changed_at}.{last.id}"}
    return f"/console?{urlencode(query)}"
