"""The schema: a tenant in every key, migrations that make exactly these tables, versions told apart."""

import threading
from collections.abc import Iterator, Mapping

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Table, create_engine, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from engine.case import OPEN_ATTEMPT
from server.store import Store
from server.store.database import open_database
from server.store.errors import StoreTooNew, StoreTooOld
from server.store.migrate import configuration, migrate
from server.store.schema import REVISIONS, attempts, log_head, metadata
from server.store.upgrade import upgrade

from .samples import MASTER, Clock

NOBODYS = {  # the server's own
    "activations", "rulebooks", "rulebook_proposals", "rulebook_servings", "rulebook_signatures", "rulebook_trials",
    "log", "log_head", "log_heads", "log_keys", "log_tiles",
}  # fmt: skip


@pytest.mark.parametrize("table", [table for table in metadata.sorted_tables if table.name not in NOBODYS])
def test_tenant_in_every_key(table: Table) -> None:
    """Every key and every unique index of a tenant's data begins with the tenant."""
    unique = [index for index in table.indexes if index.unique]
    keys = [table.primary_key, *table.foreign_key_constraints, *unique]
    ours = [key for key in keys if next(iter(key.columns)).name != "rulebook_digest"]
    assert {"tenant"} == {next(iter(key.columns)).name for key in ours}


def test_open_attempts_are_those_of_the_table() -> None:
    """What the schema takes for an open attempt is what the case's table does."""
    [index] = [index for index in attempts.indexes if index.name == "uq_attempts_open"]
    words = str(index.dialect_options["sqlite"]["where"])
    assert "state IN ({})".format(", ".join(f"'{state}'" for state in sorted(OPEN_ATTEMPT))) == words


def test_migrations_make_the_schema(empty: str) -> None:
    """After all migrations the database is what the tables in the code say."""
    engine = create_engine(empty, poolclass=NullPool)
    with engine.begin() as connection:
        migrate(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert [] == compare_metadata(context, metadata)


@pytest.fixture
def writing(empty: str) -> Iterator[Engine]:
    """An empty database, as the store writes to it."""
    database = open_database(empty, 1)
    yield database.writing
    database.dispose()


def in_words(found: Mapping[str, object]) -> str:
    """A column, a key or an index that was reflected, with the conditions of a partial index."""
    options = found.get("dialect_options")
    return f"{found} {[*map(str, options.values())] if isinstance(options, dict) else ''}".replace(
        str(options), ""
    )


def described(connection: Connection) -> dict[str, object]:
    """All that reflection tells of each table, its columns, keys and indexes, whatever their order; and the rows."""
    about = inspect(connection)
    parts = [
        about.get_columns,
        about.get_indexes,
        about.get_foreign_keys,
        about.get_unique_constraints,
        about.get_check_constraints,
    ]
    of_each = {
        name: [
            about.get_pk_constraint(name),
            about.get_table_options(name),
            *(sorted(map(in_words, part(name))) for part in parts),
        ]
        for name in about.get_table_names()
    }
    rows = {
        name: [list(map(str, row)) for row in connection.execute(text(f"SELECT * FROM {name}"))]
        for name in of_each
        if name != log_head.name
    }
    head = connection.execute(select(log_head)).mappings().one()
    return of_each | {"rows": rows, "head": {**head, "origin": len(head["origin"])}}


def test_made_and_migrated(writing: Engine) -> None:
    """An empty database is given, at once, what all migrations make of it, to the last index and row."""
    with writing.connect() as connection:
        with connection.begin() as migrating:
            migrate(connection)
            migrated = described(connection)
            migrating.rollback()
        assert [] == inspect(connection).get_table_names()
    upgrade(writing)
    with writing.connect() as connection:
        assert migrated == described(connection)


def test_name_that_is_taken(writing: Engine) -> None:
    """An empty database of ours that has another's table under a name of ours is left as it is."""
    with writing.begin() as connection:
        connection.execute(text("CREATE TABLE log_keys (brand TEXT)"))
    with pytest.raises(DBAPIError, match="log_keys"):
        upgrade(writing)
    with writing.connect() as connection:
        assert ["log_keys"] == inspect(connection).get_table_names()


def test_partial_indexes(address: str) -> None:
    """The conditions of partial indexes, which the comparison leaves out, are in the database."""
    query = (
        "SELECT sql FROM sqlite_master WHERE type = 'index'"
        if address.startswith("sqlite")
        else "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    )
    engine = create_engine(address, poolclass=NullPool)
    with engine.connect() as connection:
        partial = {line for line in connection.scalars(text(query)) if line and " WHERE " in line}
    names = ["ix_attempts_due", "ix_dead_letters_due", "ix_debits_held", "ix_ledgers_unwarned"]
    names += ["uq_attempts_open", "uq_certificates_active"]
    assert [True] * 6 == [any(f" {name} ON " in line for line in partial) for name in names]


def test_known_revisions() -> None:
    """The revisions that the code knows are the migrations that it brings."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        scripts = ScriptDirectory.from_config(configuration(connection))
    assert list(REVISIONS) == [script.revision for script in scripts.walk_revisions()][::-1]


def test_upgrade(empty: str) -> None:
    """An empty database is too old, and fits after the upgrade; a second upgrade changes nothing."""
    store = Store.open(empty, Clock(), MASTER)
    with pytest.raises(
        StoreTooOld, match=f"is at revision none and this version needs {REVISIONS[-1]}; run `origingate db"
    ):
        store.check()
    store.upgrade()
    store.upgrade()
    store.check()
    store.close()


def test_newer_schema(empty: str) -> None:
    """A database that a newer version upgraded is refused, to serve as well as to upgrade."""
    store = Store.open(empty, Clock(), MASTER)
    store.upgrade()
    engine = create_engine(empty, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew, match="at revision 9999, which this version does not know"):
        store.check()
    with pytest.raises(StoreTooNew, match="start the version that upgraded it, or a newer one"):
        store.upgrade()
    store.close()


def test_servers_upgrade_at_once(empty_postgresql: str) -> None:
    """Servers that start together upgrade one after the other."""
    stores = [Store.open(empty_postgresql, Clock(), MASTER) for _ in range(3)]
    threads = [threading.Thread(target=store.upgrade) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.check()
        store.close()
