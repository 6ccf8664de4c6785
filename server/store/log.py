"""The log: every recorded decision, transition and certificate at a dense position, hashed as in RFC 9162.

A leaf hashes an envelope, and the envelope does not name its position: entries get their positions last in
the transaction, under the lock of the log's head, so that positions are dense and in the order of commits.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, Integer, bindparam, select

from engine import merkle
from engine.canonical_json import canonical_json
from server.store.covered import Covered, moment_text, text_digest
from server.store.prepared import every
from server.store.records import LogEntry
from server.store.rows import keyed, keys, rows_of
from server.store.schema import log, log_head
from server.store.sealing import sealed_words
from server.store.transaction import Entry, Transaction

# Version 1 covered a decision's body or a certificate's proof by `body`, and nothing else of their rows.
ENVELOPE_VERSION = 2

Flat = Mapping[str, str | int | bool | None]


def append(
    tx: Transaction,
    tenant: str,
    kind: str,
    subject: str,
    event: Flat,
    covers: Covered | None = None,
    key: str = "",
    *,
    plain: bool = False,
) -> None:
    """Add an entry about the subject. `event` is what watchers are told; the entry vouches for what it `covers` too.

    Words of a person or a platform in it are sealed with the subject, unless they are `plain`.
    """
    said = event if plain else sealed_words(tx.connection, tenant, subject, event)
    tx.entries.append(Entry(tenant, kind, subject, tx.now, canonical(said), covers, key))


def canonical(value: Flat) -> str:
    """The RFC 8785 text of a flat object."""
    return canonical_json(dict(value)).decode()


def envelope(entry: Entry) -> str:
    """The canonical text that a leaf hashes: what the entry is about, and digests of what it vouches for."""
    parts: dict[str, object] = {
        "v": ENVELOPE_VERSION,
        "tenant": entry.tenant,
        "kind": entry.kind,
        "subject": entry.subject,
        "at": moment_text(entry.at),
        "event": text_digest(entry.event),
    }
    if entry.covers is not None:
        parts["table"] = entry.covers.table
        parts["covers"] = dict(entry.covers.digests)
    return canonical_json(parts).decode()


def leaf_hash(text: str) -> bytes:
    """The hash of a leaf by its envelope."""
    return merkle.leaf_hash(text.encode())


_SIZE = select(log_head.c.size)
_ROWS = rows_of(log, LogEntry).order_by(log.c.position)
_FROM = _ROWS.where(log.c.position >= bindparam("start")).limit(bindparam("limit", type_=Integer))
_FROM_OF_TENANT = _FROM.where(keyed(log, "tenant"))
_ABOUT = _ROWS.where(keyed(log, "tenant", "subject"))


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
