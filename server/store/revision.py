"""Is the schema the one that this version knows?"""

from sqlalchemy import Connection, MetaData, Table, inspect, select

from server.store.errors import StoreTooNew, StoreTooOld
from server.store.schema import REVISIONS

VERSION_TABLE = "alembic_version"


def revision_of(connection: Connection) -> str | None:
    """The schema's revision; None where the database is empty."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version = Table(VERSION_TABLE, MetaData(), autoload_with=connection)
    return connection.execute(select(version.c.version_num)).scalar_one_or_none()


def check_revision(connection: Connection) -> None:
    """Raise StoreTooOld or StoreTooNew where the schema is not the newest that this version knows."""
    revision = revision_of(connection)
    refuse_newer(revision)
    if revision != REVISIONS[-1]:
        raise StoreTooOld(
            f"the database is at revision {revision or 'none'} and this version needs {REVISIONS[-1]}; "
            "run `origingate db upgrade`"
        )


def refuse_newer(revision: str | None) -> None:
    """Raise StoreTooNew where this version does not know the revision."""
    if revision is not None and revision not in REVISIONS:
        raise StoreTooNew(
            f"the database is at revision {revision}, which this version does not know (it knows up to "
            f"{REVISIONS[-1]}); start the version that upgraded it, or a newer one"
        )
