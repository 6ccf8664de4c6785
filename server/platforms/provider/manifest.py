"""The file by which a provider's platform is connected."""

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final

from engine.canonical_json import canonical_json
from engine.declaration import Json
from engine.platform import Capabilities
from server.platforms.addresses import ManifestError, Network, hold_address
from server.platforms.proof import ProofRules

_SOCKET: Final = "unix:"
# What the kernel takes as the name of a socket, without the zero at its end.
_LONGEST_PATH: Final = 107
_MUTUAL: Final = ("certificate", "private_key")


@dataclass(frozen=True, slots=True)
class ProviderManifest:
    """Everything that has to be known to ask one provider. `source` is what its file says."""

    name: str
    title: str
    address: str
    network: Network
    connect_timeout: timedelta
    capabilities: Capabilities
    proof: ProofRules
    source: Json
    # There are no examples of these: a file alone sends nothing to anybody.
    example: bool = False

    @property
    def by_socket(self) -> bool:
        """Whether it is asked over a Unix socket; otherwise with mutual TLS."""
        return is_socket(self.address)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets that an account has to have."""
        return () if self.by_socket else _MUTUAL

    @property
    def digest(self) -> str:
        """`sha256:` and 64 hex digits; the same for the same file."""
        return f"sha256:{sha256(canonical_json(self.source)).hexdigest()}"


def is_socket(address: str) -> bool:
    """Whether the address is a Unix socket's."""
    return address.startswith(_SOCKET)


def hold_provider(address: str, network: Network) -> None:
    """Raises ManifestError where no provider may be asked at this address."""
    if is_socket(address):
        path = address.removeprefix(_SOCKET)
        if not path.startswith("/") or path.startswith("//") or not path.isprintable():
            raise ManifestError(
                f"{address!r} is no whole path; write it like unix:/run/harbour/provider.sock"
            )
        if len(path.encode()) > _LONGEST_PATH:
            raise ManifestError(
                f"the socket's path is longer than {_LONGEST_PATH} bytes; write a shorter one"
            )
        return
    host, _, port = address.rpartition(":")
    if "/" in address or not host or not port.isdecimal():
        raise ManifestError(f"{address!r} is no address; write unix:/PATH, or HOST:PORT")
    hold_address(f"https://{address}", network)


def differing(manifest: Capabilities, told: Capabilities) -> list[str]:
    """The capabilities of which a manifest says otherwise than the provider.

    A manifest may give more time to send and to settle than the provider needs.
    """
    names = [field.name for field in dataclasses.fields(Capabilities)]
    return [name for name in names if not _agree(name, getattr(manifest, name), getattr(told, name))]


def _agree(name: str, ours: object, theirs: object) -> bool:
    if name in ("send_timeout", "settle_time"):
        assert isinstance(ours, timedelta)
        assert isinstance(theirs, timedelta)
        return ours >= theirs
    return ours == theirs
