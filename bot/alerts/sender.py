"""Sends the alerts that are due, by mail and to web addresses, and tries again later what could not go.

It runs in the worker. What it holds in memory may be lost at any moment; what is to be sent is in the store, and goes
again under the same id after a crash.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.alerts.sentences import alert_told, more_told
from bot.alerts.webhook import call, hosts_allowed
from bot.interactions import Microseconds, as_datetime, rfc3339
from bot.mail.alert_letters import alert_letter
from bot.mail.envelope import envelope, mailable
from bot.mail.sender import NOT_SET_UP, Post, pause_after
from bot.mail.smtp import Later, Never, Outcome, Taken, post, server_of
from bot.pages.crawling.addresses import Gate, Lookup, look_up
from bot.settings import Settings
from bot.store import alert_deliveries as outbox
from bot.store.alert_deliveries import Ready
from bot.store.store import Store

HOLD = timedelta(minutes=3)
"""Longer than any try takes: after a crash in the middle it is due again then."""
GIVES_UP_AFTER = timedelta(days=1)
JITTER = 0.25
"""By such a share a pause is longer or shorter, so that what failed together does not come again together."""
log = logging.getLogger(__name__)


class AlertSender:
    """Each delivery once, as far as its address says that it has come."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        now: Callable[[], Microseconds],
        post: Post = post,
        lookup: Lookup = look_up,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store, self._settings, self._now, self._post = store, settings, now, post
        self._lookup, self._chance = lookup, chance

    async def work(self) -> None:
        """Everything that is due; a slow address holds up no other."""
        while ids := await self._store.read(outbox.due, at=self._now()):
            await asyncio.gather(*(self._send(id) for id in ids))

    async def _send(self, id: str) -> None:
        ready = await self._store.write(outbox.take, id, at=self._now(), hold=HOLD)
        if ready is None:
            return
        try:
            outcome = await self._tried(ready)
        except Exception:
            log.exception("alert %s could not be put together", id)
            outcome = Later("It could not be put together; the log of the worker says more.")
        await self._note(ready, outcome)

    def _tried(self, ready: Ready) -> Awaitable[Outcome]:
        return self._mailed(ready) if ready.delivery.kind == "mail" else self._called(ready)

    async def _mailed(self, ready: Ready) -> Outcome:
        to = mailable(ready.delivery.address)
        if not self._settings.mails:
            return Never(NOT_SET_UP)
        if to is None:
            return Never("No mail can go to this address.")
        raised, url = ready.raised, self._settings.own_url
        letter = alert_letter(
            site=ready.site_name,
            told=alert_told(raised.rule, raised.count, raised.figures),
            more=more_told(raised.more),
            quotes=ready.quotes,
            link=_link(ready, url),
            stop=f"{url}/mail/stop/{ready.stop}",
        )
        sender, at = self._settings.mail_from, as_datetime(self._now())
        message = envelope(letter, id=ready.delivery.id, sender=sender, to=to, at=at)
        return await self._post(server_of(self._settings.smtp_url), message)

    async def _called(self, ready: Ready) -> Outcome:
        gate = Gate(hosts_allowed(self._settings.webhook_hosts), lookup=self._lookup)
        event = event_of(ready, url=self._settings.own_url)
        delivery = ready.delivery
        return await call(
            delivery.address, event, delivery=delivery.id, secrets=ready.secrets, at=self._now(), gate=gate
        )

    async def _note(self, ready: Ready, outcome: Outcome) -> None:
        at, delivery = self._now(), ready.delivery
        match outcome:
            case Taken():
                await self._store.write(outbox.is_sent, delivery, at=at)
            case Never(why):
                await self._store.write(outbox.is_given_up, delivery, why, at=at, for_good="410" in why)
            case Later(why) if at - delivery.created_at >= _us(GIVES_UP_AFTER):
                why = f"Given up after a day. {why}"
                await self._store.write(outbox.is_given_up, delivery, why, at=at, for_good=False)
            case Later(why):
                pause = pause_after(delivery.tries) * (1 - JITTER + 2 * JITTER * self._chance())
                await self._store.write(outbox.becomes, delivery.id, trouble=why, due_at=at + _us(pause))
                log.warning("alert %s waits: %s", delivery.id, why)


def event_of(ready: Ready, *, url: str) -> dict[str, Any]:
    """What a web address is told; docs/api.md has it field by field. No word of a visitor unless the rule says so."""
    raised, rule = ready.raised, ready.raised.rule
    event: dict[str, Any] = {
        "event": "alert.raised", "id": raised.id, "at": rfc3339(raised.at), "site": rule.site, "rule": raised.rule_id,
        "what": rule.what.value, "topic": rule.topic or None, "count": raised.count, "more": raised.more,
        "sentence": alert_told(rule, raised.count, raised.figures), "link": _link(ready, url),
        "test": bool(raised.figures.get("test")),
    }  # fmt: skip
    return event | ({"words": list(ready.quotes)} if rule.words else {})


def _link(ready: Ready, url: str) -> str:
    return f"{url}/insights/alerts/raised/{ready.raised.id}"


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
