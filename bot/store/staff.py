"""The people who answer in the console, their sign-ins, and what they do in a conversation."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, delete, insert, select, update

from bot.conversation import (
    Effect,
    Happening,
    StaffGaveBack,
    StaffResolved,
    StaffSaid,
    StaffTook,
    refusal_in,
)
from bot.errors import ConfigurationError
from bot.interactions import ConversationId, Kind, Microseconds
from bot.store.audit import Act, of_conversation, of_member, record
from bot.store.console_tables import sign_ins, staff
from bot.store.conversations import (
    Conversation,
    Message,
    existing,
    give_receipt,
    happen,
    interaction,
    receipt,
    say,
)
from bot.store.files import attach, counted, unused
from bot.store.ids import new_id
from bot.store.interactions import append
from bot.store.mails import answer_by_mail
from bot.store.tables import conversations

ROLES = ("agent", "marketer", "admin")
AUDITED = {"staff": Act.TOOK, "bot": Act.GAVE_BACK, "resolved": Act.RESOLVED}
_NOTHING_FOLLOWS: tuple[Effect, ...] = ()
SIGNED_IN_FOR_US = 12 * 3600 * 1_000_000
AGENT_LENGTH = 400
_hasher = PasswordHasher()


@cache
def _nobody() -> str:
    """Checked when nobody has the name, so that a wrong name takes as long as a wrong password."""
    return _hasher.hash(secrets.token_urlsafe(16))


class FilesGone(Exception):
    """A file that an answer should carry is not there any more, or was sent already; nothing was said."""


@dataclass(frozen=True)
class Member:
    id: str
    name: str
    role: str


@dataclass(frozen=True)
class NewMember(Member):
    """Shown once: neither the password nor the token can be had again."""

    password: str
    token: str


@dataclass(frozen=True)
class Done:
    """What staff's act led to; `refused` names why it did not happen."""

    conversation: Conversation
    effects: tuple[Effect, ...] = ()
    message: Message | None = None
    refused: Effect | None = None


def hash_password(password: str) -> str:
    """What is kept of a password. Slow on purpose: it belongs in a thread of its own, and in no transaction."""
    return _hasher.hash(password)


def new_password() -> str:
    return secrets.token_urlsafe(12)


def add_member(
    connection: Connection,
    name: str,
    role: str,
    *,
    at: Microseconds,
    by: str | None = None,
    password: tuple[str, str] | None = None,
) -> NewMember:
    """A new member of the staff; `by` is who adds them. `password` and its hash may be made before."""
    if role not in ROLES:
        raise ConfigurationError(f'The role is "{role}"; give one of {", ".join(ROLES)}.')
    if not name.strip() or len(name) > 200:
        raise ConfigurationError("The name is empty or too long; give e.g. Dana.")
    if is_known(connection, name):
        raise ConfigurationError(f"There is a member of staff named {name} already; give another name.")
    shown = password[0] if password else new_password()
    member = NewMember(new_id(12), name, role, shown, secrets.token_urlsafe(24))
    connection.execute(
        insert(staff).values(
            id=member.id,
            name=name,
            role=role,
            password_hash=password[1] if password else hash_password(shown),
            token_hash=hash_of(member.token),
            created_at=at,
        )
    )
    record(connection, at=at, staff=by, act=Act.ADDED_MEMBER, subject=of_member(member.id), detail=role)
    return member


def is_known(connection: Connection, name: str) -> bool:
    return connection.execute(select(staff.c.id).where(staff.c.name == name)).first() is not None


def by_token(connection: Connection, token: str) -> Member | None:
    theirs = select(staff).where(staff.c.token_hash == hash_of(token), staff.c.disabled_at.is_(None))
    row = connection.execute(theirs).one_or_none()
    return None if row is None else _member(row)


def by_name(connection: Connection, name: str) -> tuple[Member, str] | None:
    """The member of this name and the hash of their password, for `is_password_of`."""
    row = connection.execute(select(staff).where(staff.c.name == name)).one_or_none()
    return None if row is None else (_member(row), row.password_hash)


def is_password_of(found: tuple[Member, str] | None, password: str) -> bool:
    """Whether it is their password. Slow on purpose (Argon2id), also for nobody: so it asks no database, and
    belongs in a thread of its own."""
    try:
        return _hasher.verify(_nobody() if found is None else found[1], password) and found is not None
    except (VerificationError, InvalidHashError):
        return False


def sign_in(connection: Connection, member: Member, *, at: Microseconds, agent: str = "") -> str | None:
    """A new sign-in's secret, for the cookie; None for who is disabled. Those that have ended are cleared away."""
    if not _is_still(connection, member):
        return None
    token = secrets.token_urlsafe(24)
    connection.execute(delete(sign_ins).where(sign_ins.c.created_at <= at - SIGNED_IN_FOR_US))
    connection.execute(
        insert(sign_ins).values(
            token_hash=hash_of(token),
            id=secrets.token_urlsafe(12),
            staff=member.id,
            agent=agent[:AGENT_LENGTH],
            created_at=at,
            used_at=at,
        )
    )
    record(connection, at=at, staff=member.id, act=Act.SIGNED_IN, subject=of_member(member.id))
    return token


