"""The keys of signed rulebooks: ES256, a private one for who signs, public ones for who serves.

A key is called by its RFC 7638 thumbprint, so that its id cannot be chosen and says which key it is.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from server.key_files import KeyUnusable, pem_blocks, text_of_key, write_pair

PublicKeys: TypeAlias = Mapping[str, ECKey]

_PRIVATE: Final = "PRIVATE KEY-----"


def key_id(key: ECKey) -> str:
    """What the key is called."""
    return key.thumbprint()


def make_key(private: Path) -> tuple[Path, str]:
    """Makes a key: the private half at the path, for its owner's eyes only; where the public half stands, and its id.

    Raises KeyUnusable where a file is in the way: nothing is ever written over.
    """
    key = ECKey.generate_key("P-256")
    return write_pair(private, key.as_pem(private=True), key.as_pem(private=False)), key_id(key)


def private_key(path: Path) -> ECKey:
    """The private key of a PEM file. Raises KeyUnusable."""
    text = text_of_key(path)
    if "ENCRYPTED" in text:
        raise KeyUnusable(
            f"{path}: has a password. Give a key without one, in a file that only you can read."
        )
    if _PRIVATE not in text:
        raise KeyUnusable(
            f"{path}: holds no private key in PEM form. `origingate rules key {path.stem}.key.pem` makes one."
        )
    key = _of_pem(path, text)
    if not key.is_private:
        raise KeyUnusable(f"{path}: holds no private key.")
    return key


def public_keys(path: Path) -> PublicKeys:
    """The public keys of a PEM file, one after another, or of a JWK Set, by their ids.

    Raises KeyUnusable, also for a private key.
    """
    text = text_of_key(path)
    if _PRIVATE in text:
        raise _private(path)
    if text.lstrip().startswith("{"):
        return _of_jwks(path, text)
    keys = [_of_pem(path, block) for block in pem_blocks(text)]
    return {key_id(key): key for key in keys}


def _of_pem(path: Path, text: str) -> ECKey:
    try:
        key = ECKey.import_key(text)
    except (JoseError, ValueError, TypeError) as error:
        raise KeyUnusable(
            f"{path}: holds no key that can be used. A key for ES256 is needed, in PEM form, or a JWK Set of such."
        ) from error
    if not _signs_es256(key):
        raise KeyUnusable(f"{path}: is a key on another curve. ES256 needs P-256.")
    return key


def _of_jwks(path: Path, text: str) -> PublicKeys:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise KeyUnusable(f"{path}: is neither PEM nor a JWK Set.") from error
    entries = said.get("keys", [said])
    found: dict[str, ECKey] = {}
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and "d" in entry:
            raise _private(path)
        if not isinstance(entry, dict) or entry.get("kty") != "EC" or entry.get("use", "sig") != "sig":
            continue
        try:
            key = ECKey.import_key({name: entry[name] for name in ("kty", "crv", "x", "y")})
        except (JoseError, ValueError, TypeError, KeyError):
            continue
        if _signs_es256(key):
            found[key_id(key)] = key
    if not found:
        raise KeyUnusable(f"{path}: holds no public key for ES256.")
    return found


def _signs_es256(key: ECKey) -> bool:
    return key.as_dict(private=False).get("crv") == "P-256"


def _private(path: Path) -> KeyUnusable:
    return KeyUnusable(
        f"{path}: holds a private key, which belongs to who signs. Give the public one; `rules key` wrote it beside,"
        f" and `openssl pkey -in {path} -pubout` writes it again."
    )
