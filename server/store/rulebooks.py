"""Rule texts, kept by digest from the first decision on, so that an old decision can be made again."""

from sqlalchemy import Connection, select

from server.store.records import RulebookRecord
from server.store.schema import rulebooks
from server.store.transaction import Transaction, insert_new


def keep(tx: Transaction, digest: str, name: str, files: str) -> bool:
    """Keep a rulebook's texts; False where they are kept already."""
    return insert_new(
        tx.connection, rulebooks, {"digest": digest, "name": name, "files": files, "stored_at": tx.now}
    )


def find(connection: Connection, digest: str) -> RulebookRecord | None:
    """The rulebook of this digest."""
    row = connection.execute(select(rulebooks).where(rulebooks.c.digest == digest)).mappings().first()
    return None if row is None else RulebookRecord(**row)
