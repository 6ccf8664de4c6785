"""The form of API keys: `og_<id>_<secret>`, e.g. `og_5f3c19d2a0b84e67_kQ...`.

The prefix lets people and scanners of secrets recognise one; the id finds its record, and is no secret. The secret has
256 random bits, so that a plain digest is enough to keep it: there is nothing that a slow one would protect from guessing.
"""

import hashlib
import secrets
import string
from dataclasses import dataclass, field
from typing import Final

PREFIX: Final = "og_"
ID_LENGTH: Final = 16
_SECRET_LENGTH: Final = 43
_SIGNS: Final = string.ascii_letters + string.digits
_ID_END: Final = len(PREFIX) + ID_LENGTH
_LENGTH: Final = _ID_END + 1 + _SECRET_LENGTH


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was made just now. The text is shown once, and kept nowhere."""

    key_id: str
    text: str = field(repr=False)

    @property
    def digest(self) -> bytes:
        """What is kept of it."""
        return digest_of(self.text)


def new_key() -> NewKey:
    """A key that nobody had before."""
    key_id = secrets.token_hex(ID_LENGTH // 2)
    secret = "".join(secrets.choice(_SIGNS) for _ in range(_SECRET_LENGTH))
    return NewKey(key_id, f"{PREFIX}{key_id}_{secret}")


def id_of(text: str) -> str | None:
    """The id of a key; None for what does not have the form of one."""
    if len(text) != _LENGTH or not text.startswith(PREFIX) or text[_ID_END] != "_" or not text.isascii():
        return None
    return text[len(PREFIX) : _ID_END]


def digest_of(text: str) -> bytes:
    """SHA-256 over the whole key, 32 bytes."""
    return hashlib.sha256(text.encode("ascii", "replace")).digest()
