"""Who signed a head of the log, or another note by its key, by public keys that the caller holds."""

from collections.abc import Iterable, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from engine.checkpoint import Checkpoint, Signature, key_id

PublicKeys = Mapping[bytes, Ed25519PublicKey]
"""Public keys by their 32 octets."""


def signed_by(checkpoint: Checkpoint, keys: PublicKeys) -> bytes | None:
    """The first of the keys whose signature under the head holds; None where none of them signed it."""
    return note_signed_by(checkpoint.head.origin, checkpoint.head.text, checkpoint.signatures, keys)


def note_signed_by(name: str, text: str, signatures: Iterable[Signature], keys: PublicKeys) -> bytes | None:
    """The first of the keys, under this name, whose signature under a text holds; None where none of them signed it."""
    by_id = {key_id(name, octets): (octets, key) for octets, key in keys.items()}
    for signature in signatures:
        if signature.name != name or signature.key_id not in by_id:
            continue
        octets, key = by_id[signature.key_id]
        try:
            key.verify(signature.octets, text.encode())
        except InvalidSignature:
            continue
        return octets
    return None


def octets_of(key: Ed25519PublicKey) -> bytes:
    """A public key's 32 octets."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
