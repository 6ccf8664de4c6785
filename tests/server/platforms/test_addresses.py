"""Where a platform may be, as written and as resolved."""

import socket
from ipaddress import ip_address

import pytest
from aiohttp.abc import AbstractResolver

from server.platforms import ManifestError
from server.platforms.addresses import AddressRefused, GuardedResolver, Network, hold_address, refusal
from server.platforms.transport import Limits, Lost, Transport
from tests.server.platforms.conftest import answer, raw_server

MACHINE, PRIVATE = "an address of this machine", "an address of a private network"
LINK, RESERVED = "a link-local address", "a reserved address"


@pytest.mark.parametrize(
    ("address", "public", "private"),
    [
        ("8.8.8.8", None, None),
        ("2606:4700::1111", None, None),
        ("10.0.0.1", PRIVATE, None),
        ("172.31.255.255", PRIVATE, None),
        ("192.168.1.1", PRIVATE, None),
        ("100.64.0.1", PRIVATE, None),
        ("fd00::1", PRIVATE, None),
        ("127.0.0.1", MACHINE, MACHINE),
        ("::1", MACHINE, MACHINE),
        ("169.254.169.254", LINK, LINK),
        ("fe80::1", LINK, LINK),
        ("0.0.0.0", RESERVED, RESERVED),
        ("::", RESERVED, RESERVED),
        ("192.0.2.1", RESERVED, RESERVED),
        ("198.18.0.1", RESERVED, RESERVED),
        ("224.0.0.1", RESERVED, RESERVED),
        ("ff0e::1", RESERVED, RESERVED),
        ("240.0.0.1", RESERVED, RESERVED),
        ("255.255.255.255", RESERVED, RESERVED),
        ("2001:db8::1", RESERVED, RESERVED),
        # An address inside another one is that address.
        ("::ffff:10.0.0.1", PRIVATE, None),
        ("::ffff:127.0.0.1", MACHINE, MACHINE),
        ("64:ff9b::a9fe:a9fe", LINK, LINK),
        ("64:ff9b::808:808", None, None),
        ("2002:7f00:1::", MACHINE, MACHINE),
        ("2001:0:808:808::1", RESERVED, RESERVED),
    ],
)
def test_refusal(address, public, private):
    """Only what is on the Internet may be asked, and with `private` what is in a private network."""
    found = [refusal(ip_address(address), network, loopback=False) for network in Network]
    assert [public, private] == found


@pytest.mark.parametrize("network", list(Network))
def test_this_machine_by_name(network):
    """This machine may be asked where the manifest names it."""
    assert refusal(ip_address("127.0.0.1"), network, loopback=True) is None


@pytest.mark.parametrize(
    ("url", "because"),
    [
        ("https://10.0.0.1", "10.0.0.1 is an address of a private network; write `network: private` if"),
        ("https://[fd00::1]/x", "fd00::1 is an address of a private network"),
        (
            "https://169.254.169.254",
            "169.254.169.254 is a link-local address; write the name of the platform's host",
        ),
        ("https://0.0.0.0", "0.0.0.0 is a reserved address"),
        ("https://[::ffff:10.0.0.1]", "::ffff:10.0.0.1 is an address of a private network"),
    ],
)
def test_literals(url, because):
    """An address that is written as such is tested when the manifest is read: nobody resolves it later."""
    with pytest.raises(ManifestError) as refused:
        hold_address(url)
    assert str(refused.value).startswith(because)


def test_private_literal():
    """A manifest that says so may name an address of a private network."""
    hold_address("https://10.0.0.1", Network.PRIVATE)


class Names(AbstractResolver):
    """Stands where the system's resolver does: each time that it is asked, the next answer."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(self, host, port=0, family=socket.AF_INET):
        return [
            {"hostname": host, "host": text, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for text in self.answers.pop(0)
        ]

    async def close(self):
        pass


@pytest.mark.parametrize(
    ("addresses", "because"),
    [
        (["10.0.0.1"], "platform.example stands for 10.0.0.1, an address of a private network"),
        (["8.8.8.8", "127.0.0.1"], "platform.example stands for 127.0.0.1, an address of this machine"),
        (["fe80::1%2"], "platform.example stands for fe80::1%2, a link-local address"),
        (["nonsense"], "platform.example stands for nonsense, no address"),
    ],
)
async def test_name(addresses, because):
    """A name that stands for one address that may not be asked is refused, whatever else it stands for."""
    with pytest.raises(AddressRefused) as refused:
        await GuardedResolver(Network.PUBLIC, Names(addresses)).resolve("platform.example", 443)
    assert because == refused.value.strerror


async def test_good_name():
    """A name that stands for addresses on the Internet is as it is."""
    [found] = await GuardedResolver(Network.PUBLIC, Names(["8.8.8.8"])).resolve("platform.example", 443)
    assert "8.8.8.8" == found["host"]


async def test_answers_that_change():
    """A name is tested at each connection: one that led to this machine leads to a private network, and gets nothing."""
    limits = Limits(connect=2.0, total=2.0)
    names = Names(["127.0.0.1"], ["10.0.0.7"], ["127.0.0.1", "10.0.0.7"])
    async with raw_server(answer(200, Connection="close")) as raw:
        url = raw.url.replace("127.0.0.1", "localhost")
        transport = await Transport.open(resolver=GuardedResolver(Network.PUBLIC, names), names_kept=0)
        replies = [await transport.exchange("POST", url, b"{}", limits) for _ in range(3)]
        seen = len(raw.requests)
        await transport.close()
    lost = Lost(False, "could not connect: localhost stands for 10.0.0.7, an address of a private network")
    assert (200, [lost, lost], 1) == (replies[0].status, replies[1:], seen)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001"])
async def test_numbers_that_are_names(host):
    """Forms of an address that only the resolver understands are tested like names."""
    transport = await Transport.open(resolver=GuardedResolver(Network.PUBLIC))
    async with raw_server(answer(200)) as raw:
        url = raw.url.replace("127.0.0.1", host)
        lost = await transport.exchange("POST", url, b"{}", Limits(connect=2.0, total=2.0))
        seen = len(raw.requests)
    await transport.close()
    assert (False, 0) == (lost.sent, seen)
