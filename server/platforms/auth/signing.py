"""A signature over a request: HMAC over a canonical text that the manifest puts together."""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256, sha512
from typing import Final
from urllib.parse import urlsplit

from server.platforms.auth.kinds import Encoding, Hash, Hmac, Signed

_HASHES: Final = {Hash.SHA256: sha256, Hash.SHA512: sha512}


def canonical_text(
    rules: Hmac, method: str, url: str, body: bytes | None, timestamp: int, key_id: str
) -> bytes:
    """What is signed: the parts that the manifest names, in its order, joined by line feeds."""
    parts, content = urlsplit(url), body or b""
    said: Mapping[Signed, bytes] = {
        Signed.METHOD: method.upper().encode(),
        Signed.HOST: parts.netloc.lower().encode(),
        Signed.PATH: parts.path.encode(),
        Signed.QUERY: parts.query.encode(),
        Signed.TIMESTAMP: str(timestamp).encode(),
        Signed.KEY_ID: key_id.encode(),
        Signed.BODY: content,
        Signed.BODY_HASH: _HASHES[rules.hash](content).hexdigest().encode(),
    }
    return b"\n".join(said[part] for part in rules.signs)


def signature_headers(
    rules: Hmac, key: str, key_id: str, method: str, url: str, body: bytes | None, timestamp: int
) -> dict[str, str]:
    """The headers that a signed request has."""
    text = canonical_text(rules, method, url, body, timestamp, key_id)
    code = hmac.new(key.encode(), text, _HASHES[rules.hash])
    written = code.hexdigest() if rules.encoding is Encoding.HEX else b64encode(code.digest()).decode()
    headers = {rules.header: f"{rules.prefix}{written}"}
    if rules.timestamp_header:
        headers[rules.timestamp_header] = str(timestamp)
    if rules.key_id_header:
        headers[rules.key_id_header] = key_id
    return headers
