"""The log: every recorded decision, transition and certificate at a dense position, hashed as in RFC 9162.

A leaf hashes an envelope, and the envelope does not name its position: entries get their positions last in
the transaction, under the lock of the log's head, so that positions are dense and in the order of commits.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Integer, bindparam, func, insert, select, update

from engine.canonical_json import canonical_json
from server.store.prepared import every, write_all
from server.store.records import LogEntry
from server.store.rows import keyed, keys, rows_of
from server.store.schema import log, log_head
from server.store.transaction import Entry, Transaction

ENVELOPE_VERSION = 1
# On PostgreSQL every transaction that writes to the log says so there.
CHANNEL = "origingate_log"

Flat = Mapping[str, str | int | bool | None]


def append(
    tx: Transaction,
    tenant: str,
    kind: str,
    subject: str,
    event: Flat,
    body: str | None = None,
) -> None:
    """Add an entry about the subject. `event` is what watchers are told; the entry vouches for `body` too."""
    tx.entries.append(Entry(tenant, kind, subject, tx.now, canonical(event), body))


def canonical(value: Flat) -> str:
    """The RFC 8785 text of a flat object."""
    return canonical_json(dict(value)).decode()


def text_digest(text: str) -> str:
    """The SHA-256 digest of a text's UTF-8, with its name before it."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def envelope(entry: Entry) -> str:
    """The canonical text that a leaf hashes: what the entry is about, and digests of what it vouches for."""
    parts: dict[str, str | int | bool | None] = {
        "v": ENVELOPE_VERSION,
        "tenant": entry.tenant,
        "kind": entry.kind,
        "subject": entry.subject,
        "at": entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "event": text_digest(entry.event),
    }
    if entry.body is not None:
        parts["body"] = text_digest(entry.body)
    return canonical(parts)


def leaf_hash(text: str) -> bytes:
    """RFC 9162, section 2.1.1: the hash of a leaf is SHA-256 over a zero octet and the leaf's octets."""
    return hashlib.sha256(b"\x00" + text.encode()).digest()


_GROW = (
    update(log_head)
    .values(size=log_head.c.size + bindparam("entries", type_=Integer))
    .returning(log_head.c.size)
)
_GROW_AND_TELL = _GROW.returning(func.pg_notify(CHANNEL, ""))
_ADD = insert(log)
_SIZE = select(log_head.c.size)
_HELD = _SIZE.with_for_update()
_LEAF = select(log.c.leaf).where(log.c.position == bindparam("position"))
_ROWS = rows_of(log, LogEntry).order_by(log.c.position)
_FROM = _ROWS.where(log.c.position >= bindparam("start")).limit(bindparam("limit", type_=Integer))
_FROM_OF_TENANT = _FROM.where(keyed(log, "tenant"))
_ABOUT = _ROWS.where(keyed(log, "tenant", "subject"))


class Written(NamedTuple):
    """The last of the entries that a transaction wrote: its position, and the leaf that tells it from others'."""

    position: int
    leaf: bytes


def write_entries(connection: Connection, entries: Sequence[Entry]) -> Written | None:
    """Give the entries the next positions. It holds the head's lock until the commit, so it comes last."""
    if not entries:
        return None
    grow = _GROW_AND_TELL if connection.dialect.name == "postgresql" else _GROW
    [grown] = every(connection, grow, lambda grown, *_: int(grown), {"entries": len(entries)})
    start = grown - len(entries)
    rows = [_row(start + offset, entry) for offset, entry in enumerate(entries)]
    write_all(connection, _ADD, rows)
    if connection.dialect.name == "postgresql":
        # After the driver's pipeline PostgreSQL does not count for how long a session is idle; after this it does.
        connection.exec_driver_sql("")
    return Written(start + len(entries) - 1, leaf_hash(envelope(entries[-1])))


def was_committed(connection: Connection, written: Written) -> bool:
    """Whether a transaction whose end was not seen is there. It waits for the head until that transaction has ended."""
    connection.execute(_HELD)
    return connection.execute(_LEAF, {"position": written.position}).scalar() == written.leaf


def size(connection: Connection) -> int:
    """How many entries the log has; the next one gets this position."""
    return int(connection.execute(_SIZE).scalar_one())


def read(connection: Connection, start: int, limit: int, tenant: str | None = None) -> list[LogEntry]:
    """Entries from a position on, at most `limit`, in order; of one tenant or of all."""
    bounds = {"start": start, "limit": limit}
    if tenant is None:
        return every(connection, _FROM, LogEntry, bounds)
    return every(connection, _FROM_OF_TENANT, LogEntry, bounds | keys(tenant=tenant))


def about(connection: Connection, tenant: str, subject: str) -> list[LogEntry]:
    """Everything that the log says about a subject, in order."""
    return every(connection, _ABOUT, LogEntry, keys(tenant=tenant, subject=subject))


def _row(position: int, entry: Entry) -> dict[str, int | bytes | str | datetime]:
    text = envelope(entry)
    return {
        "position": position,
        "leaf": leaf_hash(text),
        "tenant": entry.tenant,
        "kind": entry.kind,
        "subject": entry.subject,
        "at": entry.at,
        "envelope": text,
        "event": entry.event,
    }
