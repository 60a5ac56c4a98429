"""The letter as a mail: who it is from, whom it goes to, and headers that nobody can add to."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from bot.mail.letters import Letter

# Of a header: what ends a line, or is not seen.
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
SUBJECT_LENGTH = 150


def mailable(text: str) -> str | None:
    """The address as mail programs write it; None when no mail could go there."""
    # Imported here: most starts send no mail.
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text.strip(), check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    return found.ascii_email or found.normalized


def envelope(letter: Letter, *, id: str, sender: str, to: str, at: datetime) -> EmailMessage:
    """The whole mail. `to` is one that is `mailable`; the same `id` is the same Message-ID, try by try."""
    name, address = parseaddr(sender)
    local, _, domain = address.rpartition("@")
    mail = EmailMessage(SMTP)
    mail["From"] = Address(_line(name), local, domain)
    mail["To"] = Address("", *to.rsplit("@", 1))
    mail["Subject"] = _line(letter.subject)[:SUBJECT_LENGTH]
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{id}@{domain}>"
    # So that no holiday notice answers it (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if letter.stop:
        mail["List-Unsubscribe"] = f"<{letter.stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", charset="utf-8", cte="quoted-printable")
    return mail


def _line(text: str) -> str:
    return _BLANK.sub(" ", text).strip()
