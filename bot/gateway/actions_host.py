"""Hosts actions/ in this process, on a loopback port of its own, for the engine alone."""

import hmac
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from aiohttp import web

from bot.gateway.house import from_json, problem


@contextmanager
def _nothing_of_sanic() -> Iterator[None]:
    """rasa_sdk brings a web server, a tenth of a second of the start, to name its class. This host needs none."""
    if "sanic" in sys.modules:
        yield
        return
    sys.modules["sanic"] = stand_in = ModuleType("sanic")
    stand_in.__dict__["Sanic"] = object
    try:
        yield
    finally:
        # Whoever imports it later gets the real one.
        del sys.modules["sanic"]


with _nothing_of_sanic():
    from rasa_sdk.executor import ActionExecutor
    from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

SECRET_HEADER = "X-Duologue-Secret"  # noqa: S105 - the name of a header
BODY_BYTES = 64 * 1024 * 1024
"""The body is the whole tracker and the domain."""
log = logging.getLogger(__name__)


def actions_app(secret: str) -> web.Application:
    """The webhook that Rasa calls. Without the secret an action still runs, but speaks for no turn and no visitor."""
    executor = ActionExecutor()
    executor.register_package("actions")
    app = web.Application(client_max_size=BODY_BYTES)

    async def webhook(request: web.Request) -> web.Response:
        try:
            call = from_json(await request.read())
            if not isinstance(call, dict) or not isinstance(call.get("tracker"), dict):
                raise ValueError("a call is an object with a tracker")
        except ValueError as error:
            return problem(422, "bad_call", f"This is no action call: {error}.")
        call.setdefault("domain", {})
        if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode()):
            _forget_the_turn(call)
        try:
            result = await executor.run(call)
        except ActionExecutionRejection as error:
            return web.json_response({"error": error.message, "action_name": error.action_name}, status=400)
        except ActionNotFoundException as error:
            return web.json_response({"error": str(error), "action_name": error.action_name}, status=404)
        except Exception:
            # Nothing of the conversation is echoed or logged: the call holds what the visitor said.
            log.exception("action %s failed", call.get("next_action"))
            return problem(500, "action_failed", "The action failed; the log says why.")
        return web.json_response(result.model_dump() if result else None)

    app.router.add_post("/webhook", webhook)
    return app


def _forget_the_turn(call: dict[str, Any]) -> None:
    latest = call["tracker"].get("latest_message")
    if isinstance(latest, dict) and isinstance(latest.get("metadata"), dict):
        latest["metadata"].pop("turn", None)
