"""Sends the one-page report: what is due goes into the outbox once, and from there, PDF and all, to each recipient.

It runs in the worker, which is started when something is due and ends: making a report takes seconds and memory.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.errors import DuologueError
from bot.insights.log.reading import FOLDER
from bot.insights.one_page.made import made
from bot.insights.one_page.plan import days_before, latest, next_after
from bot.insights.one_page.schedules import plan_of
from bot.interactions import Microseconds, as_datetime
from bot.mail.envelope import envelope, mailable
from bot.mail.letters import Letter
from bot.mail.sender import GIVES_UP_AFTER, NOT_SET_UP, Post, pause_after
from bot.mail.smtp import Later, Never, Outcome, Taken, post, server_of
from bot.settings import Settings
from bot.store import report_mails
from bot.store.report_mails import ReportMail
from bot.store.report_schedules import put_period, schedules_due
from bot.store.store import Store

HOLD = timedelta(minutes=5)
"""Longer than a report takes to be made and sent: after a crash in the middle the mail is due again then."""
Days = tuple[str, str, str]
log = logging.getLogger(__name__)


class ReportSender:
    """Makes each report of a run once, however many get it."""

    def __init__(self, store: Store, settings: Settings, *, now: Callable[[], Microseconds], post: Post = post) -> None:
        self._store, self._settings, self._now, self._post = store, settings, now, post
        self._made: dict[Days, tuple[Mapping[str, Any], bytes]] = {}

    async def work(self) -> None:
        """Everything that is due."""
        await self.put_what_is_due()
        for mail in await self._store.read(report_mails.due, at=self._now()):
            await self._send(mail)

    async def put_what_is_due(self) -> None:
        """After a downtime one report comes, of the last period that is over; not all that were missed."""
        now = self._now()
        for schedule in await self._store.read(schedules_due, now):
            plan = plan_of(schedule)
            days = days_before(plan, latest(plan, schedule.due_at, now))
            of = {"since": days.since.isoformat(), "until": days.until.isoformat()}
            await self._store.write(put_period, schedule, **of, at=now, next_due=next_after(plan, now))

    async def _send(self, mail: ReportMail) -> None:
        if not self._settings.mails:
            await self._store.write(report_mails.becomes, mail.id, state="refused", trouble=NOT_SET_UP)
            return
        secret = await self._store.write(report_mails.take, mail.id, at=self._now(), hold=HOLD)
        if secret is None:
            return
        try:
            outcome = await self._tried(mail, secret)
        except DuologueError as error:
            outcome = Later(str(error))
        await self._note(mail, outcome)

    async def _tried(self, mail: ReportMail, secret: str) -> Outcome:
        to = mailable(mail.address)
        if to is None:
            return Never("No mail can go to this address.")
        told, pdf = await self._report(mail)
        return await self._post(server_of(self._settings.smtp_url), self._envelope(mail, to, secret, told, pdf))

    async def _report(self, mail: ReportMail) -> tuple[Mapping[str, Any], bytes]:
        key = (mail.site, mail.since, mail.until)
        if key not in self._made:
            # Imported here: the numbers' library takes half a second, and most runs of the worker send nothing.
            from bot.insights.one_page.report import one_page

            today, log_folder = as_datetime(self._now()).date(), self._settings.home / FOLDER
            told = await one_page(self._store, *key, log=log_folder, today=today)
            self._made[key] = told, await made(told, "pdf")
        return self._made[key]

    def _envelope(self, mail: ReportMail, to: str, secret: str, told: Mapping[str, Any], pdf: bytes) -> EmailMessage:
        letter = letter_of(told, url=self._settings.own_url, secret=secret)
        at = as_datetime(self._now())
        message = envelope(letter, id=mail.id, sender=self._settings.mail_from, to=to, at=at)
        name = f"{mail.site}-report-{mail.since}-{mail.until}.pdf"
        message.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
        return message

    async def _note(self, mail: ReportMail, outcome: Outcome) -> None:
        at = self._now()
        match outcome:
            case Taken():
                became: dict[str, Any] = {"state": "sent", "sent_at": at, "trouble": None}
            case Never(why):
                became = {"state": "refused", "trouble": why}
            case Later(why) if at - mail.created_at >= GIVES_UP_AFTER // timedelta(microseconds=1):
                became = {"state": "refused", "trouble": f"Given up after two days. {why}"}
            case Later(why):
                pause = pause_after(mail.tries + 1) // timedelta(microseconds=1)
                became = {"trouble": why, "due_at": at + pause}
                log.warning("report %s waits: %s", mail.id, why)
        await self._store.write(report_mails.becomes, mail.id, **became)


def letter_of(told: Mapping[str, Any], *, url: str, secret: str) -> Letter:
    """The sentences as a mail. Without a secret, as in the preview, nobody can say stop with it."""
    from bot.insights.one_page.page import INVENTED, page_of

    page = page_of(told)
    stop = f"{url}/mail/stop/{secret}" if secret else ""
    link = f"{url}/insights/report?site={told['site']}&since={told['first_day']}&until={told['last_day']}"
    shown = {"page": page, "link": link, "stop": stop, "invented": INVENTED}
    text, html = (_templates.get_template(f"report.{form}").render(shown) for form in ("txt", "html"))
    return Letter(
        f"{told['name']}: report of {told['first_day']} to {told['last_day']}", text.strip() + "\n", html, stop
    )


_templates = Environment(
    loader=PackageLoader("bot.mail"),
    # The plain one is text: nothing in it is markup.
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
