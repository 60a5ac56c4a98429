"""The gateway as one aiohttp application: everything that visitors, shops, staff and marketers reach."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from bot import desk
from bot.engine.client import EngineClient
from bot.errors import StoreUnavailable
from bot.gateway import (
    ad_consents,
    chat,
    consent,
    events,
    exporting,
    files,
    health,
    identify,
    mail_links,
    nobody_came,
    post,
    purchases,
    rights,
    screens,
    spend,
    staff,
    taking_in,
    widget,
)
from bot.gateway.boards import doors as boards
from bot.gateway.bodies import is_storable
from bot.gateway.console import doors
from bot.gateway.desk import GatewayDesk
from bot.gateway.engine_address import ENGINE, EngineWhereabouts
from bot.gateway.house import HOUSE, House, problem
from bot.gateway.library import LIBRARY
from bot.gateway.rooms import ROOMS, Rooms
from bot.gateway.uploads import UPLOADS, Uploads
from bot.mail.sender import Sender
from bot.pages.answering.librarian import Librarian
from bot.pages.answering.rephrase import rephraser_of
from bot.store.conversations import Gone
from bot.understanding.listener import Listener

BODY_BYTES = 1024 * 1024
DOORS = (
    *(chat, consent, events, files, health, identify, post, purchases, spend, staff, widget, mail_links),
    ad_consents,
    *boards.DOORS,
    *doors.DOORS,
)
log = logging.getLogger(__name__)


@web.middleware
async def plain_faults(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Turns what no door has caught into an answer that says what to do, and nothing of our insides."""
    if not is_storable(request.path):
        # PostgreSQL refuses a NUL even in a question, and nothing of ours has one in its name.
        return problem(404, "unknown", "There is nothing at this address.")
    try:
        return await handler(request)
    except StoreUnavailable as error:
        return problem(503, "unavailable", str(error), headers={"Retry-After": "2"})
    except Gone:
        return problem(404, "unknown", "This conversation was forgotten.")
    except web.HTTPException:
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return problem(500, "fault", "This failed, and it is our fault; the log says more.")


def gateway_app(
    house: House, *, engine: EngineClient, whereabouts: EngineWhereabouts, librarian: Librarian, listener: Listener
) -> web.Application:
    """The application, with its actions seated at their desk. It takes up open turns when it starts."""
    app = web.Application(client_max_size=BODY_BYTES, middlewares=[plain_faults, screens.staff_pages])
    rooms = Rooms(house, engine, listener)
    app[HOUSE], app[ROOMS], app[LIBRARY], app[ENGINE] = house, rooms, librarian, whereabouts
    app[UPLOADS] = Uploads()
    for door in DOORS:
        app.add_routes(door.routes)
    rights.refuse_undeclared(app)
    rephraser = rephraser_of(house.settings)
    desk.fill(GatewayDesk(house, rooms.turns, librarian, rooms.waiting, rephraser))

    sender = Sender(house.store, house.settings, now=house.now, away_for=rooms.hub.away_for)

    async def running(_: web.Application) -> AsyncIterator[None]:
        await rooms.turns.resume()
        sending = asyncio.create_task(sender.keep_sending(), name="mail")
        scoring = asyncio.create_task(rooms.scoring.keep_settling(), name="scoring")
        giving_back = asyncio.create_task(nobody_came.keep_giving_back(house, rooms), name="nobody came")
        yield
        for task in (scoring, giving_back, sending):
            task.cancel()
        await asyncio.gather(scoring, giving_back, sending, return_exceptions=True)

    async def farewell(_: web.Application) -> None:
        await rooms.close()
        if rephraser is not None:
            await rephraser.close()

    app.cleanup_ctx.append(running)
    app.cleanup_ctx.append(files.tidying)
    app.cleanup_ctx.append(exporting.keeping)
    app.cleanup_ctx.append(taking_in.keeping)
    app.on_shutdown.append(farewell)
    return app
