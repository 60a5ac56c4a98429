"""What staff say of unanswered questions: that pages answer them since, or that they are none of the shop's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from sqlalchemy import Connection, select

from bot.interactions import Microseconds, SiteKey
from bot.store.audit import Act, record
from bot.store.console_tables import question_marks
from bot.store.database import insert_into
from bot.store.questions import Unanswered, normal
from bot.store.sites import Site
from bot.store.staff import Member


class Mark(StrEnum):
    ANSWERED = "answered"
    """What was asked so before is settled; asked again in vain, it is listed again."""
    NOT_OURS = "not_ours"
    """Never listed, whenever it is asked."""


@dataclass(frozen=True)
class Marked:
    mark: Mark
    at: Microseconds


def digest_of(site: Site, question: str) -> str:
    """By what a wording is known again. Keyed, since it stays when who asked is forgotten, and must not be guessed."""
    return blake2b(normal(question).encode("utf-8", "replace"), key=site.salt.encode()[:64], digest_size=16).hexdigest()


def marks_of(connection: Connection, site: SiteKey) -> dict[str, Marked]:
    rows = connection.execute(select(question_marks).where(question_marks.c.site == site).order_by("digest"))
    return {row.digest: Marked(Mark(row.mark), row.at) for row in rows}


def is_settled(site: Site, marks: Mapping[str, Marked], row: Unanswered) -> bool:
    known = marks.get(digest_of(site, row.text)) if marks else None
    return known is not None and (known.mark is Mark.NOT_OURS or row.at <= known.at)


def mark(
    connection: Connection,
    site: Site,
    questions: Iterable[str],
    as_: Mark,
    member: Member,
    *,
    page: str | None = None,
    at: Microseconds,
) -> None:
    """Marks each of these wordings; one that is marked already is marked anew."""
    digests = sorted({digest_of(site, one) for one in questions})
    if not digests:
        return
    new = insert_into(connection, question_marks)
    values = {name: new.excluded[name] for name in ("mark", "page", "staff", "at")}
    connection.execute(
        new.on_conflict_do_update(index_elements=["site", "digest"], set_=values),
        [
            {"site": site.key, "digest": one, "mark": as_.value, "page": page, "staff": member.id, "at": at}
            for one in digests
        ],
    )
    record(connection, at=at, staff=member.id, act=Act.REVIEWED, subject=f"questions:{site.key}", detail=as_.value)
