"""Signatures by the convention of Standard Webhooks, version 1: HMAC-SHA256 over id, time and body."""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
SHORTEST: Final = 24
LONGEST: Final = 64

_BLANKS = re.compile(r"\s+")


class SecretUnusable(Exception):
    """A text holds no secret to sign with; the message says what is wrong, and never what it holds."""


class Secret:
    """A key to sign with. Its bytes are shown nowhere."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, content: bytes) -> str:
        """The signature of some content, with its version."""
        return "v1," + base64.b64encode(hmac.digest(self._key, content, "sha256")).decode()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._key, other._key)

    def __hash__(self) -> int:
        return hash(Secret)

    def __repr__(self) -> str:
        return "Secret(...)"


def read_secrets(text: str) -> tuple[Secret, ...]:
    """The secrets in a text, separated by blanks or lines: while one takes another's place, both sign.

    Each is `whsec_` and the base64 of 24 to 64 random bytes. Raises SecretUnusable.
    """
    words = _BLANKS.split(text.strip())
    if words == [""]:
        raise SecretUnusable("it is empty")
    return tuple(_secret(word) for word in words)


def signed(secrets: Sequence[Secret], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers of a message that is sent at a moment: its id, the time in whole seconds, a signature by each secret."""
    sent = str(int(at.timestamp()))
    content = f"{message_id}.{sent}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": sent,
        "webhook-signature": " ".join(secret.sign(content) for secret in secrets),
    }


def _secret(word: str) -> Secret:
    if not word.startswith(PREFIX):
        raise SecretUnusable(f"a secret begins with {PREFIX!r}")
    try:
        key = base64.b64decode(word.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise SecretUnusable(f"what follows {PREFIX!r} is no base64") from None
    if not SHORTEST <= len(key) <= LONGEST:
        raise SecretUnusable(f"it has {len(key)} bytes, and needs {SHORTEST} to {LONGEST}")
    return Secret(key)
