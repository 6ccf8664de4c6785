"""Receipts, verified without the server: that a decision stands in the log whose key the operator handed out."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from google.protobuf import json_format
from origingate.v1 import receipt_pb2

from engine.checkpoint import Checkpoint, key_id
from engine.receipt import Proved, ReceiptDoesNotHold, read_receipt

__all__ = ["Proved", "ReceiptDoesNotHold", "verify_receipt"]


def verify_receipt(receipt: receipt_pb2.Receipt, keys: Iterable[bytes]) -> Proved:
    """What the receipt proves, once one of the keys (Ed25519, public, PEM) is found to have signed it.

    Raises ReceiptDoesNotHold, of which nothing may be believed, and ValueError where a key is none.
    """
    proved = read_receipt(json_format.MessageToJson(receipt))
    if proved.said.get("kind") != "decision":
        raise ReceiptDoesNotHold("it is not one of a decision")
    if not any(_signed(proved.checkpoint, _key(text)) for text in keys):
        raise ReceiptDoesNotHold("its head is signed by none of the keys that are given")
    return proved


def _key(text: bytes) -> Ed25519PublicKey:
    key = load_pem_public_key(text)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("this is a key of another kind; the log's are Ed25519")
    return key


def _signed(checkpoint: Checkpoint, key: Ed25519PublicKey) -> bool:
    public = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    said = checkpoint.head.text.encode()
    for signature in checkpoint.signatures:
        if signature.name == checkpoint.head.origin and signature.key_id == key_id(signature.name, public):
            try:
                key.verify(signature.octets, said)
            except InvalidSignature:
                continue
            return True
    return False
