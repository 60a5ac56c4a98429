"""A website with a page for each widget, and what the peers need of a back end: one answer to everything."""

import asyncio
import gzip
import json
import mimetypes
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from aiohttp import web

from sides.peers import ANSWER, PEERS, Widget

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>A page</title></head>
<body><main><h1>A page</h1><p>What a visitor came to read.</p></main>
<aside aria-label="Help">{markup}</aside></body></html>"""
MESSAGE = "42"
"""What a frame of Socket.IO begins with that carries an event."""


class Website:
    """On loopback, on a port of its own; packed as the gateway packs the widget."""

    def __init__(self) -> None:
        self._pages: dict[str, str] = {}
        self._waiting: dict[str, asyncio.Queue[str]] = {}
        app = web.Application()
        app.router.add_get("/page/{name}", self._page)
        app.router.add_post("/reply", self._reply)
        app.router.add_get("/socket.io/", self._poll)
        app.router.add_post("/socket.io/", self._take)
        app.router.add_get("/{peer}/{file:.+}", self._file)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)

    async def start(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()

    async def stop(self) -> None:
        await self._runner.cleanup()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def show(self, widgets: Iterable[Widget]) -> None:
        self._pages |= {one.name: PAGE.format(markup=one.markup) for one in widgets}

    def page_of(self, widget: Widget) -> str:
        return f"{self.origin}/page/{widget.name}"

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(text=self._pages[request.match_info["name"]], content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        folder = next(one.folder for one in PEERS if one.widget.name == request.match_info["peer"])
        file = folder / request.match_info["file"]
        if not file.is_relative_to(folder) or not file.is_file():
            raise web.HTTPNotFound
        # Modules end in .mjs, too.
        kind = mimetypes.guess_type(file)[0] or "text/javascript"
        headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=300"}
        return web.Response(body=packed(file), headers=headers, content_type=kind)

    async def _reply(self, request: web.Request) -> web.Response:
        """As deep-chat (text) and n8n (output; data is the history) read it."""
        return web.json_response({"text": ANSWER, "output": ANSWER, "data": []})

    async def _poll(self, request: web.Request) -> web.Response:
        """Socket.IO by long polling, as far as rasa-webchat goes: Engine.IO's handshake, then what there is to tell."""
        key = request.query.get("sid")
        if key is None:
            key = str(len(self._waiting))
            self._waiting[key] = asyncio.Queue()
            opened = {"sid": key, "upgrades": [], "pingInterval": 25_000, "pingTimeout": 20_000, "maxPayload": 100_000}
            return web.Response(text="0" + json.dumps(opened))
        return web.Response(text=await self._waiting[key].get())

    async def _take(self, request: web.Request) -> web.Response:
        queue = self._waiting[request.query["sid"]]
        for packet in (await request.text()).split("\x1e"):
            if packet == "40":
                queue.put_nowait('40{"sid":"bench"}')
            elif packet.startswith(MESSAGE):
                event, body = json.loads(packet.removeprefix(MESSAGE))
                if event == "session_request":
                    queue.put_nowait(MESSAGE + json.dumps(["session_confirm", "bench"]))
                elif "message" in body:
                    queue.put_nowait(MESSAGE + json.dumps(["bot_uttered", {"text": ANSWER}]))
        return web.Response(text="ok")


@cache
def packed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 9, mtime=0)
