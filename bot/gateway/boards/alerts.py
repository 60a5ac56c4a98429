"""What alerts are for, where they go, and what became of them: forms that work without a script, each act once."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.alert_rules import HAVE_TOPICS, Rule, What
from bot.alerts.given import FIELDS, MOST_AN_HOUR, least_told, quiet_told, rule_given
from bot.alerts.sentences import alert_told, more_told, rule_told
from bot.alerts.webhook import address_given, hosts_allowed
from bot.gateway.audit import listed
from bot.gateway.boards.asked import site_of
from bot.gateway.house import HOUSE, House
from bot.gateway.rights import Permission, may
from bot.gateway.screens import draw, form, redirect, refuse
from bot.gateway.sign_in import only_for
from bot.interactions import SiteKey, as_datetime
from bot.mail.envelope import mailable
from bot.store import alert_deliveries as outbox
from bot.store import alerts, alerts_raised
from bot.store.alerts import MOST_RULES, MOST_TARGETS, Kept
from bot.store.sites import Site, all_sites
from bot.store.staff import Member
from bot.understanding.topics import TOPICS

PAGE = "/insights/alerts"
STATES = {"waiting": "Waits to be sent", "sent": "Sent", "given_up": "Given up", "needless": "Not wanted any more"}
GONE = "Somebody has removed this alert meanwhile, so nothing was done. The page shows what there is now."
TICKS = ("usual", "words", "on")
UNIT = "People; of waiting, minutes; of the mood, how far it drops, e.g. 0.2"
routes = web.RouteTableDef()


@routes.get(PAGE)
@only_for(Permission.MEASURE)
async def alert_board(request: web.Request, member: Member) -> web.Response:
    house = request.app[HOUSE]
    sites = await house.store.read(all_sites)
    site = site_of(request, sites)
    return await _drawn(request, member, sites, site, wanted=_prefilled(request))


@routes.post(PAGE)
@only_for(Permission.MEASURE)
async def add(request: web.Request, member: Member) -> web.Response:
    house, fields = request.app[HOUSE], await form(request)
    site = await _site(house, fields.get("site", ""))
    rule = rule_given(site.key, fields.get("what", ""), _of_a_form(fields))
    places = _places(house, fields.get("mails", ""), fields.get("webhooks", ""))
    wrong = rule if isinstance(rule, str) else places if isinstance(places, str) else _forbidden(member, rule)
    if wrong or isinstance(rule, str) or isinstance(places, str):
        return refuse(request, 400, "This is no alert", f"{wrong} Go back and try again.", member=member)
    id = await house.store.write(alerts.add_rule, rule, by=member.id, at=house.now())
    if id is None:
        sentence = f"The site has this alert already, or {MOST_RULES} of them. Change the one it has."
        return refuse(request, 409, "There is one", sentence, member=member)
    secrets = [await _add_target(house, member, id, kind, address) for kind, address in places]
    return await _with_secrets(request, member, site, [(places[nth][1], one) for nth, one in enumerate(secrets) if one])


@routes.post(PAGE + "/limit")
@only_for(Permission.MEASURE)
async def limit(request: web.Request, member: Member) -> web.Response:
    """How many the site gets in an hour, of all alerts together."""
    house, fields = request.app[HOUSE], await form(request)
    site, most = await _site(house, fields.get("site", "")), fields.get("most_an_hour", "")
    if not (most.isascii() and most.isdigit() and len(most) < 4 and 1 <= int(most) <= MOST_AN_HOUR):
        sentence = f"Give a whole number from 1 to {MOST_AN_HOUR}. Go back and try again."
        return refuse(request, 400, "This is no limit", sentence, member=member)
    await house.store.write(alerts.set_limit, site.key, int(most), by=member.id, at=house.now())
    return _back(site.key)


@routes.post(PAGE + "/{id:[A-Za-z0-9_-]{1,32}}/{act:set|end|test|add|remove|confirm|rotate|resume}")
@only_for(Permission.MEASURE)
async def change(request: web.Request, member: Member) -> web.Response:
    house, fields, act = request.app[HOUSE], await form(request), request.match_info["act"]
    kept = await house.store.read(alerts.find_rule, request.match_info["id"])
    if kept is None:
        return refuse(request, 404, "It is gone", GONE, member=member)
    done = await _done(house, member, kept, act, fields)
    if isinstance(done, str):
        return refuse(request, 409, "Nothing was done", done, member=member)
    return await _with_secrets(request, member, await _site(house, kept.rule.site), done)


@routes.get(PAGE + "/raised/{id:[A-Za-z0-9_-]{1,32}}")
@only_for(Permission.MEASURE)
async def raised_board(request: web.Request, member: Member) -> web.Response:
    """One alert, and who is behind it, as far as the reader may know them; who was erased since is not there."""
    house = request.app[HOUSE]
    raised = await house.store.read(outbox.find_raised, request.match_info["id"])
    if raised is None:
        raise web.HTTPNotFound
    await listed(request, member, "alert")
    people = await house.store.read(outbox.people_of, raised)
    day = as_datetime(raised.at).date().isoformat()
    return draw(
        request,
        "boards/alert.html",
        member=member,
        told=alert_told(raised.rule, raised.count, raised.figures),
        raised=raised,
        rule=rule_told(raised.rule),
        more=more_told(raised.more),
        people=[(one, _person_query(raised.rule.site, one, day)) for one in people],
        may_read=may(member.role, Permission.CONVERSE),
        may_know=may(member.role, Permission.KNOW_PEOPLE),
        query=urlencode({"site": raised.rule.site}),
    )


type Secrets = list[tuple[str, str]]
"""Where something goes, and what signs it."""


async def _done(house: House, member: Member, kept: Kept, act: str, fields: Mapping[str, str]) -> Secrets | str:
    """Does it; what is to be said where it can't be done."""
    who: dict[str, Any] = {"by": member.id, "at": house.now()}
    target = fields.get("target", "")
    match act:
        case "set":
            rule = rule_given(kept.rule.site, kept.rule.what, _of_a_form(fields), was=kept.rule)
            if isinstance(rule, str) or (_forbidden(member, rule) and not kept.rule.words):
                return rule if isinstance(rule, str) else _forbidden(member, rule)
            await house.store.write(alerts.set_rule, kept.id, rule, **who)
        case "end":
            await house.store.write(alerts.drop_rule, kept.id, **who)
        case "test":
            return await _test(house, kept, fields.get("press", ""))
        case "remove":
            await house.store.write(alerts.drop_target, kept.id, target, **who)
        case "resume":
            await house.store.write(alerts.resume_target, kept.id, target, **who)
        case "confirm":
            if not may(member.role, Permission.ADMINISTER):
                return "Only an admin confirms where alerts go; ask one."
            await house.store.write(alerts.confirm_target, kept.id, target, **who)
        case "rotate":
            secret = await house.store.write(alerts.rotate_secret, kept.id, target, **who)
            address = next((one.address for one in kept.targets if one.id == target), "")
            return [(address, secret)] if secret else "There is no such web address (any more)."
        case _:
            return await _add(house, member, kept, fields)
    return []


