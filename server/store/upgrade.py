"""Brings a schema to what this version knows: an empty database's is made at once, an earlier one's is migrated."""

import secrets

from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table, insert, text
from sqlalchemy.schema import CreateIndex, CreateTable

from engine.merkle import Frontier
from server.store.revision import VERSION_TABLE, refuse_newer, revision_of
from server.store.schema import REVISIONS, log_head, metadata

# Replicas that start together upgrade one after the other. Any number that no other program uses there.
UPGRADE_LOCK = 0x0716176A


def upgrade(engine: Engine) -> None:
    """Make or migrate the tables, all in one transaction. Raises StoreTooNew where a newer version was here."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
        revision = revision_of(connection)
        refuse_newer(revision)
        if revision is None:
            _make(connection)
        elif revision != REVISIONS[-1]:
            # A first start never pays for importing the migration tool.
            from server.store.migrate import migrate

            migrate(connection)


def _make(connection: Connection) -> None:
    """The tables as all migrations would leave them, in a tenth of the time; tests hold the two together."""
    indexes = [
        index
        for table in metadata.sorted_tables
        for index in sorted(table.indexes, key=lambda one: str(one.name), reverse=True)
    ]
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table))
    # Always in one order: of two indexes that cost the same, as long as it knows no figures of a table, PostgreSQL takes the
    # one that was made first. The plans of lists are tested with this order.
    for index in indexes:
        connection.execute(CreateIndex(index))
    # As the migration tool makes it.
    versions = Table(
        VERSION_TABLE,
        MetaData(),
        Column("version_num", String(32), nullable=False),
        PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
    )
    versions.create(connection)
    connection.execute(insert(versions).values(version_num=REVISIONS[-1]))
    none = Frontier()
    head = {"id": 1, "size": 0, "tree_size": none.size, "frontier": none.octets}
    connection.execute(insert(log_head).values(head | {"origin": f"origingate/{secrets.token_hex(8)}"}))
