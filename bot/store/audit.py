"""Who of the staff looked at what about a person, and who changed it: lines that are added and never changed.

A line names its subject by an id alone. When the person is erased, `forget_subjects` puts a pseudonym in its place:
the lines about one person still belong together, and lead to nobody.
"""

import hashlib
import hmac
from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import Connection, insert, select, update

from bot.interactions import ConversationId, Microseconds
from bot.store.console_tables import audit
from bot.store.tables import conversations, profiles, sites, visitors

REPEATED_US = 60 * 1_000_000
"""A page that is loaded again within a minute is the same look."""
LISTED_US = 60 * REPEATED_US
"""A list fetches itself while it is open: an hour of it is one look."""
ERASED = "erased-"


class Act(StrEnum):
    """What was done; `words` follow a name: "Dana opened the conversation". A new act is one line here."""

    words: str
    is_look: bool
    lasts_us: int
    """Of a look: for so long it is the same one."""

    def __new__(cls, key: str, words: str, is_look: bool = False, lasts_us: int = REPEATED_US) -> "Act":
        act = str.__new__(cls, key)
        act._value_, act.words, act.is_look, act.lasts_us = key, words, is_look, lasts_us
        return act

    LISTED = "listed", "looked at the list", True, LISTED_US
    OPENED = "opened", "opened the conversation", True
    READ_PROFILE = "read_profile", "read the profile", True
    READ_FILE = "read_file", "fetched a file of the conversation", True
    SEARCHED = "searched", "searched the messages", True
    WATCHED = "watched", "looked who is on the site", True
    READ_QUESTIONS = "read_questions", "read unanswered questions", True
    EXPORTED = "exported", "exported", True
    READ_AUDIT = "read_audit", "read the audit log", True

    TOOK = "took", "took the conversation over"
    GAVE_BACK = "gave_back", "gave the conversation back to the bot"
    RESOLVED = "resolved", "resolved the conversation"
    ASSIGNED = "assigned", "assigned the conversation"
    LABELED = "labeled", "changed the labels"
    SNOOZED = "snoozed", "put the conversation off"
    CLEARED_ROBOT = "cleared_robot", "said that the visitor is a person, no robot"
    GUESSED = "guessed", "guessed the result of the experiment"
    COUNTED = "counted", "changed whether the conversation counts in reports"
    MAILED = "mailed", "mailed the conversation or a part of it"
    SCHEDULED = "scheduled", "changed when the report is mailed, or to whom"
    SET_OBJECTIVE = "set_objective", "set down, changed or closed an objective"
    CHANGED_ALERT = "changed_alert", "changed an alert, or where it goes"
    IMPORTED = "imported", "imported a file of orders or contacts"
    UNDID_IMPORT = "undid_import", "undid an import"
    REVIEWED = "reviewed", "reviewed an answer"
    INVITED = "invited", "invited the visitor to talk"
    CHANGED_FACT = "changed_fact", "changed a fact"
    MERGED = "merged", "merged the visitor with a customer"
    UNMERGED = "unmerged", "took a merge back"
    ASKED_TO_ERASE = "asked_to_erase", "asked for the person to be erased"
    ERASED = "erased", "erased the person"

    ADDED_MEMBER = "added_member", "added the member"
    CHANGED_ROLE = "changed_role", "changed the role"
    DISABLED = "disabled", "disabled the member"
    ENABLED = "enabled", "enabled the member again"
    RESET_PASSWORD = "reset_password", "gave the member a new password"
    CHANGED_PASSWORD = "changed_password", "changed their own password"
    CHANGED_HOURS = "changed_hours", "changed when people answer"
    SIGNED_IN = "signed_in", "signed in"
    ENDED_SIGN_IN = "ended_sign_in", "ended a sign-in"


def of_conversation(conversation: ConversationId) -> str:
    return f"conversation:{conversation}"


def of_member(member: str) -> str:
    return f"staff:{member}"


def record(
    connection: Connection, *, at: Microseconds, staff: str | None, act: Act, subject: str, detail: str = ""
) -> None:
    """Adds a line. `staff` is a member's id, None for the command line; `detail` holds nobody's name or words.

    A look that the same member took within the last minute, of a list within the last hour, is written once.
    """
    subject = _as_pseudonym(connection, subject) if _is_gone(connection, subject) else subject
    if act.is_look and _is_repeated(connection, at, staff, act, subject, detail):
        return
    connection.execute(insert(audit).values(at=at, staff=staff, act=act, subject=subject, detail=detail))


def forget_subjects(connection: Connection, subjects: Iterable[str]) -> None:
    """Puts pseudonyms in the place of who is erased. Called before their rows are gone, or after."""
    for subject in subjects:
        pseudonym = _as_pseudonym(connection, subject)
        connection.execute(update(audit).where(audit.c.subject == subject).values(subject=pseudonym))


def _is_repeated(
    connection: Connection, at: Microseconds, staff: str | None, act: Act, subject: str, detail: str
) -> bool:
    same = select(audit.c.id).where(
        audit.c.subject == subject,
        audit.c.at > at - act.lasts_us,
        audit.c.staff == staff,
        audit.c.act == act,
        audit.c.detail == detail,
    )
    return connection.execute(same.limit(1)).first() is not None


def _is_gone(connection: Connection, subject: str) -> bool:
    """Whether it is a person's, and they are erased: a look may be written after what it looked at is gone."""
    kind, _, id = subject.partition(":")
    if id.startswith(ERASED):
        return False
    match kind:
        case "conversation":
            there = select(conversations.c.id).where(conversations.c.id == id)
        case "visitor":
            there = select(visitors.c.id).where(visitors.c.id == id)
        case "customer":
            there = select(profiles.c.id).where(profiles.c.id == subject)
        case _:
            return False
    return connection.execute(there).first() is None


def _as_pseudonym(connection: Connection, subject: str) -> str:
    """The same for the same subject. Ids of customers can be guessed, so theirs is keyed with the site's salt."""
    kind, _, id = subject.partition(":")
    site = id.partition(":")[0]
    salt = connection.execute(select(sites.c.salt).where(sites.c.key == site)).scalar_one_or_none() or ""
    return f"{kind}:{ERASED}{hmac.new(salt.encode(), subject.encode(), hashlib.sha256).hexdigest()[:16]}"
