"""How a platform signs its notices, and where they say what they are about: what its manifest says of it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from server.platforms.auth.kinds import Encoding, Hash
from server.platforms.expression import Expression


class Sealed(StrEnum):
    """A part of what is signed."""

    ID = "ID"  # the header of the notice's id
    TIMESTAMP = "TIMESTAMP"  # the header of the time, as it came
    BODY = "BODY"  # the bytes of the body


class KeyForm(StrEnum):
    """How the key of a signature is written."""

    TEXT = "TEXT"  # its letters are the key's bytes
    BASE64 = "BASE64"  # as base64, `whsec_` before it or not


@dataclass(frozen=True, slots=True)
class Seal:
    """An HMAC over each notice: the parts, joined. The header holds it after `prefix`, or several with blanks between."""

    header: str
    timestamp_header: str
    signs: tuple[Sealed, ...]
    id_header: str | None = None
    prefix: str = ""
    joined_by: str = "."
    hash: Hash = Hash.SHA256
    encoding: Encoding = Encoding.HEX
    key: KeyForm = KeyForm.TEXT


@dataclass(frozen=True, slots=True)
class NoticeReads:
    """Where a notice says what it is about; what is None is not said."""

    reference: Expression | None = None
    platform_id: Expression | None = None
    e_cert_id: Expression | None = None


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """What a notice has to meet. Without `seal` its body is a JWS of the platform's keys, signed by one of `algorithms`.

    `age` is how old it may be, and how far ahead of our clock.
    """

    reads: NoticeReads
    age: timedelta
    seal: Seal | None = None
    algorithms: tuple[str, ...] = ()
