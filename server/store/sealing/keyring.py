"""Data keys at hand: read from the database when they are first needed, kept unwrapped for a while, forgotten when erased.

What a transaction has read or made is its own until its commit: a key that was never committed must never seal anything.
Another process that had a key at hand forgets it a minute after it was erased, at the latest.
"""

import os
import threading
import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from server.store.errors import KeyMissing, RecordsErased, SealBroken
from server.store.sealing import keys
from server.store.sealing.envelope import DataKey, key_id_of
from server.store.sealing.keys import DataKeyRecord
from server.store.sealing.master import KEY_OCTETS, MasterKeys

MOST_AT_HAND: Final = 4096
SECONDS_AT_HAND: Final = 60.0
_ID_OCTETS: Final = 9
_INFO: Final = "origingate_keys"

_Subject = tuple[str, str]


class Keyring:
    """The keys that a process has at hand, for all its threads."""

    def __init__(self, master: MasterKeys | None) -> None:
        self._master = master
        self._lock = threading.Lock()
        self._by_id: dict[tuple[str, str], tuple[float, DataKey | None]] = {}
        self._by_subject: dict[_Subject, tuple[float, DataKey]] = {}

    def give(self, master: MasterKeys) -> None:
        """Have master keys at hand from now on."""
        self._master = master

    @property
    def master(self) -> MasterKeys:
        """The master keys. Raises KeyMissing where none is at hand."""
        if self._master is None:
            raise KeyMissing(
                "personal values are sealed, and no master key is at hand; give --master-key FILE"
            )
        return self._master

    def by_id(self, tenant: str, key_id: str) -> tuple[bool, DataKey | None]:
        """Whether it is known what became of a key, and the key unless it was erased."""
        until, key = self._by_id.get((tenant, key_id), (0.0, None))
        return until > time.monotonic(), key

    def by_subject(self, tenant: str, subject: str) -> DataKey | None:
        """The subject's key, where it is at hand."""
        until, key = self._by_subject.get((tenant, subject), (0.0, None))
        return key if until > time.monotonic() else None

    def keep(self, tenant: str, subject: str, key_id: str, key: DataKey | None) -> None:
        """Has a key of a committed row at hand; None for one that was erased."""
        until = time.monotonic() + SECONDS_AT_HAND
        with self._lock:
            if len(self._by_id) >= MOST_AT_HAND:
                self._by_id.clear()
                self._by_subject.clear()
            self._by_id[tenant, key_id] = until, key
            if key is not None:
                self._by_subject[tenant, subject] = until, key

    def forget(self, tenant: str, subject: str) -> None:
        """Lets go of a subject's key."""
        with self._lock:
            _, key = self._by_subject.pop((tenant, subject), (0.0, None))
            if key is not None:
                self._by_id.pop((tenant, key.key_id), None)


