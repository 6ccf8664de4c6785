"""Entries of the log by themselves: leaves that hash their envelopes, and envelopes that say what stands beside them."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson

from server.audit.faults import Kind, Tally
from server.audit.raw import Row, moment, octets_of

COLUMNS: Final = "position, leaf, tenant, kind, subject, at, envelope, event"
PAGE: Final = f"SELECT {COLUMNS} FROM log WHERE position >= ? AND position < ? ORDER BY position"
_VERSIONS: Final = frozenset({1, 2})


@dataclass(slots=True)
class Said:
    """What an entry says: its envelope, and its event where that is the one that was logged.

    `doubtful` where the leaf is not the hash of an envelope that fits everything beside it: one of the two was changed, and
    the row that the entry vouches for tells which.
    """

    position: int
    tenant: str
    kind: str
    subject: str
    version: int
    envelope: dict[str, Any]
    event: dict[str, Any] | None
    doubtful: bool = False


def read_entry(row: Row, tally: Tally) -> tuple[bytes, Said | None]:
    """The entry's leaf as it was when it was logged, as far as can be told, and what it says. Faults are noted."""
    position, leaf, tenant, kind, subject, at, envelope, event = row
    computed = sha256(b"\x00" + octets_of(envelope)).digest()
    said = parsed(envelope)
    if said is None or said.get("v") not in _VERSIONS:
        tally.fault(Kind.CHANGED, "log", position, "envelope", "it is no envelope that this version knows")
        return bytes(leaf or b""), None
    wrong = _unlike(said, tenant, kind, subject, at, octets_of(event))
    if computed != leaf and wrong:
        tally.fault(Kind.CHANGED, "log", position, "envelope", "it is not what the leaf hashes")
        return bytes(leaf or b""), None
    for column in wrong:
        tally.fault(Kind.CHANGED, "log", position, column, "it is not what the envelope says")
    told = parsed(event) if "event" not in wrong else None
    return computed, Said(
        position, said["tenant"], said["kind"], said["subject"], said["v"], said, told, computed != leaf
    )


def parsed(text: object) -> dict[str, Any] | None:
    """The object that a text is; None where it is none."""
    if not isinstance(text, str):
        return None
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return said if isinstance(said, dict) else None


def _unlike(
    said: dict[str, Any], tenant: object, kind: object, subject: object, at: object, event: bytes
) -> list[str]:
    """The columns of the entry's row that are not as its envelope says."""
    wrong = []
    if tenant != said.get("tenant"):
        wrong.append("tenant")
    if kind != said.get("kind"):
        wrong.append("kind")
    if subject != said.get("subject"):
        wrong.append("subject")
    if moment(at) != said.get("at"):
        wrong.append("at")
    if "sha256:" + sha256(event).hexdigest() != said.get("event"):
        wrong.append("event")
    return wrong
