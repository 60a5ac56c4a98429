"""The crawl contacts public addresses and named servers, and nothing else."""

import pytest

from bot.errors import ConfigurationError
from bot.pages.crawling.addresses import AddressDenied, Gate, HostNotFound, HostPort, is_denied, parse_host_port

# Spellings of this machine and its neighbours that one or another resolver, browser or library has taken.
SPELLINGS = [
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "0177.0.0.1",
    "0177.0.0.01",
    "017700000001",
    "0x7F000001",
    "0",
    "0.0.0.0",
    "0.0.0.1",
    "00000177.0.0.1",
    "10.0.0.1",
    "10.255.255.255",
    "10.1",
    "167772161",
    "100.64.0.1",
    "100.127.255.255",
    "100.100.100.200",
    "169.254.169.254",
    "169.254.0.1",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.1",
    "3232235521",
    "0300.0250.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:a9fe:a9fe",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2001:10::1",
    "2001:20::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "100::1",
    "3fff::1",
    "5f00::1",
    "4000::1",
    "0:0:0:0:0:0:0:1",
    "0:0:0:0:0:ffff:7f00:0001",
]
KINDS = {
    "private": ("10.0.0.1", "172.16.0.1", "192.168.255.255"),
    "loopback": ("127.0.0.1", "127.255.255.255", "::1"),
    "link-local": ("169.254.169.254", "fe80::1", "febf::1"),
    "of carriers (CGNAT)": ("100.64.0.0", "100.127.255.255"),
    "NAT64": ("64:ff9b::7f00:1", "64:ff9b::5db8:d822", "64:ff9b:1::1", "64:ff9b:1:ffff::a00:1"),
    "6to4": ("2002:7f00:1::", "2002:5db8:d822::1", "192.88.99.1"),
    "Teredo": ("2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    "IPv4-mapped": ("::ffff:127.0.0.1", "::ffff:93.184.216.34"),
    "IPv4-compatible": ("::127.0.0.1", "::93.184.216.34"),
    "IPv4-translated": ("::ffff:0:127.0.0.1",),
    "multicast": ("224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"),
    "of documentation": ("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"),
    "broadcast": ("255.255.255.255",),
    "unspecified": ("0.0.0.0", "0.1.2.3", "::"),
    "unique local": ("fc00::1", "fdff::1"),
    "site-local": ("fec0::1", "feff::1"),
    "of benchmarks": ("198.18.0.1", "198.19.255.255", "2001:2::1"),
    "reserved": ("240.0.0.1", "192.0.0.8", "100::1", "4000::1", "e000::1"),
}
PUBLIC = ("93.184.216.34", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "192.167.255.255", "8.8.8.8")
PUBLIC_V6 = ("2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "2001:4860:4860::8888", "2400:cb00::1")


def resolves_to(*addresses: str):
    asked = []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return list(addresses)

    lookup.asked = asked
    return lookup


def test_there_are_at_least_sixty_spellings():
    assert len(set(SPELLINGS)) >= 60


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_no_spelling_of_a_private_address_is_contacted(spelling: str):
    with pytest.raises((AddressDenied, HostNotFound)):
        await Gate().check(spelling, 80)


@pytest.mark.parametrize("address", [*PUBLIC, *PUBLIC_V6])
def test_a_public_address_is_contacted(address: str):
    assert not is_denied(address)


@pytest.mark.parametrize(("kind", "address"), [(kind, one) for kind, all_of in KINDS.items() for one in all_of])
async def test_no_address_of_a_kind_that_is_not_of_the_open_net_is_contacted(kind: str, address: str):
    assert is_denied(address), kind
    with pytest.raises(AddressDenied, match="private or reserved"):
        await Gate(lookup=resolves_to(address)).check("shop.example", 443)


def test_what_is_no_address_is_denied():
    assert is_denied("localhost")


async def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(AddressDenied, match=r"10\.0\.0\.7"):
        await Gate(lookup=resolves_to("93.184.216.34", "10.0.0.7")).check("shop.example", 443)


async def test_a_name_that_changes_its_address_after_the_check_is_not_looked_up_again():
    lookup = resolves_to("93.184.216.34")
    gate = Gate(lookup=lookup)

    await gate.check("shop.example", 443)
    addresses = await gate.resolve("shop.example", 443)

    assert [one["host"] for one in addresses] == ["93.184.216.34"]
    assert lookup.asked == ["shop.example"]


async def test_a_named_server_is_contacted_at_its_own_port_only():
    gate = Gate([HostPort("shop.test", 8081)], lookup=resolves_to("127.0.0.1"))

    assert await gate.check("SHOP.test", 8081) == ["127.0.0.1"]
    with pytest.raises(AddressDenied, match=r"--allow-host shop\.test:8082"):
        await gate.check("shop.test", 8082)


async def test_a_name_without_an_address_is_told():
    with pytest.raises(HostNotFound, match=r"shop\.example"):
        await Gate(lookup=resolves_to()).check("shop.example", 80)


@pytest.mark.parametrize("text", ["", "shop", "shop:", ":80", "shop:http", "shop:0", "shop:65536", "shop:８０"])
def test_an_unclear_host_and_port_is_refused_with_an_example(text: str):
    with pytest.raises(ConfigurationError, match=r"127\.0\.0\.1:8081"):
        parse_host_port(text)


def test_an_ipv6_address_is_named_in_brackets():
    named = parse_host_port("[::1]:8081")

    assert named == HostPort("::1", 8081)
    assert str(named) == "[::1]:8081"
