"""Which addresses a crawl may contact: public ones, and those that the operator named."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import ConfigurationError, DuologueError

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Lookup = Callable[[str, int], Awaitable[list[str]]]

# Written out rather than `is_private`, whose meaning has changed between Python releases.
_DENIED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own; cloud metadata lives here too
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: the metadata service of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",  # with 255.255.255.255
    )
)
# Only global unicast is ever contacted, and of that not the ranges that are local, or carry an IPv4 address inside.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_DENIED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "::/96",  # IPv4-compatible, ::1 and ::
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo, benchmarking, ORCHID and the other protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)


class AddressDenied(DuologueError):
    """The host has an address that a crawl never contacts."""


class HostNotFound(DuologueError):
    """The name has no address."""


@dataclass(frozen=True)
class HostPort:
    """A server that the operator named: it is contacted whatever its address is."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_host_port(text: str) -> HostPort:
    """`HOST:PORT` of `--allow-host`; an IPv6 address stands in brackets."""
    host, colon, port = text.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]").lower()
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise ConfigurationError(f'--allow-host is "{text}"; give HOST:PORT, e.g. 127.0.0.1:8081.')
    return HostPort(host, int(port))


def is_denied(address: str | Address) -> bool:
    """Whether the address is private, local, reserved, multicast, or hides an IPv4 address. An unreadable one is."""
    if isinstance(address, str):
        try:
            address = ipaddress.ip_address(address)
        except ValueError:
            return True
    if isinstance(address, ipaddress.IPv4Address):
        return any(address in network for network in _DENIED_V4)
    if address.scope_id is not None:
        return True
    return address not in _GLOBAL_V6 or any(address in network for network in _DENIED_V6)


async def look_up(host: str, port: int) -> list[str]:
    """Every address of the name, as the system resolves it."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HostNotFound(f"{host} has no address ({error}); check the name.") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Gate(AbstractResolver):
    """The one resolver of a crawl: a name is looked up once, and every address it has must be allowed.

    aiohttp connects to what this returns and to nothing else, so a name that changes its address after
    the check (rebinding) is never looked up again.
    """

    def __init__(self, allowed: Iterable[HostPort] = (), *, lookup: Lookup = look_up) -> None:
        self._allowed = frozenset(allowed)
        self._lookup = lookup
        self._known: dict[HostPort, list[str]] = {}

    def names(self, host: str, port: int) -> bool:
        """Whether the operator named this very server."""
        return HostPort(host.lower(), port) in self._allowed

    async def check(self, host: str, port: int) -> list[str]:
        """The addresses to connect to, or AddressDenied. To be called before each request: aiohttp asks no
        resolver about a host that is written as an address."""
        key = HostPort(host.lower(), port)
        if key not in self._known:
            addresses = await self._lookup(key.host, port)
            if not addresses:
                raise HostNotFound(f"{host} has no address; check the name.")
            bad = None if key in self._allowed else next(filter(is_denied, addresses), None)
            if bad is not None:
                which = "it is" if str(bad) == key.host else f"{host} is {bad},"
                raise AddressDenied(
                    f"{which} a private or reserved address; "
                    f"if it is yours, name it: --allow-host {HostPort(host, port)}."
                )
            self._known[key] = addresses
        return self._known[key]

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in await self.check(host, port)
        ]

    async def close(self) -> None:
        """Nothing is held open."""

    def connector(self) -> aiohttp.TCPConnector:
        return aiohttp.TCPConnector(resolver=self, use_dns_cache=False, limit=8)
