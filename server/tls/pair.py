"""Certificate, key and authorities of a server: read together, and tried before they are used."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key


class TlsUnusable(Exception):
    """The files cannot secure a server; the text says which, why and how to mend it."""


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Where certificate and key are; `client_ca` is set where callers need a certificate too."""

    certificate: Path
    key: Path
    client_ca: Path | None

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them."""
        return tuple(path for path in (self.certificate, self.key, self.client_ca) if path is not None)


@dataclass(frozen=True, slots=True)
class TlsPair:
    """A certificate with its chain, and the key that it is about, in PEM; `client_ca` is None where nobody is asked.

    `until` is when the certificate's time is over.
    """

    certificate: bytes
    key: bytes = field(repr=False)
    client_ca: bytes | None
    until: datetime


def read_pair(files: TlsFiles, clock: Callable[[], datetime]) -> TlsPair:
    """Reads the files and tries whether they fit. Raises TlsUnusable."""
    certificate = _bytes(files.certificate)
    leaf = _certificates(files.certificate, certificate)[0]
    pair = TlsPair(
        certificate,
        _bytes(files.key),
        None if files.client_ca is None else _bytes(files.client_ca),
        leaf.not_valid_after_utc,
    )
    if leaf.not_valid_after_utc <= clock():
        raise TlsUnusable(
            f"{files.certificate}: its time is over since {leaf.not_valid_after_utc:%Y-%m-%d %H:%M}Z."
            " Give one that is in force."
        )
    if _public_key(files.key, pair.key) != leaf.public_key().public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    ):
        raise TlsUnusable(
            f"{files.key}: it is not the key of the certificate in {files.certificate}."
            " Give a pair, the server's own certificate first in its file."
        )
    if files.client_ca is not None and pair.client_ca is not None:
        _certificates(files.client_ca, pair.client_ca)
    return pair


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise TlsUnusable(
            f"{path}: cannot be read ({error.strerror}). Give an existing file that the server may read."
        ) from error


def _certificates(path: Path, pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise TlsUnusable(f"{path}: holds no certificates. Give a file of certificates in PEM.") from error


def _public_key(path: Path, pem: bytes) -> bytes:
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise TlsUnusable(
            f"{path}: holds no private key that can be used. Give one in PEM, without a password."
        ) from error
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