async def _add(house: House, member: Member, kept: Kept, fields: Mapping[str, str]) -> Secrets | str:
    places = _places(house, fields.get("mails", ""), fields.get("webhooks", ""))
    if isinstance(places, str) or not places:
        return places if isinstance(places, str) else "Give a mail address or a web address."
    made = [(address, await _add_target(house, member, kept.id, kind, address)) for kind, address in places]
    if any(secret is None for _, secret in made):
        return f"It goes there already, or to {MOST_TARGETS} addresses, which is the most."
    return [(address, secret) for address, secret in made if secret]


async def _test(house: House, kept: Kept, press: str) -> Secrets | str:
    if not any(one.is_open for one in kept.targets):
        return "There is nowhere it may go: add an address, have an admin confirm it, or let a paused one go on."
    at = house.now()
    if not await house.store.write(alerts_raised.send_test, kept.id, press=press[:32] or str(at), at=at):
        return "This test was sent already, or the alert is off, or ten tests went within the hour."
    return []


async def _add_target(house: House, member: Member, rule: str, kind: str, address: str) -> str | None:
    is_admin = may(member.role, Permission.ADMINISTER)
    return await house.store.write(
        alerts.add_target, rule, kind, address, by=member.id, is_admin=is_admin, at=house.now()
    )


