"""Sends what waits in the outbox, one after the other, and tries again later what could not go.

It runs in the gateway: only there is it known who is connected, and a mail goes within seconds. What it holds in
memory may be lost at any moment; what is to be sent is in the store.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from bot.errors import StoreUnavailable
from bot.interactions import ConversationId, Microseconds, as_datetime
from bot.mail.envelope import envelope, mailable
from bot.mail.letters import Contents, Letter, letter
from bot.mail.smtp import Later, Never, Outcome, Server, Taken, post, server_of
from bot.settings import Settings
from bot.store import mails
from bot.store.conversation_keys import drop_key
from bot.store.mail_contents import Ready, make_ready
from bot.store.mails import FORWARDS, Mail, MailKind
from bot.store.sites import find_site
from bot.store.store import Store

LOOKS_EVERY_S = 5.0
HOLD = timedelta(minutes=3)
"""Longer than any try takes: after a crash in the middle the mail is due again then."""
FIRST_PAUSE, LONGEST_PAUSE, GIVES_UP_AFTER = timedelta(minutes=1), timedelta(hours=1), timedelta(days=2)
LOOKS_AGAIN = timedelta(seconds=30)
"""Whether who is here has left, or has read it."""
NOT_SET_UP = "Mail is not set up (DUOLOGUE_SMTP_URL)."
Post = Callable[[Server, EmailMessage], Awaitable[Outcome]]
log = logging.getLogger(__name__)


class Sender:
    """`away_for` says how long no browser of the visitor has been connected."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        *,
        now: Callable[[], Microseconds],
        away_for: Callable[[ConversationId], timedelta],
        server: Server | None = None,
    ) -> None:
        self._store, self._settings, self._now, self._away_for = store, settings, now, away_for
        self._server = server or (server_of(settings.smtp_url) if settings.mails else None)
        self._rests_until = 0

    async def keep_sending(self) -> None:
        while True:
            try:
                await self.look()
            except StoreUnavailable as error:
                log.warning("no mail now, trying again in %d s: %s", LOOKS_EVERY_S, error)
            except Exception:
                # Nobody's chat is worse for a mail that comes late.
                log.exception("no mail now, trying again in %d s", LOOKS_EVERY_S)
            await asyncio.sleep(LOOKS_EVERY_S)

    async def look(self) -> None:
        """Sends all that is due."""
        if self._server is None:
            if (await self._store.read(mails.outbox)).waiting:
                await self._store.write(mails.refuse_all_waiting, NOT_SET_UP)
            return
        at = self._now()
        for mail in await self._store.read(mails.due, at=at):
            if at < self._rests_until:
                return
            if not await self._is_put_off(mail):
                await self._send(self._server, mail)

    async def _is_put_off(self, mail: Mail) -> bool:
        """Who is in the chat reads it there. They are away once they were not seen for as long as is set."""
        missing = timedelta(minutes=self._settings.mail_after_min) - self._away_for(mail.conversation)
        if mail.kind is not MailKind.ANSWERS or missing <= timedelta(0):
            return False
        until = self._now() + _us(min(missing, LOOKS_AGAIN))
        await self._store.write(mails.put_off, mail.id, until=Microseconds(until))
        return True

    async def _send(self, server: Server, mail: Mail) -> None:
        ready = await self._store.write(make_ready, mail.id, at=self._now(), hold=HOLD)
        if ready is None:
            return
        to = mailable(ready.mail.address)
        outcome: Outcome = Never("No mail can go to this address.")
        if to is not None:
            outcome = await post(server, self._envelope(ready, await self._letter(ready), to))
        await self._note(ready, outcome)

    async def _note(self, ready: Ready, outcome: Outcome) -> None:
        mail, at = ready.mail, self._now()
        if ready.link and not isinstance(outcome, Taken) and not (isinstance(outcome, Later) and outcome.unsure):
            # Nobody has got these.
            for key in (ready.link, ready.stop):
                await self._store.write(drop_key, key)
        match outcome:
            case Taken():
                await self._store.write(mails.is_sent, mail.id, at=at)
            case Never(why):
                await self._store.write(mails.is_refused, mail.id, why)
            case Later(why) if at - mail.created_at >= _us(GIVES_UP_AFTER):
                await self._store.write(mails.is_refused, mail.id, f"Given up after two days. {why}")
            case Later(why):
                pause = pause_after(mail.tries)
                await self._store.write(mails.has_failed, mail.id, why, due_at=Microseconds(at + _us(pause)))
                if outcome.for_all:
                    self._rests_until = at + _us(FIRST_PAUSE)
                log.warning("mail %s waits: %s", mail.id, why)

    async def _letter(self, ready: Ready) -> Letter:
        mail, url = ready.mail, self._settings.own_url
        site = await self._store.read(find_site, mail.site)
        assert site is not None
        hours, is_forward = site.chat.opening_hours, mail.kind in FORWARDS
        contents = Contents(
            kind=mail.kind,
            site=site.name,
            said=ready.said,
            all=mail.up_to,
            language="en" if is_forward else ready.language,
            timezone=hours.timezone if hours else ZoneInfo("UTC"),
            by=mail.by or "",
            words=mail.words,
        )
        if is_forward:
            return letter(contents, link=f"{url}/console/conversations/{mail.conversation}")
        # After the #: browsers send that to nobody, and no server on the way writes it down.
        link, stop = f"{url}/resume#{ready.link}", f"{url}/mail/stop/{ready.stop}"
        return letter(contents, link=link, until=ready.until, stop=stop)

    def _envelope(self, ready: Ready, letter: Letter, to: str) -> EmailMessage:
        at = as_datetime(self._now())
        return envelope(letter, id=ready.mail.id, sender=self._settings.mail_from, to=to, at=at)


def pause_after(tries: int) -> timedelta:
    """How long a mail waits after so many tries in vain: a minute, then twice as long each time, up to an hour."""
    return min(FIRST_PAUSE * (1 << min(tries - 1, 10)), LONGEST_PAUSE)


def _us(span: timedelta) -> int:
    return span // timedelta(microseconds=1)
