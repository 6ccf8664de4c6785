"""Every test of the store runs on a real SQLite file and on a real PostgreSQL server."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from server.store import Store

from .postgresql import PACKAGE, Server, installed
from .samples import Clock


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server for all tests of the session."""
    package = installed()
    if package is None:
        pytest.skip(f"{PACKAGE} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="og-"))  # short: the path of a socket has a limit
    server = Server(package, folder)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture
def postgresql_address(postgresql: Server) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    name = uuid4().hex
    yield postgresql.create_database(name)
    postgresql.drop_database(name)


@pytest.fixture
def sqlite_address(tmp_path: Path) -> str:
    """The address of an SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, of each kind in turn."""
    found: str = request.getfixturevalue(f"{request.param}_address")
    return found


@pytest.fixture
def clock() -> Clock:
    """A clock that tells a new moment each time it is asked."""
    return Clock()


@pytest.fixture
def store(address: str, clock: Clock) -> Iterator[Store]:
    """An upgraded store on an empty database."""
    opened = Store.open(address, clock)
    opened.upgrade()
    yield opened
    opened.close()
