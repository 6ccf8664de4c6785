"""Which rulebook is active, since when and by whose word: a record that only grows, and that the log vouches for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, select

from server.store import log
from server.store.covered import ACTIVATIONS, covered
from server.store.errors import StoreError
from server.store.prepared import every, first
from server.store.rows import columns_of, insert_new, keyed, keys, rows_of
from server.store.schema import activations
from server.store.transaction import Transaction


class ActivationRaced(StoreError):
    """Somebody else activated or proposed a rulebook at the same moment; look again and decide anew."""


@dataclass(frozen=True, slots=True)
class ActivationRecord:
    """A rulebook that is in force from a moment until the next one is; numbers are dense, from 1.

    `approved_by` is set where a second person approved it.
    """

    number: int
    rulebook_digest: str
    activated_at: datetime
    activated_by: str
    approved_by: str | None
    because: str


_ROWS = rows_of(activations, ActivationRecord)
_NEWEST_FIRST = _ROWS.order_by(activations.c.number.desc())
_NEWEST = _NEWEST_FIRST.limit(1)
_AT = _NEWEST_FIRST.where(
    activations.c.activated_at < bindparam("moment", type_=activations.c.activated_at.type)
).limit(1)
_BEFORE = _NEWEST_FIRST.where(activations.c.number < bindparam("before", type_=Integer)).limit(
    bindparam("limit", type_=Integer)
)
_WAS_ACTIVE = select(activations.c.number).where(keyed(activations, "rulebook_digest")).limit(1)
_AFTER_ALL = 2**31 - 1


def newest(connection: Connection) -> ActivationRecord | None:
    """The activation that is in force; None where nothing was ever active."""
    return first(connection, _NEWEST, ActivationRecord, {})


def before(connection: Connection, moment: datetime) -> ActivationRecord | None:
    """The activation that was in force just before a moment."""
    return first(connection, _AT, ActivationRecord, {"moment": moment})


def listed(connection: Connection, limit: int, below: int | None = None) -> list[ActivationRecord]:
    """Activations, the newest first, of those below a number where one is given."""
    return every(connection, _BEFORE, ActivationRecord, {"before": below or _AFTER_ALL, "limit": limit})


def was_active(connection: Connection, digest: str) -> bool:
    """Whether a rulebook is active, or was."""
    return first(connection, _WAS_ACTIVE, int, keys(rulebook_digest=digest)) is not None


def activate(
    tx: Transaction, digest: str, by: str, because: str, approved_by: str | None = None
) -> ActivationRecord:
    """Put a stored rulebook in force from now on; where it is so already, nothing changes. Raises ActivationRaced."""
    last = newest(tx.connection)
    if last is not None and last.rulebook_digest == digest:
        return last
    # Clocks of several processes differ: the record's never goes back.
    at = tx.now if last is None else max(tx.now, last.activated_at)
    record = ActivationRecord(last.number + 1 if last else 1, digest, at, by, approved_by, because)
    row = columns_of(record)
    if not insert_new(tx.connection, activations, row):
        raise ActivationRaced("another rulebook was activated at the same moment")
    # Rulebooks are the server's own: no tenant's entry, and names of those who look after them are none of a buyer's.
    said: dict[str, str | int | bool | None] = {
        "number": record.number,
        "rulebook_digest": digest,
        "activated_by": by,
    }
    if approved_by is not None:
        said["approved_by"] = approved_by
    log.append(
        tx,
        "",
        "activation",
        f"activations/{record.number}",
        said,
        covered(ACTIVATIONS, row),
        plain=True,
    )
    return record
