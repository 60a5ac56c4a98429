"""Answers that staff have ready: of a site or of all sites, shared or a member's own; those used most come first."""

import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, func, insert, or_, select, tuple_, update

from bot.interactions import Microseconds
from bot.store.console_tables import ready_replies, staff

NAME_LENGTH = 60
OWN_AT_MOST, SHARED_AT_MOST = 100, 500
PAGE_OF_REPLIES = 50
OFFERED = 300
"""In a composer; of more nobody finds one by looking."""
LANGUAGES_AT_MOST = 10
_r = ready_replies.c
_MADE = select(ready_replies, staff.c.name.label("by")).join(staff, staff.c.id == _r.changed_by)


@dataclass(frozen=True)
class Wording:
    """What a reply says. `texts` are by language. `site` None: for all; `owner` None: shared with all of the staff."""

    name: str
    texts: dict[str, str]
    site: str | None = None
    owner: str | None = None


@dataclass(frozen=True)
class ReadyReply(Wording):
    """`by` is who changed it last, and `changed_at` when: an old form changes nothing that is newer."""

    id: str = ""
    uses: int = 0
    by: str = ""
    changed_at: Microseconds = 0  # type: ignore[assignment]

    def text_in(self, language: str | None) -> str:
        """In the visitor's language, else in English, else in the first."""
        wanted = (language or "").lower()
        ways = (wanted, wanted.partition("-")[0], "en", *self.texts)
        return next(self.texts[way] for way in ways if way in self.texts)


def replies_of(
    connection: Connection, member: str, *, after: tuple[int, str] | None = None, limit: int = PAGE_OF_REPLIES
) -> list[ReadyReply]:
    """Those that the member may use, of all sites, the most used first; `after` is the last one of the page before."""
    asked = _MADE.where(_readable(member))
    if after is not None:
        asked = asked.where(tuple_(_r.uses, _r.id) < tuple_(*after))
    return _found(connection, asked, limit)


def offered(connection: Connection, member: str, site: str) -> list[ReadyReply]:
    """Those that the member may use in a conversation of this site, the most used first."""
    return _found(connection, _MADE.where(_readable(member), or_(_r.site == site, _r.site.is_(None))), OFFERED)


def reply(connection: Connection, member: str, id: str) -> ReadyReply | None:
    """None when there is no such reply, or it is a colleague's own."""
    found = _found(connection, _MADE.where(_r.id == id, _readable(member)), 1)
    return found[0] if found else None


def create(connection: Connection, wording: Wording, member: str, *, at: Microseconds) -> str | None:
    """The new reply's id; None when there are too many."""
    alike = _r.staff.is_(None) if wording.owner is None else _r.staff == wording.owner
    count = connection.execute(select(func.count()).select_from(ready_replies).where(alike)).scalar_one()
    if count >= (SHARED_AT_MOST if wording.owner is None else OWN_AT_MOST):
        return None
    id = secrets.token_urlsafe(9)
    connection.execute(insert(ready_replies).values(id=id, uses=0, changed_by=member, changed_at=at, **_row(wording)))
    return id


def change(
    connection: Connection, id: str, wording: Wording, member: str, *, was: Microseconds, at: Microseconds
) -> bool:
    """Says it anew; False when it is gone, or was changed since `was`."""
    same = and_(_r.id == id, _r.changed_at == was)
    # Later than before by this alone, so that two changes within a microsecond are two.
    values = _row(wording) | {"changed_by": member, "changed_at": max(at, was + 1)}
    return bool(connection.execute(update(ready_replies).where(same).values(values)).rowcount)


def remove(connection: Connection, id: str) -> None:
    """One that is gone is removed already."""
    connection.execute(delete(ready_replies).where(_r.id == id))


def used(connection: Connection, id: str, member: str) -> None:
    """Counts that the member has answered with it."""
    theirs = and_(_r.id == id, _readable(member))
    connection.execute(update(ready_replies).where(theirs).values(uses=_r.uses + 1))


def _readable(member: str) -> ColumnElement[bool]:
    return or_(_r.staff.is_(None), _r.staff == member)


def _row(wording: Wording) -> dict[str, object]:
    return {"name": wording.name, "texts": wording.texts, "site": wording.site, "staff": wording.owner}


def _found(connection: Connection, asked: Select[tuple[object, ...]], limit: int) -> list[ReadyReply]:
    rows = connection.execute(asked.order_by(_r.uses.desc(), _r.id.desc()).limit(limit))
    return [_reply(row) for row in rows]


def _reply(row: Row[tuple[object, ...]]) -> ReadyReply:
    made = row._mapping
    return ReadyReply(
        name=made["name"], texts=made["texts"], site=made["site"], owner=made["staff"], id=made["id"],
        uses=made["uses"], by=made["by"], changed_at=made["changed_at"],
    )  # fmt: skip
