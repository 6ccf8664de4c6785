"""Sealed texts: what a column holds in place of a personal value.

    sealed:1:<id of the data key>:<base64 of nonce, ciphertext and tag>

AES-256-GCM (NIST SP 800-38D) with a random nonce. The associated data names table, column, tenant and row, so that a sealed
text put anywhere else does not open. A random nonce is safe for 2^32 values under one key; a case has some hundred.

What is sealed is an octet that says how the text follows: as it is, or deflated (RFC 1951), which makes JSON a third as
long. Lengths tell no more than before: whoever sees them does not choose what is deflated together.
"""

import os
import zlib
from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.store.errors import SealBroken
from server.store.sealing.master import KEY_OCTETS, NONCE_OCTETS

MARK: Final = "sealed:1:"
PLAIN: Final = b"\x00"
DEFLATED: Final = b"\x01"
# Below this many octets nothing is gained. A small window is made in a tenth of the time that a large one takes.
_WORTH_DEFLATING: Final = 256
_WINDOW: Final = -12
_MEMORY: Final = 5


@dataclass(frozen=True, slots=True)
class DataKey:
    """A key under which values of one case are sealed, ready to use."""

    key_id: str
    _cipher: AESGCM = field(repr=False)

    @classmethod
    def of(cls, key_id: str, octets: bytes) -> Self:
        """The key of these 32 octets."""
        if len(octets) != KEY_OCTETS:
            raise ValueError(f"a data key has {KEY_OCTETS} octets")
        return cls(key_id, AESGCM(octets))

    def seal(self, text: str, place: str) -> str:
        """The text as a column holds it. `place` is where: nowhere else it opens."""
        nonce = os.urandom(NONCE_OCTETS)
        octets = nonce + self._cipher.encrypt(nonce, _packed(text.encode()), place.encode())
        return f"{MARK}{self.key_id}:{b2a_base64(octets, newline=False).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """The text that was sealed. Raises SealBroken where it, or its place, is not as it was sealed."""
        try:
            octets = a2b_base64(sealed[len(MARK) + len(self.key_id) + 1 :], strict_mode=True)
            packed = self._cipher.decrypt(octets[:NONCE_OCTETS], octets[NONCE_OCTETS:], place.encode())
            return _unpacked(packed).decode()
        except (InvalidTag, ValueError, zlib.error) as error:
            raise SealBroken(f"a sealed value was changed or moved: {place}") from error


def is_sealed(text: str) -> bool:
    """Whether a column's text is sealed; texts of versions before sealing are not."""
    return text.startswith(MARK)


def key_id_of(sealed: str) -> str:
    """The id of the data key that a sealed text was sealed under."""
    return sealed[len(MARK) :].partition(":")[0]


def _packed(octets: bytes) -> bytes:
    if len(octets) < _WORTH_DEFLATING:
        return PLAIN + octets
    deflating = zlib.compressobj(1, zlib.DEFLATED, _WINDOW, _MEMORY)
    return DEFLATED + deflating.compress(octets) + deflating.flush()


def _unpacked(octets: bytes) -> bytes:
    if octets[:1] == PLAIN:
        return octets[1:]
    return zlib.decompress(octets[1:], _WINDOW)
