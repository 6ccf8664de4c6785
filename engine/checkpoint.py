"""Signed heads of the log as text: checkpoints of the C2SP community (tlog-checkpoint, signed-note).

    origingate/3f0c9b7a5d214e86            the log's origin, and the name of its keys
    1207                                   how many entries it has
    mB1c...=                               the tree's root, base64
    time 2026-07-01T12:00:00.123456Z       when it was signed, by the server's clock

    — origingate/3f0c9b7a5d214e86 6qf...   one line a signature: the key's id and the signature, base64

Texts and their parts only: who signs and who verifies brings the keys.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

# The signed-note type of Ed25519 signatures.
ED25519: Final = b"\x01"
LONGEST: Final = 16 * 1024
_TIME: Final = "time "
_FORM: Final = "%Y-%m-%dT%H:%M:%S.%fZ"
_SIGNED: Final = re.compile(r"— ([^ +\n]+) ([A-Za-z0-9+/]+={0,2})")


class CheckpointUnreadable(ValueError):
    """A text is no signed head; the text says why."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature under a head: the name of the key, its id of four octets, and the signature's octets."""

    name: str
    key_id: bytes
    octets: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """What a signed head says: this log had so many entries, and they had this root, at this moment."""

    origin: str
    size: int
    root: bytes
    at: datetime

    @property
    def text(self) -> str:
        """What is signed."""
        root = b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\n{_TIME}{self.at.astimezone(UTC).strftime(_FORM)}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head with its signatures. `text` is the whole, as it is kept and handed on."""

    head: Head
    signatures: tuple[Signature, ...]

    @property
    def text(self) -> str:
        """The signed note."""
        return self.head.text + "\n" + "".join(map(signature_line, self.signatures))


def key_id(name: str, public: bytes) -> bytes:
    """The four octets by which a signed note names an Ed25519 key of 32 octets."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The key as programs for signed notes take it: name, id, type and key."""
    return f"{name}+{key_id(name, public).hex()}+{b64encode(ED25519 + public).decode()}"


def signature_line(signature: Signature) -> str:
    """A signature as its line under a note."""
    return f"— {signature.name} {b64encode(signature.key_id + signature.octets).decode()}\n"


def read_checkpoint(text: str) -> Checkpoint:
    """A signed head from its text, whatever its signatures are worth. Raises CheckpointUnreadable."""
    if len(text) > LONGEST:
        raise CheckpointUnreadable(f"it is longer than {LONGEST} characters")
    said, gap, signed = text.partition("\n\n")
    lines = said.split("\n")
    if not gap or len(lines) < 4 or not signed.endswith("\n"):
        raise CheckpointUnreadable("it is no signed note of an origin, a size, a root and a time")
    origin, size, root, *more = lines
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", size):
        raise CheckpointUnreadable(f"its second line is no size: {size[:40]!r}")
    found = [line.removeprefix(_TIME) for line in more if line.startswith(_TIME)]
    try:
        at = datetime.strptime(found[0], _FORM).replace(tzinfo=UTC)
        head = Head(origin, int(size), b64decode(root, validate=True), at)
    except (IndexError, ValueError, Error):
        raise CheckpointUnreadable("its root or its time cannot be read") from None
    if len(head.root) != 32 or head.text != said + "\n":
        raise CheckpointUnreadable("it is not written as this version writes heads")
    checkpoint = Checkpoint(head, tuple(map(read_signature, signed.splitlines())))
    if checkpoint.text != text:
        # Base64 has bits that count for nothing: a text with others in them would pass for the same.
        raise CheckpointUnreadable("its signatures are not written as this version writes them")
    return checkpoint


def read_signature(line: str) -> Signature:
    """A signature from its line under a note. Raises CheckpointUnreadable."""
    found = _SIGNED.fullmatch(line)
    try:
        octets = b64decode(found[2], validate=True) if found is not None else b""
    except Error:
        octets = b""
    if found is None or len(octets) < 5:
        raise CheckpointUnreadable(f"a line under it is no signature: {line[:80]!r}")
    return Signature(found[1], octets[:4], octets[4:])
