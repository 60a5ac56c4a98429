"""`duologue alert`: what whoever runs the server sets down to be told of, and where to."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from bot.alert_rules import What
from bot.alerts.given import FIELDS, least_told, quiet_told, rule_given
from bot.alerts.sender import AlertSender
from bot.alerts.sentences import rule_told
from bot.alerts.webhook import address_given, hosts_allowed
from bot.commands.opened import opened
from bot.errors import ConfigurationError
from bot.gateway.house import now
from bot.interactions import SiteKey
from bot.mail.envelope import mailable
from bot.settings import Settings, load
from bot.store import alerts, alerts_raised
from bot.store.alert_deliveries import deliveries_of
from bot.store.alerts import MOST_RULES, MOST_TARGETS, Kept
from bot.store.sites import find_site
from bot.store.store import Store
from bot.terminal import write_json

PLACES = {"mail": "mail", "webhook": "webhook"}


async def alert(given: argparse.Namespace) -> int:
    """Adds, lists, changes, removes or tries an alert; 1 when a test could not go everywhere."""
    settings = load()
    async with opened(settings) as store:
        if await store.read(find_site, SiteKey(given.site)) is None:
            raise ConfigurationError(f'There is no site "{given.site[:80]}"; `duologue site list` shows all.')
        site = SiteKey(given.site)
        match given.act:
            case "list":
                told: Any = {"alerts": [_told(one) for one in await store.read(alerts.rules_of, site)]}
            case "add":
                told = await _add(store, settings, site, given)
            case "set":
                told = await _set(store, settings, await _rule(store, site, given.what), given.settings)
            case "remove":
                kept = await _rule(store, site, given.what)
                await store.write(alerts.drop_rule, kept.id, by=None, at=now())
                told = {"removed": kept.id}
            case _:
                told = await _test(store, settings, await _rule(store, site, given.what))
    _write(told, as_json=given.output == "json")
    return 1 if any(one["state"] != "sent" for one in told.get("deliveries", ())) else 0


async def _add(store: Store, settings: Settings, site: SiteKey, given: argparse.Namespace) -> dict[str, Any]:
    fields, places = _sorted(settings, given.settings)
    rule = rule_given(site, given.what or "", fields)
    if isinstance(rule, str):
        raise ConfigurationError(f"{rule} E.g. duologue alert add {What.COMPLAINT} least=5 mail=owner@shop.example")
    id = await store.write(alerts.add_rule, rule, by=None, at=now())
    if id is None:
        raise ConfigurationError(f"The site has this alert already, or {MOST_RULES} of them: duologue alert list")
    secrets = await _add_places(store, id, places)
    return _told(await _rule(store, site, id)) | {"secrets": secrets}


async def _set(store: Store, settings: Settings, kept: Kept, given: Sequence[str]) -> dict[str, Any]:
    fields, places = _sorted(settings, given)
    rule = rule_given(kept.rule.site, kept.rule.what, fields, was=kept.rule)
    if isinstance(rule, str):
        raise ConfigurationError(rule)
    await store.write(alerts.set_rule, kept.id, rule, by=None, at=now())
    secrets = await _add_places(store, kept.id, places)
    return _told(await _rule(store, kept.rule.site, kept.id)) | {"secrets": secrets}


async def _test(store: Store, settings: Settings, kept: Kept) -> dict[str, Any]:
    """Sends it at once, and says what became of it."""
    at = now()
    if not await store.write(alerts_raised.send_test, kept.id, press=str(at), at=at):
        raise ConfigurationError("A test has nowhere to go, the alert is off, or ten tests went within the hour.")
    await AlertSender(store, settings, now=now).work()
    sent = [one for one in await store.read(deliveries_of, kept.rule.site) if one.created_at == at]
    return {"deliveries": [{"address": one.address, "state": one.state, "trouble": one.trouble} for one in sent]}


async def _add_places(store: Store, id: str, places: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What signs at each web address that is new; whoever runs the server confirms what they add."""
    secrets: dict[str, str] = {}
    for kind, address in places:
        secret = await store.write(alerts.add_target, id, kind, address, by=None, is_admin=True, at=now())
        if secret is None:
            raise ConfigurationError(f"It goes to {address} already, or to {MOST_TARGETS} addresses in all.")
        if secret:
            secrets[address] = secret
    return secrets


def _sorted(settings: Settings, given: Sequence[str]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """What is set of the rule, and where it is to go."""
    fields: dict[str, str] = {}
    places: list[tuple[str, str]] = []
    for one in given:
        name, is_given, value = one.partition("=")
        if not is_given or (name not in FIELDS and name not in PLACES):
            raise ConfigurationError(f'"{one[:80]}" sets nothing; give NAME=VALUE of {", ".join((*FIELDS, *PLACES))}.')
        if name in PLACES:
            places.append((name, _address(settings, name, value)))
        else:
            fields[name] = value
    return fields, places


def _address(settings: Settings, kind: str, value: str) -> str:
    if kind == "mail":
        if (address := mailable(value)) is None:
            raise ConfigurationError(f'No mail can go to "{value[:80]}"; give an address such as owner@shop.example.')
        return address
    try:
        return address_given(value, hosts_allowed(settings.webhook_hosts))
    except ValueError as error:
        raise ConfigurationError(str(error)) from error


async def _rule(store: Store, site: SiteKey, id: str | None) -> Kept:
    kept = await store.read(alerts.find_rule, id) if id else None
    if kept is None or kept.rule.site != site:
        raise ConfigurationError(f'The site has no alert "{(id or "")[:40]}"; `duologue alert list` shows all.')
    return kept


def _told(kept: Kept) -> dict[str, Any]:
    rule = kept.rule
    return {
        "id": kept.id, "when": rule_told(rule), "what": rule.what.value, "topic": rule.topic or None,
        "least": least_told(rule), "usual": rule.usual, "most_an_hour": rule.most_an_hour,
        "quiet": quiet_told(rule.quiet) or None, "timezone": rule.timezone, "words": rule.words, "on": rule.is_on,
        "goes_to": [
            {"kind": one.kind, "address": one.address, "confirmed": one.is_confirmed, "paused": bool(one.paused_at)}
            for one in kept.targets
        ],
    }  # fmt: skip


def _write(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        write_json(told)
        return
    for one in told.get("alerts", [told] if "when" in told else []):
        sys.stdout.write(f"{one['id']}  {one['when']}{'' if one['on'] else '  (off)'}\n")
        for to in one["goes_to"]:
            state = "  (paused)" if to["paused"] else "" if to["confirmed"] else "  (waits for an admin)"
            sys.stdout.write(f"  to {to['address']}{state}\n")
    for address, secret in told.get("secrets", {}).items():
        sys.stdout.write(f"  signs at {address}: {secret}\n")
        sys.stderr.write("The secret can't be shown again.\n")
    for one in told.get("deliveries", ()):
        sys.stdout.write(f"{one['state']:10}{one['address']}{'  ' + one['trouble'] if one['trouble'] else ''}\n")
    if "removed" in told:
        sys.stdout.write(f"Removed {told['removed']}.\n")