def signed_in(connection: Connection, token: str, *, at: Microseconds) -> Member | None:
    row = connection.execute(
        select(staff)
        .join(sign_ins, sign_ins.c.staff == staff.c.id)
        .where(
            sign_ins.c.token_hash == hash_of(token),
            sign_ins.c.created_at > at - SIGNED_IN_FOR_US,
            staff.c.disabled_at.is_(None),
        )
    ).one_or_none()
    return None if row is None else _member(row)


def sign_out(connection: Connection, token: str) -> None:
    connection.execute(delete(sign_ins).where(sign_ins.c.token_hash == hash_of(token)))


def name_of(connection: Connection, member: str) -> str | None:
    return connection.execute(select(staff.c.name).where(staff.c.id == member)).scalar_one_or_none()


def take(connection: Connection, conversation: ConversationId, member: Member, *, at: Microseconds) -> Done:
    return _act(connection, conversation, member, StaffTook(member.id), to="staff", at=at)


def give_back(connection: Connection, conversation: ConversationId, member: Member, *, at: Microseconds) -> Done:
    return _act(connection, conversation, member, StaffGaveBack(member.id), to="bot", at=at)


def resolve(connection: Connection, conversation: ConversationId, member: Member, *, at: Microseconds) -> Done:
    return _act(connection, conversation, member, StaffResolved(member.id), to="resolved", at=at)


def speak(
    connection: Connection,
    conversation: ConversationId,
    member: Member,
    *,
    frame: str,
    text: str,
    note: bool,
    at: Microseconds,
    mail_after: timedelta | None = None,
    files: Sequence[str] = (),
) -> tuple[Done, int | None]:
    """Says `text` to the visitor, or notes it for the staff alone; and its seq. The same frame again does nothing.

    With `mail_after` it also goes by mail, to an address that was left, when the visitor stays away for so long.
    """
    known, seq = receipt(connection, conversation, frame)
    if known:
        return Done(existing(connection, conversation)), seq
    if not _is_still(connection, member):
        return Done(existing(connection, conversation), refused=Effect.REFUSE_NOT_YOURS), None
    if note:
        now, effects = existing(connection, conversation), _NOTHING_FOLLOWS
    else:
        now, effects = happen(connection, conversation, StaffSaid(member.id), at=at)
        if (refused := refusal_in(effects)) is not None:
            return Done(now, refused=refused), None
    sender, carried = "note" if note else "staff", unused(connection, conversation, files, staff=member.id)
    if carried is None:
        raise FilesGone
    data = {"staff": member.id} | counted(carried)
    said = say(
        connection, now, sender=sender, text=text, at=at, id=frame, name=member.name, data=data,
        files=[asdict(one) for one in carried],
    )  # fmt: skip
    attach(connection, carried, said.seq)
    give_receipt(connection, conversation, frame, said.seq)
    if mail_after is not None and not note:
        answer_by_mail(connection, now, said.seq, at=at, after=mail_after)
    return Done(now, effects, said), said.seq


def _act(
    connection: Connection,
    conversation: ConversationId,
    member: Member,
    happening: Happening,
    *,
    to: str,
    at: Microseconds,
) -> Done:
    allowed, before = _is_still(connection, member), existing(connection, conversation)
    if not allowed:
        return Done(before, refused=Effect.REFUSE_NOT_YOURS)
    after, effects = happen(connection, conversation, happening, at=at)
    if (refused := refusal_in(effects)) is not None:
        return Done(after, refused=refused)
    if effects:
        data = {"to": to, "staff": member.id, "was": str(before.standing.owner)}
        row = interaction(
            after,
            Kind.HANDOVER,
            at=at,
            source_id=f"{conversation}:{secrets.token_urlsafe(9)}",
            data=data,
            source="staff",
        )
        append(connection, [row])
        record(connection, at=at, staff=member.id, act=AUDITED[to], subject=of_conversation(conversation))
        if to != "staff":
            # The bot begins anew: a form that a person has finished must not ask on.
            connection.execute(update(conversations).where(conversations.c.id == conversation).values(dialogue=None))
    return Done(after, effects)


def _is_still(connection: Connection, member: Member) -> bool:
    """Whether they are what they were when they were let in: disabled or demoted since, they take no conversation."""
    # Locked, so that who disables them waits, and then finds what they have just taken.
    found = (
        select(staff.c.role).where(staff.c.id == member.id, staff.c.disabled_at.is_(None)).with_for_update(read=True)
    )
    return connection.execute(found).scalar_one_or_none() == member.role


def _member(row: Row[Any]) -> Member:
    return Member(row.id, row.name, row.role)


def hash_of(token: str) -> str:
    """What is kept of a secret that is long and random: enough to know it again."""
    return hashlib.sha256(token.encode()).hexdigest()
