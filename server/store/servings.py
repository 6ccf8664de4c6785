"""Which rulebook each process serves, as each of them says now and then."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete

from server.store.prepared import every, write
from server.store.rows import columns_of, insert_into, keyed, keys, rows_of
from server.store.schema import rulebook_servings as servings
from server.store.transaction import Transaction

# A process that said nothing for so long is forgotten.
FORGOTTEN_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ServingRecord:
    """What a process serves since when, by which activation, and when it last said so."""

    owner: str
    rulebook_digest: str
    activation: int
    since: datetime
    seen_at: datetime


_SEEN = (
    rows_of(servings, ServingRecord)
    .where(servings.c.seen_at >= bindparam("moment", type_=servings.c.seen_at.type))
    .order_by(servings.c.owner)
)
_FORGET_OLD = delete(servings).where(servings.c.seen_at < bindparam("moment", type_=servings.c.seen_at.type))
_FORGET = delete(servings).where(keyed(servings, "owner"))


def say(tx: Transaction, owner: str, digest: str, activation: int, since: datetime) -> None:
    """Say what a process serves; those that said nothing for long are forgotten."""
    statement = insert_into(servings, tx.connection.dialect.name)
    said = {name: statement.excluded[name] for name in ("rulebook_digest", "activation", "since", "seen_at")}
    tx.connection.execute(
        statement.on_conflict_do_update(index_elements=["owner"], set_=said),
        columns_of(ServingRecord(owner, digest, activation, since, tx.now)),
    )
    write(tx.connection, _FORGET_OLD, {"moment": tx.now - FORGOTTEN_AFTER})


def forget(tx: Transaction, owner: str) -> None:
    """A process serves no more."""
    write(tx.connection, _FORGET, keys(owner=owner))


def seen(connection: Connection, since: datetime) -> list[ServingRecord]:
    """The processes that said something since a moment, by name."""
    return every(connection, _SEEN, ServingRecord, {"moment": since})
