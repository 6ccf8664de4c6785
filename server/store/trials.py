"""What became of rule files that were offered: one process tries them, and all read what it found."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, update

from server.store.prepared import first, write
from server.store.rows import insert_new, keyed, keys, rows_of
from server.store.schema import rulebook_trials as trials
from server.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """A trial of files by the stamp over them. It has ended where it has a report; `rulebook_digest` is set where they
    were accepted."""

    stamp: str
    owner: str
    lease_until: datetime
    began_at: datetime
    ended_at: datetime | None
    rulebook_digest: str | None
    report: str | None


_BY_STAMP = rows_of(trials, TrialRecord).where(keyed(trials, "stamp"))
_MINE = update(trials).where(keyed(trials, "stamp", "owner"), trials.c.ended_at.is_(None))
_TAKE = (
    update(trials)
    .where(
        keyed(trials, "stamp"),
        trials.c.ended_at.is_(None),
        trials.c.lease_until <= bindparam("now", type_=trials.c.lease_until.type),
    )
    .values({name: bindparam(name) for name in ("owner", "lease_until", "began_at")})
)
_END = _MINE.values({name: bindparam(name) for name in ("ended_at", "rulebook_digest", "report")})
_PUT_OFF = _MINE.values(lease_until=bindparam("lease_until"))


def find(connection: Connection, stamp: str) -> TrialRecord | None:
    """The trial of files with this stamp."""
    return first(connection, _BY_STAMP, TrialRecord, keys(stamp=stamp))


def take(tx: Transaction, stamp: str, owner: str, lease: timedelta) -> bool:
    """Begin the trial; False where it has ended, or another process is at it."""
    values = {"owner": owner, "lease_until": tx.now + lease, "began_at": tx.now}
    empty = {"ended_at": None, "rulebook_digest": None, "report": None}
    if insert_new(tx.connection, trials, {"stamp": stamp, **values, **empty}):
        return True
    return write(tx.connection, _TAKE, {**values, "now": tx.now} | keys(stamp=stamp)) == 1


def end(tx: Transaction, stamp: str, owner: str, digest: str | None, report: str) -> bool:
    """Record what the trial found; False where another process took it over."""
    values = {"ended_at": tx.now, "rulebook_digest": digest, "report": report}
    return write(tx.connection, _END, values | keys(stamp=stamp, owner=owner)) == 1


def put_off(tx: Transaction, stamp: str, owner: str, pause: timedelta) -> None:
    """Have the trial, which could not be made, made by anybody after a pause."""
    write(tx.connection, _PUT_OFF, {"lease_until": tx.now + pause} | keys(stamp=stamp, owner=owner))
