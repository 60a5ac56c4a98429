"""Hands a mail to the operator's server, and says what became of it."""

import asyncio
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

PORTS = {"smtp": 587, "smtps": 465}
ON_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
A_STEP_S, ALL_S = 20.0, 60.0


@dataclass(frozen=True)
class Server:
    """Where mail goes. `tls` is "first" (smtps), "must" (STARTTLS, or nothing is said) or "may"."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: str = "must"

    def __repr__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Taken:
    """The server has taken it."""


@dataclass(frozen=True)
class Later:
    """It may go another time. `for_all`: no other mail would go now; `unsure`: it may have gone."""

    why: str
    for_all: bool = False
    unsure: bool = False


@dataclass(frozen=True)
class Never:
    """The server refuses this mail for good."""

    why: str


Outcome = Taken | Later | Never


def server_of(url: str) -> Server:
    """The server of a DUOLOGUE_SMTP_URL, which the settings have checked.

    Mail holds what people said, so beyond this machine it is encrypted unless the operator says tls=off.
    """
    parts = urlsplit(url)
    host, off = parts.hostname or "", parts.query == "tls=off" or parts.hostname in ON_THIS_MACHINE
    tls = "first" if parts.scheme == "smtps" else "may" if off else "must"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Server(host, parts.port or PORTS[parts.scheme], user, password, tls)


async def post(server: Server, message: EmailMessage) -> Outcome:
    """Sends one mail. What it says in the end is for the staff: no address and no word of the mail is in it."""
    try:
        async with asyncio.timeout(ALL_S):
            await aiosmtplib.send(
                message,
                hostname=server.host,
                port=server.port,
                username=server.user or None,
                password=server.password or None,
                use_tls=server.tls == "first",
                start_tls={"must": True, "may": None}.get(server.tls, False),
                timeout=A_STEP_S,
            )
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return _outcome(server, error)
    return Taken()


def _outcome(server: Server, error: Exception) -> Later | Never:
    match error:
        case aiosmtplib.SMTPRecipientsRefused() if error.recipients:
            return _refusal(error.recipients[0].code, "the address")
        case aiosmtplib.SMTPAuthenticationError():
            return Later(f"{server} does not take our user and password ({error.code}).", for_all=True)
        case aiosmtplib.SMTPSenderRefused():
            return Later(f"{server} takes no mail from DUOLOGUE_MAIL_FROM ({error.code}).", for_all=True)
        case aiosmtplib.SMTPConnectResponseError() | aiosmtplib.SMTPHeloError():
            return Later(f"{server} takes no mail now ({error.code}).", for_all=True)
        case aiosmtplib.SMTPResponseException():
            return _refusal(error.code, "the mail")
        case aiosmtplib.SMTPConnectError() | aiosmtplib.SMTPConnectTimeoutError() | ConnectionError():
            return Later(f"{server} can't be reached.", for_all=True)
        case ssl.SSLError():
            return Later(f"{server} has no certificate that can be trusted.", for_all=True)
        case aiosmtplib.SMTPServerDisconnected() | TimeoutError():
            return Later(f"{server} broke off.", unsure=True)
        case aiosmtplib.SMTPNotSupported():
            return Never("The server takes no address with such letters.")
    return Later(f"{server} offers no encryption, and mail is not sent in the clear.", for_all=True)


def _refusal(code: int, what: str) -> Later | Never:
    if code >= 500:
        return Never(f"The server refuses {what} ({code}).")
    return Later(f"The server does not take {what} now ({code}).")
