"""Rule texts, kept by digest from the first decision on, so that an old decision can be made again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, literal, select, tuple_

from server.store import log
from server.store.covered import RULEBOOKS, covered
from server.store.prepared import every, first
from server.store.records import RulebookRecord
from server.store.rows import insert_new, keyed, keys, rows_of
from server.store.schema import rulebook_signatures, rulebooks
from server.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class StoredRulebook:
    """A rulebook that is stored, without its texts."""

    digest: str
    name: str
    stored_at: datetime


_THERE = select(rulebooks.c.digest).where(keyed(rulebooks, "digest"))
_BY_DIGEST = rows_of(rulebooks, RulebookRecord).where(keyed(rulebooks, "digest"))
_LISTED = rows_of(rulebooks, StoredRulebook).order_by(rulebooks.c.stored_at.desc(), rulebooks.c.digest.desc())
_SIGNED = (
    select(rulebook_signatures.c.signed)
    .where(keyed(rulebook_signatures, "rulebook_digest"))
    .order_by(rulebook_signatures.c.key_id)
)


def keep(tx: Transaction, digest: str, name: str, files: str) -> bool:
    """Keep a rulebook's texts; False where they are kept already."""
    # Texts are large and nearly always there: looking is cheaper than offering them.
    if first(tx.connection, _THERE, str, keys(digest=digest)) is not None:
        return False
    row = {"digest": digest, "name": name, "files": files, "stored_at": tx.now}
    if not insert_new(tx.connection, rulebooks, row):
        return False
    # Rule texts are the server's own: its entry is no tenant's.
    log.append(
        tx,
        "",
        "rulebook",
        f"rulebooks/{digest}",
        {"rulebook_digest": digest, "name": name},
        covered(RULEBOOKS, row),
    )
    return True


def find(connection: Connection, digest: str) -> RulebookRecord | None:
    """The rulebook of this digest."""
    return first(connection, _BY_DIGEST, RulebookRecord, keys(digest=digest))


def listed(
    connection: Connection, limit: int, after: tuple[datetime, str] | None = None
) -> list[StoredRulebook]:
    """Rulebooks that are stored, the last one first, after one by its moment and digest."""
    page = _LISTED
    if after is not None:
        page = page.where(tuple_(rulebooks.c.stored_at, rulebooks.c.digest) < tuple_(*map(literal, after)))
    return [StoredRulebook(*row) for row in connection.execute(page.limit(limit))]


def keep_signed(tx: Transaction, digest: str, key_id: str, signed: str) -> None:
    """Keep the file of a signed rulebook that is stored."""
    row = {"rulebook_digest": digest, "key_id": key_id, "signed": signed, "stored_at": tx.now}
    insert_new(tx.connection, rulebook_signatures, row)


def signed(connection: Connection, digest: str) -> list[str]:
    """The files of this rulebook, as each of its signers signed it."""
    return every(connection, _SIGNED, str, keys(rulebook_digest=digest))