class Keys:
    """The keys as one connection sees them."""

    def __init__(self, ring: Keyring, *, writing: bool, now: datetime | None = None) -> None:
        self._ring = ring
        self._now = now
        self._writing = writing
        self._found: dict[_Subject, tuple[str, DataKey | None]] = {}
        self._forgotten: set[_Subject] = set()

    def to_seal(self, connection: Connection, tenant: str, subject: str) -> DataKey:
        """The subject's key; made where it has none. Raises RecordsErased where its key was erased."""
        key = self._ring.by_subject(tenant, subject)
        if key is None:
            _, key = self._found.get((tenant, subject), ("", None))
        return key or self._read(connection, tenant, subject)

    def begin(self, connection: Connection, tenant: str, subject: str, now: datetime) -> bool:
        """Make the key of a subject that is new; False where it has one."""
        key_id, octets = _new()
        wrapped = self._ring.master.wrap(octets, _about(tenant, subject))
        if not keys.add(connection, DataKeyRecord(tenant, subject, key_id, wrapped, now)):
            return False
        self._keep(tenant, subject, key_id, DataKey.of(key_id, octets))
        return True

    def end(self, connection: Connection, tenant: str, subject: str) -> None:
        """Take away the key that this transaction began, of a subject that did not come to be."""
        del self._found[tenant, subject]
        keys.drop(connection, tenant, subject)

    def open(self, connection: Connection, tenant: str, sealed: str, place: str) -> str:
        """The text that was sealed; empty where its key was erased. Raises KeyMissing, SealBroken."""
        key_id = key_id_of(sealed)
        known, key = self._ring.by_id(tenant, key_id)
        if not known:
            key = self._opening(connection, tenant, key_id)
        return "" if key is None else key.open(sealed, place)

    def octets(self, connection: Connection, tenant: str, subject: str) -> tuple[str, bytes] | None:
        """The id and the octets of a subject's key; None where it has none, or it was erased."""
        row = keys.find(connection, tenant, subject)
        if row is None or row.wrapped is None or row.key_id is None:
            return None
        return row.key_id, self._ring.master.unwrap(row.wrapped, _about(tenant, subject))

    def erased(self, tenant: str, subject: str) -> None:
        """Take note that the transaction erases a subject's key."""
        self._found.pop((tenant, subject), None)
        self._forgotten.add((tenant, subject))

    def commit(self) -> None:
        """What the transaction read and made is committed, and at hand for all from now on."""
        for tenant, subject in self._forgotten:
            self._ring.forget(tenant, subject)
        for (tenant, subject), (key_id, key) in self._found.items():
            self._ring.keep(tenant, subject, key_id, key)

    def _read(self, connection: Connection, tenant: str, subject: str) -> DataKey:
        row = keys.find(connection, tenant, subject)
        if row is None:
            self.begin(connection, tenant, subject, self._now or datetime.now(UTC))
            row = keys.find(connection, tenant, subject)
        if row is not None and row.wrapped is None and row.erased_at is None:
            key_id, octets = _new()
            keys.make(
                connection, tenant, subject, key_id, self._ring.master.wrap(octets, _about(tenant, subject))
            )
            row = keys.find(connection, tenant, subject)
        if row is None or row.wrapped is None or row.key_id is None:
            raise RecordsErased(f"the records of {subject} were erased; nothing is added to them")
        return self._unwrapped(row, row.key_id, row.wrapped)

    def _opening(self, connection: Connection, tenant: str, key_id: str) -> DataKey | None:
        for found_id, found in self._found.values():
            if found_id == key_id:
                return found
        row = keys.find_by_id(connection, tenant, key_id)
        if row is None:
            raise SealBroken(f"the data key {key_id} of a sealed value is not in the database")
        if row.wrapped is None:
            self._keep(tenant, row.subject, key_id, None)
            return None
        return self._unwrapped(row, key_id, row.wrapped)

    def _unwrapped(self, row: DataKeyRecord, key_id: str, wrapped: str) -> DataKey:
        key = DataKey.of(key_id, self._ring.master.unwrap(wrapped, _about(row.tenant, row.subject)))
        self._keep(row.tenant, row.subject, key_id, key)
        return key

    def _keep(self, tenant: str, subject: str, key_id: str, key: DataKey | None) -> None:
        if self._writing:
            self._found[tenant, subject] = key_id, key
        else:
            # Whoever only reads sees nothing but what is committed.
            self._ring.keep(tenant, subject, key_id, key)


def lend(ring: Keyring, engine: Engine, *, writing: bool) -> None:
    """Have the keys at hand on every connection of an engine."""

    def on_connect(_: object, record: ConnectionPoolEntry) -> None:
        record.info[_INFO] = Keys(ring, writing=writing)

    event.listen(engine, "connect", on_connect)


def begin_keys(connection: Connection, now: datetime) -> None:
    """A transaction begins: it has read and made no keys."""
    before = keys_of(connection)
    connection.info[_INFO] = Keys(before._ring, writing=True, now=now)


def commit_keys(connection: Connection) -> None:
    """The connection's transaction is committed."""
    keys_of(connection).commit()


def begin_key(connection: Connection, tenant: str, subject: str, now: datetime) -> bool:
    """Make the key of a subject that is new; False where it has one."""
    return keys_of(connection).begin(connection, tenant, subject, now)


def end_key(connection: Connection, tenant: str, subject: str) -> None:
    """Take away a key that was begun in this transaction."""
    keys_of(connection).end(connection, tenant, subject)


def forget_key(connection: Connection, tenant: str, subject: str) -> None:
    """Let go of a key that the transaction erases."""
    keys_of(connection).erased(tenant, subject)


def handed_over(connection: Connection, tenant: str, subject: str) -> tuple[str, bytes] | None:
    """A subject's key, its id and its octets, for who takes it away with what it opens; None where there is none."""
    return keys_of(connection).octets(connection, tenant, subject)


def keys_of(connection: Connection) -> Keys:
    """The keys as the connection sees them."""
    found = connection.info.get(_INFO)
    assert isinstance(found, Keys), "the store lends keys to every connection of its own"
    return found


def rewrapped(ring: Keyring, row: DataKeyRecord) -> str | None:
    """A data key wrapped by the newest master key; None where it is so already, or there is none."""
    if row.wrapped is None or row.wrapped.startswith(f"{ring.master.newest}:"):
        return None
    about = _about(row.tenant, row.subject)
    return ring.master.wrap(ring.master.unwrap(row.wrapped, about), about)


def _new() -> tuple[str, bytes]:
    return urlsafe_b64encode(os.urandom(_ID_OCTETS)).decode(), os.urandom(KEY_OCTETS)


def _about(tenant: str, subject: str) -> str:
    return f"{tenant}\x1f{subject}"
