"""From what came to a notice that is believed, or to why it is not. A notice proves nothing: it says where to look."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256, sha512
from typing import Final

from engine.certificate import LONGEST_ID, normalise_e_cert_id
from engine.declaration import Json
from engine.platform import PublicKeys
from server.platforms.auth.kinds import Encoding, Hash
from server.platforms.bodies import read_object
from server.platforms.expression import Expression, ExpressionFailed
from server.platforms.notices.rules import KeyForm, NoticeRules, Seal, Sealed
from server.platforms.proof import LONGEST_PROOF, key_id_of, signed_payload

_HASHES: Final = {Hash.SHA256: sha256, Hash.SHA512: sha512}
_MOST_SIGNATURES: Final = 8


@dataclass(frozen=True, slots=True)
class Notice:
    """What a platform says has changed: a submission by our reference or its own id, a certificate; "" where it says none.

    `mark` is the same for the same notice that comes again.
    """

    reference: str
    platform_id: str
    e_cert_id: str
    mark: bytes


@dataclass(frozen=True, slots=True)
class Disbelieved:
    """Why what came is not taken for a notice of the platform, for who set it up."""

    because: str


def sealed_notice(
    rules: NoticeRules, seal: Seal, key: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> Notice | Disbelieved:
    """The notice under an HMAC by this key. `headers` are by their names in small letters."""
    stamp = headers.get(seal.timestamp_header, "")
    said: Mapping[Sealed, bytes] = {
        Sealed.ID: headers.get(seal.id_header or "", "").encode(),
        Sealed.TIMESTAMP: stamp.encode(),
        Sealed.BODY: body,
    }
    text = seal.joined_by.encode().join(said[part] for part in seal.signs)
    code = hmac.new(_key(seal, key), text, _HASHES[seal.hash])
    written = code.hexdigest() if seal.encoding is Encoding.HEX else b64encode(code.digest()).decode()
    wanted = f"{seal.prefix}{written}".encode()
    header = headers.get(seal.header, "").strip().encode()
    shown = (header, *header.split()[:_MOST_SIGNATURES])
    if not any(hmac.compare_digest(wanted, one) for one in shown):
        return Disbelieved("its signature does not hold")
    if not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12:
        return Disbelieved("its time is not written in whole seconds since 1970")
    return _fresh(rules, read_object(body), float(stamp), now, code.digest())


def _key(seal: Seal, key: str) -> bytes:
    if seal.key is KeyForm.TEXT:
        return key.encode()
    try:
        return b64decode(key.removeprefix("whsec_"), validate=True)
    except NotBase64:
        # Nothing holds under it; the text of the error may repeat the key.
        return b"\0" * 64


async def signed_notice(
    rules: NoticeRules, keys: Callable[[str], Awaitable[PublicKeys]], body: bytes, now: datetime
) -> Notice | Disbelieved:
    """The notice that is a JWS; `keys` are the platform's, newer ones where the one that is wanted is not among them."""
    token = body.decode("ascii", "replace").strip()
    wanted = key_id_of(token) if len(token) <= LONGEST_PROOF else None
    payload = None
    if wanted is not None:
        payload = signed_payload(token, await keys(wanted), rules.algorithms)
    if payload is None:
        return Disbelieved("it is no JWS that holds under the platform's keys")
    at = payload.get("iat")
    if not isinstance(at, int) or isinstance(at, bool):
        return Disbelieved("its claim `iat` is no time")
    return _fresh(rules, payload, float(at), now, sha256(token.encode()).digest())


def _fresh(
    rules: NoticeRules, said: dict[str, Json] | None, at: float, now: datetime, mark: bytes
) -> Notice | Disbelieved:
    if abs(now.timestamp() - at) > rules.age.total_seconds():
        return Disbelieved("it is older, or further ahead of our clock, than it may be")
    if said is None:
        return Disbelieved("it is no JSON object")
    reads = rules.reads
    e_cert_id = normalise_e_cert_id(_text(reads.e_cert_id, said))
    found = Notice(_text(reads.reference, said), _text(reads.platform_id, said), e_cert_id, mark)
    if not (found.reference or found.platform_id or found.e_cert_id):
        return Disbelieved("it does not say what it is about")
    return found


def _text(expression: Expression | None, said: dict[str, Json]) -> str:
    if expression is None:
        return ""
    try:
        found = expression.find(said)
    except ExpressionFailed:
        return ""
    told = str(found) if isinstance(found, int) and not isinstance(found, bool) else found
    return told if isinstance(told, str) and 0 < len(told) <= LONGEST_ID and told.isprintable() else ""
