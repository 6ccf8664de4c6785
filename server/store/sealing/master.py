"""Master keys wrap data keys: whoever has the database alone has nothing that opens a sealed value.

AES-256-GCM (NIST SP 800-38D) with a random nonce for each wrapping. The associated data names what a key is for, so that a
wrapped key put into another row unwraps to nothing.
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.store.errors import KeyMissing, SealBroken

KEY_OCTETS: Final = 32
NONCE_OCTETS: Final = 12
_ID_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A key of 32 octets that wraps others. Its id is made from it, and says nothing else of it."""

    octets: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.octets) != KEY_OCTETS:
            raise ValueError(f"a master key has {KEY_OCTETS} octets")

    @classmethod
    def new(cls) -> Self:
        """A random key."""
        return cls(os.urandom(KEY_OCTETS))

    @property
    def key_id(self) -> str:
        """What wrapped keys say which key wrapped them: 16 hex digits."""
        return sha256(b"origingate master key\x00" + self.octets).hexdigest()[:_ID_DIGITS]


class MasterKeys:
    """The master keys at hand: the newest wraps, each unwraps what it wrapped."""

    def __init__(self, oldest_first: Iterable[MasterKey]) -> None:
        keys = tuple(oldest_first)
        if not keys:
            raise ValueError("there has to be a master key")
        self._by_id = {key.key_id: AESGCM(key.octets) for key in keys}
        self.newest = keys[-1].key_id

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys, oldest first."""
        return tuple(self._by_id)

    def wrap(self, octets: bytes, about: str) -> str:
        """A key as it is kept: `<id of the master key>:<base64>`. `about` says what it is for."""
        nonce = os.urandom(NONCE_OCTETS)
        sealed = nonce + self._by_id[self.newest].encrypt(nonce, octets, about.encode())
        return f"{self.newest}:{b64encode(sealed).decode()}"

    def hold(self, wrapped: str) -> None:
        """Raises KeyMissing where the key that wrapped is not at hand."""
        self._that_wrapped(wrapped)

    def unwrap(self, wrapped: str, about: str) -> bytes:
        """The key that was wrapped. Raises KeyMissing where its master key is not at hand, SealBroken."""
        key, text = self._that_wrapped(wrapped), wrapped.partition(":")[2]
        try:
            sealed = b64decode(text, validate=True)
            return key.decrypt(sealed[:NONCE_OCTETS], sealed[NONCE_OCTETS:], about.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"a data key was changed in the database: that of {about}") from error

    def _that_wrapped(self, wrapped: str) -> AESGCM:
        key_id = wrapped_by(wrapped)
        key = self._by_id.get(key_id)
        if key is None:
            raise KeyMissing(
                f"records are sealed under the master key {key_id}, which is not at hand; give the file that has it"
                " with --master-key"
            )
        return key


def wrapped_by(wrapped: str) -> str:
    """The id of the master key that wrapped a key."""
    return wrapped.partition(":")[0]
