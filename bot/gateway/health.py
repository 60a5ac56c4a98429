"""Whether we live, whether we are ready, and numbers for a monitor."""

from aiohttp import web

from bot.errors import StoreUnavailable
from bot.gateway.engine_address import ENGINE
from bot.gateway.house import HOUSE
from bot.gateway.library import LIBRARY, readiness
from bot.gateway.rooms import ROOMS
from bot.store.alert_deliveries import STATES, counts_of
from bot.store.health import LEAST_FREE, can_write, counts, free_bytes
from bot.store.mails import outbox
from bot.store.report_mails import reports_stand

routes = web.RouteTableDef()


@routes.get("/healthz")
async def healthz(_: web.Request) -> web.Response:
    """The process answers."""
    return web.json_response({"status": "ok"})


@routes.get("/readyz")
async def readyz(request: web.Request) -> web.Response:
    """200 when messages can be stored; a missing engine only delays answers."""
    room = free_bytes(request.app[HOUSE].store.url)
    store = "down" if room is not None and room < LEAST_FREE else "ok"
    try:
        await request.app[HOUSE].store.write(can_write)
    except StoreUnavailable:
        store = "down"
    engine = request.app[ENGINE].state
    # The three words that are promised to monitors: an engine that is ready is "ok", like everything else.
    told = "ok" if engine == "ready" else engine
    state = {"store": store, "engine": told, "index": readiness(request.app[LIBRARY])}
    return web.json_response(state, status=200 if store == "ok" else 503)


@routes.get("/metrics")
async def metrics(request: web.Request) -> web.Response:
    """Counters in the text format that Prometheus reads."""
    rooms = request.app[ROOMS]
    found = await request.app[HOUSE].store.read(counts)
    alerts = await request.app[HOUSE].store.read(counts_of)
    mail = await request.app[HOUSE].store.read(outbox)
    reports = await request.app[HOUSE].store.read(reports_stand)
    lines = [
        "# TYPE duologue_sockets gauge",
        f"duologue_sockets {len(rooms.sockets)}",
        "# TYPE duologue_turns_closed_total counter",
        f"duologue_turns_closed_total {rooms.turns.closed}",
        "# TYPE duologue_turns_open gauge",
        f"duologue_turns_open {found.turns_open}",
        "# TYPE duologue_mails_waiting gauge",
        f"duologue_mails_waiting {mail.waiting}",
        "# TYPE duologue_mails_refused gauge",
        f"duologue_mails_refused {mail.refused}",
        "# TYPE duologue_report_mails_waiting gauge",
        f"duologue_report_mails_waiting {sum(one.waiting for one in reports)}",
        "# TYPE duologue_report_mails_refused gauge",
        f"duologue_report_mails_refused {sum(one.refused for one in reports)}",
        "# TYPE duologue_alerts gauge",
        *(f'duologue_alerts{{state="{state}"}} {alerts.get(state, 0)}' for state in STATES),
        "# TYPE duologue_dropped_total counter",
    ]
    lines += [
        f'duologue_dropped_total{{door="{door}",reason="{reason}"}} {count}' for door, reason, count in found.dropped
    ]
    room = free_bytes(request.app[HOUSE].store.url)
    if room is not None:
        lines += ["# TYPE duologue_disk_free_bytes gauge", f"duologue_disk_free_bytes {room}"]
    return web.Response(text="\n".join(lines) + "\n", content_type="text/plain")
