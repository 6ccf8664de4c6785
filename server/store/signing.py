"""Which keys sign the log's heads, from which size on, and the heads that are kept."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Connection, Integer, and_, bindparam, or_, select

from server.store.growth import Signer, caught_up, hold, move
from server.store.prepared import every
from server.store.rows import insert_new, rows_of
from server.store.schema import log_head, log_heads, log_keys
from server.store.transaction import Transaction


class Beginner(Signer, Protocol):
    """Signs heads with a key, and the first one also with the key that it takes over from, where that is at hand."""

    @property
    def public(self) -> bytes:
        """The public key's 32 octets."""
        ...

    def first(self, origin: str, size: int, root: bytes, at: datetime) -> str:
        """A head as a signed note, by both keys."""
        ...


class _First:
    """Signs a key's first head."""

    def __init__(self, key: Beginner) -> None:
        self._key = key

    def signed(self, origin: str, size: int, root: bytes, at: datetime) -> str:
        return self._key.first(origin, size, root, at)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A public key, base64, that signs heads from a size of the log on."""

    public_key: str
    from_size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class HeadRecord:
    """A signed head that is kept."""

    size: int
    at: datetime
    head: str


_KEYS = rows_of(log_keys, KeyRecord).order_by(log_keys.c.from_size, log_keys.c.added_at)
_HEADS = (
    rows_of(log_heads, HeadRecord)
    .where(
        or_(
            log_heads.c.size > bindparam("start"),
            and_(
                log_heads.c.size == bindparam("start"),
                log_heads.c.at >= bindparam("since", type_=log_heads.c.at.type),
            ),
        )
    )
    .order_by(log_heads.c.size, log_heads.c.at)
    .limit(bindparam("limit", type_=Integer))
)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_NEWEST = select(log_head.c.head)
_ORIGIN = select(log_head.c.origin)


def begin_key(tx: Transaction, key: Beginner) -> bool:
    """Note a key that signs from now on, and sign the head that it begins with; False where it signed before."""
    row = {"public_key": b64encode(key.public).decode(), "from_size": 0, "added_at": tx.now}
    held = hold(tx.connection)
    row["from_size"] = held.size
    new = insert_new(tx.connection, log_keys, row)
    # What nobody signed is signed now: what an earlier version wrote, or a backup brought.
    signer: Signer = _First(key) if new else key
    move(tx.connection, held, caught_up(tx.connection, held), signer, tx.now, always_kept=new)
    return new


def keys_known(connection: Connection) -> list[KeyRecord]:
    """The keys that ever signed, oldest first."""
    return every(connection, _KEYS, KeyRecord, {})


def heads_kept(
    connection: Connection, limit: int, start: int = 0, since: datetime = _BEGINNING
) -> list[HeadRecord]:
    """Heads that were kept, from the one of a size and a moment on."""
    return every(connection, _HEADS, HeadRecord, {"start": start, "since": since, "limit": limit})


def log_origin(connection: Connection) -> str:
    """What the log is called in its heads."""
    return str(connection.execute(_ORIGIN).scalar())


def newest_head(connection: Connection) -> str | None:
    """The newest signed head; None where the last entries were not signed."""
    return connection.execute(_NEWEST).scalar()
