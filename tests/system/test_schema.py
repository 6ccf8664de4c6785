"""A server and the schema of its database: one that it does not know it leaves alone, an earlier one it upgrades."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from server.store.migrate import configuration
from server.store.schema import REVISIONS
from tests.system.processes import Sandbox, Server, order, origingate

SET = "UPDATE alembic_version SET version_num = '9999'"


def at(database: str, revision: str) -> None:
    """Makes an empty database one that a version left at this revision."""
    with create_engine(database, poolclass=NullPool).begin() as connection:
        command.upgrade(configuration(connection), revision)


def revision_of(database: str) -> str:
    """The revision that the database says it is at."""
    with create_engine(database, poolclass=NullPool).connect() as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/og.db"
    address: str = request.getfixturevalue("database")
    return address


def test_newer(empty: str) -> None:
    """A server does not start on a database that a newer version upgraded: it ends with 1, says how to mend it."""
    at(empty, "head")
    with create_engine(empty, poolclass=NullPool).begin() as connection:
        connection.execute(text(SET))
    refused = origingate("serve", "--listen", "127.0.0.1:0", "--database", empty)
    assert 1 == refused.returncode
    assert "at revision 9999, which this version does not know" in refused.stderr
    assert "start the version that upgraded it, or a newer one" in refused.stderr
    assert "9999" == revision_of(empty)


def test_newer_with_workers(database: str) -> None:
    """With several workers it is the same, told once, and no worker begins."""
    at(database, "head")
    with create_engine(database, poolclass=NullPool).begin() as connection:
        connection.execute(text(SET))
    refused = origingate("serve", "--listen", "127.0.0.1:0", "--database", database, "--workers", "2")
    assert (1, 1) == (refused.returncode, refused.stderr.count("at revision 9999"))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_older(workers: str, database: str, sandbox: Sandbox, serve: Callable[..., Server]) -> None:
    """A database that an earlier version left is upgraded at the start, once for all workers, and served."""
    at(database, REVISIONS[0])
    server = serve("--database", database, "--workers", workers, "--sandbox-url", sandbox.url)
    assert "ELIGIBLE" == server.process_order(order()).prereview.outcome
    assert REVISIONS[-1] == revision_of(database)


def test_older_for_commands(empty: str, tmp_path: Path) -> None:
    """A command that only reads refuses an earlier schema, with the command that upgrades it."""
    at(empty, REVISIONS[0])
    refused = origingate("db", "backup", str(tmp_path / "backup"), "--database", empty)
    assert (1, True) == (refused.returncode, "run `origingate db upgrade`" in refused.stderr)
    assert REVISIONS[0] == revision_of(empty)
