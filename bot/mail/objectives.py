"""Tells owners of their objectives: that one was reached, and that it is over; each once, whatever dies meanwhile.

It runs in the worker. What a mail says is written down when it is put into the outbox, with the look that found it.
"""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from bot.errors import DuologueError
from bot.insights.log.reading import FOLDER
from bot.interactions import Microseconds, as_datetime, rfc3339
from bot.mail.envelope import envelope, mailable
from bot.mail.letters import Letter
from bot.mail.sender import GIVES_UP_AFTER, NOT_SET_UP, Post, pause_after
from bot.mail.smtp import Later, Never, Outcome, Taken, post, server_of
from bot.settings import Settings
from bot.store import objective_mails
from bot.store.objective_mails import Event, ObjectiveMail, put_event
from bot.store.objectives import Objective, begins, ends, objectives_to_look_at
from bot.store.sites import find_site
from bot.store.store import Store

HOLD = timedelta(minutes=5)
"""Longer than a mail takes to be sent: after a crash in the middle it is due again then."""
AFTER_MIDNIGHT, LOOKS_AGAIN = timedelta(minutes=10), timedelta(minutes=10)
"""When a new day is looked at: what came late of the one before is in the log then. And when, where it was not yet."""
log = logging.getLogger(__name__)


class ObjectiveSender:
    def __init__(self, store: Store, settings: Settings, *, now: Callable[[], Microseconds], post: Post = post) -> None:
        self._store, self._settings, self._now, self._post = store, settings, now, post

    async def work(self) -> None:
        """Everything that is due: first what is to be looked at, then what is to be sent."""
        for one in await self._store.read(objectives_to_look_at, self._now()):
            await self._look(one)
        for mail in await self._store.read(objective_mails.due, at=self._now()):
            await self._send(mail)

    async def _look(self, one: Objective) -> None:
        now = self._now()
        if now < begins(one.since) and one.closed_at is None:
            await self._store.write(put_event, one, None, next_look=_later(begins(one.since)), at=now)
            return
        try:
            row, site = await self._standing(one, now)
        except DuologueError as error:
            log.warning("objective %s was not looked at: %s", one.id, error)
            await self._store.write(put_event, one, None, next_look=_soon(now), at=now)
            return
        event = event_of(row)
        told = {"subject": f"{one.name}: {row['status']}", "said": json.dumps(said_of(row, site), ensure_ascii=False)}
        await self._store.write(put_event, one, event, **told, next_look=next_look(one, event, now), at=now)

    async def _standing(self, one: Objective, now: Microseconds) -> tuple[dict[str, Any], str]:
        # Imported here: the numbers' library takes half a second, and most runs of the worker look at nothing.
        from bot.insights.objectives.report import standing

        site = await self._store.read(find_site, one.site)
        assert site is not None
        return await standing(self._store, site, one, log=self._settings.home / FOLDER, now=now), site.name

    async def _send(self, mail: ObjectiveMail) -> None:
        if not self._settings.mails:
            await self._store.write(objective_mails.becomes, mail.id, state="refused", trouble=NOT_SET_UP)
            return
        if await self._store.write(objective_mails.take, mail.id, at=self._now(), hold=HOLD):
            await self._note(mail, await self._tried(mail))

    async def _tried(self, mail: ObjectiveMail) -> Outcome:
        to = None if mail.to is None else mailable(mail.to)
        if to is None:
            return Never("Its owner is staff no longer." if mail.to is None else "Its owner’s name is no mail address.")
        letter, at = letter_of(mail, url=self._settings.own_url), as_datetime(self._now())
        message = envelope(letter, id=mail.id, sender=self._settings.mail_from, to=to, at=at)
        return await self._post(server_of(self._settings.smtp_url), message)

    async def _note(self, mail: ObjectiveMail, outcome: Outcome) -> None:
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
                log.warning("mail %s about an objective waits: %s", mail.id, why)
        await self._store.write(objective_mails.becomes, mail.id, **became)


def event_of(row: Mapping[str, Any]) -> Event | None:
    """What its owner is told of how it stands, if anything."""
    if row["closed"] is not None or not row["days_left"]:
        return Event.OVER
    return Event.REACHED if row["status"] == "reached" else None


def next_look(one: Objective, event: Event | None, now: Microseconds) -> Microseconds | None:
    """On the next day of UTC; soon, where the last day has passed and the log does not know all of it; then never."""
    if event is Event.OVER:
        return None
    if now >= ends(one.until):
        return _soon(now)
    return _later(ends(rfc3339(now)[:10]))


def said_of(row: Mapping[str, Any], site: str) -> dict[str, Any]:
    """What the mail says, as it is kept."""
    closed = row["closed"]
    by = [] if closed is None else [f"Closed by {closed['by'] or 'the command line'} on {closed['at'][:10]}."]
    return {
        "title": row["name"],
        "sentence": row["sentence"],
        "days": f"{site}, {row['since']} to {row['until']}, whole days in UTC. {row['title']}, {row['about']}.",
        "label": row["label"],
        "notes": [row["definition"], *by, *row["notes"]],
    }


def letter_of(mail: ObjectiveMail, *, url: str) -> Letter:
    shown = {"said": json.loads(mail.said), "link": f"{url}/insights/objectives/{mail.objective}"}
    text, html = (_templates.get_template(f"objective.{form}").render(shown) for form in ("txt", "html"))
    return Letter(mail.subject, text.strip() + "\n", html)


def _later(moment: Microseconds) -> Microseconds:
    return Microseconds(moment + AFTER_MIDNIGHT // timedelta(microseconds=1))


def _soon(now: Microseconds) -> Microseconds:
    return Microseconds(now + LOOKS_AGAIN // timedelta(microseconds=1))


_templates = Environment(
    loader=PackageLoader("bot.mail"),
    # The plain one is text: nothing in it is markup.
    autoescape=select_autoescape(("html",)),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
