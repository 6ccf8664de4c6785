"""Receipts, verified without the server: that a decision stands in the log whose key the operator handed out."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from google.protobuf import json_format
from origingate.v1 import receipt_pb2

from engine.receipt import Proved, ReceiptDoesNotHold, read_receipt
from engine.signed_head import octets_of, signed_by

__all__ = ["Proved", "ReceiptDoesNotHold", "verify_receipt"]


def verify_receipt(receipt: receipt_pb2.Receipt, keys: Iterable[bytes]) -> Proved:
    """What the receipt proves, once one of the keys (Ed25519, public, PEM) is found to have signed it.

    Raises ReceiptDoesNotHold, of which nothing may be believed, and ValueError where a key is none.
    """
    proved = read_receipt(json_format.MessageToJson(receipt))
    if proved.said.get("kind") != "decision":
        raise ReceiptDoesNotHold("it is not one of a decision")
    known = {octets_of(key): key for key in map(_key, keys)}
    if signed_by(proved.checkpoint, known) is None:
        raise ReceiptDoesNotHold("its head is signed by none of the keys that are given")
    return proved


def _key(text: bytes) -> Ed25519PublicKey:
    key = load_pem_public_key(text)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("this is a key of another kind; the log's are Ed25519")
    return key
