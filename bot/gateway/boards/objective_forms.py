"""The forms about objectives: three questions that find the measure; setting one down, changing it, closing it."""

from collections.abc import Sequence
from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.boards.asked import site_of
from bot.gateway.boards.objectives import ID, PAGE, found
from bot.gateway.house import HOUSE
from bot.gateway.rights import Permission
from bot.gateway.screens import draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.insights.log.reading import FOLDER, NoLogYet
from bot.insights.objectives import setting
from bot.insights.objectives.measures import MEANINGS, Measure, Unit
from bot.insights.objectives.numbers import EXAMPLES
from bot.insights.objectives.scopes import CHANNELS
from bot.insights.objectives.sentences import in_unit
from bot.insights.objectives.wizard import QUESTIONS, UNKNOWN, picked
from bot.insights.segments import DEFAULT_CURRENCY
from bot.interactions import as_datetime
from bot.store.objectives import Objective, staff_now
from bot.store.sites import Site, all_sites
from bot.store.staff import Member

SCOPES = (
    ("site", "The whole site"), ("pages", "Some pages"), ("campaign", "Who came by a campaign"),
    ("channel", "Who came by a channel"),
)  # fmt: skip
routes = web.RouteTableDef()


@routes.get(f"{PAGE}/wizard")
@only_for(Permission.MEASURE)
async def wizard(request: web.Request, member: Member) -> web.Response:
    """Three questions; answered, they say the one measure and why, and lead to the form."""
    site = await _site(request)
    said = {one.name: request.query.get(one.name, "") for one in QUESTIONS}
    told, wrong = None, ""
    if any(said.values()):
        try:
            told = picked(*(said[one.name] or UNKNOWN for one in QUESTIONS))
        except ValueError as error:
            wrong = str(error)
    return draw(
        request,
        "boards/objective_wizard.html",
        status=400 if wrong else 200,
        member=member,
        site=site,
        questions=QUESTIONS,
        said=said,
        unknown=UNKNOWN,
        told=told,
        title=MEANINGS[told.measure].title if told else "",
        wrong=wrong,
        query=urlencode({"site": site.key}),
    )


@routes.get(f"{PAGE}/new")
@only_for(Permission.MEASURE)
async def new(request: web.Request, member: Member) -> web.Response:
    site, today = await _site(request), as_datetime(request.app[HOUSE].now()).date()
    fields = {"since": today.isoformat(), "currency": DEFAULT_CURRENCY, "owner": member.id} | _asked(request)
    return await _form(request, member, site, fields)


@routes.post(PAGE)
@only_for(Permission.MEASURE)
async def add(request: web.Request, member: Member) -> web.Response:
    house, fields = request.app[HOUSE], await form(request)
    site = next((one for one in await house.store.read(all_sites) if one.key == fields.get("site")), None)
    if site is None:
        raise web.HTTPNotFound
    if fields.get("scope") in ("campaign", "channel"):
        fields["within"] = fields.get(fields["scope"], "")
    try:
        made = await setting.set_down(
            house.store, site, fields, owner=await _owner(request, fields), staff=member.id, now=house.now(),
            log=house.settings.home / FOLDER,
        )  # fmt: skip
    except NoLogYet as error:
        return await _form(request, member, site, fields, wrong=[str(error)], status=503)
    if isinstance(made, list):
        return await _form(request, member, site, fields, wrong=made, status=400)
    return redirect(f"{PAGE}/{made.id}")


@routes.get(f"{PAGE}/{ID}/edit")
@only_for(Permission.MEASURE)
async def edit(request: web.Request, member: Member) -> web.Response:
    known, site = await found(request)
    if known.closed_at is not None:
        return refuse(
            request, 409, "It is closed", setting.closed_sentence(known), member=member, back=f"{PAGE}/{known.id}"
        )
    return await _form(request, member, site, _fields_of(known), known=known)


@routes.post(f"{PAGE}/{ID}/{{act:change|close}}")
@only_for(Permission.MEASURE)
async def change(request: web.Request, member: Member) -> web.Response:
    house, fields = request.app[HOUSE], await form(request)
    known, site = await found(request)
    if known.closed_at is not None:
        return refuse(
            request, 409, "It is closed", setting.closed_sentence(known), member=member, back=f"{PAGE}/{known.id}"
        )
    if fields.get("version") != str(known.version):
        sentence = await setting.who_was_first(house.store, known.id)
        return refuse(request, 409, "Somebody was first", sentence, member=member, back=f"{PAGE}/{known.id}")
    if request.match_info["act"] == "close":
        faults = await setting.close(
            house.store, known, fields.get("why", ""), staff=member.id, now=house.now()
        )  # fmt: skip
        if faults:
            return refuse(request, 409, "It was not closed", " ".join(faults), member=member, back=f"{PAGE}/{known.id}")
        return redirect(f"{PAGE}/{known.id}")
    owner = await _owner(request, fields)
    faults = await setting.change(house.store, known, fields, owner=owner, staff=member.id, now=house.now())
    if faults:
        return await _form(request, member, site, fields, known=known, wrong=faults, status=400)
    return redirect(f"{PAGE}/{known.id}")


async def _site(request: web.Request) -> Site:
    site = site_of(request, await request.app[HOUSE].store.read(all_sites))
    if site is None:
        raise web.HTTPNotFound
    return site


async def _owner(request: web.Request, fields: dict[str, str]) -> Member | None:
    known = dict(await request.app[HOUSE].store.read(staff_now))
    id = fields.get("owner", "")
    return Member(id, known[id], "") if id in known else None


def _asked(request: web.Request) -> dict[str, str]:
    """What the address fills in: the measure, from the three questions."""
    measure = request.query.get("measure", "")
    return {"measure": measure} if measure in set(Measure) else {}


def _fields_of(known: Objective) -> dict[str, str]:
    unit = MEANINGS[Measure(known.measure)].unit
    numbers = {name: _typed(getattr(known, name), unit) for name in ("target", "smallest")}
    return {"name": known.name, "until": known.until, "owner": known.owner, **numbers}


def _typed(value: float, unit: Unit) -> str:
    """The number as one would type it, none of it rounded away."""
    return f"{value * 100:.10g} %" if unit is Unit.SHARE else f"{value:.12g}"


async def _form(
    request: web.Request,
    member: Member,
    site: Site,
    fields: dict[str, str],
    *,
    known: Objective | None = None,
    wrong: Sequence[str] = (),
    status: int = 200,
) -> web.Response:
    unit = None if known is None else MEANINGS[Measure(known.measure)].unit
    return draw(
        request,
        "boards/objective_form.html",
        status=status,
        member=member,
        site=site,
        known=known,
        was="" if known is None or unit is None else in_unit(known.baseline, unit, known.currency),
        fields=fields,
        measures=[(one.value, meaning) for one, meaning in MEANINGS.items()],
        examples={one.value: text for one, text in EXAMPLES.items()},
        scopes=SCOPES,
        channels=CHANNELS,
        staff=await request.app[HOUSE].store.read(staff_now),
        wrong=wrong,
        query=urlencode({"site": site.key}),
    )
