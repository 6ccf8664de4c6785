"""Rule texts, kept by digest from the first decision on, so that an old decision can be made again."""

from sqlalchemy import Connection, select

from server.store import log
from server.store.covered import RULEBOOKS, covered
from server.store.prepared import first
from server.store.records import RulebookRecord
from server.store.rows import insert_new, keyed, keys, rows_of
from server.store.schema import rulebooks
from server.store.transaction import Transaction

_THERE = select(rulebooks.c.digest).where(keyed(rulebooks, "digest"))
_BY_DIGEST = rows_of(rulebooks, RulebookRecord).where(keyed(rulebooks, "digest"))


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
