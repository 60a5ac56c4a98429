"""Serves the widget: the loader, and the modules that it fetches when a visitor opens the panel."""

import gzip
import hashlib
from importlib.resources import files

from aiohttp import web

LOADER_IS_FRESH_S = 300
routes = web.RouteTableDef()


class Module:
    """A file of the widget as it is sent: compressed once, at start."""

    def __init__(self, name: str) -> None:
        self.source = files("bot.gateway").joinpath("static", "widget", name).read_bytes()
        self.packed = gzip.compress(self.source, 9, mtime=0)
        self.etag = hashlib.sha256(self.source).hexdigest()[:20]

    def answer(self, request: web.Request) -> web.Response:
        headers = {
            # Any page may embed it, also one that asks for cross-origin isolation.
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": f"public, max-age={LOADER_IS_FRESH_S}",
            "ETag": f'"{self.etag}"',
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if any(tag.value == self.etag for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        body = self.source
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = self.packed, "gzip"
        return web.Response(body=body, headers=headers, content_type="text/javascript", charset="utf-8")


def _modules(folder: str = "") -> dict[str, Module]:
    """By the path below the widget's folder: `panel.js`, `words/en.js`."""
    found: dict[str, Module] = {}
    for one in files("bot.gateway").joinpath("static", "widget", folder).iterdir():
        if one.is_dir():
            found |= _modules(one.name)
        elif one.name.endswith(".js"):
            name = f"{folder}/{one.name}".lstrip("/")
            found[name] = Module(name)
    return found


_all = _modules()


@routes.get("/widget.js")
async def loader(request: web.Request) -> web.Response:
    return _all["widget.js"].answer(request)


@routes.get("/widget/{name:.+}")
async def module(request: web.Request) -> web.Response:
    found = _all.get(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound(text="The widget has no such module.")
    return found.answer(request)