def _places(house: House, mails: str, webhooks: str) -> list[tuple[str, str]] | str:
    """(kind, address) of all that is given, or the sentence that says which of them is none."""
    allowed = hosts_allowed(house.settings.webhook_hosts)
    found: list[tuple[str, str]] = []
    for one in mails.replace(",", " ").replace(";", " ").split():
        if (address := mailable(one)) is None:
            return f"No mail can go to “{one[:60]}”; give addresses such as owner@shop.example, one a line."
        found.append(("mail", address))
    for one in webhooks.split():
        try:
            found.append(("webhook", address_given(one, allowed)))
        except ValueError as error:
            return str(error)
    return found if len(found) <= MOST_TARGETS else f"An alert goes to {MOST_TARGETS} addresses at most."


def _forbidden(member: Member, rule: Rule) -> str:
    """What a member may not have it say."""
    if rule.words and not may(member.role, Permission.CONVERSE):
        return "What visitors said may go along only if somebody says so who may read it; ask an admin."
    return ""


def _of_a_form(fields: Mapping[str, str]) -> dict[str, str]:
    """A box that is not ticked is not sent at all."""
    return {
        name: fields[name] for name in FIELDS if fields.get(name) or (name in ("topic", "quiet") and name in fields)
    } | {name: "yes" if fields.get(name) else "no" for name in TICKS}


def _prefilled(request: web.Request) -> dict[str, str]:
    """What a link to here asks for: "make this an alert"."""
    what, topic = request.query.get("what", ""), request.query.get("topic", "")
    return {"what": what if what in tuple(What) else "complaint", "topic": topic if topic in TOPICS else ""}


async def _with_secrets(request: web.Request, member: Member, site: Site, secrets: Secrets) -> web.Response:
    """Shows what signs, this once; without any, back to the page."""
    if not secrets:
        return _back(site.key)
    sites = await request.app[HOUSE].store.read(all_sites)
    return await _drawn(request, member, sites, site, wanted=_prefilled(request), secrets=secrets)


async def _drawn(
    request: web.Request, member: Member, sites: Any, site: Site | None, *, wanted: dict[str, str],
    secrets: Secrets | None = None,
) -> web.Response:  # fmt: skip
    house = request.app[HOUSE]
    kept = await house.store.read(alerts.rules_of, site.key) if site else []
    raised = await house.store.read(outbox.raised_lately, site.key) if site else []
    out = await house.store.read(outbox.deliveries_of, site.key) if site else []
    mails = sorted({one.address for rule in kept for one in rule.targets if one.kind == "mail"})
    return draw(
        request,
        "boards/alerts.html",
        member=member,
        site=site,
        sites=sites,
        rules=[_shown(one) for one in kept],
        raised=[(one, alert_told(one.rule, one.count, one.figures), more_told(one.more)) for one in raised],
        deliveries=[(one, STATES[one.state]) for one in out],
        stopped=await house.store.read(outbox.stopped_of, site.key, mails) if site else set(),
        most_an_hour=await house.store.read(alerts.limit_of, site.key) if site else 0,
        whats=[(one.value, one.words[0].upper() + one.words[1:]) for one in What],
        have_topics=HAVE_TOPICS,
        topics=TOPICS,
        unit=UNIT,
        wanted=wanted,
        secrets=secrets or [],
        set_up=house.settings.mails,
        is_admin=may(member.role, Permission.ADMINISTER),
        may_read=may(member.role, Permission.CONVERSE),
        query=urlencode({"site": site.key}) if site else "",
    )


def _shown(kept: Kept) -> dict[str, Any]:
    rule = kept.rule
    return {
        "kept": kept, "rule": rule, "words": rule_told(rule), "least": least_told(rule),
        "quiet": quiet_told(rule.quiet), "has_topic": rule.what in HAVE_TOPICS,
    }  # fmt: skip


def _person_query(site: SiteKey, one: outbox.Person, day: str) -> str:
    person = f"c:{one.customer}" if one.customer else f"v:{one.visitor}"
    return urlencode({"site": site, "person": person, "since": day, "until": day}) if one.visitor else ""


async def _site(house: House, key: str) -> Site:
    site = next((one for one in await house.store.read(all_sites) if one.key == key), None)
    if site is None:
        raise web.HTTPNotFound
    return site


def _back(site: SiteKey) -> web.Response:
    return redirect(f"{PAGE}?{urlencode({'site': site})}")
