"""Runs the migrations in this package. The only module that imports the migration tool."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def migrate(connection: Connection) -> None:
    """Run the migrations that the database lacks, in the transaction that is open."""
    command.upgrade(configuration(connection), "head")


def configuration(connection: Connection) -> Config:
    """The migration tool's configuration, made here so that no file needs to be found."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
