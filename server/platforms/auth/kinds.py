"""How a platform is told who asks: what its manifest says of it. The secrets themselves are in an account."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Hash(StrEnum):
    """With what a request is signed."""

    SHA256 = "SHA256"
    SHA512 = "SHA512"


class Encoding(StrEnum):
    """How a signature is written."""

    HEX = "HEX"
    BASE64 = "BASE64"


class Signed(StrEnum):
    """A part of what is signed; the parts are joined by line feeds, in the order of the manifest."""

    METHOD = "METHOD"  # in capital letters
    HOST = "HOST"  # host and port as in the address, in small letters; without a port where there is none
    PATH = "PATH"  # as sent, percent-encoded
    QUERY = "QUERY"  # as sent, without the question mark; empty where there is none
    TIMESTAMP = "TIMESTAMP"  # whole seconds since 1970
    KEY_ID = "KEY_ID"  # the account's `hmac_key_id`
    BODY = "BODY"  # the bytes of the body; empty where there is none
    BODY_HASH = "BODY_HASH"  # the body's hash, by the same function, in small hex digits


class SendClient(StrEnum):
    """How the token endpoint is told who asks."""

    HEADER = "HEADER"  # HTTP basic
    BODY = "BODY"  # client_id and client_secret among the form's fields


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key in a header, after `prefix`, or in the query; one of the two is set."""

    header: str | None = None
    query: str | None = None
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class OAuth2:
    """A token by client credentials, sent as a bearer token."""

    token_url: str
    scope: str = ""
    audience: str = ""
    client: SendClient = SendClient.HEADER


@dataclass(frozen=True, slots=True)
class Hmac:
    """A signature over each request."""

    header: str
    signs: tuple[Signed, ...]
    prefix: str = ""
    hash: Hash = Hash.SHA256
    encoding: Encoding = Encoding.HEX
    timestamp_header: str | None = None
    key_id_header: str | None = None


@dataclass(frozen=True, slots=True)
class Auth:
    """What is needed of it; several may be."""

    api_key: ApiKey | None = None
    basic: bool = False
    oauth2: OAuth2 | None = None
    hmac: Hmac | None = None
    mtls: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets that an account has to have."""
        return tuple(self._secrets())

    def _secrets(self) -> Iterator[str]:
        if self.api_key:
            yield "api_key"
        if self.basic:
            yield from ("username", "password")
        if self.oauth2:
            yield from ("client_id", "client_secret")
        if self.hmac:
            yield "hmac_key"
            if self.hmac.key_id_header or Signed.KEY_ID in self.hmac.signs:
                yield "hmac_key_id"
        if self.mtls:
            yield from ("certificate", "private_key")


NO_AUTH: Final = Auth()
SECRETS: Final = (
    "api_key", "username", "password", "client_id", "client_secret", "hmac_key", "hmac_key_id", "certificate",
    "private_key", "notice_key",
)  # fmt: skip
