"""Tells a web address of an alert: signed, in five seconds, and never a server that only we can reach.

The name is looked up once for each try and all its addresses are checked, as a crawl does it; the connection goes to
one of those and to nothing else. What is answered is not read: the status says all.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from bot.interactions import Microseconds
from bot.mail.smtp import Later, Never, Outcome, Taken
from bot.pages.crawling.addresses import AddressDenied, Gate, HostNotFound, HostPort, parse_host_port

TIMEOUT_S = 5.0
LONGEST = 2_000
USER_AGENT = "Duologue/0.1 (alerts)"
PORTS = {"http": 80, "https": 443}
type MakeGate = Callable[[], Gate]


def hosts_allowed(setting: str) -> tuple[HostPort, ...]:
    """The servers of DUOLOGUE_WEBHOOK_HOSTS, which may be anywhere, also on this machine and without encryption."""
    return tuple(parse_host_port(one) for one in setting.replace(",", " ").split())


def address_given(text: str, allowed: Sequence[HostPort]) -> str:
    """The address as we keep it; ValueError says what is wrong with it. Where it leads is checked when it is called."""
    url, good = text.strip(), "give an address such as https://hooks.shop.example/duologue"
    try:
        parts = urlsplit(url)
        port, whole = parts.port, str(URL(url))
    except ValueError as error:
        raise ValueError(f"This is no web address; {good}.") from error
    if parts.scheme not in PORTS or not parts.hostname or not url.isprintable() or len(url) > LONGEST:
        raise ValueError(f"This is no web address; {good}.")
    if "@" in parts.netloc or parts.fragment:
        raise ValueError(f"The address has a password or a # in it, which alerts don't send; {good}.")
    is_named = HostPort(parts.hostname, port or PORTS[parts.scheme]) in allowed
    if parts.scheme == "http" and not is_named:
        raise ValueError("Alerts go encrypted: the address has to begin with https://.")
    if port not in (None, *PORTS.values()) and not is_named:
        raise ValueError(
            f"Port {port} is neither 80 nor 443; whoever runs Duologue may name the server in DUOLOGUE_WEBHOOK_HOSTS."
        )
    return whole


def signed(body: bytes, secrets: Sequence[str], at: Microseconds) -> str:
    """The header Duologue-Signature, as for purchases: `t=SECONDS,v1=…`, a `v1` for each secret."""
    time = str(at // 1_000_000)
    made = (hmac.new(one.encode(), time.encode() + b"." + body, hashlib.sha256).hexdigest() for one in secrets)
    return ",".join((f"t={time}", *(f"v1={one}" for one in made)))


async def call(
    url: str, event: dict[str, Any], *, delivery: str, secrets: Sequence[str], at: Microseconds, gate: Gate
) -> Outcome:
    """Posts the event; what it says in the end is for the staff, and has nothing in it that was answered."""
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "Duologue-Event": str(event["event"]),
        "Duologue-Delivery": delivery,
        "Duologue-Signature": signed(body, secrets, at),
    }
    parts = urlsplit(url)
    try:
        # aiohttp asks no resolver about a host that is written as an address.
        await gate.check(parts.hostname or "", parts.port or PORTS[parts.scheme])
        async with _session(gate) as session:
            answer = await session.post(URL(url, encoded=True), data=body, headers=headers, allow_redirects=False)
            # The rest of it, however long, is nothing to us.
            answer.close()
            return _outcome(answer.status)
    except AddressDenied:
        return Never("It leads to a private address. If it is yours, DUOLOGUE_WEBHOOK_HOSTS has to name it.")
    except TimeoutError:
        return Later(f"No answer in {TIMEOUT_S:g} seconds.")
    except HostNotFound:
        return Later("Its name has no address.")
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError):
        return Later("It has no certificate that can be trusted.")
    except (aiohttp.ClientError, OSError, ValueError):
        return Later("It can't be reached, or answers with what is no HTTP.")


def _session(gate: Gate) -> aiohttp.ClientSession:
    # No cookies, no proxy from the environment, nothing unpacked.
    return aiohttp.ClientSession(
        connector=gate.connector(), cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
    )  # fmt: skip


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Taken()
    if status == 410:
        return Never("It says that it is gone (410).")
    if 300 <= status < 400:
        return Later(f"It leads elsewhere ({status}), where alerts do not follow; give that address instead.")
    return Later(f"It answers with an error ({status}).")
