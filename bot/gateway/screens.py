"""What all pages for the staff share: how they are drawn, their headers, refusals, style sheet and script."""

import gzip
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined
from yarl import URL

from bot.errors import StoreUnavailable
from bot.gateway.frames import CONTROLS
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission, may
from bot.interactions import Microseconds, as_datetime, rfc3339
from bot.store.staff import Member

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; script-src 'self'; connect-src 'self'; "
        "require-trusted-types-for 'script'; trusted-types duologue"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with that a browser sends `Origin: null` with our own forms, and no form could be told
    # from a foreign one. Other sites learn as little.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")
FOR_READERS = re.compile(rb"^[ \t]*//[^\n]*\n|/\*.*?\*/\n?|^[ \t]+", re.MULTILINE | re.DOTALL)
"""Comments on lines of their own, and indents: a tenth of what every browser would fetch otherwise."""
FOR_EVER_S = 365 * 86_400
log = logging.getLogger(__name__)
routes = web.RouteTableDef()


class Asset:
    """The style sheet or the script, compressed once. Its address names its content, so a browser asks for it once."""

    def __init__(self, name: str, kind: str) -> None:
        self.kind = kind
        self.source = FOR_READERS.sub(b"", files("bot.gateway").joinpath("static", name).read_bytes())
        self.packed = gzip.compress(self.source, 9, mtime=0)
        self.etag = hashlib.sha256(self.source).hexdigest()[:12]
        self.address = f"/static/{name}?v={self.etag}"

    def answer(self, request: web.Request) -> web.Response:
        named = request.query.get("v") == self.etag
        headers = {
            "Cache-Control": f"public, max-age={FOR_EVER_S}, immutable" if named else "no-cache",
            "ETag": f'"{self.etag}"',
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if any(tag.value == self.etag for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        body = self.source
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = self.packed, "gzip"
        return web.Response(body=body, headers=headers, content_type=self.kind, charset="utf-8")


_style = Asset("console.css", "text/css")
_more_style = Asset("pages.css", "text/css")
"""For all pages but those that are open all day: the list and a conversation."""
_script = Asset("live.js", "text/javascript")
COMPOSER = Asset("composer.js", "text/javascript")
"""Fetched with the first conversation, not with the first page."""


def style_address() -> str:
    """Where the style sheet is, for pages that nobody signs in to."""
    return _style.address


@routes.get("/static/console.css")
async def style(request: web.Request) -> web.Response:
    return _style.answer(request)


@routes.get("/static/pages.css")
async def more_style(request: web.Request) -> web.Response:
    return _more_style.answer(request)


@routes.get("/static/live.js")
async def script(request: web.Request) -> web.Response:
    return _script.answer(request)


@routes.get("/static/composer.js")
async def composer(request: web.Request) -> web.Response:
    return COMPOSER.answer(request)


def draw(
    request: web.Request, template: str, *, member: Member | None = None, status: int = 200, **values: Any
) -> web.Response:
    """The page. `member` is who looks at it; without one it has no menu."""
    section = "insights" if request.path.startswith("/insights") else "console"
    house = request.app[HOUSE]
    common = {
        "member": member,
        "now": house.now(),
        "section": section,
        "style": _style.address,
        "more_style": _more_style.address,
    }
    # Who may not converse has no line to the server: it would be refused, for ever.
    if member is not None and section == "console" and may(member.role, Permission.CONVERSE):
        common |= {"script": _script.address, "ticket": house.tickets.issue(member.id)}
    text = drawn(template, **{"script": "", "ticket": ""} | common, **values)
    response = web.Response(text=text, status=status, content_type="text/html")
    # The page holds no secret beside the visitors' words, so its length gives none away.
    response.enable_compression()
    return response


def drawn(template: str, **values: Any) -> str:
    """A page, or a piece of one: the same template draws it in the page and for the pages that are open."""
    return _templates.get_template(template).render(**values)


def refuse(
    request: web.Request, status: int, title: str, sentence: str, *, member: Member | None = None, back: str = ""
) -> web.Response:
    """A page that says what is wrong and what to do. `back` is where that can be looked at."""
    of_figures = request.path.startswith("/insights") or (member is not None and member.role == "marketer")
    told = {"title": title, "sentence": sentence, "back": back, "of_figures": of_figures}
    return draw(request, "refusal.html", member=member, status=status, **told)


def redirect(to: str) -> web.Response:
    """See other: the browser asks for `to` with GET, so a reload does not repeat what was posted."""
    return web.Response(status=303, headers={"Location": to})


async def form(request: web.Request) -> dict[str, str]:
    """The fields of a form, without files; 400 for a body that is no form."""
    # No form of ours has files, so none is multipart; and how that can be wrong, aiohttp does not always tell.
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPBadRequest
    try:
        fields = await request.post()
    except (ValueError, LookupError) as error:
        raise web.HTTPBadRequest from error
    return {name: value for name, value in fields.items() if isinstance(value, str)}


@web.middleware
async def staff_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Guards everything under /console and /insights: no foreign form gets in, no answer goes out bare."""
    if not request.path.startswith(("/console", "/insights")):
        return await handler(request)
    response = await _answer(request, handler)
    if not response.prepared:
        response.headers.update(HEADERS)
    return response


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.method not in ("GET", "HEAD") and not _from_own_page(request):
        sentence = (
            "This form came from another address than this console's, so nothing was done. Open the console yourself "
            "and try again. If it runs elsewhere than on this machine, DUOLOGUE_PUBLIC_URL has to be its address."
        )
        return refuse(request, 403, "This form is not ours", sentence)
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return refuse(request, 404, "There is no such page", "The address may be mistyped, or what it showed is gone.")
    except web.HTTPClientError as error:
        return refuse(
            request, error.status, "This can't be done", f"The server can't use this request ({error.reason})."
        )
    except StoreUnavailable as error:
        return refuse(request, 503, "Not now", str(error))
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return refuse(request, 500, "This failed", "It is our fault; the log says more.")


def _from_own_page(request: web.Request) -> bool:
    """Whether a page of ours sent this form. Cookies alone don't tell: the shop on the next port shares them."""
    if (site := request.headers.get("Sec-Fetch-Site")) is not None:
        return site == "same-origin"
    return is_own_origin(request)


def is_own_origin(request: web.Request) -> bool:
    """Whether the browser says that a page of ours asks. One that does not say is no browser of the staff."""
    origin, settings = request.headers.get("Origin"), request.app[HOUSE].settings
    if origin == str(URL(settings.own_url).origin()):
        return True
    # A name that leads here by DNS alone (rebinding) is not loopback, whatever its address is.
    return bool(LOOPBACK.fullmatch(request.host)) and origin == f"http://{request.host}"


def _ago(at: Microseconds, now: Microseconds) -> str:
    minutes = max(0, now - at) // 60_000_000
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 24 * 60:
        return f"{minutes // 60} h ago"
    days = minutes // (24 * 60)
    return f"{days} day{'s' if days > 1 else ''} ago" if days < 30 else _date(at)


def _date(at: Microseconds) -> str:
    moment = as_datetime(at)
    return f"{moment.day} {moment:%B %Y}"


def _day(at: Microseconds, now: Microseconds) -> str:
    day, today = as_datetime(at).date(), as_datetime(now).date()
    if today - day in (timedelta(0), timedelta(days=1)):
        return "Today" if day == today else "Yesterday"
    return f"{day:%A} {_date(at)}"


def _web_address(url: str | None) -> str | None:
    """The address when it may be a link: http or https, and nothing hidden in it. Visitors choose these."""
    if not url or CONTROLS.search(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _plain_address(url: str) -> str:
    return re.sub(r"^https?://", "", url).removesuffix("/")


def _path(url: str) -> str:
    """The address without its host, which is nearly always the site's own."""
    return re.sub(r"^https?://[^/]*(?=/)", "", url)


def percent(share: float) -> str:
    return f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


_templates = Environment(
    loader=PackageLoader("bot.gateway"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "ago": _ago,
    "clock": lambda at: f"{as_datetime(at):%H:%M}",
    "date": _date,
    "day": _day,
    "path": _path,
    "percent": percent,
    "plain_address": _plain_address,
    "rfc3339": rfc3339,
    "web_address": _web_address,
}
