"""Where a platform may be: encrypted, or on this machine; on the Internet, or where its manifest says otherwise.

An address is held to this twice: as it is written, and each time that a connection is made to what its name stands for.
"""

import socket
from collections.abc import Sequence
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import urlsplit

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

_Address = IPv4Address | IPv6Address


class ManifestError(Exception):
    """A manifest cannot be used; the text says what is wrong with it and how to mend it."""


class Network(StrEnum):
    """Where a platform is."""

    PUBLIC = "public"  # on the Internet
    PRIVATE = "private"  # there, or in a private network of ours


_LOOPBACK_NAME: Final = "localhost"
_PRIVATE: Final = tuple(
    ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
_TRANSLATED: Final = ip_network("64:ff9b::/96")
_EXAMPLE: Final = "write it like https://platform.example"


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return host == _LOOPBACK_NAME or ip_address(host).is_loopback
    except ValueError:
        return False


def hold_address(url: str, network: Network = Network.PUBLIC) -> None:
    """Raises ManifestError where no platform may be asked at this address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ManifestError(f"{url!r} is no address; {_EXAMPLE}") from error
    written = url.isascii() and url.isprintable() and " " not in url
    if not host or port == 0 or parts.scheme not in ("http", "https") or not written:
        raise ManifestError(f"{url!r} is no address; {_EXAMPLE}")
    if parts.username is not None or parts.query or parts.fragment:
        raise ManifestError(f"the address of {host} may hold neither credentials nor a query")
    if parts.scheme == "http" and not is_loopback(host):
        raise ManifestError(
            f"{url!r} is not encrypted; only a platform on this machine may be asked over http"
        )
    literal = _literal(host)
    if literal is not None and (because := refusal(literal, network, loopback=is_loopback(host))):
        raise ManifestError(f"{host} is {because}; {_mend(literal)}")


def _mend(address: _Address) -> str:
    if refusal(address, Network.PRIVATE, loopback=False) is None:
        return "write `network: private` if the platform is in a network of yours"
    return "write the name of the platform's host"


def refusal(address: _Address, network: Network, *, loopback: bool) -> str | None:
    """What keeps the address from being asked, or None. `loopback`: whether the host is named as this machine."""
    address = _inner(address)
    if address.is_loopback:
        return None if loopback else "an address of this machine"
    if any(address.version == private.version and address in private for private in _PRIVATE):
        return None if network is Network.PRIVATE else "an address of a private network"
    if address.is_link_local:
        return "a link-local address"
    return None if address.is_global and not address.is_multicast else "a reserved address"


def _inner(address: _Address) -> _Address:
    """The IPv4 address that an IPv6 address only wraps, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _literal(host: str) -> _Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


class AddressRefused(OSError):
    """A host's name stands for an address that may not be asked."""


class GuardedResolver(AbstractResolver):
    """Resolves names, and refuses a name if any address that it stands for now may not be asked.

    What it answers is what is connected to: nothing is resolved again in between.
    """

    def __init__(self, network: Network, inner: AbstractResolver | None = None) -> None:
        self._network = network
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises AddressRefused."""
        found = await self._inner.resolve(host, port, family)
        hold_resolved(host, [one["host"] for one in found], self._network)
        return found

    async def close(self) -> None:
        """Ends the resolver behind it."""
        await self._inner.close()


def hold_resolved(host: str, addresses: Sequence[str], network: Network) -> None:
    """Raises AddressRefused where the host stands for an address that may not be asked."""
    for text in addresses:
        literal = _literal(text.partition("%")[0])
        because = (
            refusal(literal, network, loopback=is_loopback(host)) if literal is not None else "no address"
        )
        if because is not None:
            raise AddressRefused(0, f"{host} stands for {text}, {because}")
