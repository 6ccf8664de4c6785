"""Every test of the store runs on a real SQLite file and on a real PostgreSQL server."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, delete, update
from sqlalchemy.pool import NullPool

from server.store import Store
from server.store.schema import log_head, metadata

from .postgresql import PACKAGE, Server, installed
from .samples import MASTER, Clock


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


def upgraded(address: str) -> None:
    """Give an empty database its schema."""
    store = Store.open(address, Clock(), MASTER)
    store.upgrade()
    store.close()


@pytest.fixture(scope="session")
def shared_postgresql(postgresql: Server) -> str:
    """The address of the one PostgreSQL database that tests take in turn: making one takes long."""
    address = postgresql.create_database("shared")
    upgraded(address)
    return address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An upgraded SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("template") / "store.db"
    upgraded(f"sqlite:///{file}")
    return file


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder whose path is short enough for a socket's."""
    folder = Path(tempfile.mkdtemp(prefix="og-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def empty_postgresql(postgresql: Server) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    name = uuid4().hex
    yield postgresql.create_database(name)
    postgresql.drop_database(name)


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    """The address of an SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def upgraded_postgresql(shared_postgresql: str) -> str:
    """The address of a PostgreSQL database that has its schema and no records."""
    engine = create_engine(shared_postgresql, poolclass=NullPool)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            if table is not log_head:
                connection.execute(delete(table))
        nothing = {"size": 0, "tree_size": 0, "frontier": None, "head": None, "kept_at": None}
        connection.execute(update(log_head).values(nothing))
    return shared_postgresql


@pytest.fixture
def upgraded_sqlite(tmp_path: Path, sqlite_template: Path) -> str:
    """The address of an SQLite file that has its schema."""
    shutil.copyfile(sqlite_template, tmp_path / "store.db")
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, of each kind in turn."""
    address: str = request.getfixturevalue(f"empty_{request.param}")
    return address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """The address of a database that has its schema, of each kind in turn."""
    found: str = request.getfixturevalue(f"upgraded_{request.param}")
    return found


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    """An open store without any records."""
    opened = Store.open(address, Clock(), MASTER)
    yield opened
    opened.close()
