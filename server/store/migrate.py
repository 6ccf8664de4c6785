"""Upgrades the schema by the migrations in this package. The only module that imports the migration tool."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from server.store.revision import refuse_newer, revision_of

# Replicas that start together upgrade one after the other. Any number that no other program uses there.
UPGRADE_LOCK = 0x0716176A


def upgrade(engine: Engine) -> None:
    """Run the migrations that the database lacks, all in one transaction."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
        refuse_newer(revision_of(connection))
        command.upgrade(configuration(connection), "head")


def configuration(connection: Connection) -> Config:
    """The migration tool's configuration, made here so that no file needs to be found."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
