"""A language model on loopback that says what it is told to say, in the shape that most servers of them speak."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class LanguageModel:
    """`asked` holds the body and the headers of every request."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    _answers: Handler | None = None

    def says(self, text: object, **more: object) -> None:
        self.sends(json.dumps({"choices": [{"message": {"role": "assistant", "content": text}, **more}]}).encode())

    def sends(self, body: bytes, *, status: int = 200, **headers: str) -> None:
        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=body, status=status, content_type="application/json", headers=headers)

        self._answers = answer

    def hangs(self) -> None:
        async def answer(_: web.Request) -> web.StreamResponse:
            await asyncio.Event().wait()
            raise AssertionError

        self._answers = answer

    def breaks_off(self) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={"Content-Length": "1000"})
            await response.prepare(request)
            await response.write(b'{"choices": [')
            assert request.transport is not None
            request.transport.close()
            return response

        self._answers = answer

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        self.headers.append(dict(request.headers))
        assert self._answers is not None, "Nobody said what the model says."
        return await self._answers(request)


@asynccontextmanager
async def serving() -> AsyncIterator[LanguageModel]:
    model = LanguageModel()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", model.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    model.url = "http://{}:{}/v1".format(*runner.addresses[0][:2])
    yield model
    await runner.cleanup()
