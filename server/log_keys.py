"""The keys of the log: Ed25519, a private one for the server that signs heads, public ones for who verifies them."""

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from engine.checkpoint import Checkpoint, Head, Signature, key_id
from engine.readiness.statement import Statement, statement_text
from engine.signed_head import PublicKeys, octets_of
from server.key_files import KeyUnusable, pem_blocks, text_of_key, write_pair

_PRIVATE: Final = "PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class LogSigner:
    """Signs heads with one key; `before` is the key that it takes over from, which signs its first head too."""

    key: Ed25519PrivateKey
    before: Ed25519PrivateKey | None = None

    @property
    def public(self) -> bytes:
        """The public key's 32 octets."""
        return octets_of(self.key.public_key())

    def signed(self, origin: str, size: int, root: bytes, at: datetime) -> str:
        """A head as a signed note, by the key alone."""
        return self._signed(Head(origin, size, root, at), (self.key,))

    def statement(self, origin: str, content: Mapping[str, object]) -> str:
        """A statement as a signed note, under the log's name."""
        text = statement_text(origin, content)
        public = octets_of(self.key.public_key())
        signature = Signature(origin, key_id(origin, public), self.key.sign(text.encode()))
        return Statement(origin, text, {}, (signature,)).note

    def first(self, origin: str, size: int, root: bytes, at: datetime) -> str:
        """A head as a signed note, also by the key before, which vouches so for the new one."""
        keys = (self.key,) if self.before is None else (self.key, self.before)
        return self._signed(Head(origin, size, root, at), keys)

    def _signed(self, head: Head, keys: Iterable[Ed25519PrivateKey]) -> str:
        text = head.text.encode()
        signatures = tuple(
            Signature(head.origin, key_id(head.origin, octets_of(key.public_key())), key.sign(text))
            for key in keys
        )
        return Checkpoint(head, signatures).text


def key_octets(text: str) -> bytes:
    """The octets of a public key from its text. Raises ValueError."""
    return b64decode(text, validate=True)


def key_text(octets: bytes) -> str:
    """A public key as the database and people have it."""
    return b64encode(octets).decode()


def make_log_key(private: Path) -> tuple[Path, bytes]:
    """Makes a key: the private half at the path, for its owner's eyes only; where the public half stands, and its octets.

    Raises KeyUnusable where a file is in the way: nothing is ever written over.
    """
    key = Ed25519PrivateKey.generate()
    public = key.public_key()
    path = write_pair(
        private,
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )
    return path, octets_of(public)


def make_log_key_beside(private: Path) -> None:
    """Makes a key where there is none, whole or not at all: a start that is cut off leaves nothing in the way."""
    draft = private.with_name(f".{private.name}.{os.getpid()}")
    try:
        for left in (draft, draft.with_suffix(".pub.pem"), private.with_suffix(".pub.pem")):
            left.unlink(missing_ok=True)
        public, _ = make_log_key(draft)
        public.replace(private.with_suffix(".pub.pem"))
        draft.replace(private)
    except OSError as error:
        raise KeyUnusable(f"{private}: cannot be written ({error.strerror}).") from error


def log_signer(path: Path, before: Path | None = None) -> LogSigner:
    """The key of a PEM file, and of another one that it takes over from. Raises KeyUnusable."""
    return LogSigner(_private(path), None if before is None else _private(before))


def log_public_keys(paths: Iterable[Path]) -> PublicKeys:
    """The public keys of PEM files, one or more in each. Raises KeyUnusable, also for a private key."""
    found: dict[bytes, Ed25519PublicKey] = {}
    for path in paths:
        text = text_of_key(path)
        if _PRIVATE in text:
            raise KeyUnusable(
                f"{path}: holds a private key, which belongs to the server. Give the public one; `log key new`"
                f" wrote it beside, and `openssl pkey -in {path} -pubout` writes it again."
            )
        for block in pem_blocks(text):
            key = _public(path, block)
            found[octets_of(key)] = key
    return found


def public_key(octets: bytes) -> Ed25519PublicKey:
    """A public key from its 32 octets. Raises ValueError."""
    return Ed25519PublicKey.from_public_bytes(octets)


def _public(path: Path, block: str) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(block.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnusable(f"{path}: holds no public key in PEM form.") from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnusable(f"{path}: is a key of another kind. The log's are Ed25519.")
    return key


def _private(path: Path) -> Ed25519PrivateKey:
    text = text_of_key(path)
    if _PRIVATE not in text:
        raise KeyUnusable(
            f"{path}: holds no private key in PEM form. `origingate log key new {path.stem}.key.pem` makes one."
        )
    try:
        key = load_pem_private_key(text.encode(), None)
    except TypeError:
        raise KeyUnusable(
            f"{path}: has a password. Give a key without one, in a file that only you can read."
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnusable(f"{path}: holds no private key that can be used.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"{path}: is a key of another kind. The log's are Ed25519.")
    return key
