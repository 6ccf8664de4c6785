"""Receipts: the proof that an entry stands in the log, against a signed head.

Of what this process wrote a moment ago the proof is at hand: the peaks of before and the leaves of the commit are all that
it takes. For anything else the tree is read.
"""

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import Final

from sqlalchemy import Connection, select

from engine.checkpoint import read_checkpoint
from engine.merkle import inclusion
from server.store.growth import Written
from server.store.log import about, envelope
from server.store.prepared import first
from server.store.records import LogEntry
from server.store.schema import log_head, log_heads
from server.store.tree import Tree

# Of so many commits the proofs are at hand.
COMMITS: Final = 512

_NEWEST = select(log_head.c.head)
_KEPT = select(log_heads.c.head).order_by(log_heads.c.size.desc(), log_heads.c.at.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry at its position, the path from its leaf to the root, and the signed head that has this root."""

    position: int
    envelope: str
    event: str
    inclusion: tuple[bytes, ...]
    head: str


class AtHand:
    """The proofs of what this process wrote lately. Written to by the store's writer, read by anyone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._groups: deque[tuple[tuple[str, str], ...]] = deque()
        self._found: dict[tuple[str, str], tuple[Written, int]] = {}

    def note(self, written: Written) -> None:
        """Keeps what proofs for the decisions of a commit need."""
        if written.head is None:
            return
        keyed = {
            (entry.tenant, entry.key): (written, offset)
            for offset, entry in enumerate(written.entries)
            if entry.key
        }
        if not keyed:
            return
        with self._lock:
            self._groups.append(tuple(keyed))
            self._found |= keyed
            if len(self._groups) > COMMITS:
                for key in self._groups.popleft():
                    self._found.pop(key, None)

    def receipt(self, tenant: str, decision_id: str) -> Receipt | None:
        """The receipt of a decision, where it is at hand."""
        found = self._found.get((tenant, decision_id))
        if found is None:
            return None
        written, offset = found
        entry = written.entries[offset]
        position = written.start + offset
        path = inclusion(position, written.size, lambda height, number: written.nodes[height, number])
        assert written.head is not None, "what nobody signed is not kept"
        return Receipt(position, envelope(entry), entry.event, path, written.head)


def receipt_of_decision(
    connection: Connection, tenant: str, case_name: str | None, decision_id: str
) -> Receipt | None:
    """The receipt of a decision against the newest signed head; None where none stands over it, or it is not there."""
    subject = case_name or f"decisions/{decision_id}"
    wanted = f'"decision":"{decision_id}"'
    for entry in about(connection, tenant, subject):
        if entry.kind == "decision" and wanted in entry.event:
            return receipt_of(connection, entry)
    return None


def receipt_of(connection: Connection, entry: LogEntry) -> Receipt | None:
    """The receipt of an entry; None where no signed head stands over it."""
    for query in (_NEWEST, _KEPT):
        head = first(connection, query, _same, {})
        size = 0 if head is None else read_checkpoint(head).head.size
        if head is not None and entry.position < size:
            path = Tree(connection).inclusion(entry.position, size)
            return Receipt(entry.position, entry.envelope, entry.event, path, head)
    return None


def _same(head: str | None) -> str | None:
    return head
