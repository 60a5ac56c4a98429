"""What the links of our mail lead to: back into the conversation, on the site's own page; and out of the mails.

`/resume#SECRET` is a page of ours that changes the secret for a code, and goes to the site's page with the code
behind the #, where the widget takes it. So no server on the way, no referrer and no other script of that page gets
anything that opens the conversation: the code is good once, and for two minutes.
"""

from typing import Annotated
from urllib.parse import urldefrag, urlsplit

from aiohttp import web
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from bot.gateway.bodies import is_storable, read_body
from bot.gateway.events import why
from bot.gateway.house import HOUSE, from_json, problem
from bot.gateway.origins import foreign_page, is_own_page, open_to_pages, preflight
from bot.gateway.screens import Asset, drawn, style_address
from bot.store.alert_deliveries import alerts_stopped_by, leads_to_no_alert
from bot.store.conversation_keys import leads_nowhere, open_link, resume, stopped_by
from bot.store.conversations import Conversation
from bot.store.report_mails import leads_to_no_report, reports_stopped_by
from bot.store.sites import Site

BODY_BYTES = 4 * 1024
SECRET = "{secret:[A-Za-z0-9_-]{1,64}}"  # noqa: S105 - the form of one
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
ENDED = "This link has ended, or was never given. A newer mail has a newer one."
STOPS = {
    "reports": (leads_to_no_report, reports_stopped_by),
    "alerts": (leads_to_no_alert, alerts_stopped_by),
    "answers": (leads_nowhere, stopped_by),
}
"""What comes by mail, each with whether a secret leads to none of it, and what stops it."""
Secret = Annotated[str, StringConstraints(min_length=1, max_length=512)]
_script = Asset("resume.js", "text/javascript")
routes = web.RouteTableDef()


class Link(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")
    link: Secret


class Code(BaseModel):
    """`token` is the browser's own, where it has one: if it is of the same conversation, it goes on with it."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")
    site: Secret
    code: Secret
    token: Secret | None = None


@routes.get("/resume")
async def page(_: web.Request) -> web.Response:
    """Asks for the conversation only when its script runs: who looks through mails for bad links, opens nothing."""
    return _page("resume.html", script=_script.address)


@routes.get("/static/resume.js")
async def script(request: web.Request) -> web.Response:
    return _script.answer(request)


@routes.post("/v1/resume/link")
async def change_link(request: web.Request) -> web.Response:
    """Changes a mail's link for the address of the site's page, with a code in it."""
    given = await _given(request, Link)
    if isinstance(given, web.Response):
        return given
    house = request.app[HOUSE]
    opened = await house.store.write(open_link, given.link, at=house.now()) if is_storable(given.link) else None
    site = None if opened is None else await house.site(opened[0].site)
    if opened is None or site is None:
        return problem(404, "unknown_link", ENDED)
    return web.json_response({"to": f"{page_of(site, opened[0])}#duologue={opened[1]}"})


@routes.options("/v1/resume")
async def ask_first(request: web.Request) -> web.StreamResponse:
    return await preflight(request)


@routes.post("/v1/resume")
@open_to_pages
async def change_code(request: web.Request) -> web.StreamResponse:
    """Changes a code for the token of its conversation, for a page of its own site."""
    given = await _given(request, Code)
    if isinstance(given, web.Response):
        return given
    house = request.app[HOUSE]
    site = await house.site(given.site)
    if site is None:
        return problem(404, "unknown_site", "No site has this key; `duologue site show` tells the site's own.")
    if not is_own_page(request, site):
        return foreign_page()
    storable = is_storable(given.code) and is_storable(given.token or "")
    resumed = (
        await house.store.write(resume, site.key, given.code, token=given.token, at=house.now()) if storable else None
    )
    if resumed is None:
        return problem(404, "unknown_link", ENDED)
    return web.json_response({"token": resumed.token, "seq": resumed.conversation.seen_seq})


@routes.get(f"/mail/stop/{SECRET}")
async def ask_to_stop(request: web.Request) -> web.Response:
    """A page with a button: links of mails are opened by programs too, and those press nothing."""
    store, secret = request.app[HOUSE].store, request.match_info["secret"]
    for of, (leads_to_none, _) in STOPS.items():
        if not await store.read(leads_to_none, secret):
            return _page("mail_stop.html", done=False, nowhere=False, of=of)
    return _page("mail_stop.html", 404, done=False, nowhere=True, of="")


@routes.post(f"/mail/stop/{SECRET}")
async def do_stop(request: web.Request) -> web.Response:
    """Also what a mail program sends by itself when its own button is pressed (RFC 8058)."""
    house, secret = request.app[HOUSE], request.match_info["secret"]
    for of, (_, stops) in STOPS.items():
        if await house.store.write(stops, secret, at=house.now()):
            return _page("mail_stop.html", done=True, nowhere=False, of=of)
    return _page("mail_stop.html", 404, done=False, nowhere=True, of="")


def page_of(site: Site, conversation: Conversation) -> str:
    """The page on which they wrote last, when it is the site's own: what a browser says of its page is only a claim."""
    page = urldefrag(conversation.page or "").url
    try:
        parts = urlsplit(page)
        own = f"{parts.scheme}://{parts.netloc}" in site.origins and page.isprintable()
    except ValueError:
        own = False
    return page if own else f"{site.origins[0]}/"


async def _given[Given: BaseModel](request: web.Request, wanted: type[Given]) -> Given | web.Response:
    body = await read_body(request, BODY_BYTES)
    if body is None:
        return problem(413, "too_large", "A link is a few words.")
    try:
        return wanted.model_validate(from_json(body))
    except (ValidationError, ValueError) as error:
        return problem(400, "malformed", why(error))


def _page(template: str, status: int = 200, **values: object) -> web.Response:
    text = drawn(template, style=style_address(), **values)
    return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)
