"""When the one-page report is mailed, and to whom: forms that work without a script, each act once."""

from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.gateway.boards.asked import site_of
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.insights.one_page.plan import WEEKDAYS, days_before, next_after
from bot.insights.one_page.schedules import plan_given, plan_of
from bot.interactions import as_datetime
from bot.mail.envelope import mailable
from bot.store import report_mails, report_schedules
from bot.store.report_schedules import MOST_RECIPIENTS, MOST_SCHEDULES, Schedule
from bot.store.sites import Site, all_sites
from bot.store.staff import Member

PAGE = "/insights/report/schedule"
STATES = {"waiting": "Waits to be sent", "sent": "Sent", "refused": "Refused", "needless": "Wants no more"}
GONE = "Somebody has ended this schedule meanwhile, so nothing was done. The page shows what there is now."
routes = web.RouteTableDef()


@routes.get(PAGE)
@only_for(Permission.MEASURE)
async def schedule_board(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site = site_of(request, sites)
    found = await house.store.read(report_schedules.schedules_of, site.key) if site else []
    mailed = await house.store.read(report_mails.reports_mailed, site.key) if site else []
    return draw(
        request,
        "boards/report_schedule.html",
        member=member,
        site=site,
        sites=sites,
        schedules=[_shown(one) for one in found],
        mailed=[(one, STATES[one.state]) for one in mailed],
        weekdays=list(enumerate(WEEKDAYS, 1)),
        set_up=house.settings.mails,
        is_admin=may(member.role, Permission.ADMINISTER),
        query=urlencode({"site": site.key}) if site else "",
    )


@routes.post(PAGE)
@only_for(Permission.MEASURE)
async def add(request: web.Request, member: Member) -> web.Response:
    house, fields = request.app[HOUSE], await form(request)
    site = next((one for one in await house.store.read(all_sites) if one.key == fields.get("site")), None)
    if site is None:
        raise web.HTTPNotFound
    plan, addresses = plan_given(fields), _addresses(fields.get("recipients", ""))
    if isinstance(plan, str) or isinstance(addresses, str):
        wrong = plan if isinstance(plan, str) else str(addresses)
        return refuse(request, 400, "This is no schedule", f"{wrong} Go back and try again.", member=member)
    now = house.now()
    id = await house.store.write(
        report_schedules.add_schedule,
        site.key,
        every=plan.every.value,
        day=plan.day,
        minute=plan.at.hour * 60 + plan.at.minute,
        timezone=plan.timezone.key,
        staff=member.id,
        at=now,
        due_at=next_after(plan, now),
    )
    if id is None:
        sentence = f"The site has this schedule already, or {MOST_SCHEDULES} of them. Add recipients to the one it has."
        return refuse(request, 409, "There is one", sentence, member=member)
    for address in addresses:
        await _add_recipient(house, member, id, address)
    return _back(site)


@routes.post(PAGE + "/{id:[A-Za-z0-9_-]{1,32}}/{act:end|send|add|remove|confirm}")
@only_for(Permission.MEASURE)
async def change(request: web.Request, member: Member) -> web.Response:
    """Ends it, sends it now, or changes who gets it."""
    house, fields, act = request.app[HOUSE], await form(request), request.match_info["act"]
    schedule = await house.store.read(report_schedules.find_schedule, request.match_info["id"])
    if schedule is None:
        return refuse(request, 404, "It is gone", GONE, member=member)
    wrong = await _done(house, member, schedule, act, fields)
    if wrong:
        return refuse(request, 409, "Nothing was done", wrong, member=member)
    return redirect(f"{PAGE}?{urlencode({'site': schedule.site})}")


async def _done(house: House, member: Member, schedule: Schedule, act: str, fields: dict[str, str]) -> str:
    """Does it; what is to be said where it can't be done."""
    address = fields.get("address", "").strip()
    match act:
        case "end":
            await house.store.write(report_schedules.drop_schedule, schedule.id, staff=member.id, at=house.now())
        case "send":
            return await _send(house, schedule, fields.get("press", ""))
        case "remove":
            await house.store.write(report_schedules.drop_recipient, schedule.id, address)
        case "confirm":
            if not may(member.role, Permission.ADMINISTER):
                return "Only an admin confirms to whom reports go; ask one."
            await house.store.write(report_schedules.confirm_recipient, schedule.id, address, staff=member.id)
        case _:
            found = _addresses(address)
            if isinstance(found, str) or not found:
                return found if isinstance(found, str) else "Give a mail address, e.g. owner@shop.example."
            if not all([await _add_recipient(house, member, schedule.id, one) for one in found]):
                return f"A schedule goes to {MOST_RECIPIENTS} addresses at most."
    return ""


async def _send(house: House, schedule: Schedule, press: str) -> str:
    if not house.settings.mails:
        return "Mail is not set up, so nothing can be sent. Whoever runs Duologue sets DUOLOGUE_SMTP_URL."
    if not any(one.is_confirmed and not one.is_stopped for one in schedule.recipients):
        return "Nobody may get it yet: an admin has to confirm a recipient."
    now = house.now()
    days = days_before(plan_of(schedule), now)
    of = {"since": days.since.isoformat(), "until": days.until.isoformat()}
    await house.store.write(report_schedules.put_mails, schedule, **of, at=now, once=press[:32] or str(now))
    return ""


async def _add_recipient(house: House, member: Member, schedule: str, address: str) -> bool:
    return await house.store.write(
        report_schedules.add_recipient,
        schedule,
        address,
        staff=member.id,
        is_admin=may(member.role, Permission.ADMINISTER),
        at=house.now(),
    )


def _addresses(text: str) -> list[str] | str:
    """The addresses, or the sentence that says which of them is none."""
    given = [one for one in text.replace(",", " ").replace(";", " ").split() if one]
    if len(given) > MOST_RECIPIENTS:
        return f"A schedule goes to {MOST_RECIPIENTS} addresses at most."
    read = [(one, mailable(one)) for one in given]
    wrong = next((one for one, address in read if address is None), None)
    if wrong is not None:
        return f"No mail can go to “{wrong[:60]}”; give addresses such as owner@shop.example, one a line."
    return [str(address) for _, address in read]


def _shown(one: Schedule) -> dict[str, Any]:
    plan = plan_of(one)
    days = days_before(plan, one.due_at)
    next_at = as_datetime(one.due_at).astimezone(plan.timezone)
    return {
        "schedule": one, "words": plan.words, "next": f"{next_at:%A %-d %B %Y, %H:%M}", "days": days,
        "query": urlencode({"site": one.site, "since": days.since.isoformat(), "until": days.until.isoformat()}),
    }  # fmt: skip


def _back(site: Site) -> web.Response:
    return redirect(f"{PAGE}?{urlencode({'site': site.key})}")
