"""`POST /v1/events`: what happens on the site's pages, a batch at a time; each event gets its own result."""

from dataclasses import replace
from typing import Annotated, Any, Literal
from uuid import UUID

from aiohttp import web
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.browsers import country_of, device_of, primary_language
from bot.gateway.bodies import is_storable, moment, read_body, storable, storable_json
from bot.gateway.house import HOUSE, from_json, problem
from bot.gateway.invitation import invitation
from bot.gateway.on_pages import note
from bot.gateway.origins import foreign_page, is_own_page, open_to_pages, preflight
from bot.gateway.senders import Senders
from bot.interactions import Kind, Microseconds
from bot.invites import preferred_language
from bot.store.intake import Batch, Taken, take
from bot.store.sites import Site
from bot.visits import Circumstances, Dropped, DropReason, Sent, fits, is_robot

BATCH_EVENTS = 100
BODY_BYTES = 512 * 1024
routes = web.RouteTableDef()


def _words(value: object) -> str:
    return storable(value) if isinstance(value, str) else ""


def _time(value: str | None) -> str | None:
    if value is not None:
        moment(value)
    return value


def _tag(value: object) -> str | None:
    """A language such as de-AT. One that can't be is not told: no batch is refused for it."""
    return value if isinstance(value, str) and len(value) <= 35 and is_storable(value) else None


class Consent(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")
    measure: bool


class Envelope(BaseModel):
    """What is around the events; it has to be right, or nothing can be told apart."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")
    site: str
    visitor: str | None = None
    consent: Consent | None = None
    language: Annotated[str | None, BeforeValidator(_tag)] = None
    events: Annotated[list[Any], Field(max_length=BATCH_EVENTS)]


class Event(BaseModel):
    """One event. What is not needed to keep it is forgiven; what is, decides under which reason it is dropped."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    id: UUID
    type: Literal["page_view", "present", "exposed", "opened", "track"]
    url: str | None = None
    title: Annotated[str, BeforeValidator(_words)] = ""
    referrer: Annotated[str, BeforeValidator(_words)] = ""
    name: str | None = None
    props: dict[str, Any] | None = None
    at: Annotated[str | None, AfterValidator(_time)] = None


_REASONS = {"name": DropReason.TOO_LARGE, "props": DropReason.TOO_LARGE, "at": DropReason.TOO_OLD}


@routes.options("/v1/events")
async def ask_first(request: web.Request) -> web.StreamResponse:
    return await preflight(request)


@routes.post("/v1/events")
@open_to_pages
async def take_events(request: web.Request) -> web.StreamResponse:
    house = request.app[HOUSE]
    body = await read_body(request, BODY_BYTES)
    if body is None:
        return problem(413, "too_large", f"A batch has at most {BODY_BYTES // 1024} KiB; send it in parts.")
    try:
        envelope = Envelope.model_validate(from_json(body))
    except ValueError as error:
        return problem(400, "malformed", why(error))
    site = await house.site(envelope.site)
    if site is None:
        return problem(404, "unknown_site", "No site has this key; `duologue site show` tells the site's own.")
    if not is_own_page(request, site):
        return foreign_page()
    batch = _batch(request, site, envelope, house.senders, house.now())
    settings = house.settings
    known = _browser(request, settings.country_header)
    batch = replace(batch, robot_views_a_minute=settings.robot_views_a_minute, browser=known)
    # Visitors in one order in every process: two batches that meet seldom wait for each other.
    taken = await house.store.write_in_order(batch.visitor or "", take, batch)
    house.senders.remember(
        sent.id
        for sent, result in zip(batch.events, taken.results, strict=True)
        if isinstance(sent, Sent) and isinstance(result, Dropped)
    )
    note(house, batch, taken)
    language = preferred_language(envelope.language, request.headers.get("Accept-Language", ""))
    return web.json_response(_answer(envelope, taken) | await invitation(house, batch, taken, language))


def why(error: ValueError) -> str:
    """The first thing that is wrong, in a sentence; never the value, which may be somebody's."""
    if not isinstance(error, ValidationError):
        return f"The body is not JSON ({str(error).partition(':')[0]})."
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return storable(f"{where}: {first['msg']}" if where else first["msg"])[:300] + "."


def _batch(request: web.Request, site: Site, envelope: Envelope, senders: Senders, now: Microseconds) -> Batch:
    headers = request.headers
    do_not_track = headers.get("Sec-GPC") == "1" or headers.get("DNT") == "1"
    purpose = headers.get("Sec-Purpose", "") + headers.get("Purpose", "")
    robot = is_robot(headers.get("User-Agent", ""), purpose)
    said = None if envelope.consent is None else envelope.consent.measure
    agreed = said if said is not None else site.consent == "not_needed"
    visitor = envelope.visitor and storable(envelope.visitor)
    pace = senders.pace_of(visitor, request.remote or "")
    # The request itself counts too, or one without events could be sent without end and make a visitor each time.
    in_time = pace.take()
    events = tuple(_event(one) if pace.take() else Dropped(DropReason.RATE_LIMITED) for one in envelope.events)
    return Batch(
        site=site,
        visitor=visitor,
        agreed=agreed and in_time and not do_not_track and not robot,
        circumstances=Circumstances(now=now, measured=False, do_not_track=do_not_track, robot=robot),
        events=events,
        told_before=senders.known(one.id for one in events if isinstance(one, Sent)),
    )


def _browser(request: web.Request, country_header: str) -> dict[str, str]:
    """What the headers say of who uses this browser: `language`, `device`, `country`, as far as they say it."""
    headers = request.headers
    told = {
        "language": primary_language(headers.get("Accept-Language", "")),
        "device": device_of(headers.get("User-Agent", ""), headers.get("Sec-CH-UA-Mobile", "")),
        "country": country_of(headers.get(country_header, "")) if country_header else None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _event(told: object) -> Sent | Dropped:
    try:
        event = Event.model_validate(told)
        props = event.props or {}
        if not fits(props):
            return Dropped(DropReason.TOO_LARGE)
        props = storable_json(props)
    except ValidationError as error:
        where = error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
        return Dropped(_REASONS.get(str(where[0]) if where else "", DropReason.INVALID_URL))
    except ValueError:
        return Dropped(DropReason.TOO_LARGE)
    return Sent(
        id=str(event.id),
        kind=Kind(event.type),
        url=event.url,
        title=event.title,
        referrer=event.referrer,
        name=storable(event.name or ""),
        props=props,
        at=None if event.at is None else moment(event.at),
    )


def _answer(envelope: Envelope, taken: Taken) -> dict[str, Any]:
    return {
        "visitor": taken.visitor,
        "show": taken.show,
        "arm": taken.arm.value,
        "results": [
            {"id": _id_of(told), **_result(result)} for told, result in zip(envelope.events, taken.results, strict=True)
        ],
    }


def _result(result: bool | Dropped) -> dict[str, str | None]:
    if isinstance(result, Dropped):
        return {"status": "dropped", "reason": result.reason.value}
    return {"status": "accepted" if result else "duplicate", "reason": None}


def _id_of(told: object) -> str | None:
    id = told.get("id") if isinstance(told, dict) else None
    return id[:64] if isinstance(id, str) else None
