"""What a receipt proves, from its own parts: whoever holds it needs nothing else but the log's public key.

The signature under the head is for who calls to verify; everything else is here.
"""

import json
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from engine.checkpoint import Checkpoint, CheckpointUnreadable, read_checkpoint
from engine.merkle import HASH_SIZE, includes, leaf_hash


class ReceiptDoesNotHold(ValueError):
    """A receipt cannot be read, or proves nothing; the text says why."""


@dataclass(frozen=True, slots=True)
class Proved:
    """What a receipt proves, once the signature under its head holds.

    `said` is the entry's envelope: tenant, kind, subject, moment, digests of what was recorded. `event` says the decision.
    """

    position: int
    said: Mapping[str, Any]
    event: Mapping[str, Any]
    checkpoint: Checkpoint


def read_receipt(text: str) -> Proved:
    """Reads a receipt from its proto JSON and follows its proof up to the head. Raises ReceiptDoesNotHold."""
    try:
        parts = json.loads(text)
        position = int(parts["position"]) if "position" in parts else 0
        envelope, event = str(parts["envelope"]), str(parts["event"])
        path = [b64decode(step, validate=True) for step in parts.get("inclusion", ())]
        checkpoint = read_checkpoint(str(parts["head"]))
        said, told = json.loads(envelope), json.loads(event)
    except CheckpointUnreadable as error:
        raise ReceiptDoesNotHold(f"its head cannot be read: {error}") from None
    except (ValueError, KeyError, TypeError, AttributeError, Error, RecursionError):
        raise ReceiptDoesNotHold("it is no receipt as this version knows them") from None
    if not isinstance(said, dict) or not isinstance(told, dict):
        raise ReceiptDoesNotHold("it is no receipt as this version knows them")
    head = checkpoint.head
    if any(len(step) != HASH_SIZE for step in path) or not includes(
        head.root, head.size, position, leaf_hash(envelope.encode()), path
    ):
        raise ReceiptDoesNotHold("its entry does not stand under its head")
    if said.get("event") != "sha256:" + sha256(event.encode()).hexdigest():
        raise ReceiptDoesNotHold("its event is not the one that its entry names")
    return Proved(position, said, told, checkpoint)
