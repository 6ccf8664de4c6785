"""Signed rulebooks as files: a compact JWS (RFC 7515) by ES256 whose payload is the rulebook's content.

Every byte of the file counts: it is the JWS and nothing else, in the one encoding that its content has.
"""

import json
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from engine.rulebook import Rulebook
from engine.signed_rulebook import Content, DoesNotHold, Flaw, from_bytes, rulebook_of, to_bytes
from server.rulebooks import RulebookUnreadable, load_folder
from server.signing_keys import PublicKeys, key_id, public_keys

TYPE: Final = "origin-gate-rulebook+jws"
LARGEST_SIGNED: Final = 32 * 1024 * 1024

_ALGORITHMS: Final = ("ES256",)
_LONGEST_HEADER: Final = 1024
_KEY_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}")


class _Registry(jws.JWSRegistry):
    """The library's own bounds are for tokens; a rulebook's file is bounded when it is read."""

    max_payload_length = LARGEST_SIGNED


@dataclass(frozen=True, slots=True)
class SignedRulebook:
    """A rulebook whose signature and digest hold, what its file says of it, the id of the key that signed it, the file."""

    rulebook: Rulebook
    content: Content
    key_id: str
    file: str = field(repr=False)


def sign(payload: bytes, key: ECKey) -> bytes:
    """The file: the payload, signed."""
    header = {"alg": "ES256", "kid": key_id(key), "typ": TYPE}
    return jws.serialize_compact(header, payload, key, registry=_Registry(algorithms=_ALGORITHMS)).encode()


def verified(signed: bytes, keys: PublicKeys) -> SignedRulebook:
    """The rulebook of a file, under one of these keys. Raises DoesNotHold."""
    # Nothing of a file that may be anybody's is looked at closely before its signature holds.
    if len(signed) > LARGEST_SIGNED or signed.count(b".") != 2 or signed.find(b".") > _LONGEST_HEADER:
        raise _not_signed()
    header, *rest = signed.split(b".")
    signer = _signer(_decoded(header))
    for part in rest:
        _decoded(part)
    if signer not in keys:
        known = " or ".join(keys)
        raise DoesNotHold(
            Flaw.OTHER_KEY,
            f"It is signed by the key {signer}, not by {known}. Give the key of who signed it, or have it signed by"
            " the right one.",
        )
    try:
        payload = jws.deserialize_compact(
            signed, keys[signer], registry=_Registry(algorithms=_ALGORITHMS)
        ).payload
    except (JoseError, ValueError, TypeError) as error:
        raise DoesNotHold(
            Flaw.BAD_SIGNATURE,
            f"The signature by the key {signer} does not hold: the file was changed after it was signed. Fetch or"
            " build it again.",
        ) from error
    content = from_bytes(payload)
    return SignedRulebook(rulebook_of(content), content, signer, signed.decode("ascii"))


def read_signed(path: Path, keys: PublicKeys) -> SignedRulebook:
    """The rulebook of a file. Raises DoesNotHold, and RulebookUnreadable where there is no file to read."""
    return verified(_bytes(path), keys)


def write_signed(path: Path, content: Content, key: ECKey) -> None:
    """Writes the file in one step. Raises DoesNotHold for what nobody would read, RulebookUnreadable for the rest.

    Only a signed rulebook is written over: a slip of the pen must not cost a key or a rule file.
    """
    signed = sign(to_bytes(content), key)
    if len(signed) > LARGEST_SIGNED:
        raise DoesNotHold(Flaw.BAD_CONTENT, f"It would be larger than {LARGEST_SIGNED // 1024 // 1024} MiB.")
    if os.path.lexists(path) and not _is_ours(path):
        raise RulebookUnreadable(f"{path}: is there already and is no signed rulebook. Give another name.")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(signed)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise RulebookUnreadable(f"{path}: cannot be written ({error.strerror}).") from error


def unpack(content: Content, folder: Path) -> None:
    """Writes the files into a new or empty folder. Raises RulebookUnreadable; nothing is written over."""
    try:
        if folder.is_dir() and any(folder.iterdir()):
            raise RulebookUnreadable(f"{folder}: is not empty. Name a new folder: nothing is written over.")
        for path, text in content.files.items():
            # The paths were examined when the content was read: none leaves the folder.
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("x", encoding="utf-8", newline="") as file:
                file.write(text)
    except OSError as error:
        raise RulebookUnreadable(
            f"{error.filename or folder}: cannot be written ({error.strerror})."
        ) from error


def served(path: Path, key: Path | None) -> tuple[Rulebook, SignedRulebook | None]:
    """The rulebook that a server is to serve: of a folder, or with a key of a signed file.

    Raises RulebookRefused, RulebookUnreadable, also where only one of file and key is there, DoesNotHold, and
    KeyUnusable.
    """
    if key is None:
        if path.is_file():
            raise RulebookUnreadable(
                f"{path}: is a file. A signed rulebook is served with the public key of who signed it: give --key"
                " FILE. Else name a folder of rule files."
            )
        return load_folder(path), None
    keys = public_keys(key)
    if path.is_dir():
        raise RulebookUnreadable(
            f"{path}: is a folder, and with a key only a signed rulebook is served. `origingate rules build` makes"
            " one; without the key the folder is served unsigned."
        )
    signed = read_signed(path, keys)
    return signed.rulebook, signed


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            kind = "is no file" if path.exists() else "there is no such file"
            raise RulebookUnreadable(f"{path}: {kind}. Name what `origingate rules build` wrote.")
        with path.open("rb") as file:
            signed = file.read(LARGEST_SIGNED + 1)
    except OSError as error:
        raise RulebookUnreadable(f"{path}: cannot be read ({error.strerror}).") from error
    if len(signed) > LARGEST_SIGNED:
        raise DoesNotHold(
            Flaw.NOT_SIGNED, f"It is larger than {LARGEST_SIGNED // 1024 // 1024} MiB: no signed rulebook is."
        )
    return signed


def _is_ours(path: Path) -> bool:
    try:
        if not path.is_file() or path.is_symlink():
            return False
        with path.open("rb") as file:
            _signer(_decoded(file.read(_LONGEST_HEADER).partition(b".")[0]))
    except (OSError, DoesNotHold):
        return False
    return True


def _decoded(part: bytes) -> bytes:
    """A part of the JWS in the one form that it has; the encoding would allow others for the same bytes."""
    try:
        decoded = urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except ValueError as error:
        raise _not_signed() from error
    if urlsafe_b64encode(decoded).rstrip(b"=") != part:
        raise _not_signed()
    return decoded


def _signer(header: bytes) -> str:
    """The id of the key that the header names."""
    try:
        said = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise _not_signed() from error
    # Nothing else may stand there: other members could change what is signed, or bring a key along.
    if not isinstance(said, dict) or set(said) != {"alg", "kid", "typ"}:
        raise _not_signed()
    signer = str(said["kid"])
    if said["alg"] not in _ALGORITHMS or said["typ"] != TYPE or not _KEY_ID.fullmatch(signer):
        raise _not_signed()
    return signer


def _not_signed() -> DoesNotHold:
    return DoesNotHold(
        Flaw.NOT_SIGNED,
        "It is no signed rulebook, or not all of one. Name what `origingate rules build` wrote, as it was written.",
    )
